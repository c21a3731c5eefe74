//! Words in a line. Lines are short: to prepare a search would cost more than the search itself.

/// Whether the text starts with one of the words. Mostly the first byte shows it, or the second after a blank.
pub(super) fn starts_with_any(text: &[u8], words: &[&[u8]]) -> bool {
    let may_be = |word: &[u8]| text.first() == word.first() && (word.len() < 2 || text.get(1) == word.get(1));
    words.iter().any(|word| may_be(word) && text.starts_with(word))
}

/// Whether the text holds a word.
pub(super) fn holds(text: &[u8], word: &[u8]) -> bool {
    splits(text, word).next().is_some()
}

/// What is before and after the last place of a word.
pub(super) fn split_last<'t>(text: &'t [u8], word: &'t [u8]) -> Option<(&'t [u8], &'t [u8])> {
    splits(text, word).next_back()
}

/// What is before and after each place of a word that does not overlap itself.
pub(super) fn splits<'t>(text: &'t [u8], word: &'t [u8]) -> impl DoubleEndedIterator<Item = (&'t [u8], &'t [u8])> + 't {
    let first = word.first().copied().unwrap_or_default();
    memchr::memchr_iter(first, text).filter_map(move |at| {
        let (before, from) = text.split_at_checked(at)?;
        Some((before, from.strip_prefix(word)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use memchr::memmem;

    #[test]
    fn any_of_the_words() {
        let words = [&b"oom-killer: "[..], b"vmalloc"];
        assert!(starts_with_any(b"vmalloc: allocation failure", &words));
        assert!(starts_with_any(b"oom-killer: ", &words));
        assert!(!starts_with_any(b"oom-killer:", &words));
        assert!(!starts_with_any(b"", &words));
    }

    #[test]
    fn as_by_a_general_search() {
        let summary = b"oom-kill:constraint=A,cpuset=,task=,pid=9,mems_allowed=0,task_memcg=/a,task=b,pid=1,uid=0,pid";
        for text in [&summary[..], b"", b",", b",task", b",task=", b",,task=,task=,", b"task=,tas,task"] {
            for word in [&b",task="[..], b",pid=", b",uid=", b",task_memcg=", b" killed"] {
                let split = |at: usize| (&text[..at], &text[at + word.len()..]);
                assert_eq!(holds(text, word), memmem::find(text, word).is_some());
                assert_eq!(split_last(text, word), memmem::rfind(text, word).map(split));
                assert!(splits(text, word).eq(memmem::find_iter(text, word).map(split)));
            }
        }
    }
}
