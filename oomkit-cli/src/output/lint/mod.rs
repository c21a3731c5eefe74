//! What `oomkit lint` prints: for people, for programs, for continuous integration.

mod ci;
mod sarif;
mod text;

use super::escape;
use super::table::{Cell, Table};
use crate::cli::LintFormat;
use oomkit_core::resources::lint::{Finding, Report, Settings, Severity};
use std::io::{self, Write};
pub(crate) use text::text;

/// Everything but the text with excerpts.
///
/// # Errors
/// The output's.
pub(crate) fn plain(out: &mut impl Write, report: &Report, format: LintFormat, settings: &Settings) -> io::Result<()> {
    match format {
        LintFormat::Text => text(out, report, false),
        LintFormat::Short => report.findings.iter().try_for_each(|finding| {
            let place = format!("{}:{}:{}", finding.file, finding.line, finding.column);
            writeln!(
                out,
                "{}: {}[{}]: {}",
                escape::text(&place),
                finding.severity.as_str(),
                finding.id,
                sentence(finding)
            )
        }),
        LintFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, report)?;
            out.write_all(b"\n")
        }
        LintFormat::Jsonl => report.findings.iter().try_for_each(|finding| {
            serde_json::to_writer(&mut *out, finding)?;
            out.write_all(b"\n")
        }),
        LintFormat::Csv => table(report).csv(out),
        LintFormat::Markdown => table(report).markdown(out),
        LintFormat::Sarif => sarif::write(out, report, settings),
        LintFormat::Github => ci::github(out, report),
        LintFormat::Junit => ci::junit(out, report, settings),
    }
}

/// `2 errors, 1 warning in 3 objects`.
fn headline(report: &Report) -> String {
    let count = |severity, one: &str| {
        let n = report.count(severity);
        (n > 0).then(|| format!("{n} {one}{}", if n == 1 { "" } else { "s" }))
    };
    let counts = [count(Severity::Error, "error"), count(Severity::Warn, "warning"), count(Severity::Note, "note")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let found = if counts.is_empty() { "Nothing found".to_owned() } else { counts.join(", ") };
    let ignored = match report.ignored.len() {
        0 => String::new(),
        n => format!("; {n} ignored"),
    };
    let (objects, containers) = (report.checked.objects, report.checked.containers);
    let counted = crate::talk::count;
    format!("{found} in {}, {}{ignored}.", counted(objects, "object"), counted(containers, "container"))
}

/// The message with whom it is about.
fn sentence(finding: &Finding) -> String {
    let container = finding.container.as_ref().filter(|container| finding.name.as_ref() != Some(container));
    let container = container.map(|container| format!(", container {container}")).unwrap_or_default();
    escape::text(&format!("{}{container}: {}", finding.object(), finding.message)).into_owned()
}

fn table(report: &Report) -> Table {
    let name = |text: &Option<String>| Cell::Name(text.clone().unwrap_or_default());
    let rows = report.findings.iter().map(|finding| {
        vec![
            Cell::Name(finding.id.clone()),
            Cell::Word(finding.severity.as_str()),
            Cell::Name(finding.file.clone()),
            Cell::Count(finding.line as u64),
            Cell::Count(finding.column as u64),
            Cell::Name(finding.kind.clone()),
            name(&finding.namespace),
            name(&finding.name),
            name(&finding.container),
            Cell::Name(finding.message.clone()),
        ]
    });
    let columns = ["id", "severity", "file", "line", "column", "kind", "namespace", "name", "container", "message"];
    let columns = columns.into_iter().map(|column| (column, column)).collect();
    Table { headline: headline(report), columns, rows: rows.collect(), notes: report.notes.clone() }
}
