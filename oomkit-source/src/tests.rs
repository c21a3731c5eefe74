//! Containers made in memory, read back.

use crate::{Logs, Source, Step};
use oomkit_core::{Event, Options};
use std::io::{self, Cursor, Read, Write};
use std::sync::mpsc::{Receiver, channel};
use tar::{Builder, EntryType, Header};

const KILL: &str =
    "Out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n";

type Pack = fn(&[u8]) -> Vec<u8>;

/// Every compression, with what its errors call it.
const PACKS: [(&str, Pack); 4] = [("gzip", gzip), ("zstd", zstd), ("xz", xz), ("bzip2", bzip2)];

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zstd(data: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    // as the command does
    encoder.include_checksum(true).unwrap();
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn xz(data: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(data: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Text that does not compress well, so that half of the container holds about half of it.
fn noise(lines: u32) -> Vec<u8> {
    (0..lines).flat_map(|n| format!("{:x}\n", u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes()).collect()
}

fn member(archive: &mut Builder<Vec<u8>>, name: &str, data: &[u8]) {
    let mut header = Header::new_gnu();
    header.set_size(data.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive.append_data(&mut header, name, data).unwrap();
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Builder::new(Vec::new());
    members.iter().for_each(|(name, data)| member(&mut archive, name, data));
    archive.into_inner().unwrap()
}

/// What came of each log: its name, its text, and why it ended early.
type Log = (String, Vec<u8>, Option<String>);

fn read(bytes: impl Into<Vec<u8>>) -> Vec<Log> {
    let mut source = match Source::open("in", Cursor::new(bytes.into())) {
        Ok(source) => source,
        Err(error) => return vec![("in".into(), Vec::new(), Some(error.to_string()))],
    };
    let mut logs = Vec::new();
    loop {
        let mut text = Vec::new();
        let failed = match source.advance() {
            Ok(false) => return logs,
            Ok(true) => source.read_to_end(&mut text).err(),
            Err(error) => Some(error),
        };
        logs.push((source.name().to_owned(), text, failed.map(|e| e.to_string())));
    }
}

fn log(name: &str, text: &[u8]) -> Log {
    (name.to_owned(), text.to_vec(), None)
}

#[test]
fn plain_text_of_any_length_passes() {
    for text in [&b""[..], b"a", b"BZh", b"BZh9 is text", &noise(100_000), &[0; 4096]] {
        assert_eq!(read(text), [log("in", text)]);
    }
}

#[test]
fn all_members_of_every_compression_are_read() {
    for (name, pack) in PACKS {
        let joined = [pack(b"one\n"), pack(b""), pack(&noise(50_000)), pack(b"two\n")].concat();
        let text = [b"one\n", &noise(50_000)[..], b"two\n"].concat();
        assert_eq!(read(joined), [log("in", &text)], "{name}");
        assert_eq!(read(pack(b"")), [log("in", b"")], "{name}");
    }
}

#[test]
fn zstd_frames_to_be_skipped_are_skipped_first_or_later() {
    let skip = [b"\x53\x2a\x4d\x18\x05\0\0\0", &b"12345"[..]].concat();
    let joined = [&skip[..], &zstd(b"one\n"), &skip, &zstd(b"two\n"), &skip].concat();
    assert_eq!(read(joined), [log("in", b"one\ntwo\n")]);
}

#[test]
fn xz_padding_between_streams_is_padding() {
    let joined = [&xz(b"one\n")[..], &[0; 8], &xz(b"two\n")].concat();
    assert_eq!(read(joined), [log("in", b"one\ntwo\n")]);
}

#[test]
fn what_is_cut_or_damaged_gives_what_it_has_and_says_so() {
    let text = noise(200_000);
    for (name, pack) in PACKS {
        let whole = pack(&text);
        for keep in [whole.len() / 2, whole.len() - 3] {
            let [(_, seen, failed)] = &read(&whole[..keep])[..] else { panic!("{name}") };
            assert!(!seen.is_empty() && text.starts_with(seen), "{name}: {} bytes", seen.len());
            assert_eq!(failed.as_deref(), Some(&*format!("the {name} data is cut short")));
        }
        let mut damaged = whole.clone();
        damaged[whole.len() / 2..][..64].fill(0x55);
        let [(_, seen, failed)] = &read(damaged)[..] else { panic!("{name}") };
        assert!(!seen.is_empty(), "{name}");
        assert!(failed.as_deref().unwrap().starts_with(&format!("the {name} data is damaged (")), "{failed:?}");
        // less than is needed to tell what it holds
        let [(_, seen, failed)] = &read(&whole[..16])[..] else { panic!("{name}") };
        assert!(seen.is_empty() && failed.is_some(), "{name}");
    }
}

#[test]
fn a_header_that_asks_for_gigabytes_is_refused() {
    // a frame with a window of 2^31 bytes; a raw block
    let frame = [&b"\x28\xb5\x2f\xfd\x00\xa8"[..], b"\x21\0\0test"].concat();
    let [(_, _, Some(failed))] = &read(frame)[..] else { panic!() };
    assert!(failed.contains("a window above 128 MiB; unpack first: zstd -dc --long=31"), "{failed}");
    // the dictionary of xz: 1.5 GiB
    let mut options = liblzma::stream::LzmaOptions::new_preset(0).unwrap();
    options.dict_size(1 << 20);
    let mut filters = liblzma::stream::Filters::new();
    filters.lzma2(&options);
    let stream = liblzma::stream::Stream::new_stream_encoder(&filters, liblzma::stream::Check::Crc32).unwrap();
    let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
    encoder.write_all(KILL.as_bytes()).unwrap();
    let mut hostile = encoder.finish().unwrap();
    // block header at 12: its size, flags, filter, properties' size, the dictionary's bits
    assert_eq!(hostile[14..16], [0x21, 1]);
    hostile[16] = 39;
    let end = 12 + (usize::from(hostile[12]) + 1) * 4;
    let mut crc = flate2::Crc::new();
    crc.update(&hostile[12..end - 4]);
    hostile[end - 4..end].copy_from_slice(&crc.sum().to_le_bytes());
    let [(_, _, Some(failed))] = &read(hostile)[..] else { panic!() };
    assert!(failed.contains("more than 256 MiB of memory; unpack first: xz -dc"), "{failed}");
}

#[test]
fn containers_that_cannot_be_read_are_named_with_what_to_do() {
    for (head, words) in [
        (&b"\x04\x22\x4d\x18...."[..], "lz4 files cannot be read directly; unpack first: lz4 -dc FILE"),
        (b"\x1f\x9d\x90", "compress files cannot be read directly; unpack first: uncompress -c FILE"),
        (
            b"LPKSHHRH....",
            "systemd journal files cannot be read directly; unpack first: journalctl -o export --file FILE",
        ),
    ] {
        assert_eq!(read(head), [("in".into(), vec![], Some(words.into()))]);
        let bundle = read(tar(&[("a", head), ("b", b"two\n")]));
        assert_eq!(bundle, [("in:a".into(), vec![], Some(words.into())), log("in:b", b"two\n")]);
    }
    let twice = read(gzip(&xz(b"text")));
    assert_eq!(twice[0].2.as_deref(), Some("compressed twice: xz data in gzip data; unpack one first"));
}

#[test]
fn an_archive_is_its_files_in_order_whatever_packs_it_or_them() {
    let long = format!("{}/messages", ["directory"; 30].join("/"));
    let text = noise(20_000);
    let mut members = vec![("var/log/messages", &b"one\n"[..]), ("empty", b""), (&long, &text), ("../etc/x", b"up\n")];
    let packed = PACKS.map(|(name, pack)| (name, pack(&text)));
    members.extend(packed.iter().map(|(name, data)| (*name, &data[..])));
    // the crate refuses to write `..`
    let at = members.remove(3);
    let archive = tar(&members);
    let mut expected = vec![log("in:var/log/messages", b"one\n"), log(&format!("in:{long}"), &text)];
    expected.extend(packed.iter().map(|(name, _)| log(&format!("in:{name}"), &text)));
    assert_eq!(read(&archive[..]), expected);
    for (_, pack) in PACKS {
        assert_eq!(read(pack(&archive)), expected);
    }
    let mut header = Header::new_old();
    header.as_mut_bytes()[..at.0.len()].copy_from_slice(at.0.as_bytes());
    header.set_size(3);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    let up = [&header.as_bytes()[..], b"up\n", &[0; 509]].concat();
    // neither magic nor an end mark, as very old archives
    assert_eq!(read(up), [log("in:../etc/x", b"up\n")]);
}

#[test]
fn links_devices_and_directories_are_passed_over() {
    let mut archive = Builder::new(Vec::new());
    for (kind, size) in [(EntryType::Symlink, 0), (EntryType::Link, 7), (EntryType::Char, 0), (EntryType::Directory, 0)]
    {
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_path("other").unwrap();
        header.set_link_name("var/log/messages").unwrap();
        header.set_size(size);
        header.set_cksum();
        archive.append(&header, io::empty()).unwrap();
    }
    member(&mut archive, "log", b"one\n");
    assert_eq!(read(archive.into_inner().unwrap()), [log("in:log", b"one\n")]);
}

#[test]
fn extended_headers_name_and_measure_the_member_behind_them() {
    let mut archive = Builder::new(Vec::new());
    archive.append_pax_extensions([("path", &b"var/l\xf6g/\xc3\xa4"[..]), ("size", b"4")]).unwrap();
    let mut header = Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(0);
    header.set_cksum();
    archive.append(&header, &b"one\n"[..]).unwrap();
    member(&mut archive, "next", b"two\n");
    let found = read(archive.into_inner().unwrap());
    assert_eq!(found, [log("in:var/l\u{fffd}g/\u{e4}", b"one\n"), log("in:next", b"two\n")]);
}

#[test]
fn holes_of_sparse_files_are_left_out() {
    let map = b"1\n1048576\n4\n";
    let data = [&map[..], &vec![0; 512 - map.len()], b"one\n"].concat();
    let mut archive = Builder::new(Vec::new());
    archive
        .append_pax_extensions([
            ("GNU.sparse.major", &b"1"[..]),
            ("GNU.sparse.minor", b"0"),
            ("GNU.sparse.name", b"var/log/lastlog"),
        ])
        .unwrap();
    member(&mut archive, "GNUSparseFile.1/lastlog", &data);
    let mut header = Header::new_gnu();
    header.set_path("old").unwrap();
    header.set_entry_type(EntryType::GNUSparse);
    header.set_size(4);
    header.as_gnu_mut().unwrap().set_is_extended(true);
    header.as_gnu_mut().unwrap().set_real_size(1 << 60);
    header.set_cksum();
    archive.append(&header, &[&[0; 512][..], b"two\n"].concat()[..]).unwrap();
    let found = read(archive.into_inner().unwrap());
    assert_eq!(found, [log("in:var/log/lastlog", b"one\n"), log("in:old", b"two\n")]);
}

#[test]
fn joined_archives_are_one() {
    let joined = [tar(&[("a", b"one\n")]), tar(&[("b", b"two\n")]), b"tail".to_vec()].concat();
    assert_eq!(read(joined), [log("in:a", b"one\n"), log("in:b", b"two\n")]);
}

#[test]
fn an_archive_in_an_archive_is_walked_and_no_deeper() {
    let deep = gzip(&tar(&[("x", b"deep\n")]));
    let inner = xz(&tar(&[("deep.tgz", &deep), ("y", b"inner\n")]));
    let found = read(tar(&[("inner.txz", &inner), ("z", b"outer\n")]));
    let refused = "an archive in an archive in an archive is not walked; unpack it first";
    assert_eq!(
        found,
        [
            ("in:inner.txz:deep.tgz".to_owned(), vec![], Some(refused.to_owned())),
            log("in:inner.txz:y", b"inner\n"),
            log("in:z", b"outer\n")
        ]
    );
}

#[test]
fn a_damaged_member_does_not_stop_the_others() {
    let text = noise(50_000);
    for (name, pack) in PACKS {
        let whole = pack(&text);
        let found = read(tar(&[("bad", &whole[..whole.len() / 2]), ("good", b"two\n")]));
        assert_eq!((found.len(), &found[1]), (2, &log("in:good", b"two\n")), "{name}");
        assert!(!found[0].1.is_empty() && text.starts_with(&found[0].1), "{name}");
        assert_eq!(found[0].2.as_deref(), Some(&*format!("the {name} data is cut short")));
    }
}

#[test]
fn a_cut_archive_says_so_once() {
    let text = noise(50_000);
    let archive = tar(&[("a", b"one\n"), ("b", &text), ("c", b"two\n")]);
    // within the data, within the header, within the padding
    for (keep, failed_at) in [(2048 + text.len() / 2, "in:b"), (1024 + 100, "in"), (512 + 8, "in")] {
        let found = read(&archive[..keep]);
        assert_eq!(found[0], log("in:a", b"one\n"));
        let last = found.last().unwrap();
        assert_eq!((&*last.0, last.2.as_deref()), (failed_at, Some("the tar archive is cut short")), "{keep}");
        assert_eq!(found.iter().filter(|one| one.2.is_some()).count(), 1);
    }
    for (name, pack) in PACKS {
        let whole = pack(&archive);
        let found = read(&whole[..whole.len() - 5]);
        assert_eq!(
            found.iter().filter_map(|one| one.2.clone()).collect::<Vec<_>>(),
            [format!("the {name} data is cut short")]
        );
    }
    let mut damaged = archive.clone();
    damaged[1024 + 140] ^= 0x3f;
    let found = read(damaged);
    assert!(found[1].2.as_deref().unwrap().contains("no valid header"), "{found:?}");
}

/// A pipe whose reader would wait for more, and fails instead.
struct Live(Receiver<&'static [u8]>);

impl Read for Live {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.0.try_recv().map_err(|_| io::Error::other("would wait"))?;
        buffer[..bytes.len()].copy_from_slice(bytes);
        Ok(bytes.len())
    }
}

#[test]
fn a_live_log_is_given_line_by_line() {
    let (pipe, reader) = channel();
    pipe.send(&b"first"[..]).unwrap();
    pipe.send(b" line\n").unwrap();
    let mut source = Source::open("-", Live(reader)).unwrap();
    assert!(source.advance().unwrap());
    let mut buffer = [0; 64];
    assert_eq!(source.read(&mut buffer).unwrap(), 11);
    pipe.send(b"second\n").unwrap();
    assert_eq!(source.read(&mut buffer).unwrap(), 7);
}

#[test]
fn each_log_has_its_own_parser_and_name() {
    let bundle = gzip(&tar(&[("a", KILL.as_bytes()), ("b.gz", &gzip(KILL.as_bytes())), ("c", b"\x1f\x9d\x90")]));
    let mut logs = Logs::open("b.tgz", Cursor::new(bundle), Options::new()).unwrap();
    let mut events: Vec<Event> = Vec::new();
    let mut ends = Vec::new();
    loop {
        match logs.step(&mut events) {
            Step::Log { stats, end } => ends.push((logs.name().to_owned(), stats.events, end.is_ok())),
            Step::Done => break,
            Step::Text | Step::Interrupted => {}
        }
    }
    let sources: Vec<_> = events.iter().map(|e| (e.source.name.as_str(), e.source.first_line)).collect();
    assert_eq!(sources, [("b.tgz:a", 1), ("b.tgz:b.gz", 1)]);
    let end = |name: &str, events, ok| (name.to_owned(), events, ok);
    assert_eq!(ends, [end("b.tgz:a", 1, true), end("b.tgz:b.gz", 1, true), end("b.tgz:c", 0, false)]);
    assert!(matches!(logs.step(&mut events), Step::Done));
}
