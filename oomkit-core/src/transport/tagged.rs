//! `host kernel: text`: what every syslog text format has after its timestamp.

use super::record::{Decoded, Lost};
use super::{escape, facility};
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
        if let Some(tag) = word.strip_suffix(b":").filter(|tag| !tag.is_empty()) {
            let text = at.get(end + 1..).unwrap_or_default();
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
pub(super) fn kernel_after_host(text: &[u8]) -> Option<Tagged<'_>> {
    let end = memchr::memchr(b' ', text)?;
    let rest = text[end + 1..].strip_prefix(b"kernel:")?;
    let host = text.get(..end).filter(|host| !host.is_empty())?;
    let text = rest.strip_prefix(b" ").unwrap_or(rest);
    Some(Tagged { host: Some(host), facility: None, kernel: true, tag: b"kernel", text })
}

/// `sshd[812]`, from formats that keep name and process apart. `-` is RFC 5424's word for none.
pub(super) fn with_process(mut name: Vec<u8>, process: Option<impl AsRef<[u8]>>) -> Vec<u8> {
    let process = process.as_ref().map(AsRef::as_ref).unwrap_or_default();
    if !process.is_empty() && process.len() <= 10 && process.iter().all(u8::is_ascii_digit) && !name.ends_with(b"]") {
        name.push(b'[');
        name.extend_from_slice(process);
        name.push(b']');
    }
    name
}

fn is_kernel(tag: &[u8]) -> bool {
    tag == b"kernel" || tag.strip_prefix(b"kernel[").is_some_and(|rest| rest.ends_with(b"]"))
}

/// Decodes what follows a syslog timestamp: host and tag, rsyslog's octal escapes, the kernel's own prefix.
/// A user can write the tag `kernel`, so the origin stays unknown; another tag is a user process.
pub(super) fn decode(transport: Transport, rest: &[u8]) -> Decoded<'_> {
    let Some(tagged) = split(rest) else {
        return Decoded { origin: Origin::User, ..Decoded::new(transport, rest) };
    };
    let mut decoded = Decoded::without_printk_prefix(transport, repeated(tagged.text));
    decoded.host = tagged.host.map(Into::into);
    decoded.program = (!tagged.kernel).then(|| tagged.tag.into());
    // the syslog daemon counts, under the name of who it counts for
    let counts = decoded.text.starts_with(b"last message repeated ");
    if counts || !tagged.kernel || tagged.facility.is_some_and(|facility| facility != "kern") {
        decoded.origin = Origin::User;
    }
    decoded.lost = blob(&decoded.text);
    decoded.unescape(escape::octal);
    decoded
}

/// The text inside `message repeated 3 times: [ text]`, with which rsyslog shortens its files. It stands for the
/// repetitions only: the first was written before it.
fn repeated(text: &[u8]) -> &[u8] {
    let inside = || {
        let rest = text.strip_prefix(b"message repeated ")?;
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let rest = rest[digits..].strip_prefix(b" times: [")?;
        // rsyslog cuts long text, and the bracket with it
        let rest = rest.strip_suffix(b"]").unwrap_or(rest);
        Some(rest.strip_prefix(b" ").unwrap_or(rest))
    };
    inside().unwrap_or(text)
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

    #[test]
    fn repeated_messages_are_given_once() {
        let row = "[  115]  1000   115";
        assert_eq!(read(&format!("web1 kernel: message repeated 3 times: [ {row}]")), kernel(Some("web1"), row));
        assert_eq!(
            read("web1 kernel: message repeated 2 times: [ [ 5864.708440] Mem-Info:]"),
            kernel(Some("web1"), "Mem-Info:")
        );
        assert!(read("web1 app: message repeated 3 times: [ Out of memory]").1);
        for line in ["web1 last message repeated 3 times", "web1 kernel: last message repeated 3 times"] {
            assert!(read(line).1, "{line}");
        }
        let cut = "message repeated 3 times: [ Out of memory: Killed process 1";
        assert_eq!(repeated(cut.as_bytes()), b"Out of memory: Killed process 1");
        assert_eq!(repeated(b"message repeated often"), b"message repeated often");
    }

    #[test]
    fn busybox_and_sysklogd_put_the_facility_first() {
        assert_eq!(read("h kern.info kernel: x"), kernel(Some("h"), "x"));
        assert_eq!(read("kern.info kernel: x"), kernel(None, "x"));
        assert!(read("h daemon.info kernel: x").1);
    }
}
