//! Findings to read: the line of the manifest, and a caret below the place.

use super::{escape, headline, sentence};
use anstyle::{AnsiColor, Style};
use oomkit_core::resources::lint::{Finding, Report, Rule, Severity};
use std::io::{self, Write};

/// Columns of a line that are shown.
const WIDTH: usize = 100;

/// Writes all findings; the ignored ones too where asked for.
///
/// # Errors
/// The output's.
pub(crate) fn text(out: &mut impl Write, report: &Report, show_ignored: bool) -> io::Result<()> {
    for finding in &report.findings {
        block(out, finding)?;
        if let Some(rule) = Rule::of(&finding.id) {
            writeln!(out, "   = {}\n", rule.help)?;
        }
    }
    for ignored in report.ignored.iter().filter(|_| show_ignored) {
        block(out, &ignored.finding)?;
        let reason = ignored.reason.as_deref().map(|reason| format!(": {}", escape::text(reason))).unwrap_or_default();
        writeln!(out, "   = ignored by {}{reason}\n", ignored.by)?;
    }
    writeln!(out, "{}", headline(report))?;
    report.notes.iter().try_for_each(|note| writeln!(out, "{}", escape::text(note)))
}

fn block(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let color = match finding.severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warn => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    let (style, bold) = (color.on_default().bold(), Style::new().bold());
    let (severity, id) = (finding.severity.as_str(), &finding.id);
    writeln!(out, "{style}{severity}[{id}]{style:#}{bold}: {}{bold:#}", sentence(finding))?;
    writeln!(out, "  --> {}:{}:{}", escape::text(&finding.file), finding.line, finding.column)?;
    if finding.source_line.trim().is_empty() {
        return Ok(());
    }
    let number = finding.line.to_string();
    let gap = " ".repeat(number.len());
    let (line, before, marked) = excerpt(finding);
    writeln!(out, " {gap} |\n {number} | {line}\n {gap} | {before}{style}{}{style:#}", "^".repeat(marked))
}

/// The part of the line around the place, what stands before the caret as blanks, and how wide the caret is.
fn excerpt(finding: &Finding) -> (String, String, usize) {
    let chars: Vec<char> = finding.source_line.chars().collect();
    let start = (finding.column - 1).min(chars.len());
    let end =
        if finding.end_line == finding.line { finding.end_column - 1 } else { chars.len() }.clamp(start, chars.len());
    let from = if start > WIDTH - 20 { start - 40 } else { 0 };
    let to = chars.len().min(from + WIDTH);
    let shown = |range: &[char]| range.iter().map(|&c| if c == '\t' { ' ' } else { c }).collect::<String>();
    let safe = |text: String| escape::text(&text).into_owned();
    let cut = |cut: bool| if cut { "…" } else { "" };
    let line = format!("{}{}{}", cut(from > 0), safe(shown(&chars[from..to])), cut(to < chars.len()));
    let before = safe(shown(&chars[from..start])).chars().count() + usize::from(from > 0);
    let marked = safe(shown(&chars[start..end.min(to)])).trim_end().chars().count().max(1);
    (line, " ".repeat(before), marked)
}
