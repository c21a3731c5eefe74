//! Redaction over the corpora: the same events, and no name left.

use oomkit_core::event::{Event, Identity};
use oomkit_core::{Options, Redactor, parse, parse_with};
use oomkit_tests::{captures, corpus, entries, shared_corpus};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

const KEY: [u8; 16] = *b"not a secret: 42";

/// A sample of them; all with `OOMKIT_THOROUGH`.
fn logs() -> Vec<(String, Vec<u8>)> {
    let thorough = std::env::var_os("OOMKIT_THOROUGH").is_some();
    // every log format, pieces of lines, names with odd bytes
    let always = |name: &str| {
        ["-transport/", "noisy-tty/kmsg", "odd-comm-b/kmsg", "corpus/"].iter().any(|part| name.contains(part))
    };
    let all = all_logs().into_iter().enumerate();
    all.filter(|(n, (name, log))| thorough || (always(name) || n % 12 == 0) && log.len() < 400_000)
        .map(|(_, log)| log)
        .collect()
}

/// All logs of the corpora; those of `../shared` where they are.
fn all_logs() -> Vec<(String, Vec<u8>)> {
    let mut logs: Vec<(String, Vec<u8>)> = Vec::new();
    for capture in captures() {
        logs.extend(capture.logs.into_iter().map(|(name, log)| (format!("{}/{name}", capture.name), log)));
    }
    let shared = ["peers", "public"].into_iter().filter_map(shared_corpus);
    for folder in shared.chain([corpus().join("seed")]) {
        let mut files = entries(&folder);
        files.sort();
        for file in files.iter().filter(|file| file.to_string_lossy().contains(".log")) {
            let bytes = std::fs::read(file).unwrap();
            let mut log = Vec::new();
            match flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut log) {
                Ok(_) => {}
                Err(_) => log = bytes,
            }
            logs.push((file.display().to_string(), log));
        }
    }
    logs
}

/// Everything but names: numbers, words of ours, lengths of names.
fn structure(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, _)| !FREE.contains(&key.as_str()));
            kept.map(|(key, value)| (key.clone(), structure(value, key))).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| structure(item, key)).collect(),
        Value::String(text) if WORDS.contains(&key) => text.clone().into(),
        Value::String(text) => text.len().into(),
        other => other.clone(),
    }
}

/// What may differ: places, ids (a hash of names), and what rests on names or on lines that are left out.
const FREE: [&str; 3] = ["source", "verdict", "diagnostics"];

/// Fields whose words are ours or the kernel's.
const WORDS: [&str; 22] = [
    "constraint",
    "constraint_text",
    "scope",
    "outcome",
    "completeness",
    "transport",
    "origin",
    "runtime",
    "qos_class",
    "level",
    "cause",
    "gfp_mask",
    "gfp_flags",
    "symbol",
    "module",
    "release",
    "tainted",
    "hardware",
    "nodemask",
    "page_size_source",
    "zone",
    "context",
];

/// Names and paths, by what they are.
fn names(event: &Event) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut names: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut add = |kind, name: Option<&str>| {
        if let Some(name) = name {
            names.entry(kind).or_default().insert(name.to_owned());
        }
    };
    add("host", event.host.as_deref());
    if let Some(trigger) = &event.trigger {
        add("comm", trigger.comm.as_deref());
        add("path", trigger.cpuset.as_deref());
    }
    if let Some(memcg) = &event.memcg {
        add("path", memcg.oom_memcg.as_deref());
        add("path", memcg.task_memcg.as_deref());
        memcg.per_cgroup_stats.iter().for_each(|one| add("path", Some(&one.path)));
    }
    event.victims.iter().for_each(|victim| {
        add("comm", victim.comm.as_deref());
        add("path", victim.task_memcg.as_deref());
    });
    event.tasks.iter().for_each(|task| add("comm", Some(&task.comm)));
    add("path", event.group_kill.as_ref().map(|group| &*group.path));
    for who in [event.container.as_ref(), event.limit_owner.as_ref().map(|owner| &owner.identity)].into_iter().flatten()
    {
        for id in ids(who) {
            add("id", Some(&id));
        }
    }
    names
}

fn ids(who: &Identity) -> Vec<String> {
    [&who.id, &who.pod_uid].into_iter().flatten().cloned().collect()
}

/// Longest run of letters and digits that a path's layout or the kernel's own text may hold as well.
const COMMON: usize = 5;

/// Commands that are words of layouts, or of the kernel's own text.
const KERNELS: [&str; 6] = ["containerd", "kubelet", "docker", "systemd", "Killed process ", "invoked oom-kil"];

#[test]
fn redacted_logs_give_the_same_events_with_other_names() {
    let (mut events, mut logs_with_events) = (0, 0);
    let mut wrong = Vec::new();
    for (name, log) in logs() {
        let before = parse(&log);
        let redacted = Redactor::new(KEY).log(&log, &Options::new());
        let after = parse(&redacted.text);
        if redacted.refused > 0 || before.len() != after.len() {
            wrong.push(format!("{name}: {} events, {} after, {} refused", before.len(), after.len(), redacted.refused));
            continue;
        }
        for (a, b) in before.iter().zip(&after) {
            let (mut x, mut y) = (serde_json::to_value(a).unwrap(), serde_json::to_value(b).unwrap());
            for value in [&mut x, &mut y] {
                // a time that was reckoned from lines outside the dump
                if a.time.assumed.iter().any(|what| what == "boot" || what == "year") {
                    value.as_object_mut().unwrap().remove("time");
                }
            }
            let (x, y) = (structure(&x, ""), structure(&y, ""));
            if x != y {
                let fields = x.as_object().unwrap().iter().filter(|(key, value)| y.get(key) != Some(value));
                let fields: Vec<_> = fields.map(|(key, value)| format!("{key}: {value} / {:?}", y.get(key))).collect();
                let mut text = format!("{name} line {}: {}", a.source.first_line, fields.join("; "));
                text.truncate(600);
                wrong.push(text);
                break;
            }
            assert_eq!(a.source.transport, b.source.transport, "{name}");
            events += 1;
        }
        logs_with_events += usize::from(!before.is_empty());
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(events > 150 && logs_with_events > 40, "{events} events of {logs_with_events} logs");
}

#[test]
fn no_name_is_left() {
    let mut left = Vec::new();
    let mut looked_for = 0;
    for (name, log) in logs() {
        let text = Redactor::new(KEY).log(&log, &Options::new()).text;
        let mut all: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for event in parse_with(&log, Options::new()) {
            for (kind, names) in names(&event) {
                all.entry(kind).or_default().extend(names);
            }
        }
        let redactor = Redactor::new(KEY);
        for (kind, names) in all {
            for original in names {
                let replaced = match kind {
                    "host" => redactor.host(&original),
                    "comm" => redactor.command(&original),
                    _ => redactor.path(&original),
                };
                assert_eq!(replaced.len(), original.len());
                for (part, new) in original.split('/').zip(replaced.split('/')) {
                    // layouts and short names stand in any kernel's text too
                    if part == new || part.len() < COMMON || KERNELS.contains(&part) {
                        continue;
                    }
                    looked_for += 1;
                    for spelled in spellings(part) {
                        if memchr::memmem::find(&text, &spelled).is_some() {
                            left.push(format!("{name}: {kind} {part:?}"));
                        }
                    }
                }
            }
        }
    }
    left.sort();
    left.dedup();
    assert!(left.is_empty(), "{} left:\n{}", left.len(), left.join("\n"));
    assert!(looked_for > 500, "{looked_for}");
}

/// A name as logs may write it.
fn spellings(name: &str) -> BTreeSet<Vec<u8>> {
    let json = serde_json::to_string(name).unwrap();
    let hex: String = name
        .bytes()
        .map(|b| if b.is_ascii_graphic() || b == b' ' { char::from(b).to_string() } else { format!("\\x{b:02x}") })
        .collect();
    let octal: String =
        name.bytes().map(|b| if b < 0x20 { format!("#{b:03o}") } else { char::from(b).to_string() }).collect();
    let numbers = name.bytes().map(|b| b.to_string()).collect::<Vec<_>>().join(",");
    [name.to_owned(), json[1..json.len() - 1].to_owned(), hex, octal, numbers].map(String::into_bytes).into()
}
