//! One line of the Prometheus text format or of OpenMetrics: a series and its value.

use chrono::{DateTime, FixedOffset};
use std::collections::BTreeMap;

/// A sample: name, labels, value, and its time where the line has one.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources) struct Series {
    pub(in crate::resources) name: String,
    pub(in crate::resources) labels: BTreeMap<String, String>,
    pub(in crate::resources) value: f64,
    pub(in crate::resources) time: Option<DateTime<FixedOffset>>,
}

/// What is wrong with a line, and at which of its bytes.
#[derive(Debug, PartialEq)]
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) expected: &'static str,
}

/// Reads a line; [`None`] for comments and empty lines.
///
/// # Errors
/// A line that is neither.
pub(super) fn read(line: &str) -> Result<Option<Series>, Wrong> {
    let line = line.trim_end();
    let mut rest = Rest { line, at: 0 };
    rest.spaces();
    if rest.text().is_empty() || rest.text().starts_with('#') {
        return Ok(None);
    }
    let mut name = rest.word(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':')).to_owned();
    let mut labels = BTreeMap::new();
    rest.spaces();
    if rest.take('{') {
        loop {
            rest.spaces();
            if rest.take('}') {
                break;
            }
            // a name that is not plain stands quoted among the labels
            let label = if rest.text().starts_with('"') {
                rest.quoted()?
            } else {
                rest.word(|c| c.is_ascii_alphanumeric() || c == '_').to_owned()
            };
            rest.spaces();
            if rest.take('=') {
                rest.spaces();
                labels.insert(label, rest.quoted()?);
            } else if name.is_empty() && !label.is_empty() {
                name = label;
            } else {
                return Err(rest.wrong("a label such as pod=\"web-1\""));
            }
            rest.spaces();
            if !rest.take(',') && !rest.text().starts_with('}') {
                return Err(rest.wrong("`,` or `}` behind a label"));
            }
        }
    }
    if name.is_empty() {
        return Err(rest.wrong("the name of a metric"));
    }
    rest.spaces();
    let at = rest.at;
    let value = rest.word(|c| !c.is_whitespace());
    let value: f64 = value.parse().map_err(|_| Wrong { at, expected: "a number" })?;
    rest.spaces();
    let at = rest.at;
    // behind the value: a time, and an exemplar, which is not ours
    let time = match rest.word(|c| !c.is_whitespace() && c != '#') {
        "" => None,
        text => Some(time(text).ok_or(Wrong { at, expected: "a time in milliseconds" })?),
    };
    rest.spaces();
    if !rest.text().is_empty() && !rest.text().starts_with('#') {
        return Err(rest.wrong("the end of the line"));
    }
    Ok(Some(Series { name, labels, value, time }))
}

/// Milliseconds in the text format, seconds in OpenMetrics.
fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    // nobody measures in the year 5138
    let milliseconds = if text.contains(['.', 'e', 'E']) || number.abs() < 1e11 { number * 1000.0 } else { number };
    DateTime::from_timestamp_millis(milliseconds.round() as i64).map(|time| time.fixed_offset())
}

struct Rest<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn text(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn spaces(&mut self) {
        self.word(char::is_whitespace);
    }

    fn word(&mut self, of: impl Fn(char) -> bool) -> &'a str {
        let text = self.text();
        let end = text.find(|c| !of(c)).unwrap_or(text.len());
        self.at += end;
        &text[..end]
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.text().starts_with(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    fn quoted(&mut self) -> Result<String, Wrong> {
        let start = self.at;
        let text = self.text().strip_prefix('"').ok_or_else(|| self.wrong("a value in double quotes"))?;
        let mut value = String::new();
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at = start + 1 + at + 1;
                    return Ok(value);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, c @ ('\\' | '"'))) => value.push(c),
                    // kept as written, as Prometheus does
                    Some((_, c)) => value.extend(['\\', c]),
                    None => break,
                },
                c => value.push(c),
            }
        }
        Err(Wrong { at: start, expected: "a value with its closing quote" })
    }

    fn wrong(&self, expected: &'static str) -> Wrong {
        Wrong { at: self.at, expected }
    }
}
