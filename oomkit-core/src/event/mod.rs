//! The public data model: what an OOM kill was, in the words of the kernel and Kubernetes.
//!
//! Field names, units and enum words are those of the JSON contract (`schema/event.schema.json`). Sizes are in bytes.
//! A field that is `None` or empty was not in the log; nothing is filled in.

mod cluster;
mod companion;
mod diagnostic;
mod id;
mod identity;
mod memcg;
mod memory;
pub(crate) mod part;
mod percent;
mod process;
mod text;
mod time;
mod trigger;
mod verdict;
mod word;

pub use cluster::{Cluster, ClusterAgreement, LastState, LimitChange, MatchedBy, Visibility};
pub use companion::{Actor, Companion, CompanionKind, ObjectType};
pub use diagnostic::{Diagnostic, DiagnosticKind, LostLines};
pub use identity::{Identity, Job, Level, LimitOwner, QosClass, Runtime, TaskRef};
pub use memcg::{CgroupStats, Counter, Memcg};
pub use memory::{Allocation, Buddy, BuddyOrder, Hugepages, Memory, Node, Slab, Zone};
pub use percent::Percent;
pub use process::{GroupKill, Reaped, Task, Victim};
pub use text::RawBytes;
pub(crate) use text::readable;
pub use time::{Monotonic, Time};
pub use trigger::{Cause, Frame, Trigger};
pub use verdict::{Completeness, Confidence, Constraint, Evidence, Outcome, Scope, Verdict, VerdictKind};

pub(crate) use diagnostic::LossPlace;
pub(crate) use id::event_id;

use crate::units::Bytes;
pub(crate) use part::part;
pub(crate) use word::words;

/// The version of the JSON this crate writes.
pub const SCHEMA_VERSION: u32 = 1;

part! {
    /// One run of the kernel's OOM killer, as far as the log shows it.
    ///
    /// Fields carry the names of the JSON that `oomkit parse --format jsonl` prints. Sizes are in bytes and end in `_bytes`,
    /// times in seconds end in `_seconds`, counts end in nothing. What was not in the log is absent or empty: nothing is
    /// filled in. Words such as `outcome` are open sets; expect new ones.
    Event {
        @always {
            /// Version of the JSON schema: 1.
            schema_version: u32,
            /// Hash of the kernel's own facts: the same dump has the same id in every log it was copied to.
            id: String,
            /// When its first line was written.
            time: Time,
            /// Where in the log.
            source: Source,
            /// What really constrained the allocation: "none" (the node was full), "memcg", "cpuset", "memory_policy"
            /// or "unknown".
            constraint: Constraint,
            /// How it ended.
            outcome: Outcome,
            /// Whose memory ran out: "container", "pod", "node_allocatable", "cgroup", "node", "cpuset",
            /// "memory_policy", "manual" (a person, through sysrq) or "unknown".
            scope: Scope,
            /// Every process the kernel says it killed, in order, each once.
            victims: Vec<Victim>,
            /// Whether Kubernetes could see it.
            verdict: Verdict,
            /// How much of the dump the log holds.
            completeness: Completeness,
            /// What a reader should know before trusting the event.
            diagnostics: Vec<Diagnostic>,
        }
        /// Host name in the log.
        host: Option<String>,
        /// The kernel that wrote the dump.
        kernel: Option<Kernel>,
        /// Who asked for memory.
        trigger: Option<Trigger>,
        /// The kernel's call trace, innermost frame first.
        call_trace: Vec<Frame>,
        /// The constraint as printed: `CONSTRAINT_MEMCG`.
        constraint_text: Option<String>,
        /// The memory-cgroup block.
        memcg: Option<Memcg>,
        /// The `Mem-Info` block.
        memory: Option<Memory>,
        /// Base page size the page counts were read with.
        page_size_bytes: Option<Bytes>,
        /// Whether the dump shows the page size ("measured") or not ("assumed": 4096).
        page_size_source: Option<PageSizeSource>,
        /// The task table.
        tasks: Vec<Task>,
        /// `memory.oom.group` notice: the whole cgroup was killed.
        group_kill: Option<GroupKill>,
        /// True when the kernel says that `vm.oom_kill_allocating_task` made it kill who asked, whatever the scores.
        oom_kill_allocating_task: Option<bool>,
        /// Identity of the victim's cgroup; absent unless the dump prints its path.
        container: Option<Identity>,
        /// Identity of the cgroup whose limit was hit.
        limit_owner: Option<LimitOwner>,
        /// The pod, container and node it hit, where the cluster's objects were given (`oomkit parse --pods`).
        cluster: Option<Cluster>,
    }

    /// Where in a log the dump stands. Bytes are those of the decompressed text.
    Source {
        @always {
            /// File name as given, `-` for standard input.
            name: String,
            /// First line, counted from 1.
            first_line: u64,
            /// Last line.
            last_line: u64,
            /// First byte, counted from 0.
            first_byte: u64,
            /// Last byte, inclusive.
            last_byte: u64,
            /// The log format.
            transport: Transport,
            /// Who wrote the lines: "kernel", "user", or "unknown" where the log format does not tell.
            origin: Origin,
        }
    }

    /// The kernel that wrote the dump.
    #[derive(Default)]
    Kernel {
        /// Its release: `6.1.0-47-cloud-amd64`.
        release: Option<String>,
        /// What the firmware calls the machine: `Hardware name:`.
        hardware: Option<String>,
        /// `Not tainted`, or the taint letters as printed.
        tainted: Option<String>,
        /// The CPU the dump was written on.
        cpu: Option<u32>,
    }
}

words! {
    /// Log formats.
    Transport {
        /// Kernel text without any prefix, or only `kernel: `.
        Bare = "bare",
        /// `[   11.671152] text`, with or without caller, facility and level.
        Dmesg = "dmesg",
        /// `dmesg -T`: `[Mon Nov 23 17:13:34 2026] text`.
        DmesgWall = "dmesg_wall",
        /// `dmesg --time-format iso`.
        DmesgIso = "dmesg_iso",
        /// `dmesg -J`.
        DmesgJson = "dmesg_json",
        /// Records as read from `/dev/kmsg`.
        Kmsg = "kmsg",
        /// `<4>[   11.671152] text`: `dmesg -r`, the syslog(2) buffer, some consoles.
        KmsgRaw = "kmsg_raw",
        /// `Mar 30 12:00:01 host kernel: text`.
        Rfc3164 = "rfc3164",
        /// `<4>1 2021-09-11T12:24:42Z host kernel - - - text`.
        Rfc5424 = "rfc5424",
        /// `2024-03-30T12:00:01.123456+01:00 host kernel: text`.
        Iso8601 = "iso8601",
        /// The `short` family of `journalctl -o` that only the journal writes.
        JournalShort = "journal_short",
        /// `journalctl -o json`, `json-pretty` and relatives.
        JournalJson = "journal_json",
        /// `journalctl -o export`.
        JournalExport = "journal_export",
        /// `journalctl -o verbose`.
        JournalVerbose = "journal_verbose",
        /// Docker's `json-file` log of a container.
        DockerJson = "docker_json",
        /// The log of a container as the kubelet's runtimes write it: `2024-03-30T11:00:01Z stdout F text`.
        Cri = "cri",
        /// Other JSON that carries kernel text in a field, one object a line or printed over several.
        JsonLines = "json_lines",
        /// Bare kernel text behind the quote marks of mail and bug trackers.
        Quoted = "quoted",
        /// `talosctl dmesg`: `kern: warning: [2026-01-12T20:27:31.913975631Z]: text`.
        Talos = "talos",
        /// `logcli`: `2024-03-30T11:00:01Z {host="h"} text`.
        Logcli = "logcli",
        /// Android's `logcat`: `03-30 12:00:01.123  1234  1234 W kernel  : text`.
        Logcat = "logcat",
        /// `1711796401 host kernel: text`: seconds since the epoch that are not the journal's.
        Epoch = "epoch",
    }

    /// Who wrote a line.
    Origin {
        /// The kernel: the transport says so in a way user programs cannot imitate.
        Kernel = "kernel",
        /// A user program.
        User = "user",
        /// The transport does not tell.
        Unknown = "unknown",
    }

    /// Where the page size comes from.
    PageSizeSource {
        /// The dump shows it.
        Measured = "measured",
        /// 4096, because the dump does not show it.
        Assumed = "assumed",
    }
}
