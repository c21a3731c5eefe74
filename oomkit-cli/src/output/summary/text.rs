//! A page to read on a terminal.

use super::tables::{self, Table};
use anstyle::{AnsiColor, Style};
use oomkit_core::summary::Report;
use std::fmt::Write;

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const NAME: Style = AnsiColor::Cyan.on_default();

/// The whole page. Columns are as wide as what is in them; the last one, with the names, stays whole for copying.
pub(super) fn page(report: &Report) -> String {
    let mut out = format!("{STRONG}{}{STRONG:#}\n", tables::headline(report));
    if let Some(silence) = tables::silence(&report.totals) {
        // writing to a String does not fail
        let _ = writeln!(out, "  {NAME}Silent{NAME:#}  {silence}");
    }
    for line in tables::losses(report) {
        let _ = writeln!(out, "  {NAME}Note{NAME:#}    {line}");
    }
    for table in tables::all(report) {
        out.push('\n');
        write(&mut out, &table);
    }
    out
}

fn write(out: &mut String, table: &Table) {
    let note = if table.note.is_empty() { String::new() } else { format!(" {FAINT}({}){FAINT:#}", table.note) };
    let _ = writeln!(out, "{STRONG}{}{STRONG:#}{note}", table.title);
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|at| {
            let cells = table.rows.iter().map(|row| row[at].chars().count());
            cells.chain([table.columns[at].0.len()]).max().unwrap_or_default()
        })
        .collect();
    let line = |cells: &[&str]| {
        let mut line = String::new();
        for (at, cell) in cells.iter().enumerate() {
            let gap = " ".repeat(widths[at] - cell.chars().count());
            let (left, right) = if table.columns[at].1 { (&*gap, "") } else { ("", &*gap) };
            let _ = write!(line, "  {left}{cell}{right}");
        }
        line.truncate(line.trim_end().len());
        line
    };
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let _ = writeln!(out, "{FAINT}{}{FAINT:#}", line(&names));
    for row in &table.rows {
        let _ = writeln!(out, "{}", line(&row.iter().map(String::as_str).collect::<Vec<_>>()));
    }
}
