//! A page for an issue or a wiki.

use super::tables::{self, Table};
use oomkit_core::summary::Report;
use std::fmt::Write;

/// The whole page.
pub(super) fn page(report: &Report) -> String {
    let mut out = format!("**{}**\n", plain(&tables::headline(report)));
    let mut lines: Vec<String> =
        tables::silence(&report.totals).map(|text| format!("Silent: {text}")).into_iter().collect();
    lines.extend(tables::losses(report));
    if !lines.is_empty() {
        out.push('\n');
    }
    for line in lines {
        // writing to a String does not fail
        let _ = writeln!(out, "- {}", plain(&line));
    }
    for table in tables::all(report) {
        write(&mut out, &table);
    }
    out
}

fn write(out: &mut String, table: &Table) {
    let note = if table.note.is_empty() { String::new() } else { format!(" ({})", table.note) };
    let _ = writeln!(out, "\n### {}{note}\n", plain(&table.title));
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let rules: Vec<&str> = table.columns.iter().map(|(_, number)| if *number { "---:" } else { "---" }).collect();
    let _ = writeln!(out, "| {} |\n| {} |", names.join(" | "), rules.join(" | "));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

/// Names may hold what Markdown or HTML would act on.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // a mention or a reference would call people, a pipe would end the cell
            '@' => safe.push_str("&#64;"),
            '#' => safe.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(c);
            }
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_write_markdown_or_html() {
        assert_eq!(
            plain("a|b*_`c` <img src=x> @you #1 [x](y)"),
            "a\\|b\\*\\_\\`c\\` &lt;img src=x&gt; &#64;you &#35;1 \\[x\\](y)"
        );
    }
}
