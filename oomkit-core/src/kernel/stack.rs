//! Around a stack: whose it is (`CPU: … Comm: …`), on what machine, where it starts, its context marks. Frames are
//! read in `frame.rs`.

use super::comm::is_comm;
use super::message::{Cpu, Message};
use super::value::*;
use super::words::splits;

/// `CPU: 3 UID: 1000 PID: 4242 Comm: Web Content Tainted: P           OE      6.12.19-amd64 #1` (`UID:` since 6.11),
/// and `Pid: 2601, comm: httpd Not tainted 2.6.32-431.el6.x86_64 #1` before 3.9.
pub(super) fn cpu(i: &[u8]) -> Read<'_, Cpu<'_>> {
    let old = (success(None), success(None), preceded(tag("Pid: "), u32), tag(", comm: "));
    let cpu = map(preceded(tag("CPU: "), u32), Some);
    let new = (cpu, opt(preceded(tag(" UID: "), u32)), preceded(tag(" PID: "), u32), tag(" Comm: "));
    let (i, (cpu, uid, pid, _)) = alt((old, new)).parse(i)?;
    let Some((comm, after)) = taint_mark(i) else { return mismatch(i) };
    if !is_comm(comm) {
        return mismatch(i);
    }
    let (taint, release) = taint(after);
    Ok((&b""[..], Cpu { cpu, uid, pid, comm, taint, release }))
}

/// The name, and the text from the taint mark on. The name may hold a mark itself, so the last one that leaves
/// a possible name is taken; of a line cut inside the mark at least its `" N"` or `" T"` must be there, or the
/// name may be cut too.
fn taint_mark(i: &[u8]) -> Option<(&[u8], &[u8])> {
    const CLEAN: &[u8] = b" Not tainted";
    const TAINTED: &[u8] = b" Tainted: ";
    let marks = splits(i, CLEAN).chain(splits(i, TAINTED)).map(|(name, _)| name);
    if let Some(name) = marks.filter(|name| is_comm(without_kdump(name))).max_by_key(|name| name.len()) {
        return Some((without_kdump(name), i.get(name.len() + 1..)?));
    }
    let at = memchr::memrchr(b' ', i)?;
    let (comm, piece) = i.split_at_checked(at)?;
    let cut = piece.len() > 1 && (CLEAN.starts_with(piece) || TAINTED.starts_with(piece));
    cut.then_some((without_kdump(comm), &b""[..]))
}

fn without_kdump(name: &[u8]) -> &[u8] {
    name.strip_suffix(b" Kdump: loaded").unwrap_or(name)
}

/// `Not tainted`, or `Tainted: ` and letters between spaces and RHEL's dashes; then the release, the first word that
/// starts with a digit. The release is complete only if something (`#1`) follows it, and the letters only if it does.
fn taint(i: &[u8]) -> (Option<&[u8]>, Option<&[u8]>) {
    let clean = i.starts_with(b"Not tainted");
    let start = if clean { b"Not tainted".len() } else { b"Tainted: ".len() };
    let Some(words) = i.get(start..) else { return (None, None) };
    let is_flag = |b: &u8| b.is_ascii_uppercase() || matches!(b, b' ' | b'-' | b'(');
    let digit = words.iter().position(|b| !is_flag(b)).filter(|&at| words.get(at).is_some_and(u8::is_ascii_digit));
    let Some((flags, release)) = digit.and_then(|at| words.split_at_checked(at)) else {
        return (clean.then(|| i.get(..start).unwrap_or(i)), None);
    };
    let taint = i.get(..start + flags.len()).map(|text| text.trim_ascii_end());
    let release = memchr::memchr(b' ', release).and_then(|at| release.get(..at));
    (taint, release)
}

/// `Tainted: [P]=PROPRIETARY_MODULE, [O]=OOT_MODULE` (6.12+): what follows `Tainted: `.
pub(super) fn taint_text(i: &[u8]) -> Read<'_, Message<'_>> {
    map(preceded((tag("Tainted: "), peek(char('['))), rest), Message::TaintText).parse(i)
}

/// `Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.14.0-2 04/01/2014`
pub(super) fn hardware(i: &[u8]) -> Read<'_, Message<'_>> {
    map(preceded(tag("Hardware name: "), rest), |name: &[u8]| Message::Hardware(name.trim_ascii_end())).parse(i)
}

/// `Workqueue: events moom_callback`: a manual kill.
pub(super) fn workqueue(i: &[u8]) -> Read<'_, Message<'_>> {
    map(preceded(tag("Workqueue: "), rest), |name: &[u8]| Message::Workqueue(name.trim_ascii_end())).parse(i)
}

/// `Call Trace:`, on arm64 `Call trace:`, on arm `Backtrace:`.
pub(super) fn trace_start(i: &[u8]) -> Read<'_, Message<'_>> {
    let heading = alt((tag("Call Trace:"), tag("Call trace:"), tag("Backtrace:")));
    value(Message::TraceStart, (blanks, heading, alt((end, value((), peek((blanks, tag("[<")))))))).parse(i)
}

/// A context mark alone on its line: ` <TASK>`, ` </IRQ>`.
pub(super) fn context(i: &[u8]) -> Read<'_, Message<'_>> {
    terminated(preceded(blanks, mark), end)
        .map(|name: &[u8]| match name.strip_prefix(b"/") {
            Some(name) => Message::TraceContext { name, open: false },
            // "end of interrupt", "end of exception": before 4.10
            None => Message::TraceContext { name, open: name != b"EOI" && name != b"EOE" },
        })
        .parse(i)
}

/// `<IRQ>`, `</TASK>`, `<<EOE>>`, `<#DF>`: what is between the brackets.
pub(super) fn mark(i: &[u8]) -> Read<'_, &[u8]> {
    let name = || take_while1(|b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'/' | b'#' | b'_'));
    alt((delimited(tag("<<"), name(), tag(">>")), delimited(tag("<"), name(), tag(">")))).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_stack() {
        type Row =
            (&'static str, Option<u32>, Option<u32>, u32, &'static str, Option<&'static str>, Option<&'static str>);
        let table: &[Row] = &[
            (
                "Pid: 2601, comm: httpd Not tainted 2.6.32-431.el6.x86_64 #1",
                None,
                None,
                2601,
                "httpd",
                Some("Not tainted"),
                Some("2.6.32-431.el6.x86_64"),
            ),
            (
                "CPU: 9 PID: 14881 Comm: java Tainted: G    B          ------------ T 3.10.0-327.4.5.el7.x86_64 #1",
                Some(9),
                None,
                14881,
                "java",
                Some("Tainted: G    B          ------------ T"),
                Some("3.10.0-327.4.5.el7.x86_64"),
            ),
            (
                "CPU: 1 PID: 2074 Comm: oom Kdump: loaded Not tainted 4.18.0-477.13.1.el8_8.x86_64 #1",
                Some(1),
                None,
                2074,
                "oom",
                Some("Not tainted"),
                Some("4.18.0-477.13.1.el8_8.x86_64"),
            ),
            (
                "CPU: 0 PID: 7148 Comm: runc:[1:CHILD] Not tainted 5.3.0-1032-gcp #34~18.04.1-Ubuntu",
                Some(0),
                None,
                7148,
                "runc:[1:CHILD]",
                Some("Not tainted"),
                Some("5.3.0-1032-gcp"),
            ),
            (
                "CPU: 3 UID: 1000 PID: 4242 Comm: Web Content Tainted: P           OE      6.12.19-amd64 #1",
                Some(3),
                Some(1000),
                4242,
                "Web Content",
                Some("Tainted: P           OE"),
                Some("6.12.19-amd64"),
            ),
            (
                "CPU: 0 UID: 0 PID: 97 Comm: crashloop Not tainted 7.2.12+deb14-cloud-amd64 #1 PREEMPT(lazy)  Debian 7.2.12-1 ",
                Some(0),
                Some(0),
                97,
                "crashloop",
                Some("Not tainted"),
                Some("7.2.12+deb14-cloud-amd64"),
            ),
            (
                "CPU: 2 PID: 9 Comm: x Tainted: G           OE    --------  --- 5.14.0-70.el9.x86_64 #1 0123456789abcdef",
                Some(2),
                None,
                9,
                "x",
                Some("Tainted: G           OE    --------  ---"),
                Some("5.14.0-70.el9.x86_64"),
            ),
            // an empty name, a name with spaces, a name with a mark
            ("CPU: 0 PID: 5 Comm:  Not tainted 5.10.0 #1", Some(0), None, 5, "", Some("Not tainted"), Some("5.10.0")),
            (
                "CPU: 0 PID: 5 Comm: trail   Not tainted 5.10.0 #1",
                Some(0),
                None,
                5,
                "trail  ",
                Some("Not tainted"),
                Some("5.10.0"),
            ),
            (
                "CPU: 0 PID: 5 Comm: a Not tainted Not tainted 5.10.0 #1",
                Some(0),
                None,
                5,
                "a Not tainted",
                Some("Not tainted"),
                Some("5.10.0"),
            ),
            (
                "CPU: 0 PID: 5 Comm: new\nline Not tainted 5.10.0 #1",
                Some(0),
                None,
                5,
                "new\nline",
                Some("Not tainted"),
                Some("5.10.0"),
            ),
            // cut
            (
                "Pid: 11438, comm: cat Tainted: P           2.6.33-rc4-mm1",
                None,
                None,
                11438,
                "cat",
                Some("Tainted: P"),
                None,
            ),
            ("CPU: 0 PID: 9068 Comm: syz-executor.0 Not", Some(0), None, 9068, "syz-executor.0", None, None),
            ("CPU: 0 PID: 9068 Comm: x Tainted: G    ", Some(0), None, 9068, "x", None, None),
            ("CPU: 0 PID: 9068 Comm: x Not tainted", Some(0), None, 9068, "x", Some("Not tainted"), None),
        ];
        for &(text, cpu_number, uid, pid, comm, taint, release) in table {
            let expected = Cpu {
                cpu: cpu_number,
                uid,
                pid,
                comm: comm.as_bytes(),
                taint: taint.map(str::as_bytes),
                release: release.map(str::as_bytes),
            };
            assert_eq!(cpu(text.as_bytes()).map(|(_, cpu)| cpu), Ok(expected), "{text}");
        }
        for text in ["CPU: Physical Processor ID: 0", "CPU: 0 PID: 9068 Comm: syz-exec", "CPU: 0 PID: 1 Comm: "] {
            assert!(cpu(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn lines_around_a_trace() {
        assert_eq!(
            taint_text(b"Tainted: [P]=PROPRIETARY_MODULE, [O]=OOT_MODULE").unwrap().1,
            Message::TaintText(b"[P]=PROPRIETARY_MODULE, [O]=OOT_MODULE")
        );
        assert_eq!(
            hardware(b"Hardware name: linux,dummy-virt (DT)").unwrap().1,
            Message::Hardware(b"linux,dummy-virt (DT)")
        );
        assert_eq!(
            workqueue(b"Workqueue: events moom_callback").unwrap().1,
            Message::Workqueue(b"events moom_callback")
        );
        for text in ["Call Trace:", "Call trace: ", "Backtrace: ", "Call Trace: [<ffffffff80264dca>] a+0x1/0x2"] {
            assert!(trace_start(text.as_bytes()).is_ok(), "{text}");
        }
        assert!(trace_start(b"Call Trace: none").is_err());
    }

    #[test]
    fn context_marks() {
        for (text, name, open) in [
            (" <TASK>", "TASK", true),
            (" </TASK> ", "TASK", false),
            (" <IRQ> ", "IRQ", true),
            (" <EOI>", "EOI", false),
            (" <<EOE>>", "EOE", false),
            ("<#DF>", "#DF", true),
        ] {
            assert_eq!(
                context(text.as_bytes()).map(|(_, m)| m),
                Ok(Message::TraceContext { name: name.as_bytes(), open }),
                "{text}"
            );
        }
        assert!(context(b"<task>").is_err());
        assert!(context(b"<IRQ> x").is_err());
    }
}
