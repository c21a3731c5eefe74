//! Loss reports of log collectors: how many lines of the kernel rsyslog or journald dropped.

use super::field::leading_number;
use super::literal::follows_number;
use crate::scan::Literal;

/// `imjournal: 12 messages lost due to rate-limiting`, `Missed 24 kernel messages`: how many lines, and who lost them.
/// What a collector lost of other programs' lines does not matter here.
pub(crate) fn collector_loss(text: &[u8]) -> Option<(u64, &'static str)> {
    let text = text.strip_prefix(b"rsyslogd: ").unwrap_or(text);
    let (rest, unit, by) = match text.strip_prefix(RSYSLOG) {
        Some(rest) => (rest, MESSAGES_LOST, "rsyslog"),
        None => (text.strip_prefix(JOURNALD)?, KERNEL_MESSAGES, "journald"),
    };
    let (count, rest) = leading_number(rest)?;
    let rest = rest.strip_prefix(b" ")?.strip_prefix(unit.as_bytes())?;
    (by != "rsyslog" || rest.starts_with(b" due to rate-limiting")).then_some((count, by))
}

const RSYSLOG: &[u8] = b"imjournal: ";
const JOURNALD: &[u8] = b"Missed ";
const MESSAGES_LOST: &str = "messages lost";
const KERNEL_MESSAGES: &str = "kernel messages";

/// Every line that [`collector_loss`] accepts holds one of them, confirmed.
pub(crate) const LOSS_LITERALS: &[Literal] = &[
    Literal { text: MESSAGES_LOST.as_bytes(), confirm: |before, _| follows_number(before, RSYSLOG) },
    Literal { text: KERNEL_MESSAGES.as_bytes(), confirm: |before, _| follows_number(before, JOURNALD) },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rsyslog_and_journald() {
        let rsyslog = b"imjournal: 18 messages lost due to rate-limiting (20000 allowed within 600 seconds)";
        assert_eq!(collector_loss(rsyslog), Some((18, "rsyslog")));
        assert_eq!(collector_loss(b"Missed 24 kernel messages"), Some((24, "journald")));
        assert_eq!(collector_loss(b"imuxsock lost 419 messages from pid 3287 due to rate-limiting"), None);
        let search = crate::scan::Search::new(LOSS_LITERALS.iter().copied());
        let confirmed = |line: &[u8]| search.is_in(line);
        assert!(confirmed(b"Mar  3 16:37:44 kf rsyslogd-2177: imjournal: 119806 messages lost due to rate-limiting"));
        assert!(confirmed(br#"{"MESSAGE":"Missed 24 kernel messages","PRIORITY":"4"}"#));
        assert!(!confirmed(b"queue: 3 messages lost, 24 kernel messages"));
    }
}
