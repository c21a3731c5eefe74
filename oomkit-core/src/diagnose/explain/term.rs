//! Numbers of sentences, each with the formula by which it follows from the event's fields.
//!
//! All arithmetic is on integers, and division drops the rest, as in the kernel. The text form is what
//! [`Number::formula`](super::Number::formula) documents.

use crate::units::Bytes;

/// A value and its derivation.
#[derive(Debug, Clone)]
pub(super) struct Term {
    value: i128,
    formula: String,
    /// Whether `formula` needs no brackets in a longer formula.
    single: bool,
    fields: Vec<String>,
}

impl Term {
    /// The value of one field.
    pub(super) fn field(path: impl Into<String>, value: impl Into<i128>) -> Self {
        let path = path.into();
        Self { value: value.into(), formula: path.clone(), single: true, fields: vec![path] }
    }

    /// A size that one field holds.
    pub(super) fn bytes(path: impl Into<String>, bytes: Bytes) -> Self {
        Self::field(path, bytes.get())
    }

    /// A number that no field holds: one of the kernel's or kubelet's own, or what the caller asked about.
    pub(super) fn literal(value: impl Into<i128>) -> Self {
        let value = value.into();
        Self { value, formula: value.to_string(), single: true, fields: Vec::new() }
    }

    /// Sum of one field over rows of a list: `sum(tasks[0-3,7].rss_bytes)`. Rows without the field count nothing.
    pub(super) fn sum(list: &str, rows: &Rows, key: &str, value: impl Into<i128>) -> Self {
        let path = format!("{list}[{rows}].{key}");
        Self { value: value.into(), formula: format!("sum({path})"), single: true, fields: vec![path] }
    }

    /// How many rows of a list: `count(tasks[0-3,7])`.
    pub(super) fn count(list: &str, rows: &Rows) -> Self {
        let path = format!("{list}[{rows}]");
        Self { value: rows.len() as i128, formula: format!("count({path})"), single: true, fields: vec![path] }
    }

    /// `2 ^ self`, for orders.
    pub(super) fn pow2(self) -> Self {
        let exponent = u32::try_from(self.value).unwrap_or(0).min(62);
        Self { value: 1 << exponent, formula: format!("pow2({})", self.formula), single: true, fields: self.fields }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let value = self.value.saturating_add(other.value);
        // sums read well without inner brackets
        let formula = format!("{} + {}", self.formula, other.bracketed());
        self.joined(other, value, formula)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        let value = self.value.saturating_sub(other.value);
        let formula = format!("{} - {}", self.formula, other.bracketed());
        self.joined(other, value, formula)
    }

    pub(super) fn times(self, other: Self) -> Self {
        let value = self.value.saturating_mul(other.value);
        let formula = format!("{} * {}", self.bracketed(), other.bracketed());
        self.joined(other, value, formula)
    }

    /// Division that drops the remainder; by zero it is zero.
    pub(super) fn over(self, other: Self) -> Self {
        let value = self.value.checked_div(other.value).unwrap_or(0);
        let formula = format!("{} / {}", self.bracketed(), other.bracketed());
        self.joined(other, value, formula)
    }

    /// The larger of both.
    pub(super) fn at_least(self, other: Self) -> Self {
        let value = self.value.max(other.value);
        let formula = format!("max({}, {})", self.formula, other.formula);
        let mut term = self.joined(other, value, formula);
        term.single = true;
        term
    }

    /// How much of `whole` this is, in percent, rounded. `None` where the whole is nothing.
    pub(super) fn percent_of(&self, whole: &Self) -> Option<Self> {
        (whole.value > 0).then(|| {
            let half = whole.clone().over(Self::literal(2));
            Self::literal(100).times(self.clone()).plus(half).over(whole.clone())
        })
    }

    /// Sum of terms; `None` without any.
    pub(super) fn total(terms: impl IntoIterator<Item = Self>) -> Option<Self> {
        terms.into_iter().reduce(Self::plus)
    }

    pub(super) fn value(&self) -> i128 {
        self.value
    }

    /// The value, clamped to a field of fixed width.
    pub(super) fn as_i64(&self) -> i64 {
        i64::try_from(self.value).unwrap_or(if self.value < 0 { i64::MIN } else { i64::MAX })
    }

    /// The value as a size; below zero is none.
    pub(super) fn as_bytes(&self) -> Bytes {
        Bytes(u64::try_from(self.value.max(0)).unwrap_or(u64::MAX))
    }

    pub(super) fn formula(&self) -> &str {
        &self.formula
    }

    pub(super) fn fields(&self) -> &[String] {
        &self.fields
    }

    fn bracketed(&self) -> String {
        if self.single { self.formula.clone() } else { format!("({})", self.formula) }
    }

    fn joined(mut self, other: Self, value: i128, formula: String) -> Self {
        for field in other.fields {
            if !self.fields.contains(&field) {
                self.fields.push(field);
            }
        }
        Self { value, formula, single: false, fields: self.fields }
    }
}

/// Numbers of rows of a list, in order: shown as `*`, `3`, `0-3,7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    numbers: Vec<usize>,
    all: bool,
}

impl Rows {
    /// Some rows of a list of `of`.
    pub(super) fn new(mut numbers: Vec<usize>, of: usize) -> Self {
        numbers.sort_unstable();
        let all = numbers.len() == of;
        Self { numbers, all }
    }

    /// Every row.
    pub(super) fn all(of: usize) -> Self {
        Self { numbers: (0..of).collect(), all: true }
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

impl std::fmt::Display for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.all && self.numbers.len() != 1 {
            return f.write_str("*");
        }
        let mut numbers = self.numbers.iter().copied().peekable();
        let mut first = true;
        while let Some(start) = numbers.next() {
            let mut end = start;
            while numbers.next_if(|n| *n == end + 1).is_some() {
                end += 1;
            }
            let comma = if first { "" } else { "," };
            first = false;
            if start == end { write!(f, "{comma}{start}")? } else { write!(f, "{comma}{start}-{end}")? }
        }
        Ok(())
    }
}

/// One key of a map as a path segment: plain where it is a word, else quoted: `["isolated(anon)"]`.
pub(super) fn key(map: &str, key: &str) -> String {
    let word = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if word { format!("{map}.{key}") } else { format!("{map}[{:?}]", key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_carries_its_derivation() {
        let limit = || Term::bytes("memcg.memory.limit_bytes", Bytes(26_214_400));
        let page = || Term::field("page_size_bytes", 4096);
        let total = limit().over(page());
        assert_eq!((total.value(), total.formula()), (6400, "memcg.memory.limit_bytes / page_size_bytes"));
        let adjusted = Term::field("tasks[0].oom_score_adj", 998).times(total.over(Term::literal(1000)));
        assert_eq!(adjusted.value(), 998 * 6);
        assert_eq!(
            adjusted.formula(),
            "tasks[0].oom_score_adj * ((memcg.memory.limit_bytes / page_size_bytes) / 1000)"
        );
        assert_eq!(adjusted.fields(), ["tasks[0].oom_score_adj", "memcg.memory.limit_bytes", "page_size_bytes"]);
    }

    #[test]
    fn percent_is_rounded_half_up() {
        let of = |part: u64, whole: u64| Term::field("a", part).percent_of(&Term::field("b", whole)).map(|t| t.value());
        assert_eq!(of(1, 3), Some(33));
        assert_eq!(of(2, 3), Some(67));
        assert_eq!(of(1, 0), None);
    }

    #[test]
    fn rows_are_written_as_ranges() {
        assert_eq!(Rows::new(vec![0, 1, 2, 5, 7, 8], 9).to_string(), "0-2,5,7-8");
        assert_eq!(Rows::new(vec![3], 9).to_string(), "3");
        assert_eq!(Rows::all(4).to_string(), "*");
        assert_eq!(Term::sum("tasks", &Rows::all(4), "rss_bytes", 5).formula(), "sum(tasks[*].rss_bytes)");
    }

    #[test]
    fn odd_keys_are_quoted() {
        assert_eq!(key("memory.counters", "free"), "memory.counters.free");
        assert_eq!(key("memory.nodes[0].values", "isolated(anon)"), r#"memory.nodes[0].values["isolated(anon)"]"#);
    }
}
