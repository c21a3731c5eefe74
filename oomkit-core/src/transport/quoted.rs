//! Logs quoted in mail, bug trackers and web pages: undoes quote marks, indentation, HTML entities, non-breaking spaces.

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
        let (rest, mark) = match text {
            [b' ' | b'\t', rest @ ..] => (rest, false),
            // the others are marks only before a blank: a name might begin with one
            [b'>', rest @ ..] | [b'|' | b'*' | b':' | b'+', b' ' | b'\t', rest @ ..] => (rest, true),
            _ => break,
        };
        text = rest;
        quoted |= mark;
    }
    (text.len() < line.len()).then_some(Bared { text, quoted })
}

const ENTITIES: [(&[u8], &[u8]); 6] =
    [(b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b"\""), (b"&#39;", b"'"), (b"&nbsp;", b" "), (b"&amp;", b"&")];
const NO_BREAK: &[u8] = "\u{a0}".as_bytes();

/// Undoes HTML entities and non-breaking spaces. Borrowed where there is neither.
pub(super) fn plain(line: &[u8]) -> Cow<'_, [u8]> {
    let has_entity = memchr::memchr_iter(b'&', line).any(|at| entity(&line[at..]).is_some());
    if !has_entity && no_breaks(line).next().is_none() {
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

/// The line as it was before a web page escaped it; `None` where nothing shows that one did. A name may hold an entity
/// or a non-breaking space, but no page begins a line with the one for it, or puts the other beside a blank.
pub(super) fn off_page(line: &[u8]) -> Option<Vec<u8>> {
    let beside_blank = |at: usize| {
        let (before, after) = (&line[..at], &line[at + NO_BREAK.len()..]);
        before.ends_with(b" ") || after.starts_with(b" ") || before.is_empty() || after.starts_with(NO_BREAK)
    };
    let escaped = entity(line).is_some() || no_breaks(line).any(beside_blank);
    escaped.then(|| plain(line).into_owned())
}

/// Where non-breaking spaces are. A search for one byte: starting one for two costs more than most lines do.
fn no_breaks(line: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(NO_BREAK[0], line).filter(|at| line[*at..].starts_with(NO_BREAK))
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
    fn a_page_is_recognised_by_where_its_escapes_are() {
        let nb = "\u{a0}";
        for (line, meant) in [
            ("&gt; [    1.5]  [&lt;ff&gt;] f".to_owned(), Some("> [    1.5]  [<ff>] f")),
            (format!("[    1.5]{nb} f"), Some("[    1.5]  f")),
            (format!("{nb}{nb}f"), Some("  f")),
            (format!("[    1.5] a{nb}b invoked oom-killer"), None),
            ("[    1.5] a&lt;b invoked oom-killer".to_owned(), None),
        ] {
            assert_eq!(off_page(line.as_bytes()), meant.map(|text| text.as_bytes().to_vec()), "{line}");
        }
    }

    #[test]
    fn entities_and_blanks_of_web_pages() {
        assert_eq!(&*plain("&gt; \u{a0}&lt;TASK&gt; a &amp;amp; b".as_bytes()), b">  <TASK> a &amp; b");
        assert!(matches!(plain(b"a & b &unknown;"), Cow::Borrowed(_)));
    }
}
