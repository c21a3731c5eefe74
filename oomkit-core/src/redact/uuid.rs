//! Finds UUIDs, and ids of several hex groups, inside the component of a path.

use crate::cgroup::spelling::{is_hex_digit, split_uuid};
use std::ops::Range;

/// Hex digits before the first separator.
const FIRST_GROUP: usize = 8;

/// Every id of several groups of hex digits, with `-` or `_` between them: UUIDs anywhere (pod uids have either
/// separator), and at the end of `text` what begins like one (a Garden handle, whose groups are shorter or longer).
pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    let groups = start_of_last_groups(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = split_uuid(&text[at..]).map(|(uuid, _)| at + uuid.len()).or_else(|| {
            let separator = at + FIRST_GROUP;
            let begins = separator >= groups && text.get(separator).is_some_and(is_separator);
            (begins && text[at..separator].iter().all(is_hex_digit)).then_some(text.len())
        });
        match end {
            Some(end) => {
                found.push(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The separator from which on `text` is nothing but separators, each with 4 to 12 hex digits after it.
fn start_of_last_groups(text: &[u8]) -> usize {
    let mut start = text.len();
    loop {
        let digits = text[..start].iter().rev().take_while(|byte| is_hex_digit(byte)).take(13).count();
        match (start - digits).checked_sub(1) {
            Some(before) if (4..=12).contains(&digits) && is_separator(&text[before]) => start = before,
            _ => return start,
        }
    }
}

fn is_separator(byte: &u8) -> bool {
    matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::bytes::Regex;

    #[test]
    fn ids_are_those_of_the_regular_expression() {
        let pattern = "(?-u)[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{8}(?:[-_][0-9a-f]{4,12})+$";
        let expression = Regex::new(pattern).unwrap();
        let pieces = ["282bb4b9", "acc8-", "_4c6a", "-4bf0", "-7428e6f2162e", "-", "a0", "x", ".", "abcdef01-"];
        let mut texts: Vec<String> = vec![
            String::new(),
            "pod282bb4b9_acc8_4c6a_4bf0_7428e6f2162e.slice".to_owned(),
            "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e-282bb4b9-acc8-4c6a-4bf0-7428e6f2162e".to_owned(),
            "04282bb4b9-acc8-4c6a-4bf0-7428e6f2162eabcd".to_owned(),
            "0428f2a0-0a2c-4b1f-5d8e-a1b2".to_owned(),
            "0428f2a0-0a2c-0a2c0a2c0a2c0".to_owned(),
        ];
        // a generator of its own, so that the texts are the same every time
        let mut state = 1_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for _ in 0..20_000 {
            let length = 1 + next(12);
            texts.push((0..length).map(|_| pieces[next(pieces.len())]).collect());
        }
        let mut ids = 0;
        for text in texts {
            let expected: Vec<_> = expression.find_iter(text.as_bytes()).map(|found| found.range()).collect();
            ids += expected.len();
            assert_eq!(find(text.as_bytes()), expected, "{text}");
        }
        assert!(ids > 1000, "{ids}");
    }
}
