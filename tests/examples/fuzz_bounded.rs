//! Fuzzing for a minute, on stable, without a fuzzer: the targets' checks over inputs that are the same every time.
//!
//! `cargo run --profile fuzz -p oomkit-tests --example fuzz_bounded -- [runs] [target] [state]`: so many inputs for each
//! target (ten times as many where they are short) or for one of them, made with another start of the generator. An input that fails is written down, and
//! `… fuzz_bounded -- replay <target> <file>` runs it alone.

#[path = "../../fuzz/src/checks.rs"]
mod checks;

use oomkit_tests::fuzz::{Mutator, Target, seeds};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Instant;
use std::{env, fs, process, thread};

/// Parts of a target's runs; a fixed number, so that the inputs do not depend on how many cores there are.
const PARTS: usize = 8;

fn check(target: Target, input: &[u8]) {
    match target {
        Target::AnyBytes => checks::any_bytes(input),
        Target::Chunks => checks::chunks(input),
        Target::Transports => checks::transports(input),
        Target::KernelLine => checks::kernel_line(input),
        Target::CgroupPath => checks::cgroup_path(input),
    }
}

/// Short inputs are checked quickly: so many more of them.
fn weight(target: Target) -> usize {
    match target {
        Target::AnyBytes | Target::Chunks | Target::Transports => 1,
        Target::KernelLine | Target::CgroupPath => 10,
    }
}

/// The first input that fails, with its number.
fn first_failure(target: Target, seeds: &[Vec<u8>], part: usize, runs: usize, state: u64) -> Option<(usize, Vec<u8>)> {
    let mut mutator = Mutator::new(state.wrapping_mul(1_000).wrapping_add(part as u64), seeds.to_vec());
    (0..runs / PARTS).find_map(|run| {
        let input = mutator.input();
        let passed = catch_unwind(AssertUnwindSafe(|| check(target, &input))).is_ok();
        (!passed).then_some((run, input))
    })
}

fn run(target: Target, runs: usize, state: u64) -> bool {
    let began = Instant::now();
    let runs = runs * weight(target);
    let seeds = seeds(target);
    for seed in &seeds {
        check(target, seed);
    }
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from).min(PARTS);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let part = next.fetch_add(1, SeqCst);
                    if part >= PARTS {
                        break;
                    }
                    if let Some((at, input)) = first_failure(target, &seeds, part, runs, state) {
                        failures.lock().expect("no panic holds it").push((part, at, input));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no panic holds it");
    for (part, at, input) in &failures {
        let file = env::temp_dir().join(format!("{}-{part}-{at}", target.name()));
        fs::write(&file, input).expect("a folder that can be written to");
        eprintln!("{}: part {part}, input {at}: failed, kept as {}", target.name(), file.display());
    }
    let count = seeds.len() + runs / PARTS * PARTS;
    let seconds = began.elapsed().as_secs_f64();
    println!("{:12} {count:8} inputs in {seconds:5.1} s, {} failed", target.name(), failures.len());
    failures.is_empty()
}

fn usage() -> ! {
    eprintln!("usage: fuzz_bounded [runs [target [state]]] | fuzz_bounded replay <target> <file>");
    process::exit(2);
}

fn named(name: &str) -> Target {
    Target::ALL.into_iter().find(|target| target.name() == name).unwrap_or_else(|| usage())
}

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    if let ["replay", target, file] = args[..] {
        let input = fs::read(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        return check(named(target), &input);
    }
    let number = |at: usize, default: u64| args.get(at).map_or(default, |n| n.parse().unwrap_or_else(|_| usage()));
    let (runs, state) = (number(0, 40_000), number(2, 1));
    let targets = args.get(1).map_or(Target::ALL.to_vec(), |name| vec![named(name)]);
    let runs = usize::try_from(runs).unwrap_or_else(|_| usage());
    let passed = targets.into_iter().filter(|target| !run(*target, runs, state)).count() == 0;
    process::exit(i32::from(!passed));
}
