//! `oomkit lint` on the manifests of the corpus, in every format, and its exit codes.

use crate::run::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Output;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/manifests");
const GOOD: &str = "kind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    resources: {requests: {memory: 64Mi}, limits: {memory: 128Mi}}\n";
const RATIO: &str = "kind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    resources: {requests: {memory: 64Mi}, limits: {memory: 512Mi}}\n";

fn lint(arguments: &[&str]) -> Output {
    oomkit().arg("lint").args(arguments).output().unwrap()
}

fn lint_input(arguments: &[&str], input: &str) -> Output {
    verb_input("lint", arguments, input.as_bytes())
}

fn findings(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each manifest by itself: those of one namespace would change each other.
fn found_in_corpus() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(CORPUS).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let output = lint(&["-f", "jsonl", path.to_str().unwrap()]);
        assert_eq!(stderr(&output), "", "{name}");
        for finding in findings(&output) {
            let container = finding["container"].as_str().unwrap_or("-").to_owned();
            let id = finding["id"].as_str().unwrap();
            assert!(found.insert(format!("{name} {}:{} {id} {container}", finding["line"], finding["column"])));
        }
    }
    found
}

#[test]
fn twenty_manifests_have_the_findings_counted_by_hand() {
    let expected = std::fs::read_to_string(format!("{CORPUS}/expected.txt")).unwrap();
    let expected: BTreeSet<String> =
        expected.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(found_in_corpus(), expected);
}

#[test]
fn sarif_validates_against_the_schema() {
    let schema = include_str!("../../tests/corpus/schemas/sarif-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // "…]?$" is no regular expression to every engine; no run of ours has a language
    for holder in ["run", "toolComponent"] {
        schema["definitions"][holder]["properties"]["language"].as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let good = file(dir.path(), "good.yaml", GOOD);
    let broken = file(dir.path(), "bro ken.yaml", "kind: Pod\nspec: {containers: [}\n");
    for path in [CORPUS, &good, &broken] {
        let output = lint(&["-f", "sarif", path]);
        let log: Value = serde_json::from_str(stdout(&output)).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
        assert!(log["runs"][0]["results"].is_array());
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    }
    let log: Value = serde_json::from_str(stdout(&lint(&["-f", "sarif", &broken]))).unwrap();
    let told = &log["runs"][0]["invocations"][0];
    assert_eq!(told["executionSuccessful"], false);
    let uri =
        told["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str();
    assert!(uri.unwrap().ends_with("bro%20ken.yaml"));
}

#[test]
fn junit_is_xml_with_a_case_for_each_container_and_rule() {
    let output = lint(&["-f", "junit", CORPUS]);
    let text = stdout(&output);
    let xml = roxmltree::Document::parse(text).unwrap();
    let count = |node: roxmltree::Node<'_, '_>, name: &str| node.descendants().filter(|n| n.has_tag_name(name)).count();
    for suite in xml.root_element().children().filter(|node| node.has_tag_name("testsuite")) {
        assert_eq!(suite.attribute("tests").unwrap(), count(suite, "testcase").to_string());
        let failed = suite.children().filter(|case| case.children().any(|node| node.has_tag_name("failure"))).count();
        assert_eq!(suite.attribute("failures").unwrap(), failed.to_string());
    }
    let rules = stdout(&lint(&["--list-rules"])).lines().filter(|line| line.contains(" manifest ")).count();
    let good = lint_input(&["-f", "junit"], GOOD);
    let xml = roxmltree::Document::parse(stdout(&good)).unwrap();
    assert_eq!(count(xml.root(), "testcase"), rules);
    assert_eq!(count(xml.root(), "failure"), 0);
}

#[test]
fn githubs_commands_name_the_place() {
    let output = lint_input(&["-f", "github"], RATIO);
    assert_eq!(
        stdout(&output),
        "::warning file=-,line=6,col=60,endLine=6,endColumn=65,title=OM005::Pod a, container c: the memory limit 512Mi is \
         8.0 times the request 64Mi; at most 2.5 is allowed\n1 warning in 1 object, 1 container.\n"
    );
}

#[test]
fn text_shows_the_line_and_a_caret() {
    let output = lint_input(&[], RATIO);
    let text = stdout(&output);
    let mut lines = text.lines().skip(1);
    assert_eq!(lines.next(), Some("  --> -:6:60"));
    let (line, caret) = (lines.nth(1).unwrap(), lines.next().unwrap());
    assert_eq!(line.find("512Mi}"), caret.find("^^^^^"));
    assert_eq!(stdout(&lint_input(&["-f", "short"], RATIO)).lines().count(), 1);
    assert!(stdout(&lint_input(&["-f", "markdown"], RATIO)).contains("| OM005 | warn | - | 6 | 60 | Pod |"));
    assert!(stdout(&lint_input(&["-f", "csv"], RATIO)).contains("\nOM005,warn,'-,6,60,Pod,,a,c,"));
}

#[test]
fn json_has_the_shape_of_the_contract() {
    let json: Value = serde_json::from_str(stdout(&lint_input(&["-f", "json"], RATIO))).unwrap();
    assert_eq!((&json["checked"]["objects"], &json["checked"]["containers"]), (&Value::from(1), &Value::from(1)));
    let schema: Value = serde_json::from_str(include_str!("../../schema/lint.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for json in [&json, &serde_json::from_str(stdout(&lint(&["-f", "json", CORPUS]))).unwrap()] {
        let wrong: Vec<String> = validator.iter_errors(json).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    let finding = &json["findings"][0];
    for (field, value) in
        [("id", "OM005"), ("severity", "warn"), ("file", "-"), ("kind", "Pod"), ("name", "a"), ("container", "c")]
    {
        assert_eq!(finding[field], value, "{field}");
    }
    assert_eq!((&finding["line"], &finding["column"]), (&Value::from(6), &Value::from(60)));
    assert!(finding["namespace"].is_null() && finding["message"].is_string());
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let run = |arguments: &[&str], input: &str| code(&lint_input(arguments, input));
    assert_eq!(run(&[], GOOD), 0);
    assert_eq!(run(&[], RATIO), 0);
    assert_eq!(run(&["--fail-on", "warn"], RATIO), 1);
    assert_eq!(run(&["--fail-on", "warn", "--ignore", "OM005"], RATIO), 0);
    assert_eq!(run(&["--fail-on", "warn", "--select", "OM004"], RATIO), 0);
    assert_eq!(run(&["--fail-on", "warn", "--profile", "dev"], RATIO), 0);
    assert_eq!(run(&["--fail-on", "warn", "--max-ratio", "8"], RATIO), 0);
    assert_eq!(run(&["--max-memory", "256Mi"], RATIO), 1);
    assert_eq!(run(&["--fail-on", "never"], &GOOD.replace("64Mi", "1Ti")), 0);
    assert_eq!(run(&["--select", "OM999"], GOOD), 2);
    assert_eq!(run(&["/nonexistent.yaml"], ""), 2);
    assert_eq!(run(&[], "a: [\n"), 2);
    assert_eq!(run(&[], "kind: ConfigMap\n"), 3);
    assert_eq!(run(&[], ""), 3);
    assert_eq!(run(&["-f", "sarif"], RATIO), 0);
}

#[test]
fn errors_name_file_line_column_field_and_what_was_expected() {
    let told = |input: &str| stderr(&lint_input(&[], input)).to_owned();
    let error = told("kind: Pod\nspec:\n  containers: 5\n");
    assert_eq!(error, "oomkit: -: 3:15: spec.containers: expected a list of containers, found a single value\n");
    let template = told("kind: Pod\nmetadata:\n  name: {{ .Values.name }}\n  {{- if .Values.x }}\n");
    assert!(template.contains("a Helm template that was not rendered"), "{template}");
    assert!(told("kind: Pod\nspec: *gone\n").contains("2:7: not YAML: nothing above is called &gone"));
}

/// Answers of a Prometheus: a pod that requests 1Gi and used at most 500Mi in 120 points over five days.
fn answers() -> String {
    let labels = r#""namespace":"default","pod":"a","container":"c""#;
    let vector = |metric: &str, labels: &str, value: &str| {
        format!(
            r#"{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{"__name__":"{metric}",{labels}}},"value":[1790000000,"{value}"]}}]}}}}"#
        )
    };
    let points: Vec<String> = (0..120)
        .map(|point| {
            format!(
                r#"[{},"{}"]"#,
                1_790_000_000 - (119 - point) * 3600,
                if point == 50 { 524_288_000 } else { 1_048_576 }
            )
        })
        .collect();
    let usage = format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{"__name__":"container_memory_working_set_bytes",{labels}}},"values":[{}]}}]}}}}"#,
        points.join(",")
    );
    let info =
        vector("kube_pod_info", r#""namespace":"default","pod":"a","node":"n1","created_by_kind":"<none>""#, "1");
    let request = vector(
        "kube_pod_container_resource_requests",
        &format!(r#"{labels},"resource":"memory","unit":"byte""#),
        "1073741824",
    );
    [info, request, usage].join("\n")
}

#[test]
fn saved_answers_of_a_prometheus_feed_the_rules_of_usage() {
    let dir = tempfile::tempdir().unwrap();
    let saved = file(dir.path(), "answers.json", answers());
    let run = |request: &str| {
        let manifest = GOOD.replace("64Mi", request).replace("128Mi", "2Gi");
        lint_input(&["-f", "short", "--select", "OM02", "--prometheus", &saved], &manifest)
    };
    let wasted = run("1Gi");
    assert_eq!((code(&wasted), stderr(&wasted)), (0, ""));
    // 1024Mi less 500Mi
    let said = "-:6:36: warn[OM020]: Pod a, container c: requests 1.0 GiB and leaves 524.0 MiB of it unused: peak 500.0 MiB (working set, 5.0 days, 120 points)\n";
    assert_eq!(stdout(&wasted), said);
    assert_eq!(stdout(&run("500Mi")), "");
    assert!(stdout(&run("499Mi")).starts_with("-:6:36: warn[OM021]: "));
}

#[test]
fn a_prometheus_that_does_not_answer_ends_the_run() {
    let output = lint_input(&["--prometheus", "http://127.0.0.1:9", "--retries", "0", "-"], GOOD);
    assert_eq!((code(&output), stdout(&output)), (4, ""));
    assert!(stderr(&output).starts_with("oomkit: http://127.0.0.1:9: query time(): "), "{}", stderr(&output));
}

#[test]
fn what_a_prometheus_warns_of_is_among_the_notes() {
    let dir = tempfile::tempdir().unwrap();
    let warned = answers().replacen('{', r#"{"warnings":["store s1 is down"],"#, 1);
    let saved = file(dir.path(), "answers.json", warned);
    let json: Value = serde_json::from_str(stdout(&lint_input(&["-f", "json", "--prometheus", &saved], GOOD))).unwrap();
    assert!(json["notes"].to_string().contains("store s1 is down"), "{}", json["notes"]);
}

#[test]
fn kills_that_cannot_be_read_are_told_with_line_and_field() {
    let dir = tempfile::tempdir().unwrap();
    let log =
        b"[   71.146532] Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB\n";
    let event = serde_json::to_string(&oomkit_core::parse(log)[0]).unwrap();
    let kills = file(dir.path(), "kills.jsonl", format!("{event}\n{}\n", event.replace("\"pid\":42", "\"pid\":\"x\"")));
    let output = lint_input(&["--events", &kills], GOOD);
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    assert!(said.contains("kills.jsonl:2:") && said.contains("victims[0].pid: invalid type"), "{said}");
    // what is read is not written over
    let output = lint_input(&["--events", &kills, "-o", &kills], GOOD);
    assert_eq!(code(&output), 2);
    assert!(std::fs::read_to_string(&kills).unwrap().starts_with(&event));
}

#[test]
fn a_baseline_hides_what_was_there_though_lines_move() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = file(dir.path(), "a.yaml", RATIO);
    let known = dir.path().join("known.json");
    let known = known.to_str().unwrap();
    assert_eq!(code(&lint(&["--fail-on", "warn", "--write-baseline", known, &manifest])), 0);
    file(dir.path(), "a.yaml", format!("# moved\n\n{RATIO}"));
    let output = lint(&["--fail-on", "warn", "--baseline", known, &manifest]);
    assert_eq!((code(&output), stdout(&output)), (0, "Nothing found in 1 object, 1 container; 1 ignored.\n"));
    file(dir.path(), "a.yaml", RATIO.replace("name: c", "name: other"));
    assert_eq!(code(&lint(&["--fail-on", "warn", "--baseline", known, &manifest])), 1);
}

#[test]
fn an_ignore_needs_a_reason_and_is_recorded() {
    let with = |entry: &str| {
        RATIO.replace("{name: a}", &format!("{{name: a, annotations: {{oomkit.io/ignore: \"{entry}\"}}}}"))
    };
    let ids = |entry: &str| -> Vec<String> {
        let found = findings(&lint_input(&["-f", "jsonl"], &with(entry)));
        found.iter().map(|finding| finding["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("OM005=agreed, by X"), Vec::<String>::new());
    assert_eq!(ids("OM005/c=agreed"), Vec::<String>::new());
    assert_eq!(ids("OM005/other=agreed"), ["OM092", "OM005"]);
    assert_eq!(ids("OM005"), ["OM090", "OM005"]);
    assert_eq!(ids("OM005=agreed; OM777=x"), ["OM091"]);
    assert_eq!(ids("OM005=agreed; OM020=no usage is given here"), Vec::<String>::new());
    let json: Value = serde_json::from_str(stdout(&lint_input(&["-f", "json"], &with("OM005=agreed, by X")))).unwrap();
    assert_eq!(
        (&json["ignored"][0]["reason"], &json["ignored"][0]["by"]),
        (&"agreed, by X".into(), &"annotation".into())
    );
}

#[test]
fn directories_are_walked_for_manifests_only() {
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "k/a.yaml", GOOD);
    file(dir.path(), "k/b.json", "{\"kind\": \"Pod\"}\n{\"kind\": \"Pod\"}");
    file(dir.path(), "k/README.md", "a: [");
    let output = lint(&["-f", "json", dir.path().to_str().unwrap()]);
    let json: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((code(&output), &json["checked"]["objects"]), (0, &Value::from(3)), "{}", stderr(&output));
}

#[test]
fn the_documentation_lists_the_rules_as_they_are() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lint.md")).unwrap();
    let dev = lint(&["--list-rules", "--profile", "dev"]);
    let prod = lint(&["--list-rules"]);
    for (prod, dev) in stdout(&prod).lines().zip(stdout(&dev).lines()) {
        let words: Vec<&str> = prod.split_whitespace().collect();
        let in_dev = dev.split_whitespace().nth(1).unwrap();
        let summary = words[4..].join(" ");
        let row = format!("| {} | {} | {} | {} | {} | {summary} |", words[0], words[3], words[1], in_dev, words[2]);
        assert!(docs.contains(&row), "docs/lint.md lacks the row:\n{row}");
    }
    let rows = docs.lines().filter(|line| line.starts_with("| OM")).count();
    assert_eq!(rows, stdout(&prod).lines().count());
}
