//! Pieces of PromQL: selectors with the names of the Prometheus at hand, lists of labels, strings.

use super::naming::{Label, Naming, Source};

/// A matcher of our own: a label's usual name, operator, value.
pub(in crate::resources) type Match<'a> = (&'a str, &'a str, &'a str);

/// A PromQL string.
pub(in crate::resources) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\\' | '"' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Each line a step further in.
pub(super) fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

impl Naming {
    /// Labels for `by (…)` and `on (…)`, the cluster first.
    pub(in crate::resources) fn by(&self, labels: &[Label]) -> String {
        let labels = labels.iter().map(|label| self.name(*label));
        self.cluster().into_iter().chain(labels).collect::<Vec<_>>().join(", ")
    }

    /// The series of a source, under the labels that recorded series have.
    pub(super) fn series(&self, source: Source, metric: &str, matches: &[Match<'_>]) -> String {
        self.series_in(source, metric, matches, |selector| selector)
    }

    /// The same, with something done to the series first that needs the bare selector: a range, an offset.
    pub(in crate::resources) fn series_in(
        &self,
        source: Source,
        metric: &str,
        matches: &[Match<'_>],
        with: impl FnOnce(String) -> String,
    ) -> String {
        let own = matches.iter().map(|(label, operator, value)| {
            let label = label.parse().map_or(*label, |label: Label| self.name_in(source, label));
            format!("{label}{operator}{}", quoted(value))
        });
        let matchers: Vec<String> = own.chain(self.matchers(source).map(|matcher| matcher.written())).collect();
        let selector =
            if matchers.is_empty() { metric.to_owned() } else { format!("{metric}{{{}}}", matchers.join(",")) };
        let renamed = Label::ALL.into_iter().filter(|label| self.name_in(source, *label) != self.name(*label));
        renamed.fold(with(selector), |series, label| {
            let (name, theirs) = (self.name(label), self.name_in(source, label));
            format!("label_replace({series}, \"{name}\", \"$1\", \"{theirs}\", \"(.+)\")")
        })
    }

    /// A recorded series; matchers by the usual names of labels.
    pub(in crate::resources) fn record(&self, name: &str, matches: &[Match<'_>]) -> String {
        let matchers: Vec<String> = matches
            .iter()
            .map(|(label, operator, value)| {
                let label = label.parse().map_or(*label, |label: Label| self.name(label));
                format!("{label}{operator}{}", quoted(value))
            })
            .collect();
        let name = self.recorded(name);
        if matchers.is_empty() { name } else { format!("{name}{{{}}}", matchers.join(",")) }
    }
}

/// Vectors of the same labels as one, each under a label of its own: to be summed up, or the largest taken.
pub(super) fn parts(parts: &[(&str, String)]) -> String {
    let named = parts
        .iter()
        .map(|(name, vector)| format!("label_replace(\n{},\n  \"part\", \"{name}\", \"\", \"\")", indent(vector)));
    named.collect::<Vec<_>>().join("\nor\n")
}
