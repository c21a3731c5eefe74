//! Text as mail, bug trackers and web pages carry it: quote marks, indentation, HTML entities, non-breaking spaces
//! before or instead of what the log had.

use std::borrow::Cow;

/// A line without what was put before it.
pub(super) struct Bared<'a> {
    pub(super) text: &'a [u8],
    /// Whether a quote mark was among it, not blanks alone.
    pub(super) quoted: bool,
}

/// Strips indentation and quote marks: `> > `, `| `, `* `, `: ` (syzbot's reports), tabs. `None` where there is none.
pub(super) fn bare(line: &[u8]) -> Option<Bared<'_>> {
    let mut text = line;
    let mut quoted = false;
    loop {
        text = match text {
            [b' ' | b'\t', rest @ ..] => rest,
            [b'>', rest @ ..] => {
                quoted = true;
                rest
            }
            // a mark is one only before a blank: a name might begin with it
            [b'|' | b'*' | b':' | b'+', b' ' | b'\t', rest @ ..] => {
                quoted = true;
                rest
            }
            _ => break,
        };
    }
    (text.len() < line.len()).then_some(Bared { text, quoted })
}

const ENTITIES: [(&[u8], &[u8]); 6] =
    [(b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b"\""), (b"&#39;", b"'"), (b"&nbsp;", b" "), (b"&amp;", b"&")];
const NO_BREAK: &[u8] = "\u{a0}".as_bytes();

/// Undoes HTML entities and non-breaking spaces. Borrowed where there is neither.
pub(super) fn plain(line: &[u8]) -> Cow<'_, [u8]> {
    let entity = memchr::memchr(b'&', line).is_some_and(|at| entity(&line[at..]).is_some() || has_entity(&line[at..]));
    if !entity && !memchr::memchr_iter(NO_BREAK[0], line).any(|at| line[at..].starts_with(NO_BREAK)) {
        return Cow::Borrowed(line);
    }
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let [byte, tail @ ..] = rest {
        if let Some((text, after)) = entity_at(rest) {
            out.extend_from_slice(text);
            rest = after;
        } else {
            out.push(*byte);
            rest = tail;
        }
    }
    Cow::Owned(out)
}

fn has_entity(text: &[u8]) -> bool {
    memchr::memchr_iter(b'&', text).any(|at| entity(&text[at..]).is_some())
}

fn entity_at(text: &[u8]) -> Option<(&'static [u8], &[u8])> {
    text.strip_prefix(NO_BREAK).map(|rest| (&b" "[..], rest)).or_else(|| entity(text))
}

fn entity(text: &[u8]) -> Option<(&'static [u8], &[u8])> {
    ENTITIES.iter().find_map(|(written, meant)| Some((*meant, text.strip_prefix(*written)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bared(line: &str) -> Option<(String, bool)> {
        bare(line.as_bytes()).map(|b| (String::from_utf8_lossy(b.text).into_owned(), b.quoted))
    }

    #[test]
    fn marks_before_a_line() {
        assert_eq!(bared("> [  1.000000] x"), Some(("[  1.000000] x".into(), true)));
        assert_eq!(bared(">>> x"), Some(("x".into(), true)));
        assert_eq!(bared("> >Sep  5 x"), Some(("Sep  5 x".into(), true)));
        assert_eq!(bared("> : Tasks"), Some(("Tasks".into(), true)));
        assert_eq!(bared("\t  Mar 14 x"), Some(("Mar 14 x".into(), false)));
        assert_eq!(bared("Mar 14 x"), None);
        assert_eq!(bared("|x"), None);
    }

    #[test]
    fn entities_and_blanks_of_web_pages() {
        assert_eq!(&*plain("&gt; \u{a0}&lt;TASK&gt; a &amp;amp; b".as_bytes()), b">  <TASK> a &amp; b");
        assert!(matches!(plain(b"a & b &unknown;"), Cow::Borrowed(_)));
    }
}
