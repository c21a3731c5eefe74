//! Compressed files and archives: told by content, read as a stream, damage told by name.

use crate::run::*;
use std::fs::File;
use std::io::Write;
use std::process::Command;

fn xz(data: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zstd(data: &[u8]) -> Vec<u8> {
    zstd::encode_all(data, 1).unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, data) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_cksum();
        archive.append_data(&mut header, name, *data).unwrap();
    }
    archive.into_inner().unwrap()
}

/// As a support tool would make it.
fn report() -> Vec<u8> {
    tar(&[
        ("sos/var/log/messages", DUMP.as_bytes()),
        ("sos/uptime", b"up 3 days\n"),
        ("sos/var/log/messages-2024.gz", &gzip(KILL_LINE)),
        ("sos/var/log/kern.log", KILL_LINE.as_bytes()),
    ])
}

const REPORTED: [&str; 3] = ["sos/var/log/messages", "sos/var/log/messages-2024.gz", "sos/var/log/kern.log"];

fn reported(name: &str) -> Vec<String> {
    REPORTED.map(|member| format!("{name}:{member}")).to_vec()
}

#[test]
fn gzip_is_told_by_content_and_all_its_members_are_read() {
    let root = tempfile::tempdir().unwrap();
    let two = [gzip(DUMP), gzip(KILL_LINE)].concat();
    let log = file(root.path(), "messages", &two);
    assert_eq!(sources(&parse(["--format", "jsonl", &log])), [log.as_str(), &log]);
    assert_eq!(sources(&parse_input(&["--format", "jsonl"], &two)), ["-", "-"]);
}

#[test]
fn an_archive_is_read_as_the_files_in_it() {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes) in
        [("a.tar", report()), ("b.tar.gz", gzip(report())), ("c.txz", xz(&report())), ("d", zstd(&report()))]
    {
        let path = file(root.path(), name, &bytes);
        let output = parse(["--format", "jsonl", &path]);
        assert_eq!((sources(&output), code(&output), stderr(&output)), (reported(&path), 0, ""));
        assert_eq!(sources(&parse_input(&["--format", "jsonl"], &bytes)), reported("-"));
    }
    let output = parse(["--format", "jsonl", root.path().to_str().unwrap()]);
    let all = ["a.tar", "b.tar.gz", "c.txz", "d"].map(|name| reported(root.path().join(name).to_str().unwrap()));
    assert_eq!(sources(&output), all.concat());
    let quiet = file(root.path(), "quiet.tar", tar(&[("a", b"1\n"), ("b", b"2\n3\n")]));
    assert_eq!(stderr(&parse([&quiet])), "oomkit: No OOM kills found in 2 files (3 lines).\n");
}

#[test]
fn what_is_cut_gives_what_it_has_and_two_and_the_rest_is_read() {
    let root = tempfile::tempdir().unwrap();
    let good = file(root.path(), "good", KILL_LINE);
    for (what, mut bytes) in [("gzip", gzip(DUMP)), ("xz", xz(DUMP.as_bytes())), ("zstd", zstd(DUMP.as_bytes()))] {
        // the last bytes of zstd are data
        bytes.truncate(bytes.len() - if what == "zstd" { 1 } else { 8 });
        let cut = file(root.path(), "cut", bytes);
        let output = parse(["--format", "jsonl", &cut, &good]);
        assert_eq!(stderr(&output), format!("oomkit: {cut}: the {what} data is cut short\n"));
        assert_eq!(code(&output), 2);
        assert_eq!(sources(&output).last(), Some(&good));
        assert_eq!(sources(&output).len(), if what == "zstd" { 1 } else { 2 }, "{what}");
    }
    // in the data of the last file
    let archive = tar(&[("a", DUMP.as_bytes()), ("b", format!("{KILL_LINE}\n{QUIET}").as_bytes())]);
    let end = 512 + DUMP.len().next_multiple_of(512) + 512 + KILL_LINE.len() + 9;
    let cut = file(root.path(), "cut.tar", &archive[..end]);
    let output = parse(["--format", "jsonl", &cut, &good]);
    assert_eq!(sources(&output), [format!("{cut}:a"), format!("{cut}:b"), good.clone()]);
    assert_eq!(stderr(&output), format!("oomkit: {cut}:b: the tar archive is cut short\n"));
    assert_eq!(code(&output), 2);
}

#[test]
fn another_container_is_named_and_passed_over_in_an_archive_too() {
    let root = tempfile::tempdir().unwrap();
    let packed = file(root.path(), "a.lz4", b"\x04\x22\x4d\x18\x64\x40");
    let bundle = file(root.path(), "b.tar", tar(&[("x.journal", b"LPKSHHRH\0\0\0\0"), ("y", KILL_LINE.as_bytes())]));
    let output = parse(["--format", "jsonl", &packed, &bundle]);
    assert_eq!(sources(&output), [format!("{bundle}:y")]);
    assert_eq!(code(&output), 2);
    let directly = "files cannot be read directly; unpack first:";
    let first = format!("oomkit: {packed}: lz4 {directly} lz4 -dc FILE\n");
    let second = format!("oomkit: {bundle}:x.journal: systemd journal {directly} journalctl -o export --file FILE\n");
    assert_eq!(stderr(&output), first + &second);
}

#[cfg(target_os = "linux")]
#[test]
fn a_bomb_does_not_fill_the_memory() {
    const STEP: usize = 64 << 20;
    let root = tempfile::tempdir().unwrap();
    let zeros = vec![0; STEP];
    for (name, pack) in [("gz", gzip as fn(Vec<u8>) -> Vec<u8>), ("xz", |data| xz(&data)), ("zst", |data| zstd(&data))]
    {
        // members of 64 MiB, together a GiB; and one log behind them
        let mut bomb = pack(zeros.clone()).repeat((1 << 30) / STEP);
        bomb.extend(pack(format!("\n{KILL_LINE}").into_bytes()));
        let bomb = gzip(tar(&[("bomb", &bomb), ("log", KILL_LINE.as_bytes())]));
        let path = file(root.path(), name, bomb);
        // the address space is never less than what is resident
        let output = Command::new("sh")
            .args(["-c", "ulimit -v 65536 && exec \"$0\" parse --format jsonl \"$1\"", env!("CARGO_BIN_EXE_oomkit")])
            .arg(&path)
            .stdin(File::open("/dev/null").unwrap())
            .output()
            .unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{name}");
        assert_eq!(sources(&output), [format!("{path}:bomb"), format!("{path}:log")]);
    }
}
