//! The fuzz targets' checks on stable, over pieces of the corpus.

#[path = "../../fuzz/src/checks.rs"]
mod checks;

use oomkit_tests::{captures, corpus};

/// The end of each log, where its dumps are.
fn pieces() -> Vec<Vec<u8>> {
    let mut pieces = vec![std::fs::read(corpus().join("seed/messages.log")).unwrap()];
    for capture in captures() {
        pieces.extend(capture.logs.into_iter().map(|(_, log)| log[log.len().saturating_sub(12_000)..].to_vec()));
    }
    assert!(pieces.len() > 200);
    pieces
}

#[test]
fn any_bytes() {
    pieces().iter().for_each(|piece| checks::any_bytes(piece));
}

#[test]
fn chunks() {
    // the first byte is the size of the chunks: an arbitrary byte of a log
    pieces().iter().for_each(|piece| checks::chunks(piece));
}

#[test]
fn cgroup_paths() {
    for capture in captures() {
        for phase in capture.truth["phases"].as_array().unwrap() {
            for cgroup in phase["cgroups"].as_array().into_iter().flatten() {
                let path = cgroup["path"].as_str().unwrap().as_bytes();
                (0..=path.len()).for_each(|end| checks::cgroup_path(&path[..end]));
            }
        }
    }
}

#[test]
fn transports_and_kernel_lines() {
    for capture in captures().iter().step_by(6) {
        let Some(log) = capture.log("dmesg-t.txt").or(capture.log("journal-cat.txt")).or(capture.log("dmesg.txt"))
        else {
            continue;
        };
        let end = &log[log.len().saturating_sub(12_000)..];
        checks::transports(end);
        end.split(|b| *b == b'\n').for_each(checks::kernel_line);
    }
}
