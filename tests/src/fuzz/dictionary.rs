//! Reads `fuzz/oom.dict`: `"word"` a line, with `\xNN`, `\\` and `\"`.

use std::fs;
use std::path::Path;

/// The words the mutator inserts.
pub fn words() -> Vec<Vec<u8>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/oom.dict");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let words: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with('#')).filter_map(word).collect();
    assert!(words.len() > 50, "{} holds {} words", file.display(), words.len());
    words
}

fn word(line: &str) -> Option<Vec<u8>> {
    let inside = line.trim().strip_prefix('"')?.strip_suffix('"')?;
    let mut out = Vec::new();
    let mut rest = inside.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'\\', [b'x', high, low, tail @ ..]) => {
                let digits = [*high, *low];
                let digits = str::from_utf8(&digits).ok()?;
                out.push(u8::from_str_radix(digits, 16).ok()?);
                rest = tail;
            }
            (b'\\', [escaped, tail @ ..]) => {
                out.push(*escaped);
                rest = tail;
            }
            _ => out.push(*first),
        }
    }
    Some(out)
}

#[test]
fn words_are_unescaped() {
    assert_eq!(word(r#""a\\b\"\x0d\x0a""#).as_deref(), Some(&b"a\\b\"\r\n"[..]));
    assert!(words().contains(&b"{\"dmesg\": [".to_vec()));
}
