//! Pretty-printed JSON: emits each object as soon as it ends, those of a list one by one, however long the list.

use super::super::record::Span;

/// An object longer than this is no log entry.
const LONGEST: usize = 4 << 20;
/// Nothing that holds log entries is nested deeper; brackets beyond are counted together.
const DEEPEST: usize = 64;
/// Lists whose elements are entries. The elements of any other list are part of the entry that has the list.
const LISTS: [&[&[u8]]; 2] = [
    &[b"dmesg", b"entries", b"events", b"logEvents", b"hits", b"result", b"results"],
    &[b"streams", b"logs", b"records", b"logRecords", b"data"],
];

#[derive(Debug, Default)]
pub(in super::super) struct Pretty {
    /// The entry being read.
    object: Vec<u8>,
    /// Where it began; `None` between entries.
    began: Option<Began>,
    /// Brackets open around the position reached.
    stack: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Began {
    span: Span,
    /// Brackets open outside it.
    depth: usize,
    /// Blanks before its line.
    indent: usize,
    /// Whether its next line had more: a copy may have lost all indentation.
    indented: Option<bool>,
}

impl Pretty {
    /// Whether a line begins objects that run over several.
    pub(in super::super) fn opens(line: &[u8]) -> bool {
        matches!(line.trim_ascii(), b"{" | b"[" | b"[{" | b"},{" | b"}, {" | b"},")
    }

    /// Whether a line can be part of them. Text that is no JSON ends the mode.
    pub(in super::super) fn continues(&self, line: &[u8]) -> bool {
        let inner = line.trim_ascii();
        match inner.first() {
            None | Some(b'{' | b'}' | b'"' | b']' | b',') => true,
            // array elements; at the line's start it would be a log's own bracket
            Some(b'[' | b'-' | b'0'..=b'9') => line.len() > inner.len() && line[0].is_ascii_whitespace(),
            Some(b't' | b'f' | b'n') => inner.len() <= 6,
            _ => false,
        }
    }

    /// Gives each entry that ends on the line, with its span.
    pub(in super::super) fn line(&mut self, line: &[u8], at: Span, mut each: impl FnMut(&[u8], Span)) {
        let indent = line.iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.resynchronise(line, indent);
        if let Some(began) = &mut self.began {
            began.span.extend(&at);
        }
        // a string cannot run over a line's end, so damage to one line stays there
        let mut in_string = false;
        let mut escaped = false;
        for byte in line {
            if in_string {
                in_string = escaped || *byte != b'"';
                escaped = !escaped && *byte == b'\\';
            } else {
                match byte {
                    b'"' => in_string = true,
                    b'{' => self.open(at, indent),
                    b'[' => self.push(b'['),
                    b']' => _ = self.stack.pop(),
                    b'}' => {
                        self.stack.pop();
                        if let Some(began) = self.began.filter(|began| self.stack.len() <= began.depth) {
                            self.object.push(b'}');
                            each(&self.object, began.span);
                            self.began = None;
                        }
                    }
                    _ => {}
                }
            }
            if self.began.is_some() {
                if self.object.len() >= LONGEST {
                    // whatever this is, its parts may be entries
                    self.began = None;
                } else {
                    self.object.push(*byte);
                }
            }
        }
    }

    /// Where a line is lost, brackets no longer match; the indentation still tells where an entry ended.
    fn resynchronise(&mut self, line: &[u8], indent: usize) {
        let Some(began) = &mut self.began else { return };
        let indented = *began.indented.get_or_insert(indent > began.indent);
        let began = *began;
        if !indented {
            return;
        }
        match line.trim_ascii() {
            b"{" | b"[{" | b"[" if indent <= began.indent && !self.object.ends_with(b":") => {
                self.stack.truncate(began.depth);
                self.began = None;
            }
            [b'}', ..] if indent <= began.indent => self.stack.truncate(began.depth + 1),
            _ => {}
        }
    }

    fn open(&mut self, span: Span, indent: usize) {
        let restart = self.began.is_none() || self.stack.last() == Some(&b'[') && self.in_list_of_entries();
        if restart {
            self.object.clear();
            self.began = Some(Began { span, depth: self.stack.len(), indent, indented: None });
        }
        self.push(b'{');
    }

    /// Whether the bracket that was opened last is that of a list of entries, by its name.
    fn in_list_of_entries(&self) -> bool {
        let before = self.object.trim_ascii_end();
        let Some(before) = before.strip_suffix(b"[") else { return false };
        let Some(before) = before.trim_ascii_end().strip_suffix(b":") else { return false };
        let Some(name) = before.trim_ascii_end().strip_suffix(b"\"") else { return false };
        LISTS.iter().copied().flatten().any(|list| name.strip_suffix(*list).is_some_and(|rest| rest.ends_with(b"\"")))
    }

    fn push(&mut self, bracket: u8) {
        if self.stack.len() < DEEPEST {
            self.stack.push(bracket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(json: &str) -> Vec<(String, u64, u64)> {
        let mut pretty = Pretty::default();
        let mut seen = Vec::new();
        for (n, line) in (1..).zip(json.lines()) {
            let at = Span { first_line: n, last_line: n, first_byte: n, last_byte: n };
            pretty.line(line.as_bytes(), at, |object, at| {
                let text = String::from_utf8_lossy(object).split_whitespace().collect();
                seen.push((text, at.first_line, at.last_line));
            });
        }
        seen
    }

    #[test]
    fn a_list_is_given_entry_by_entry() {
        let dmesg = "{\n   \"dmesg\": [\n      {\n \"msg\": \"a } {\",\n \"x\": 1\n  },{\n \"msg\": \"b\"\n }\n ]\n}";
        let expected = [(r#"{"msg":"a}{","x":1}"#.into(), 3, 6), (r#"{"msg":"b"}"#.into(), 6, 8)];
        assert_eq!(entries(dmesg), expected);
        let hits = "{\n \"took\": 1,\n \"hits\": {\n  \"total\": {\n   \"value\": 1\n  },\n  \"hits\": [\n   {\n    \
                    \"_source\": {\n     \"a\": 1\n    }\n   },\n   {\n    \"b\": 2\n   }\n  ]\n }\n}";
        // a copy may have lost its indentation
        for hits in [hits.to_owned(), hits.replace("\n ", "\n").replace("\n ", "\n").replace(' ', "")] {
            let texts: Vec<_> = entries(&hits).into_iter().map(|e| e.0).collect();
            assert_eq!(texts, [r#"{"_source":{"a":1}}"#, r#"{"b":2}"#], "{hits}");
        }
    }

    #[test]
    fn an_entry_keeps_its_inner_objects_and_lists() {
        let gcp = "[\n {\n  \"jsonPayload\": {\n   \"MESSAGE\": \"a\"\n  },\n  \"labels\": [\n   {\n    \"k\": 1\n   }\n  ],\n  \"timestamp\": \"t\"\n },\n {\n  \"textPayload\": \"b\"\n }\n]";
        let expected = [
            (r#"{"jsonPayload":{"MESSAGE":"a"},"labels":[{"k":1}],"timestamp":"t"}"#.into(), 2, 12),
            (r#"{"textPayload":"b"}"#.into(), 13, 15),
        ];
        assert_eq!(entries(gcp), expected);
    }

    #[test]
    fn a_lost_line_costs_one_entry() {
        let whole: Vec<&str> = "{\n \"a\": {\n  \"x\": 1\n }\n}\n{\n \"b\": 2\n}\n{\n \"c\": 3\n}".lines().collect();
        for lost in 0..whole.len() {
            let mut lines = whole.clone();
            lines.remove(lost);
            let found = entries(&lines.join("\n"));
            assert!(found.iter().any(|e| e.0 == r#"{"c":3}"#) || lost > 7, "without line {lost}: {found:?}");
            assert!(found.iter().any(|e| e.0 == r#"{"b":2}"#) || (4..8).contains(&lost), "without {lost}: {found:?}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut pretty = Pretty::default();
        let at = Span { first_line: 1, last_line: 1, first_byte: 0, last_byte: 0 };
        for _ in 0..200_000 {
            pretty.line(b"[{", at, |_, _| ());
            pretty.line(&[b'1'; 64], at, |_, _| ());
        }
        assert!(pretty.stack.len() <= DEEPEST && pretty.object.capacity() <= 2 * LONGEST);
    }
}
