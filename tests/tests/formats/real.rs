//! Real kernels × the logs that were taken of them, against what was seen from outside.

use oomkit_core::{Options, parse_with};
use oomkit_tests::truth::{deaths, is_spoofed, killed_in, transport_of};
use oomkit_tests::{boots, capture, entries};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The boots of each kernel that have this log.
pub(super) type Boots = BTreeMap<(String, String), Vec<PathBuf>>;

/// By name of the log and release of the kernel.
pub(super) fn cells() -> Boots {
    let mut cells = Boots::new();
    for boot in boots() {
        let truth = fs::read_to_string(boot.join("truth.json")).expect("truth.json");
        let (_, release) = truth.split_once("\"kernel_release\":\"").expect("a boot's kernel");
        let release = release.split('"').next().unwrap_or_default();
        for file in entries(&boot) {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let name = name.strip_suffix(".gz").unwrap_or(&name);
            if name != "truth.json" {
                cells.entry((name.to_owned(), release.to_owned())).or_default().push(boot.clone());
            }
        }
    }
    cells
}

pub(super) fn name((log, release): &(String, String)) -> String {
    format!("real::{release}::{log}")
}

pub(super) fn check(log: &str, boots: &[PathBuf]) -> Result<(), String> {
    boots.iter().try_for_each(|boot| read(log, boot).map_err(|why| format!("{}/{log}: {why}", boot.display())))
}

fn read(name: &str, boot: &Path) -> Result<(), String> {
    let capture = capture(boot);
    let log = capture.log(name).ok_or("no such log")?;
    let deaths = deaths(&capture);
    let transport = transport_of(name);
    // who wrote a line is another test's concern: see truth.rs
    let events = parse_with(log, Options::new().include_user(true));
    let mut seen = BTreeSet::new();
    for event in &events {
        if transport.as_ref().is_some_and(|transport| event.source.transport != *transport) {
            return Err(format!("line {} read as {}", event.source.first_line, event.source.transport));
        }
        for victim in &event.victims {
            seen.insert(victim.pid);
            // a namespace's own pids, and tasks that died before they were looked at, are not in the list
            let Some(death) = deaths.get(&victim.pid) else { continue };
            let text = victim.comm.as_ref().map(|name| name.as_bytes().to_vec());
            let comm = victim.comm_raw.as_ref().map(|raw| raw.0.clone()).or(text).unwrap_or_default();
            let exact = !matches!(name, "console.log") && !name.starts_with("rs-") && !name.starts_with("journal");
            if exact && comm != death.comm {
                let names = [&comm, &death.comm].map(|name| String::from_utf8_lossy(name).into_owned());
                return Err(format!("pid {} is called {names:?}", victim.pid));
            }
            if victim.uid.is_some_and(|uid| death.uid != Some(u64::from(uid))) {
                return Err(format!("pid {} has another user", victim.pid));
            }
        }
    }
    // byte numbers in JSON are no text to search, and lines of users may be kept out
    let searched = !name.starts_with("journal") && !is_spoofed(&capture);
    let missed: Vec<_> = killed_in(log).difference(&seen).copied().collect();
    if searched && !missed.is_empty() {
        return Err(format!("not found: {missed:?}"));
    }
    if events.is_empty() && !killed_in(log).is_empty() {
        return Err("no event".to_owned());
    }
    Ok(())
}
