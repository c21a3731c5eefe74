//! What the magic key did: a kill by hand, a memory report, a report with stacks.

use super::message::Message;
use super::value::*;

/// `sysrq: Manual OOM execution`, `sysrq: SysRq : Manual OOM execution` (3.10 – 5.0), `SysRq : Manual OOM execution`.
pub(super) fn sysrq(i: &[u8]) -> Read<'_, Message<'_>> {
    let key = || alt((tag("SysRq : "), tag("SysRq: ")));
    let start = alt(((tag("sysrq: "), opt(key())).map(drop), key().map(drop)));
    let what = alt((
        value(Message::ManualOom, (tag("Manual OOM execution"), end)),
        value(Message::ManualOomIgnored, tag("OOM request ignored")),
        value(Message::ShowMemory, (tag("Show Memory"), end)),
        // Show State, Show Blocked State, Show Regs, Show backtrace of all active CPUs
        value(Message::OtherTrace, alt((tag("Show "), tag("Trigger a crash")))),
    ));
    preceded(start, what).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        for (text, expected) in [
            ("sysrq: Manual OOM execution", Message::ManualOom),
            ("sysrq: SysRq : Manual OOM execution", Message::ManualOom),
            ("SysRq : Manual OOM execution", Message::ManualOom),
            ("sysrq: OOM request ignored. No task eligible", Message::ManualOomIgnored),
            ("sysrq: OOM request ignored because killer is disabled", Message::ManualOomIgnored),
            ("sysrq: Show Memory", Message::ShowMemory),
            ("SysRq : Show Memory", Message::ShowMemory),
            ("sysrq: SysRq : Show Memory", Message::ShowMemory),
            ("sysrq: Show Blocked State", Message::OtherTrace),
        ] {
            assert_eq!(sysrq(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        for text in ["sysrq: HELP : loglevel(0-9)", "Manual OOM execution", "sysrq: Emergency Sync"] {
            assert!(sysrq(text.as_bytes()).is_err(), "{text}");
        }
    }
}
