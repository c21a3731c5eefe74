//! `host kernel: text`: what every syslog text format has behind its timestamp.

use super::record::{Decoded, Lost};
use super::{escape, facility, printk};
use crate::event::{Origin, Transport};

/// Host and text of a line whose tag is `kernel:`.
pub(super) struct Tagged<'a> {
    pub(super) host: Option<&'a [u8]>,
    /// From a dotted facility (`kern.warn`), which busybox writes.
    pub(super) facility: Option<&'static str>,
    /// Whether the tag names the kernel.
    pub(super) kernel: bool,
    /// The tag itself: `sshd[812]`.
    pub(super) tag: &'a [u8],
    pub(super) text: &'a [u8],
}

/// Splits `[host] [facility.level] tag: text`. `None` where there is no tag among the first three words.
pub(super) fn split(rest: &[u8]) -> Option<Tagged<'_>> {
    let mut words: [&[u8]; 3] = [&[]; 3];
    let mut at = rest;
    for n in 0..3 {
        let end = memchr::memchr(b' ', at).unwrap_or(at.len());
        let word = &at[..end];
        if word.len() > 1 && word.ends_with(b":") {
            let text = at.get(end + 1..).unwrap_or_default();
            let tag = &word[..word.len() - 1];
            let dotted = if n > 0 { facility::dotted(words[n - 1]) } else { None };
            let host = match (n, dotted) {
                (0, _) | (1, Some(_)) => None,
                _ => Some(words[0]),
            };
            // three words before the text are only right when the middle one is a facility
            if n == 2 && dotted.is_none() {
                return None;
            }
            return Some(Tagged { host, facility: dotted, kernel: is_kernel(tag), tag, text });
        }
        words[n] = word;
        at = at.get(end + 1..)?;
    }
    None
}

/// `host kernel: text` and nothing else, where only the kernel's lines are of interest.
pub(super) fn kernel_behind_host(text: &[u8]) -> Option<Tagged<'_>> {
    let end = memchr::memchr(b' ', text)?;
    let rest = text[end + 1..].strip_prefix(b"kernel:")?;
    let host = text.get(..end).filter(|host| !host.is_empty())?;
    let text = rest.strip_prefix(b" ").unwrap_or(rest);
    Some(Tagged { host: Some(host), facility: None, kernel: true, tag: b"kernel", text })
}

fn is_kernel(tag: &[u8]) -> bool {
    tag == b"kernel" || tag.strip_prefix(b"kernel[").is_some_and(|rest| rest.ends_with(b"]"))
}

/// Decodes what stands behind a syslog timestamp: host and tag, rsyslog's octal escapes, the kernel's own prefix.
/// A user can write the tag `kernel`, so the origin stays unknown; another tag is a user process.
pub(super) fn decode(transport: Transport, rest: &[u8]) -> Decoded<'_> {
    let Some(tagged) = split(rest) else {
        let mut decoded = Decoded::new(transport, rest);
        decoded.origin = Origin::User;
        return decoded;
    };
    let (text, monotonic, caller) = printk::strip(tagged.text);
    let mut decoded = Decoded::new(transport, text);
    decoded.text = escape::octal(text);
    decoded.host = tagged.host.map(Into::into);
    decoded.program = (!tagged.kernel).then(|| tagged.tag.into());
    decoded.monotonic = monotonic;
    decoded.caller = caller;
    decoded.origin = match tagged.facility {
        _ if !tagged.kernel => Origin::User,
        Some(facility) if facility != "kern" => Origin::User,
        _ => Origin::Unknown,
    };
    decoded.lost = blob(text);
    decoded
}

/// `[78B blob data]`, `[1.2K blob data]`: what journalctl prints for a message it finds unprintable.
pub(super) fn blob(text: &[u8]) -> Option<Lost> {
    let size = text.strip_prefix(b"[")?.strip_suffix(b" blob data]")?;
    (size.first()?.is_ascii_digit() && size.len() < 10).then_some(Lost::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rest: &str) -> (Option<String>, bool, String) {
        let d = decode(Transport::Rfc3164, rest.as_bytes());
        let lossy = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        (d.host.as_deref().map(lossy), d.origin == Origin::User, lossy(&d.text))
    }

    fn kernel(host: Option<&str>, text: &str) -> (Option<String>, bool, String) {
        (host.map(str::to_owned), false, text.to_owned())
    }

    #[test]
    fn host_facility_and_tag_in_every_spelling() {
        assert_eq!(read("web1 kernel: Mem-Info:"), kernel(Some("web1"), "Mem-Info:"));
        assert_eq!(read("web1 kernel[0]: Mem-Info:"), kernel(Some("web1"), "Mem-Info:"));
        assert_eq!(read("kernel: [ 5864.708440] Mem-Info:"), kernel(None, "Mem-Info:"));
        assert_eq!(read("web1 kern.warn kernel: [    9.442848] x"), kernel(Some("web1"), "x"));
        assert_eq!(read("kern.warn kernel: x"), kernel(None, "x"));
        assert_eq!(read("web1 kernel:  <TASK>"), kernel(Some("web1"), " <TASK>"));
        assert_eq!(read("web1 kernel: a:1#012 b:2"), kernel(Some("web1"), "a:1\n b:2"));
    }

    #[test]
    fn other_tags_are_user_processes() {
        for line in
            ["web1 logger: Out of memory", "web1 sshd[812]: Out of memory", "CRON[14500]: (root) CMD", "x y z w"]
        {
            assert!(read(line).1, "{line}");
        }
        assert!(read("web1 user.notice kernel: x").1, "logger -t kernel keeps its facility");
    }

    #[test]
    fn blobs_are_lost_text() {
        assert_eq!(blob(b"[78B blob data]"), Some(Lost::Text));
        assert_eq!(blob(b"[1.2K blob data]"), Some(Lost::Text));
        assert_eq!(blob(b"[  115]  1000"), None);
    }
}
