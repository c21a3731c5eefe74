//! Builds the sentences of an explanation, with the fields and numbers that back them.

use super::model::{Number, Sentence, Topic, Unit};
use super::term::{Term, key};
use crate::units::Bytes;
use std::collections::BTreeMap;

/// A sentence in the making.
#[derive(Debug)]
pub(super) struct SentenceBuilder {
    sentence: Sentence,
}

pub(super) fn sentence(topic: Topic) -> SentenceBuilder {
    SentenceBuilder { sentence: Sentence { topic, text: String::new(), fields: Vec::new(), numbers: Vec::new() } }
}

impl SentenceBuilder {
    /// Words of ours.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.sentence.text.push_str(text);
        self
    }

    /// Words of ours that depend on something.
    pub(super) fn when(self, yes: bool, text: &str) -> Self {
        if yes { self.text(text) } else { self }
    }

    /// A piece that is optional.
    pub(super) fn maybe<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    /// A field that the words rest on without showing its value.
    pub(super) fn on(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        if !self.sentence.fields.contains(&path) {
            self.sentence.fields.push(path);
        }
        self
    }

    /// A name from the log, as one field holds it.
    pub(super) fn name(self, path: impl Into<String>, name: &str) -> Self {
        // spaces at the ends, and no name at all, would not be seen
        let blind = name.trim() != name || name.is_empty();
        let text = if blind { format!("\"{name}\"") } else { name.to_owned() };
        self.text(&text).on(path)
    }

    /// A size: `25.0 MiB`.
    pub(super) fn bytes(self, term: &Term) -> Self {
        let text = term.as_bytes().to_string();
        self.number(text, Unit::Bytes, term)
    }

    /// A count, a pid, a score.
    pub(super) fn count(self, term: &Term) -> Self {
        let text = term.as_i64().to_string();
        self.number(text, Unit::Count, term)
    }

    /// A share in percent.
    pub(super) fn percent(self, term: &Term) -> Self {
        let text = format!("{}%", term.as_i64());
        self.number(text, Unit::Percent, term)
    }

    /// A share that is so many thousandths: `0.2%`.
    pub(super) fn per_mille(self, term: &Term) -> Self {
        let value = term.as_i64();
        let text = format!("{}.{}%", value / 10, value.rem_euclid(10));
        self.number(text, Unit::PerMille, term)
    }

    /// ` (95%)`, where there is a whole.
    pub(super) fn share(self, part: &Term, whole: &Term) -> Self {
        self.maybe(part.percent_of(whole), |say, percent| say.text(" (").percent(&percent).text(")"))
    }

    /// Items with words between them.
    pub(super) fn list<T>(self, items: impl Iterator<Item = T>, between: &str, add: impl Fn(Self, T) -> Self) -> Self {
        items.enumerate().fold(self, |say, (number, item)| add(say.when(number > 0, between), item))
    }

    /// Parts with their names: `anon 24.0 MiB, file 4.0 KiB`.
    pub(super) fn sizes<'t>(self, parts: impl Iterator<Item = (&'t str, &'t Term)>) -> Self {
        self.list(parts, ", ", |say, (name, term)| say.text(name).text(" ").bytes(term))
    }

    pub(super) fn done(self) -> Sentence {
        self.sentence
    }

    /// Adds the full stop, and the sentence to the story.
    pub(super) fn end(self, story: &mut Vec<Sentence>) {
        self.text(".").add_to(story);
    }

    /// Adds the sentence to the story.
    pub(super) fn add_to(self, story: &mut Vec<Sentence>) {
        story.push(self.sentence);
    }

    fn number(mut self, text: String, unit: Unit, term: &Term) -> Self {
        self.sentence.text.push_str(&text);
        self.sentence.numbers.push(Number { text, value: term.as_i64(), unit, formula: term.formula().to_owned() });
        for field in term.fields() {
            self = self.on(field.clone());
        }
        self
    }
}

/// `1 process`, `2 processes`: the word only.
pub(super) fn plural<'w>(n: usize, one: &'w str, many: &'w str) -> &'w str {
    if n == 1 { one } else { many }
}

/// A field that holds a size, where the dump has it.
pub(super) fn size(path: &str, bytes: Option<Bytes>) -> Option<Term> {
    bytes.map(|bytes| Term::bytes(path, bytes))
}

/// One entry of a map of sizes, where the dump has it.
pub(super) fn entry(path: &str, map: &BTreeMap<String, Bytes>, name: &str) -> Option<Term> {
    size(&key(path, name), map.get(name).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_and_name_leaves_its_field() {
        let part = Term::bytes("memcg.memory.usage_bytes", Bytes(50));
        let whole = Term::bytes("memcg.memory.limit_bytes", Bytes(100));
        let said = sentence(Topic::Limit)
            .name("memcg.oom_memcg", "/a")
            .text(" had ")
            .bytes(&part)
            .share(&part, &whole)
            .text(".")
            .done();
        assert_eq!(said.text, "/a had 50 B (50%).");
        assert_eq!(said.fields, ["memcg.oom_memcg", "memcg.memory.usage_bytes", "memcg.memory.limit_bytes"]);
        let numbers: Vec<_> = said.numbers.iter().map(|n| (n.text.as_str(), n.value)).collect();
        assert_eq!(numbers, [("50 B", 50), ("50%", 50)]);
    }

    #[test]
    fn names_that_could_not_be_seen_are_quoted() {
        assert_eq!(sentence(Topic::Asked).name("trigger.comm", "").done().text, "\"\"");
        assert_eq!(sentence(Topic::Asked).name("trigger.comm", "a ").done().text, "\"a \"");
    }
}
