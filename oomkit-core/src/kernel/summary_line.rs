//! The summary line `oom-kill:constraint=…` (5.0+): who dies, in which cgroup, and whose limit it was.

use super::comm::is_comm;
use super::message::SummaryLine;
use super::value::*;
use super::words::{split_last, splits};

const TASK: &[u8] = b",task=";
const TASK_MEMCG: &[u8] = b",task_memcg=";

/// `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=x,pid=9,uid=0`
///
/// Names and paths may hold commas and whole keys, so the line is read from both ends. It is cut at about 1 KiB
/// when paths are long: the value that the cut touches is left out.
pub(super) fn summary(i: &[u8]) -> Read<'_, SummaryLine<'_>> {
    let (i, constraint) = preceded(tag("oom-kill:constraint="), take_till(|b| b == b',' || b == b' ')).parse(i)?;
    // `CONSTRAINT_MEMCG ... task=java,pid=1849`: somebody shortened it by hand
    let i = i.strip_prefix(b" ...").map_or(i, |_| &b""[..]);
    let mut summary = SummaryLine { truncated: true, ..SummaryLine::default() };
    if !i.is_empty() || !is_cut_constraint(constraint) {
        summary.constraint = constraint;
    }
    let (i, nodes) = opt(preceded(tag(",nodemask="), nodemask)).parse(i)?;
    summary.nodemask = nodes.filter(|nodes| nodes.is_none() || !i.is_empty());

    let front = split_ids(i, &mut summary);
    let cut = front.is_none();
    let rest = read_cpuset(front.unwrap_or(i), cut, &mut summary);
    read_memcgs(rest, cut, &mut summary);
    Ok((&b""[..], summary))
}

/// `CONSTRAINT_MEM` at the end of a line may be the start of two known words; an unknown word is kept.
fn is_cut_constraint(word: &[u8]) -> bool {
    const KNOWN: [&[u8]; 4] =
        [b"CONSTRAINT_NONE", b"CONSTRAINT_CPUSET", b"CONSTRAINT_MEMORY_POLICY", b"CONSTRAINT_MEMCG"];
    KNOWN.iter().any(|known| known.len() > word.len() && known.starts_with(word))
}

/// Splits `,pid=9,uid=0` off the end, which ends with the task; `None` where the line is cut before. The last `,pid=`
/// with digits counts; a name may be `pid=1,uid=0` itself.
fn split_ids<'a>(i: &'a [u8], summary: &mut SummaryLine<'a>) -> Option<&'a [u8]> {
    let (front, ids) = split_last(i.trim_ascii_end(), b",pid=")?;
    let Some((pid, after)) = splits(ids, b",").next() else {
        // the pid itself may be cut; a path such as `/oom_memcg=,task=,pid=99` has no task before it
        let (_, comm) = split_last(front, TASK)?;
        return (ids.iter().all(u8::is_ascii_digit) && !comm.is_empty() && is_comm(comm)).then_some(front);
    };
    let (pid, uid) = (decimal(pid)?, after.strip_prefix(b"uid=").and_then(decimal));
    if uid.is_none() && !b"uid=".starts_with(after) {
        return None;
    }
    (summary.pid, summary.uid, summary.truncated) = (Some(pid), uid, uid.is_none());
    Some(front)
}

fn decimal(digits: &[u8]) -> Option<u32> {
    if digits.iter().all(u8::is_ascii_digit) { std::str::from_utf8(digits).ok()?.parse().ok() } else { None }
}

/// `,cpuset=NAME,mems_allowed=LIST`: the name ends at the first such list that another key follows.
fn read_cpuset<'a>(i: &'a [u8], cut: bool, summary: &mut SummaryLine<'a>) -> &'a [u8] {
    let Some(text) = i.strip_prefix(b",cpuset=") else { return i };
    for (name, list) in splits(text, b",mems_allowed=") {
        match node_list(list) {
            Ok((rest, nodes)) if !rest.is_empty() && may_continue(rest) => {
                (summary.cpuset, summary.mems_allowed) = (Some(name), Some(nodes));
                return rest;
            }
            // cut inside the list or right after it: a list that ends in a node may have had more of them
            Ok((rest, nodes)) if cut && rest.is_empty() && nodes.len() == 1 => {
                (summary.cpuset, summary.mems_allowed) = (Some(name), Some(nodes));
            }
            _ if cut => {
                summary.cpuset = Some(name);
                summary.mems_allowed = None;
            }
            _ => {}
        }
    }
    if cut { &b""[..] } else { i }
}

fn may_continue(rest: &[u8]) -> bool {
    [&b",oom_memcg="[..], b",global_oom", TASK_MEMCG, TASK]
        .iter()
        .any(|key| rest.starts_with(key) || key.starts_with(rest))
}

/// `,oom_memcg=PATH` or `,global_oom`, then `,task_memcg=PATH,task=COMM` (the path only with CONFIG_MEMCG).
fn read_memcgs<'a>(i: &'a [u8], cut: bool, summary: &mut SummaryLine<'a>) {
    let mut i = i;
    if let Some(rest) = i.strip_prefix(b",global_oom") {
        summary.global_oom = true;
        i = rest;
    } else if let Some(rest) = i.strip_prefix(b",oom_memcg=") {
        // both paths may hold `,task_memcg=`; the victim is in the limited cgroup or below it
        let paths = || splits(rest, TASK_MEMCG).filter(|(_, task)| task.starts_with(b"/") || task.is_empty());
        if let Some((path, task)) = paths().find(|(path, task)| is_below(path, task, b",")).or_else(|| paths().next()) {
            summary.oom_memcg = Some(path);
            return split_victim(task, cut, summary);
        }
        // only a shortened line has the limit and no cgroup of the task
        if let (Some((path, comm)), false) = (split_last(rest, TASK), cut) {
            summary.oom_memcg = Some(path);
            summary.comm = is_comm(comm).then_some(comm);
        }
        return;
    }
    if let Some(part) = i.strip_prefix(TASK_MEMCG) {
        split_victim(part, cut, summary);
    } else if let (Some(comm), false) = (i.strip_prefix(TASK), cut) {
        summary.comm = is_comm(comm).then_some(comm);
    }
}

/// `PATH,task=COMM`. With several `,task=` the last that leaves a possible name and, for a memory cgroup's OOM, a path
/// below its limit; the piece is kept for [`split_task`].
fn split_victim<'a>(part: &'a [u8], cut: bool, summary: &mut SummaryLine<'a>) {
    if cut {
        // the name may be cut, the path before it is not
        summary.task_memcg = split_last(part, TASK).map(|(path, _)| path);
        return;
    }
    let named = || splits(part, TASK).filter(|(_, comm)| is_comm(comm));
    let limit = summary.oom_memcg;
    let below = |(path, _): &(&[u8], &[u8])| limit.is_none_or(|limit| is_below(limit, path, b""));
    if let Some((path, comm)) = named().rfind(below).or_else(|| named().next_back()) {
        summary.task_memcg = Some(path);
        summary.comm = Some(comm);
    }
    if splits(part, TASK).count() > 1 {
        summary.task_part = Some(part);
    }
}

/// Whether `path` is `limit` or a cgroup below it; `ends` are further bytes that may end the limit's name in `path`.
fn is_below(limit: &[u8], path: &[u8], ends: &[u8]) -> bool {
    match path.strip_prefix(limit) {
        Some(rest) => limit == b"/" || rest.first().is_none_or(|b| *b == b'/' || ends.contains(b)),
        None => false,
    }
}

/// The cgroup of `TASK_MEMCG,task=COMM` ([`SummaryLine::task_part`]) when another line has the name: a kill line or a
/// task row of the same pid. `None` if the piece does not end with that name.
pub(crate) fn split_task<'a>(task_part: &'a [u8], comm: &[u8]) -> Option<&'a [u8]> {
    task_part.strip_suffix(comm)?.strip_suffix(TASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SummaryLine<'_> {
        summary(text.as_bytes()).unwrap().1
    }

    fn whole() -> SummaryLine<'static> {
        SummaryLine {
            constraint: b"CONSTRAINT_MEMCG",
            nodemask: Some(None),
            cpuset: Some(b"c.service"),
            mems_allowed: Some(b"0"),
            oom_memcg: Some(b"/odd.slice/c.service"),
            task_memcg: Some(b"/odd.slice/c.service"),
            pid: Some(166),
            uid: Some(1005),
            ..SummaryLine::default()
        }
    }

    const START: &str = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=c.service,mems_allowed=0,\
                         oom_memcg=/odd.slice/c.service,task_memcg=/odd.slice/c.service";

    #[test]
    fn whole_lines() {
        assert_eq!(
            read(
                "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0-3,global_oom,task_memcg=/system.slice/dbus.service,task=dbus-daemon,pid=1155,uid=81"
            ),
            SummaryLine {
                constraint: b"CONSTRAINT_NONE",
                nodemask: Some(None),
                cpuset: Some(b"/"),
                mems_allowed: Some(b"0-3"),
                global_oom: true,
                task_memcg: Some(b"/system.slice/dbus.service"),
                comm: Some(b"dbus-daemon"),
                pid: Some(1155),
                uid: Some(81),
                ..SummaryLine::default()
            }
        );
        assert_eq!(
            read(
                "oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=0,2,cpuset=a,b,mems_allowed=0,2-3,global_oom,task_memcg=/,task=a.out,pid=13135,uid=0 "
            ),
            SummaryLine {
                constraint: b"CONSTRAINT_MEMORY_POLICY",
                nodemask: Some(Some(b"0,2")),
                cpuset: Some(b"a,b"),
                mems_allowed: Some(b"0,2-3"),
                global_oom: true,
                task_memcg: Some(b"/"),
                comm: Some(b"a.out"),
                pid: Some(13135),
                uid: Some(0),
                ..SummaryLine::default()
            }
        );
        let memcg = read(
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/podruntime.slice,task_memcg=/podruntime.slice/kubelet.service,task=kubelet,pid=989,uid=0",
        );
        assert_eq!(memcg.oom_memcg, Some(&b"/podruntime.slice"[..]));
        assert_eq!(memcg.task_memcg, Some(&b"/podruntime.slice/kubelet.service"[..]));
        // CONFIG_MEMCG off; a middle removed by hand
        let bare = read(
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task=a,task=b,pid=1,uid=0",
        );
        assert_eq!((bare.comm, bare.task_memcg, bare.truncated), (Some(&b"a,task=b"[..]), None, false));
        let edited = read("oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),task=bun,pid=109324,uid=1000");
        assert_eq!((edited.comm, edited.pid, edited.cpuset), (Some(&b"bun"[..]), Some(109_324), None));
        assert_eq!(read("oom-kill:constraint=CONSTRAINT_NEW").constraint, b"CONSTRAINT_NEW");
    }

    #[test]
    fn hostile_names() {
        for (name, ambiguous) in [
            ("", false),
            (" lead", false),
            ("new\nline", false),
            ("pid=1,uid=0", false),
            ("task=init,pid=1", false),
            ("a) total-vm:1kB", false),
            ("invoked oom-kil", false),
            ("a,b=c,task=x", true),
        ] {
            let line = format!("{START},task={name},pid=166,uid=1005");
            let part = format!("/odd.slice/c.service,task={name}");
            let task_part = ambiguous.then_some(part.as_bytes());
            assert_eq!(read(&line), SummaryLine { comm: Some(name.as_bytes()), task_part, ..whole() }, "{name}");
            assert_eq!(split_task(part.as_bytes(), name.as_bytes()), Some(&b"/odd.slice/c.service"[..]));
        }
    }

    #[test]
    fn hostile_paths() {
        let line = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=oom_memcg=,task=,pid=99,mems_allowed=0,\
                    oom_memcg=/oom_memcg=,task=,pid=99,task_memcg=/oom_memcg=,task=,pid=99,task=oddcg,pid=7,uid=0";
        let path = &b"/oom_memcg=,task=,pid=99"[..];
        assert_eq!(
            read(line),
            SummaryLine {
                constraint: b"CONSTRAINT_MEMCG",
                nodemask: Some(None),
                cpuset: Some(b"oom_memcg=,task=,pid=99"),
                mems_allowed: Some(b"0"),
                oom_memcg: Some(path),
                task_part: Some(b"/oom_memcg=,task=,pid=99,task=oddcg"),
                task_memcg: Some(path),
                comm: Some(b"oddcg"),
                pid: Some(7),
                uid: Some(0),
                ..SummaryLine::default()
            }
        );
        let nested = read(
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/a,task_memcg=/b,task_memcg=/a,task_memcg=/b/c,task=x,pid=7,uid=0",
        );
        assert_eq!(nested.oom_memcg, Some(&b"/a,task_memcg=/b"[..]));
        assert_eq!(nested.task_memcg, Some(&b"/a,task_memcg=/b/c"[..]));
        assert_eq!(split_task(b"/a,task=b", b"c"), None);
    }

    #[test]
    fn cut_lines_lose_the_value_the_cut_touches() {
        let full = format!("{START},task=java,pid=166,uid=1005");
        let at = |end: &str| {
            let length = full.find(end).unwrap() + end.len();
            read(&full[..length])
        };
        let cut = at("constraint=CONSTRAINT_MEM");
        assert_eq!((cut.constraint, cut.truncated), (&b""[..], true));
        let cut = at("nodemask=(null)");
        assert_eq!((cut.constraint, cut.nodemask, cut.cpuset), (&b"CONSTRAINT_MEMCG"[..], Some(None), None));
        assert_eq!(at("cpuset=c.serv").cpuset, None);
        // people shorten lines there; as text, a first node is what was printed
        let cut = at("mems_allowed=0");
        assert_eq!((cut.cpuset, cut.mems_allowed), (Some(&b"c.service"[..]), Some(&b"0"[..])));
        let cut = at("oom_memcg=/odd.slice/c.serv");
        assert_eq!((cut.mems_allowed, cut.oom_memcg), (Some(&b"0"[..]), None));
        let cut = at("task_memcg=/odd.sl");
        assert_eq!((cut.oom_memcg, cut.task_memcg), (Some(&b"/odd.slice/c.service"[..]), None));
        let cut = at("task=jav");
        assert_eq!((cut.task_memcg, cut.comm, cut.pid), (Some(&b"/odd.slice/c.service"[..]), None, None));
        let cut = at("pid=16");
        assert_eq!((cut.comm, cut.pid, cut.truncated), (Some(&b"java"[..]), None, true));
        let cut = at("pid=166,ui");
        assert_eq!((cut.comm, cut.pid, cut.uid, cut.truncated), (Some(&b"java"[..]), Some(166), None, true));
        let cut = at("uid=");
        assert_eq!((cut.pid, cut.uid, cut.truncated), (Some(166), None, true));
        assert_eq!(at("uid=1005"), SummaryLine { comm: Some(b"java"), ..whole() });
    }
}
