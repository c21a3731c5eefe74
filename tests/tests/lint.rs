//! Lint on any bytes: no panic, and every place lies inside the file.

use oomkit_core::resources::lint::{Facts, Linter, Report, Settings};
use proptest::prelude::*;

fn lint(bytes: &[u8]) -> Report {
    let mut linter = Linter::new(Settings::default());
    linter.file("any", bytes);
    linter.finish(&Facts::default())
}

fn inside(report: &Report, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    let places = report.findings.iter().flat_map(|f| [(f.line, f.column), (f.end_line, f.end_column)]);
    for (line, column) in places.chain(report.errors.iter().map(|error| (error.line, error.column))) {
        assert!(line >= 1 && column >= 1);
        let width = lines.get(line - 1).unwrap_or_else(|| panic!("line {line} of {}", lines.len())).chars().count();
        assert!(column <= width + 1, "column {column} of {width} in line {line}");
    }
}

const PIECES: &[&str] = &[
    "kind: Pod\n",
    "spec:\n",
    "  containers:\n",
    "  - name: ü\n",
    "    resources: {limits: {memory: ",
    "128m",
    "1GB",
    "}}\n",
    "---\n",
    "&a ",
    "*a",
    "<<: *a\n",
    "{",
    "}",
    "[",
    "]",
    "services:\n",
    "  web: {mem_limit: 1x}\n",
    "\"",
    "'",
    "|\n",
    "\t",
    "# x\n",
    "😀",
    "{{ x }}",
    "metadata: {annotations: {oomkit.io/ignore: \"OM001\"}}\n",
    "!!str ",
    "? ",
    ": ",
    "\n",
    " ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        lint(&bytes);
    }

    #[test]
    fn pieces_of_manifests(at in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = at.into_iter().map(|at| PIECES[at]).collect();
        inside(&lint(text.as_bytes()), &text);
    }

    #[test]
    fn any_quantity(text in "[ -~ü]{0,12}") {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let manifest = format!("kind: Pod\nspec:\n  containers:\n  - name: c\n    resources: {{limits: {{memory: \"{quoted}\"}}}}\n");
        let report = lint(manifest.as_bytes());
        inside(&report, &manifest);
        prop_assert!(report.errors.is_empty());
        prop_assert_eq!(report.checked.containers, 1);
    }
}
