//! Where words stand in a line. Lines are short: to prepare a search would cost more than the search itself.

/// Whether the text starts with one of the words. Mostly the first byte tells, or behind a blank the second.
pub(super) fn starts_with_any(text: &[u8], words: &[&[u8]]) -> bool {
    let may_be = |word: &[u8]| text.first() == word.first() && (word.len() < 2 || text.get(1) == word.get(1));
    words.iter().any(|word| may_be(word) && text.starts_with(word))
}

/// The first place of `word`.
pub(super) fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    find_iter(text, word).next()
}

/// The last place of `word`.
pub(super) fn rfind(text: &[u8], word: &[u8]) -> Option<usize> {
    find_iter(text, word).next_back()
}

/// Every place of a word that does not overlap itself.
pub(super) fn find_iter<'t>(text: &'t [u8], word: &'t [u8]) -> impl DoubleEndedIterator<Item = usize> + 't {
    let first = word.first().copied().unwrap_or_default();
    memchr::memchr_iter(first, text).filter(move |at| text.get(*at..).is_some_and(|text| text.starts_with(word)))
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
                assert_eq!(find(text, word), memmem::find(text, word));
                assert_eq!(rfind(text, word), memmem::rfind(text, word));
                assert!(find_iter(text, word).eq(memmem::find_iter(text, word)));
            }
        }
    }
}
