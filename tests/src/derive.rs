//! Checks what an explanation claims of an event's JSON, with nothing of the explainer's own: paths, formulas, sizes.

use serde_json::Value;

/// All values that a path names: `memcg.memory.limit_bytes`, `tasks[0-3,7].rss_bytes`, `memory.counters["a(b)"]`.
pub fn values<'j>(event: &'j Value, path: &str) -> Vec<&'j Value> {
    let mut found = vec![event];
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[\"") {
            let end = closing_quote(after);
            let key: String = serde_json::from_str(&format!("\"{}\"", &after[..end])).expect("a quoted key");
            found = found.into_iter().filter_map(|value| value.get(&key)).collect();
            rest = after[end..].strip_prefix("\"]").expect("a closed bracket");
        } else if let Some(after) = rest.strip_prefix('[') {
            let (rows, after) = after.split_once(']').expect("a closed bracket");
            found = found.into_iter().flat_map(|value| chosen(value, rows)).collect();
            rest = after;
        } else {
            let word = rest.strip_prefix('.').unwrap_or(rest);
            let end = word.find(['.', '[']).unwrap_or(word.len());
            found = found.into_iter().filter_map(|value| value.get(&word[..end])).collect();
            rest = &word[end..];
        }
    }
    found
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    panic!("no closing quote: {text}");
}

fn chosen<'j>(list: &'j Value, rows: &str) -> Vec<&'j Value> {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    if rows == "*" {
        return list.iter().collect();
    }
    let ranges = rows.split(',').map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        first.parse::<usize>().expect("a row")..=last.parse::<usize>().expect("a row")
    });
    ranges.flatten().map(|row| list.get(row).expect("a row of the list")).collect()
}

/// The value of a formula.
pub fn evaluate(event: &Value, formula: &str) -> i128 {
    let mut parser = Formula { event, rest: formula };
    let value = parser.sum();
    assert_eq!(parser.rest, "", "rest of {formula}");
    value
}

struct Formula<'a> {
    event: &'a Value,
    rest: &'a str,
}

impl<'a> Formula<'a> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest.strip_prefix(token).map(|rest| self.rest = rest).is_some()
    }

    fn sum(&mut self) -> i128 {
        let mut value = self.product();
        loop {
            if self.eat(" + ") {
                value += self.product();
            } else if self.eat(" - ") {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> i128 {
        let mut value = self.atom();
        loop {
            if self.eat(" * ") {
                value *= self.atom();
            } else if self.eat(" / ") {
                let by = self.atom();
                value = value.checked_div(by).unwrap_or(0);
            } else {
                return value;
            }
        }
    }

    fn atom(&mut self) -> i128 {
        if self.eat("(") {
            let value = self.sum();
            assert!(self.eat(")"));
            return value;
        }
        for (name, many) in [("sum(", true), ("count(", false)] {
            if self.eat(name) {
                let path = self.path();
                assert!(self.eat(")"), "{}", self.rest);
                let found = values(self.event, path);
                return if many { found.into_iter().map(integer).sum() } else { found.len() as i128 };
            }
        }
        if self.eat("pow2(") {
            let value = self.sum();
            assert!(self.eat(")"));
            return 1 << value;
        }
        if self.eat("max(") {
            let first = self.sum();
            assert!(self.eat(", "));
            let second = self.sum();
            assert!(self.eat(")"));
            return first.max(second);
        }
        let path = self.path();
        path.parse().unwrap_or_else(|_| match values(self.event, path).as_slice() {
            [value] => integer(value),
            other => panic!("{path} is {} values", other.len()),
        })
    }

    /// Up to a space, a comma or a bracket that belongs to the formula.
    fn path(&mut self) -> &'a str {
        let (mut depth, mut quoted) = (0, false);
        let end = self.rest.char_indices().find(|(_, c)| {
            match c {
                '"' => quoted = !quoted,
                '[' if !quoted => depth += 1,
                ']' if !quoted => depth -= 1,
                ' ' | ')' | ',' => return depth == 0 && !quoted,
                _ => {}
            }
            false
        });
        let (path, rest) = self.rest.split_at(end.map_or(self.rest.len(), |(at, _)| at));
        self.rest = rest;
        path
    }
}

fn integer(value: &Value) -> i128 {
    value.as_i64().map(i128::from).or(value.as_u64().map(i128::from)).unwrap_or_else(|| panic!("{value} is a number"))
}

/// A size as people read it.
pub fn size(bytes: i128) -> String {
    let mut value = bytes as f64;
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut unit = 0;
    while value >= if unit == 0 { 1024.0 } else { 1023.95 } && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", units[unit]) }
}
