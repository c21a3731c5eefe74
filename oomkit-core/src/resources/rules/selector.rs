//! Label matchers, as they stand between the braces of a PromQL selector.

use super::promql::quoted;

/// One matcher: `job=~"kube.*"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matcher {
    pub(super) label: String,
    pub(super) operator: &'static str,
    pub(super) value: String,
}

impl Matcher {
    pub(super) fn written(&self) -> String {
        format!("{}{}{}", self.label, self.operator, quoted(&self.value))
    }
}

/// Whether Prometheus takes it for the name of a label.
pub(super) fn is_label(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Reads matchers with commas between them, with or without braces around them; [`None`] where they are none.
pub(super) fn read(text: &str) -> Option<Vec<Matcher>> {
    let text = text.trim();
    let mut rest = match text.strip_prefix('{') {
        Some(inner) => inner.strip_suffix('}')?,
        None => text,
    }
    .trim();
    let mut matchers = Vec::new();
    while !rest.is_empty() {
        let name = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        let label = rest[..name].to_owned();
        rest = rest[name..].trim_start();
        let operator = ["=~", "!~", "!=", "="].into_iter().find(|operator| rest.starts_with(operator))?;
        let (value, after) = string(rest[operator.len()..].trim_start())?;
        let regex = operator.ends_with('~');
        if !is_label(&label) || label == "__name__" || regex && regex::Regex::new(&value).is_err() {
            return None;
        }
        matchers.push(Matcher { label, operator, value });
        rest = after.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    (!matchers.is_empty()).then_some(matchers)
}

/// A PromQL string and what follows it.
fn string(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut value = String::new();
    let mut chars = text[1..].char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Some((value, &text[1 + at + 1..])),
            '\\' if quote != '`' => value.push(match chars.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                c @ ('\\' | '"' | '\'') => c,
                _ => return None,
            }),
            '\n' if quote != '`' => return None,
            c => value.push(c),
        }
    }
    None
}
