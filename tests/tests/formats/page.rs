//! The tables of `docs/formats.md`: a mark for each cell that has a test.

use super::eras::{Format, snake};
use super::real;
use oomkit_tests::synth::Era;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const MARK: &str = "✓";

/// Compares the page with the tests; `OOMKIT_UPDATE` writes it.
pub(super) fn check() -> Result<(), String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats.md");
    let page = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let expected = replaced(&replaced(&page, "eras", &eras())?, "real", &real())?;
    if env::var_os("OOMKIT_UPDATE").is_some() {
        return fs::write(&file, expected).map_err(|error| format!("{}: {error}", file.display()));
    }
    if page != expected {
        return Err("docs/formats.md does not show the tests there are: run again with OOMKIT_UPDATE=1".to_owned());
    }
    Ok(())
}

/// The page with the table between two marks replaced.
fn replaced(page: &str, name: &str, table: &str) -> Result<String, String> {
    let (begin, end) =
        (format!("<!-- {name}: made by tests/tests/formats.rs -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = page.split_once(&begin).ok_or(format!("docs/formats.md has no {begin}"))?;
    let (_, after) = rest.split_once(&end).ok_or(format!("docs/formats.md has no {end}"))?;
    Ok(format!("{before}{begin}\n{table}\n{end}{after}"))
}

fn table(head: &str, columns: &[String], rows: Vec<(String, Vec<bool>)>) -> String {
    let mut out = format!("| {head} |");
    columns.iter().for_each(|column| write!(out, " {column} |").expect("a string"));
    write!(out, "\n|---|{}\n", ":-:|".repeat(columns.len())).expect("a string");
    for (row, cells) in rows {
        write!(out, "| {row} |").expect("a string");
        cells.iter().for_each(|cell| write!(out, " {} |", if *cell { MARK } else { "" }).expect("a string"));
        out.push('\n');
    }
    out
}

/// `V5_4_0` as kernels are called: `5.4.0`.
fn version(era: Era) -> String {
    snake(&format!("{era:?}")).trim_start_matches('v').replace('_', ".")
}

fn eras() -> String {
    let columns: Vec<_> = Era::ALL.into_iter().map(version).collect();
    let tested: BTreeSet<_> = super::eras::cells().map(|(era, format)| (era, format.name())).collect();
    let row = |format: Format| {
        let cells = Era::ALL.into_iter().map(|era| tested.contains(&(era, format.name()))).collect();
        (format!("`{}` | `{}`", format.name(), format.word()), cells)
    };
    let rows = Format::all().map(row).collect();
    table("test | `source.transport`", &columns, rows).replacen("|---|", "|---|---|", 1)
}

fn real() -> String {
    let cells = real::cells();
    let releases: BTreeSet<_> = cells.keys().map(|(_, release)| release.clone()).collect();
    let logs: BTreeSet<_> = cells.keys().map(|(log, _)| log.clone()).collect();
    let row = |log: &String| {
        let cell = |release: &String| cells.contains_key(&(log.clone(), release.clone()));
        (format!("`{log}`"), releases.iter().map(cell).collect())
    };
    let rows = logs.iter().map(row).collect();
    table("log", &releases.iter().map(|release| format!("`{release}`")).collect::<Vec<_>>(), rows)
}
