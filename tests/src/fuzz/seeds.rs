//! What each fuzz target starts from: dumps of every era in every log format, pieces of real logs, cgroup paths.

use crate::synth::expect::tamed;
use crate::synth::{Era, Transport, print, random, wrap};
use crate::{Capture, captures, corpus};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// A fuzz target; its name is that of the file in `fuzz/fuzz_targets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Target {
    AnyBytes,
    Chunks,
    Transports,
    KernelLine,
    CgroupPath,
}

impl Target {
    /// Every target.
    pub const ALL: [Target; 5] =
        [Target::AnyBytes, Target::Chunks, Target::Transports, Target::KernelLine, Target::CgroupPath];

    /// The target's name.
    pub fn name(self) -> &'static str {
        match self {
            Target::AnyBytes => "any_bytes",
            Target::Chunks => "chunks",
            Target::Transports => "transports",
            Target::KernelLine => "kernel_line",
            Target::CgroupPath => "cgroup_path",
        }
    }
}

/// How much of a real log is a seed: a kernel prints a dump in about so many bytes.
const PIECE: usize = 6 * 1024;

/// The target's seeds, sorted, none twice. The same every time.
pub fn seeds(target: Target) -> Vec<Vec<u8>> {
    let found: BTreeSet<Vec<u8>> = match target {
        Target::AnyBytes => logs(),
        // the first byte is the size of the chunks
        Target::Chunks => logs().into_iter().enumerate().map(|(at, log)| sized(at, &log)).collect(),
        Target::Transports => bare(),
        Target::KernelLine => lines(),
        Target::CgroupPath => paths(),
    };
    found.into_iter().filter(|seed| !seed.is_empty()).collect()
}

fn sized(at: usize, log: &[u8]) -> Vec<u8> {
    let sizes = [1, 2, 7, 64, 255];
    [&[sizes[at % sizes.len()]], log].concat()
}

/// One dump of every era, short enough to be changed quickly.
fn dumps() -> Vec<(Era, crate::synth::Dump)> {
    let mut runner = TestRunner::deterministic();
    Era::ALL
        .iter()
        .flat_map(|era| {
            let strategy = random::dump(*era);
            (0..2).map(|_| (*era, strategy.new_tree(&mut runner).expect("a dump").current())).collect::<Vec<_>>()
        })
        .collect()
}

fn logs() -> BTreeSet<Vec<u8>> {
    let mut logs = BTreeSet::new();
    for (at, (era, dump)) in dumps().into_iter().enumerate() {
        // every format four times, in other eras
        for step in 0..2 {
            let transport = Transport::ALL[(at + step * 11) % Transport::ALL.len()];
            logs.insert(wrap(&print(&tamed(dump.clone(), transport), era), transport, "web1"));
        }
    }
    let mut kinds = BTreeSet::new();
    for capture in captures() {
        for (name, log) in &capture.logs {
            if kinds.insert(name.clone()) {
                logs.insert(piece(log));
            }
        }
    }
    let seed = std::fs::read(corpus().join("seed/messages.log")).expect("the seed log");
    logs.insert(piece(&seed));
    logs
}

/// Whole lines from shortly before the first dump on.
fn piece(log: &[u8]) -> Vec<u8> {
    let dump = log.windows(10).position(|w| w == b"oom-killer").unwrap_or(0);
    let before = dump.saturating_sub(300);
    let start = if before == 0 { 0 } else { line_after(log, before) };
    let end = (start + PIECE).min(log.len());
    log[start..end].to_vec()
}

fn line_after(log: &[u8], at: usize) -> usize {
    log[at..].iter().position(|b| *b == b'\n').map_or(log.len(), |n| at + n + 1)
}

/// Kernel text without anything before it.
fn bare() -> BTreeSet<Vec<u8>> {
    let log = |(era, dump)| wrap(&print(&tamed(dump, Transport::Bare), era), Transport::Bare, "web1");
    let mut logs: BTreeSet<Vec<u8>> = dumps().into_iter().map(log).collect();
    let cat = |capture: &Capture| capture.log("dmesg-t.txt").or(capture.log("journal-cat.txt")).map(piece);
    logs.extend(captures().iter().filter_map(cat).take(8));
    logs
}

fn lines() -> BTreeSet<Vec<u8>> {
    let mut shapes = BTreeSet::new();
    // rare lines stand only in the dictionary
    let mut lines: BTreeSet<Vec<u8>> = super::dictionary::words().into_iter().collect();
    for log in bare() {
        for line in log.split(|b| *b == b'\n').filter(|line| line.len() < 512) {
            // one of each shape: digits and letters do not make another line
            let shape: Vec<u8> = line.iter().copied().filter(|b| !b.is_ascii_alphanumeric()).collect();
            if shapes.insert(shape) {
                lines.insert(line.to_vec());
            }
        }
    }
    lines
}

fn paths() -> BTreeSet<Vec<u8>> {
    let written = [
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podabaea896_8e17_4cbe_03ed_38d70e909537.slice/cri-containerd-9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f.scope",
        "/kubepods/besteffort/pod1d4c4b0e-6f0d-4c1c-9b0a-0d1b7c3c2f4e/9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f",
        "/docker/9976a269caec812c134fa317f27487ee36e1129beba7278a463dd53e5fb9997b",
        "/system.slice/docker-9976a269caec812c134fa317f27487ee36e1129beba7278a463dd53e5fb9997b.scope",
        "/machine.slice/libpod-9976a269caec812c134fa317f27487ee36e1129beba7278a463dd53e5fb9997b.scope/container",
        "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator",
        "/lxc.payload.web1/system.slice/nginx.service",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1.scope",
        "/slurm/uid_1000/job_4242/step_batch/task_0",
        "/system.slice/slurmstepd.scope/job_4242/step_0/user/task_0",
        "/ecs/4242/9976a269caec812c134fa317f27487ee36e1129beba7278a463dd53e5fb9997b",
        "/k8s.io/9976a269caec812c134fa317f27487ee36e1129beba7278a463dd53e5fb9997b",
        "/system.slice/crio-9976a269caec812c134fa317f27487ee36e1129beba7278a463dd53e5fb9997b.scope",
    ];
    let mut paths: BTreeSet<Vec<u8>> = written.iter().map(|path| path.as_bytes().to_vec()).collect();
    for capture in captures() {
        for phase in capture.truth["phases"].as_array().into_iter().flatten() {
            for cgroup in phase["cgroups"].as_array().into_iter().flatten() {
                paths.extend(cgroup["path"].as_str().map(|path| path.as_bytes().to_vec()));
            }
        }
    }
    paths
}
