//! The head of a dump: who asked for memory (`invoked oom-killer`), and the `cpuset` line before 5.0.

use super::comm::{comm_until, is_comm};
use super::message::{Cpuset, Trigger};
use super::value::*;
use super::words::{split_last, splits};

/// `java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-998`, in every spelling since 2.6.17.
///
/// Commas may be missing and the tail cut (`… order=0,`): what is there is read. A mask or an order that a cut may
/// have shortened is left out; `order=0` cannot be the start of a longer number.
pub(super) fn trigger(i: &[u8]) -> Read<'_, Trigger<'_>> {
    if let Ok(cut) = cut_trigger(i) {
        return Ok(cut);
    }
    let (i, comm) = invoker(i)?;
    if comm.is_some_and(is_tagged) {
        return mismatch(i);
    }
    let (i, mask) = take_while1(|b: u8| b.is_ascii_alphanumeric() || b == b'*').parse(i)?;
    let gfp_mask = if i.is_empty() { &b""[..] } else { mask };
    let (i, gfp_flags) = opt(delimited(char('('), take_till(|b| b == b')'), char(')'))).parse(i)?;
    let (i, fields) = many0(preceded(take_while(is_separator), field)).parse(i)?;

    let mut trigger = Trigger { comm, gfp_mask, gfp_flags, ..Trigger::default() };
    for HeadField { key, value, last } in fields {
        match key {
            b"nodemask" => trigger.nodemask = whole(nodemask, value),
            // up to 2.6.18, where no name is printed either, the line ends with the order
            b"order" if !last || value == b"0" || comm.is_none() => trigger.order = whole(i32, value),
            b"oom_score_adj" => trigger.oom_score_adj = whole(i32, value),
            b"oom_adj" | b"oomkilladj" => trigger.oom_adj = whole(i32, value),
            _ => {}
        }
    }
    Ok((i, trigger))
}

/// `app[4711]: java`: a program that quotes the kernel, after a syslog prefix that was lost. The kernel prints no tag.
fn is_tagged(comm: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'[', comm).filter(|at| *at > 0) else { return false };
    let digits = comm[open + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && comm[open + 1 + digits..].starts_with(b"]: ")
}

/// `mem_on_node0 invoked oom-killer`, shortened by whoever quoted it, or broken by a mail program.
fn cut_trigger(i: &[u8]) -> Read<'_, Trigger<'_>> {
    let line = i.trim_ascii_end();
    let line = line.strip_suffix(b":").unwrap_or(line);
    match line.strip_suffix(b" invoked oom-killer") {
        Some(comm) if is_comm(comm) && !comm.is_empty() && !is_tagged(comm) => {
            Ok((&b""[..], Trigger { comm: Some(comm), ..Trigger::default() }))
        }
        _ => mismatch(i),
    }
}

fn invoker(i: &[u8]) -> Read<'_, Option<&[u8]>> {
    alt((
        value(None, tag("oom-killer: gfp_mask=")),
        // an empty name whose space was trimmed with the prefix
        value(Some(&b""[..]), tag("invoked oom-killer: gfp_mask=")),
        map(comm_until(b" invoked oom-killer: gfp_mask="), Some),
    ))
    .parse(i)
}

struct HeadField<'a> {
    key: &'a [u8],
    value: &'a [u8],
    /// Nothing follows, not even a comma: a cut may have shortened the value.
    last: bool,
}

fn field(i: &[u8]) -> Read<'_, HeadField<'_>> {
    let (i, key) = terminated(take_while1(|b: u8| b.is_ascii_lowercase() || b == b'_'), char('=')).parse(i)?;
    let (i, value) = alt((
        tag("(null)"),
        node_list,
        recognize((char('-'), take_while1(|b: u8| b.is_ascii_digit()))),
        take_till(is_separator),
    ))
    .parse(i)?;
    Ok((i, HeadField { key, value, last: i.is_empty() }))
}

fn is_separator(byte: u8) -> bool {
    byte == b',' || byte == b' '
}

fn whole<'a, T>(
    parser: impl Parser<&'a [u8], Output = T, Error = nom::error::Error<&'a [u8]>>,
    i: &'a [u8],
) -> Option<T> {
    let read: IResult<_, _> = all_consuming(parser).parse(i);
    read.ok().map(|(_, value)| value)
}

/// `java cpuset=/ mems_allowed=0` (2.6.29 – 4.20), about the task that asked. Anchored at the right: a name and a
/// cgroup may hold spaces.
pub(super) fn cpuset(i: &[u8]) -> Read<'_, Cpuset<'_>> {
    let Some((before, list)) = split_last(i, b" mems_allowed=") else { return mismatch(i) };
    let (rest, mems_allowed) = terminated(node_list, end).parse(list)?;
    let split = splits(before, b" cpuset=").take_while(|(comm, _)| is_comm(comm)).last();
    match split {
        Some((comm, name)) if !name.is_empty() => Ok((rest, Cpuset { comm, name, mems_allowed })),
        _ => mismatch(i),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Option<Trigger<'_>> {
        trigger(text).ok().map(|(_, trigger)| trigger)
    }

    /// (comm, mask, flags, nodemask, order, oom_score_adj, oom_adj)
    type Expected = (
        Option<&'static str>,
        &'static str,
        Option<&'static str>,
        Option<Option<&'static str>>,
        Option<i32>,
        Option<i32>,
        Option<i32>,
    );

    #[test]
    fn triggers_of_every_era() {
        let table: &[(&str, Expected)] = &[
            ("oom-killer: gfp_mask=0x201d2, order=0", (None, "0x201d2", None, None, Some(0), None, None)),
            ("oom-killer: gfp_mask=0x201d2, order=1", (None, "0x201d2", None, None, Some(1), None, None)),
            (
                "httpd invoked oom-killer: gfp_mask=0x201d2, order=0, oomkilladj=0",
                (Some("httpd"), "0x201d2", None, None, Some(0), None, Some(0)),
            ),
            (
                "java invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=-17",
                (Some("java"), "0x201da", None, None, Some(0), None, Some(-17)),
            ),
            (
                "mysqld invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0",
                (Some("mysqld"), "0x280da", None, None, Some(0), Some(0), Some(0)),
            ),
            (
                "java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-998",
                (Some("java"), "0xd0", None, None, Some(0), Some(-998), None),
            ),
            (
                "mempig invoked oom-killer: gfp_mask=0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=0, order=0, oom_score_adj=1000",
                (
                    Some("mempig"),
                    "0x24280ca",
                    Some("GFP_HIGHUSER_MOVABLE|__GFP_ZERO"),
                    Some(Some("0")),
                    Some(0),
                    Some(1000),
                    None,
                ),
            ),
            (
                "cp invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null),  order=0, oom_score_adj=-998",
                (Some("cp"), "0x14000c0", Some("GFP_KERNEL"), Some(None), Some(0), Some(-998), None),
            ),
            (
                "main invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), nodemask=0,2-3, order=0, oom_score_adj=0",
                (Some("main"), "0x6200ca", Some("GFP_HIGHUSER_MOVABLE"), Some(Some("0,2-3")), Some(0), Some(0), None),
            ),
            (
                "runc:[1:CHILD] invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=-999",
                (Some("runc:[1:CHILD]"), "0xcc0", Some("GFP_KERNEL"), None, Some(0), Some(-999), None),
            ),
            (
                "kworker/0:0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0",
                (Some("kworker/0:0"), "0xcc0", Some("GFP_KERNEL"), None, Some(-1), Some(0), None),
            ),
            // commas lost, padding gained
            (
                "httpd invoked oom-killer: gfp_mask=0x201da order=0 oom_adj=0 oom_score_adj=0  ",
                (Some("httpd"), "0x201da", None, None, Some(0), Some(0), Some(0)),
            ),
            // anonymised
            (
                "java invoked oom-killer: gfp_mask=0x62****(GFP_HIGHUSER_MOVABLE), nodemask=(null), order=0,",
                (Some("java"), "0x62****", Some("GFP_HIGHUSER_MOVABLE"), Some(None), Some(0), None, None),
            ),
            // cut
            ("x invoked oom-killer: gfp_mask=0xd0, order=0", (Some("x"), "0xd0", None, None, Some(0), None, None)),
            ("x invoked oom-killer: gfp_mask=0xd0, order=1", (Some("x"), "0xd0", None, None, None, None, None)),
            ("x invoked oom-killer: gfp_mask=0xd0, order=1,", (Some("x"), "0xd0", None, None, Some(1), None, None)),
            ("x invoked oom-killer: gfp_mask=0xd0(GFP_KER", (Some("x"), "0xd0", None, None, None, None, None)),
            ("x invoked oom-killer: gfp_mask=0x14", (Some("x"), "", None, None, None, None, None)),
        ];
        for (text, (comm, mask, flags, nodemask, order, oom_score_adj, oom_adj)) in table {
            let expected = Trigger {
                comm: comm.map(str::as_bytes),
                gfp_mask: mask.as_bytes(),
                gfp_flags: flags.map(str::as_bytes),
                nodemask: nodemask.map(|list| list.map(str::as_bytes)),
                order: *order,
                oom_score_adj: *oom_score_adj,
                oom_adj: *oom_adj,
            };
            assert_eq!(read(text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn any_15_bytes_may_invoke() {
        for name in [
            &b""[..],
            b" lead",
            b"trail  ",
            b"new\nline",
            b"\r\rcr",
            b"\xff\xfebad",
            b"[ 1.000000] ab",
            b") total-vm:1kB",
            b"Killed process ",
            b"invoked oom-kil",
            b" invoked ",
            b"pid=1,uid=0",
            br"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x83\x97\xe3\x83\xad",
        ] {
            let line = [name, b" invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"].concat();
            assert_eq!(read(&line).and_then(|trigger| trigger.comm), Some(name), "{name:?}");
        }
        // shortened by whoever quoted it, broken by a mail program
        for line in ["mem_on_node0 invoked oom-killer", "mem_on_node0 invoked oom-killer:"] {
            let cut = read(line.as_bytes()).unwrap();
            assert_eq!((cut.comm, cut.gfp_mask, cut.order), (Some(&b"mem_on_node0"[..]), &b""[..], None));
        }
        assert_eq!(
            read(b"invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0").and_then(|t| t.comm),
            Some(&b""[..])
        );
    }

    #[test]
    fn what_is_no_trigger() {
        for text in [
            "main invoked oom: gfp_mask=0x100dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0",
            "upstream said: java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
            "somebody said that java invoked oom-killer",
            "java invoked oom-killer: gfp_mask=",
            // a syslog line whose own prefix was lost
            "app[4711]: java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn cpuset_lines() {
        for (text, comm, name, mems) in [
            ("java cpuset=/ mems_allowed=0", "java", "/", "0"),
            (
                "java cpuset=1e479e759020fa0b6c72def90973540a2d33982fea2ad67a96373b4da751a820 mems_allowed=0-1",
                "java",
                "1e479e759020fa0b6c72def90973540a2d33982fea2ad67a96373b4da751a820",
                "0-1",
            ),
            ("Web Content cpuset=a b mems_allowed=0,2-3", "Web Content", "a b", "0,2-3"),
            (" cpuset=emulator mems_allowed=0 ", "", "emulator", "0"),
            ("x cpuset=y cpuset=/ mems_allowed=0", "x cpuset=y", "/", "0"),
        ] {
            let expected = Cpuset { comm: comm.as_bytes(), name: name.as_bytes(), mems_allowed: mems.as_bytes() };
            assert_eq!(cpuset(text.as_bytes()).map(|(_, c)| c), Ok(expected), "{text}");
        }
        for text in
            ["java cpuset=/ mems_allowed=", "a name that is too long cpuset=/ mems_allowed=0", "java cpuset=/", ""]
        {
            assert!(cpuset(text.as_bytes()).is_err(), "{text}");
        }
    }
}
