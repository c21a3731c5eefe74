//! Runs the built binary, and holds the small logs it reads.

use flate2::{Compression, write::GzEncoder};
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A lone kill line: one damaged event.
pub(crate) const KILL_LINE: &str =
    "Out of memory: Killed process 4242 (java) total-vm:204800kB, anon-rss:102400kB, file-rss:0kB, shmem-rss:0kB";

/// A log without any kill.
pub(crate) const QUIET: &str =
    "Mar 30 12:00:01 web1 systemd[1]: Started a unit.\nMar 30 12:00:02 web1 kernel: usb 1-1: new\n";

/// A whole dump of a memory cgroup at its limit.
pub(crate) const DUMP: &str = "\
[   11.671152] python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=998
[   11.671160] CPU: 1 PID: 114 Comm: python3 Not tainted 6.1.0-47-cloud-amd64 #1  Debian 6.1.170-3
[   11.671162] Hardware name: QEMU Standard PC
[   11.671164] Call Trace:
[   11.671166]  <TASK>
[   11.671168]  dump_stack_lvl+0x44/0x5c
[   11.671170]  mem_cgroup_out_of_memory+0x136/0x150
[   11.671172]  </TASK>
[   11.671174] memory: usage 25600kB, limit 25600kB, failcnt 30
[   11.671176] swap: usage 0kB, limit 9007199254740988kB, failcnt 0
[   11.671178] Memory cgroup stats for /batch/job:
[   11.671180] anon 25165824
               file 4096
[   11.671182] Tasks state (memory values in pages):
[   11.671184] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
[   11.671186] [    114]     0   114     9000     6000    98304        0           998 python3
[   11.671188] [    110]     0   110      700      200    40960        0           998 sh
[   11.671190] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/batch/job,task_memcg=/batch/job,task=python3,pid=114,uid=0
[   11.671192] Memory cgroup out of memory: Killed process 114 (python3) total-vm:36000kB, anon-rss:24000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:96kB oom_score_adj:998
";

/// The binary with a clean environment, reading nothing.
pub(crate) fn oomkit() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oomkit"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs `oomkit parse` with arguments.
pub(crate) fn parse<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Output {
    oomkit().arg("parse").args(arguments).output().unwrap()
}

/// Runs `oomkit parse` with arguments and text on standard input.
pub(crate) fn parse_input(arguments: &[&str], input: &[u8]) -> Output {
    verb_input("parse", arguments, input)
}

/// Runs a verb with arguments and text on standard input.
pub(crate) fn verb_input(verb: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = oomkit().arg(verb).args(arguments).stdin(Stdio::piped()).spawn().unwrap();
    // a usage error ends it before it reads
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Writes a file below `root`, with the directories it needs; gives its path.
pub(crate) fn file(root: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

pub(crate) fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// `source.name` of each JSON line.
pub(crate) fn sources(output: &Output) -> Vec<String> {
    let lines = stdout(output).lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.map(|event| event["source"]["name"].as_str().unwrap().to_owned()).collect()
}
