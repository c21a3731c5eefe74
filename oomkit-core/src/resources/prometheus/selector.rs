//! Matchers that restrict every query: to one cluster, to some jobs.

use crate::error::{Error, ErrorKind};
use std::str::FromStr;

/// `cluster="prod",job=~"ksm|kubelet"`, with or without braces. The default restricts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector(String);

impl Selector {
    /// The expression, which is one selector and at most what is behind it, with the matchers put in.
    pub(super) fn within(&self, expr: &str) -> String {
        if self.0.is_empty() {
            return expr.to_owned();
        }
        if let Some((before, after)) = expr.split_once('}') {
            return format!("{before},{}}}{after}", self.0);
        }
        let end = expr.find(' ').unwrap_or(expr.len());
        let (metric, rest) = expr.split_at(end);
        format!("{metric}{{{}}}{rest}", self.0)
    }
}

impl FromStr for Selector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let trimmed = text.trim();
        let inner = trimmed.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(trimmed);
        let mut rest = inner.trim();
        let expected = "a list of matchers such as `cluster=\"prod\",job=~\"ksm|kubelet\"`";
        let wrong = |rest: &str| Error::from(ErrorKind::Text { text: rest.to_owned(), expected });
        let mut matchers = Vec::new();
        while !rest.is_empty() {
            let start = rest;
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (label, behind) = rest.split_at(end);
            let behind = behind.trim_start();
            let op = ["=~", "!~", "!=", "="].into_iter().find(|op| behind.starts_with(op));
            let op = op.filter(|_| !label.is_empty() && !label.starts_with(|c: char| c.is_ascii_digit()));
            let op = op.ok_or_else(|| wrong(start))?;
            let value = behind[op.len()..].trim_start();
            let length = quoted(value).ok_or_else(|| wrong(value))?;
            matchers.push(format!("{label}{op}{}", &value[..length]));
            rest = value[length..].trim_start();
            match rest.strip_prefix(',') {
                Some(more) => rest = more.trim_start(),
                None if rest.is_empty() => {}
                None => return Err(wrong(rest)),
            }
        }
        Ok(Self(matchers.join(",")))
    }
}

/// The length of the double-quoted text this starts with.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    let mut chars = text.char_indices();
    chars.next().filter(|(_, c)| *c == '"')?;
    for (at, c) in chars {
        match c {
            '"' if !escaped => return Some(at + 1),
            '\n' => return None,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    None
}
