//! What was seen of a boot from outside its logs, and which log is in which format.

use crate::Capture;
use oomkit_core::event::Transport as T;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One process that the boot saw die of the OOM killer's SIGKILL.
#[derive(Debug)]
pub struct Death {
    /// The name as the kernel stored it.
    pub comm: Vec<u8>,
    /// Its user.
    pub uid: Option<u64>,
    /// Its cgroup.
    pub cgroup: Option<String>,
    /// Its container's first process lived on; `None` where the boot cannot tell.
    pub silent: Option<bool>,
}

/// Processes that died of it, by pid.
pub fn deaths(capture: &Capture) -> BTreeMap<u32, Death> {
    let mut deaths = BTreeMap::new();
    for phase in list(&capture.truth, "phases") {
        let cgroups: BTreeMap<&str, &Value> =
            list(phase, "cgroups").iter().map(|c| (c["path"].as_str().expect("truth.json is whole"), c)).collect();
        for process in list(phase, "processes") {
            if process["sigkill"] != true || process["harness_killed"] == true {
                continue;
            }
            let cgroup = process["cgroup"].as_str();
            let of = cgroup.and_then(|path| cgroups.get(path));
            let silent = of.and_then(|c| {
                let sure = c["silent_oom"] == true || c["oom_group"] == 1 || c["first_pid"] == process["pid"];
                sure.then(|| c["silent_oom"] == true)
            });
            let death = Death {
                comm: hex(process["comm_hex"].as_str().expect("truth.json is whole")),
                uid: process["uid"].as_u64(),
                cgroup: cgroup.map(str::to_owned),
                silent,
            };
            deaths.insert(
                u32::try_from(process["pid"].as_u64().expect("truth.json is whole")).expect("truth.json is whole"),
                death,
            );
        }
    }
    deaths
}

/// The array under this key; empty where there is none.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("truth.json is whole"))
        .collect()
}

/// What the boot did.
pub fn scenarios(capture: &Capture) -> Vec<String> {
    list(&capture.truth, "phases").iter().filter_map(|phase| phase["scenario"].as_str()).map(str::to_owned).collect()
}

/// Whether users wrote lines of the kernel's into its log.
pub fn is_spoofed(capture: &Capture) -> bool {
    scenarios(capture).iter().any(|name| name.starts_with("spoof"))
}

/// Pids that the raw text of a record log names as killed, found without the parser.
pub fn killed_in(log: &[u8]) -> BTreeSet<u32> {
    let marker = b"Killed process ";
    let digits = |at: usize| {
        let digits: String = log[at..].iter().take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
        digits.parse().ok()
    };
    (0..log.len()).filter(|at| log[*at..].starts_with(marker)).filter_map(|at| digits(at + marker.len())).collect()
}

/// The logs that were taken of boots, and the format of each. A console may hold several.
pub const LOGS: &[(&str, T)] = &[
    ("kmsg.txt", T::Kmsg),
    ("dmesg.txt", T::Dmesg),
    ("dmesg-x.txt", T::Dmesg),
    ("dmesg-d.txt", T::Dmesg),
    ("dmesg-S.txt", T::Dmesg),
    ("dmesg-reltime.txt", T::Dmesg),
    ("dmesg-busybox.txt", T::Dmesg),
    ("dmesg-t.txt", T::Bare),
    ("dmesg-T.txt", T::DmesgWall),
    ("dmesg-xT.txt", T::DmesgWall),
    ("dmesg-T-color.txt", T::DmesgWall),
    ("dmesg-iso.txt", T::DmesgIso),
    ("dmesg.json", T::DmesgJson),
    ("syslog-raw.txt", T::KmsgRaw),
    ("journal.json", T::JournalJson),
    ("journal-pretty-tail60.json", T::JournalJson),
    ("journal.export", T::JournalExport),
    ("journal-verbose.txt", T::JournalVerbose),
    ("journal-cat.txt", T::Bare),
    ("journal-short.txt", T::Rfc3164),
    ("journal-short-precise.txt", T::JournalShort),
    ("journal-short-full.txt", T::JournalShort),
    ("journal-with-unit.txt", T::JournalShort),
    ("journal-short-iso.txt", T::JournalShort),
    ("journal-short-iso-precise.txt", T::JournalShort),
    ("journal-short-monotonic.txt", T::JournalShort),
    ("journal-short-unix.txt", T::JournalShort),
    ("rs-traditional.log", T::Rfc3164),
    ("rs-iso.log", T::Iso8601),
    ("rs-rfc5424.log", T::Rfc5424),
    ("rs-jsonlines.log", T::JsonLines),
    ("busybox-messages.txt", T::Rfc3164),
];

/// The format of the log with this file name; `None` for a console, which may hold several.
pub fn transport_of(name: &str) -> Option<T> {
    LOGS.iter().find(|(log, _)| *log == name).map(|(_, transport)| transport.clone())
}
