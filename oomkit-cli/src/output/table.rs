//! Tables: columns for people, CSV for spreadsheets, Markdown for issues.

use super::{Target, escape};
use crate::cli::{TableArgs, TableFormat};
use crate::outcome::{Failure, Outcome};
use oomkit_core::units::Bytes;
use serde::Serialize;
use std::io::{self, Write};

/// A table of one measure.
pub(crate) struct Table {
    /// What it says in one sentence.
    pub(crate) headline: String,
    /// Titles of the columns as people read them, and as programs do. One without the former is for programs only, one without
    /// either is a drawing.
    pub(crate) columns: Vec<(&'static str, &'static str)>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Sentences below.
    pub(crate) notes: Vec<String>,
}

/// What stands in a row.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// A name; not to be trusted.
    Name(String),
    /// A size; nothing where there is none.
    Size(Option<Bytes>),
    /// No limit, beside what is known.
    Unbounded(Bytes),
    /// A share or ratio, and whether it is a percentage.
    Ratio(Option<f64>),
    /// A share of 1 as percent.
    Share(Option<f64>),
    Count(u64),
    /// A change of size, with its sign.
    Change(i64),
    /// A size that may be negative.
    Signed(i64),
    Plain(i64),
    /// As it is, for programs.
    Raw(String),
    Number(Option<f64>),
    /// Byte-hours, shown as GiB-hours.
    GibHours(Option<f64>),
    /// Drawn in text only.
    Bar(String),
    Word(&'static str),
}

/// Prints a measure in the form asked for: JSON as it is, else as a table.
///
/// # Errors
/// The output's.
pub(crate) fn print<M: Serialize, R: Serialize>(
    args: &TableArgs,
    measure: &M,
    rows: &[R],
    table: impl FnOnce() -> Table,
) -> Result<(), Failure> {
    let target = Target::open(args.target.output.as_deref())?;
    let name = target.name().to_owned();
    let columns = target.columns().unwrap_or(100);
    let mut out = target.plain();
    let written = match args.format {
        TableFormat::Json => json(&mut out, measure),
        TableFormat::Jsonl => rows.iter().try_for_each(|row| line(&mut out, row)),
        TableFormat::Text => table().text(&mut out, columns),
        TableFormat::Csv => table().csv(&mut out),
        TableFormat::Markdown => table().markdown(&mut out),
    };
    finished(written, &mut *out, &name)
}

/// Prints several tables of one measure: one below the other for people, joined into one for CSV.
///
/// # Errors
/// The output's.
pub(crate) fn print_several<M: Serialize, R: Serialize>(
    args: &TableArgs,
    measure: &M,
    rows: &[R],
    tables: impl FnOnce() -> Vec<Table>,
    joined: impl FnOnce() -> Table,
) -> Result<(), Failure> {
    let target = Target::open(args.target.output.as_deref())?;
    let name = target.name().to_owned();
    let columns = target.columns().unwrap_or(100);
    let mut out = target.plain();
    let written = match args.format {
        TableFormat::Json => json(&mut out, measure),
        TableFormat::Jsonl => rows.iter().try_for_each(|row| line(&mut out, row)),
        TableFormat::Text => below(&tables(), &mut out, |table, out| table.text(out, columns)),
        TableFormat::Csv => joined().csv(&mut out),
        TableFormat::Markdown => below(&tables(), &mut out, |table, out| table.markdown(out)),
    };
    finished(written, &mut *out, &name)
}

/// One below the other, with an empty line between them.
fn below<W: Write>(tables: &[Table], out: &mut W, write: impl Fn(&Table, &mut W) -> io::Result<()>) -> io::Result<()> {
    tables.iter().enumerate().try_for_each(|(at, table)| {
        if at > 0 {
            writeln!(out)?;
        }
        write(table, out)
    })
}

fn finished(written: io::Result<()>, out: &mut dyn Write, name: &str) -> Result<(), Failure> {
    written.and_then(|()| out.flush()).map_err(|error| Failure::write(name, error, Outcome::default()))
}

fn json(out: &mut impl Write, measure: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, measure)?;
    out.write_all(b"\n")
}

fn line(out: &mut impl Write, row: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, row)?;
    out.write_all(b"\n")
}

/// In both systems, because thresholds come in one and screens show the other: `2.7 GiB (2.9 GB)`.
pub(crate) fn both(bytes: Bytes) -> String {
    const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let mut value = bytes.get() as f64;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { bytes.to_string() } else { format!("{bytes} ({value:.1} {})", UNITS[unit]) }
}

impl Cell {
    fn is_name(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Bar(_) | Self::Word(_))
    }

    fn shown(&self) -> String {
        match self {
            Self::Name(name) => escape::text(name).into_owned(),
            Self::Size(bytes) => bytes.map_or_else(|| "–".to_owned(), |bytes| bytes.to_string()),
            Self::Unbounded(known) if known.get() == 0 => "∞".to_owned(),
            Self::Unbounded(known) => format!("∞ + {known}"),
            Self::Ratio(ratio) => ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.1}×")),
            Self::Share(share) => share.map_or_else(|| "–".to_owned(), |share| format!("{:.0}%", share * 100.0)),
            Self::Count(count) => count.to_string(),
            Self::Change(change) => {
                let sign = if *change < 0 { "−" } else { "+" };
                if *change == 0 { "0 B".to_owned() } else { format!("{sign}{}", Bytes(change.unsigned_abs())) }
            }
            Self::Signed(size) => {
                let sign = if *size < 0 { "−" } else { "" };
                format!("{sign}{}", Bytes(size.unsigned_abs()))
            }
            Self::Plain(number) => number.to_string(),
            Self::Raw(text) => escape::text(text).into_owned(),
            Self::Number(number) => number.map_or_else(|| "–".to_owned(), |number| format!("{number:.1}")),
            Self::GibHours(hours) => {
                hours.map_or_else(|| "–".to_owned(), |hours| format!("{:.1}", hours / f64::from(1 << 30)))
            }
            Self::Bar(bar) => bar.clone(),
            Self::Word(word) => (*word).to_owned(),
        }
    }

    /// Bytes and plain numbers. A name that a spreadsheet would run as a formula gets a leading `'`.
    fn plain(&self) -> String {
        match self {
            Self::Name(name) if name.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => format!("'{name}"),
            Self::Name(name) => name.clone(),
            Self::Size(bytes) => bytes.map(|bytes| bytes.get().to_string()).unwrap_or_default(),
            Self::Unbounded(_) => String::new(),
            Self::Ratio(ratio) | Self::Share(ratio) => ratio.map(|ratio| ratio.to_string()).unwrap_or_default(),
            Self::Count(count) => count.to_string(),
            Self::Change(number) | Self::Signed(number) | Self::Plain(number) => number.to_string(),
            Self::Raw(text) => text.clone(),
            Self::Number(number) | Self::GibHours(number) => {
                number.map(|number| number.to_string()).unwrap_or_default()
            }
            Self::Bar(_) => String::new(),
            Self::Word(word) => (*word).to_owned(),
        }
    }
}

impl Table {
    fn text(&self, out: &mut impl Write, width: usize) -> io::Result<()> {
        writeln!(out, "{}", self.headline)?;
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| {
                rows.iter()
                    .map(|row| row[at].chars().count())
                    .chain([self.columns[at].0.chars().count()])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let people = |at: &usize| self.columns[*at].1.is_empty() || !self.columns[*at].0.is_empty();
        let whole: usize = (0..widths.len()).filter(people).map(|at| widths[at] + 2).sum();
        // bars are the first to go on a narrow screen
        let shown = |at: usize| match self.columns[at] {
            ("", "") => whole <= width,
            (title, _) => !title.is_empty(),
        };
        let pad = |text: &str, at: usize, left: bool| {
            let gap = " ".repeat(widths[at].saturating_sub(text.chars().count()));
            if left { format!("{text}{gap}") } else { format!("{gap}{text}") }
        };
        if !rows.is_empty() {
            let left = |at: usize| self.rows[0][at].is_name();
            let head: Vec<String> =
                (0..widths.len()).filter(|&at| shown(at)).map(|at| pad(self.columns[at].0, at, left(at))).collect();
            writeln!(out, "\n  {}", head.join("  ").trim_end())?;
            for row in &rows {
                let cells: Vec<String> =
                    (0..widths.len()).filter(|&at| shown(at)).map(|at| pad(&row[at], at, left(at))).collect();
                writeln!(out, "  {}", cells.join("  ").trim_end())?;
            }
        }
        if !self.notes.is_empty() {
            writeln!(out)?;
        }
        self.notes.iter().try_for_each(|note| writeln!(out, "{}", escape::text(note)))
    }

    pub(crate) fn csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        let kept: Vec<usize> = (0..self.columns.len()).filter(|&at| !self.columns[at].1.is_empty()).collect();
        writer.write_record(kept.iter().map(|&at| self.columns[at].1)).map_err(super::csv::plain)?;
        for row in &self.rows {
            writer.write_record(kept.iter().map(|&at| row[at].plain())).map_err(super::csv::plain)?;
        }
        writer.flush()
    }

    pub(crate) fn markdown(&self, out: &mut impl Write) -> io::Result<()> {
        let kept: Vec<usize> = (0..self.columns.len()).filter(|&at| !self.columns[at].0.is_empty()).collect();
        writeln!(out, "{}\n", markdown(&self.headline))?;
        let titles: Vec<&str> = kept.iter().map(|&at| self.columns[at].0).collect();
        writeln!(out, "| {} |", titles.join(" | "))?;
        let is_name = |at: usize| self.rows.first().is_none_or(|row| row[at].is_name());
        let rule: Vec<&str> = kept.iter().map(|&at| if is_name(at) { "---" } else { "---:" }).collect();
        writeln!(out, "| {} |", rule.join(" | "))?;
        for row in &self.rows {
            let cells: Vec<String> = kept.iter().map(|&at| markdown(&row[at].shown())).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        if !self.notes.is_empty() {
            writeln!(out)?;
        }
        self.notes.iter().try_for_each(|note| writeln!(out, "- {}", markdown(note)))
    }
}

/// Text that is no markup: names may hold `|`, `<` and the like.
fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in escape::text(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '[' | ']' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(write: impl FnOnce(&Table, &mut Vec<u8>) -> io::Result<()>) -> String {
        let table = Table {
            headline: "Two pods.".to_owned(),
            columns: vec![("pod", "pod"), ("limit", "limit_bytes"), ("", "")],
            rows: vec![
                vec![Cell::Name("a|<b>".to_owned()), Cell::Size(Some(Bytes(1 << 30))), Cell::Bar("██".to_owned())],
                vec![Cell::Name("=cmd".to_owned()), Cell::Unbounded(Bytes(1 << 20)), Cell::Bar(String::new())],
            ],
            notes: vec!["1 container has no limit".to_owned()],
        };
        let mut out = Vec::new();
        write(&table, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_aligned_and_bars_go_where_there_is_no_room() {
        let wide = "Two pods.\n\n  pod          limit\n  a|<b>      1.0 GiB  ██\n  =cmd   ∞ + 1.0 MiB\n\n1 container has no limit\n";
        assert_eq!(printed(|table, out| table.text(out, 80)), wide);
        assert!(!printed(|table, out| table.text(out, 10)).contains('█'));
    }

    #[test]
    fn csv_has_bytes_and_no_formulas() {
        assert_eq!(printed(|table, out| table.csv(out)), "pod,limit_bytes\na|<b>,1073741824\n'=cmd,\n");
    }

    #[test]
    fn names_are_no_markup() {
        let text = printed(|table, out| table.markdown(out));
        assert_eq!(
            text,
            "Two pods.\n\n| pod | limit |\n| --- | ---: |\n| a\\|&lt;b> | 1.0 GiB |\n| =cmd | ∞ + 1.0 MiB |\n\n- 1 container has no limit\n"
        );
    }

    #[test]
    fn sizes_are_told_in_both_systems() {
        assert_eq!(both(Bytes(2_900_000_000)), "2.7 GiB (2.9 GB)");
        assert_eq!(both(Bytes(999)), "999 B");
    }
}
