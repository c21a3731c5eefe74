//! The decoder as a whole: mixed formats, records over several lines, damage.

use super::*;
use crate::event::Origin;

/// Text, host, origin, first and last line of every record.
type Seen = (String, Option<String>, Origin, u64, u64);

fn decode_all(log: &[u8]) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut decoder = Decoder::new(Format::Auto);
    let lossy = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    let mut out = |r: Record<'_>| {
        let span = r.span;
        seen.push((lossy(r.text), r.host.map(lossy), r.origin.clone(), span.first_line, span.last_line));
        ControlFlow::Continue(())
    };
    let mut start = 0;
    for (number, bytes) in (1..).zip(log.split_inclusive(|b| *b == b'\n')) {
        let line = Line { bytes: bytes.strip_suffix(b"\n").unwrap_or(bytes), number, start, skipped: 0 };
        start += bytes.len() as u64;
        assert!(decoder.line(line, &mut out).is_continue());
    }
    assert!(decoder.finish(&mut out).is_continue());
    seen
}

fn texts(log: &str) -> Vec<String> {
    decode_all(log.as_bytes()).into_iter().map(|r| r.0).collect()
}

#[test]
fn one_record_in_each_of_its_disguises() {
    for log in [
        "[    9.842125] anon 1\n               file 2\n[    9.842126] next\n",
        "[    9.842125] anon 1\r\n[    9.842125] file 2\r\n[    9.842126] next\r\n",
        "<6>[    9.842125] anon 1\n<6>[    9.842125] file 2\n<6>[    9.842126] next\n",
        "[Thu Jan  1 01:00:01 2026] anon 1\n                           file 2\n[Thu Jan  1 01:00:01 2026] next\n",
        "6,1,2,-;anon 1\\x0afile 2\n6,2,2,-;next\n",
        "Jan  1 01:00:01 h kernel: anon 1\n                          file 2\nJan  1 01:00:01 h kernel: next\n",
        "Jan  1 01:00:01 h kernel: anon 1#012file 2\nJan  1 01:00:01 h kernel: next\n",
        "{\"MESSAGE\":\"anon 1\\nfile 2\"}\n{\"MESSAGE\":\"next\"}\n",
        "{\n \"MESSAGE\" : \"anon 1\\nfile 2\"\n}\n{\n \"MESSAGE\" : \"next\"\n}\n",
        "{\"log\":\"[    9.842125] anon 1\\n\",\"stream\":\"stdout\",\"time\":\"T\"}\n\
         {\"log\":\"               file 2\\n\",\"stream\":\"stdout\",\"time\":\"T\"}\n\
         {\"log\":\"[    9.842126] next\\n\",\"stream\":\"stdout\",\"time\":\"T\"}\n",
        "2024-03-30T11:00:01Z stdout F [    9.842125] anon 1\n2024-03-30T11:00:01Z stdout F [    9.842125] file 2\n\
         2024-03-30T11:00:01Z stdout F [    9.842126] next\n",
        "2024-03-30T11:00:01Z stdout P 6,1,9842125,-;anon \n2024-03-30T11:00:01Z stdout F 1\\x0afile 2\n\
         2024-03-30T11:00:01Z stdout F 6,2,9842125,-;next\n",
        "<4>Mar 30 12:00:01 h kernel: anon 1#012file 2\n<4>Mar 30 12:00:01 h kernel: next\n",
        "2024 Mar 30 12:00:01 h kernel: anon 1#012file 2\n2024 Mar 30 12:00:01 h kernel: next\n",
        "1711796401 h kernel: anon 1#012file 2\n1711796401 h kernel: next\n",
        "Jan  1 01:00:01 h kernel: anon 1#012file 2\n\
         Jan  1 01:00:01 h kernel: message repeated 3 times: [ next]\n",
        "[    9.842125 <    0.000123>] h kernel: anon 1\n\
         \u{20}                                       file 2\n[    9.842126 <    0.000001>] h kernel: next\n",
        "kern: warning: [2026-01-12T20:27:31.913975631Z]: anon 1\\x0afile 2\n\
         kern: warning: [2026-01-12T20:27:31.913975632Z]: next\n",
        "[0] k: [1711796401.0, {\"msg\"=>\"anon 1\\x0afile 2\", \"priority\"=>6, \"sec\"=>9, \"usec\"=>842125}]\n\
         [1] k: [1711796401.0, {\"msg\"=>\"next\", \"priority\"=>6, \"sec\"=>9, \"usec\"=>842125}]\n",
        "2024-03-30T11:00:01+00:00\tk\t{\"message\":\"anon 1\\nfile 2\"}\n\
         2024-03-30T11:00:01+00:00\tk\t{\"message\":\"next\"}\n",
        "{\"streams\":[{\"stream\":{},\"values\":[[\"1711796401123456789\",\"anon 1\\nfile 2\"],[\"1\",\"next\"]]}]}\n",
        "[\n {\n  \"jsonPayload\": {\n   \"MESSAGE\": \"anon 1\\nfile 2\"\n  }\n },\n {\n  \"textPayload\": \"next\"\n }\n]\n",
        "__CURSOR=1\nMESSAGE\n\u{d}\0\0\0\0\0\0\0anon 1\nfile 2\n\n__CURSOR=2\nMESSAGE=next\n\n",
    ] {
        assert_eq!(texts(log), ["anon 1\nfile 2", "next"], "{log:?}");
    }
}

#[test]
fn mixed_files_are_read_line_by_line() {
    let log =
        "kernel: a\n[    9.842125] b\nJan  1 01:00:01 h kernel: c\n2024-03-30T12:00:01Z h2 kernel: d\n4,1,2,-;e\nf\n";
    assert_eq!(texts(log), ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn a_console_line_behind_a_programs_output_is_found() {
    let log = "[    6.155408] [    156] x\r\nhealthcheck ok s[    6.155992] [    157] y\r\neq=342\r\n";
    // a line without a prefix is kept with the record before it: it may be the rest of a wrapped one
    assert_eq!(texts(log), ["[    156] x", "[    157] y\neq=342"]);
    // without a console around it, it is prose
    assert_eq!(texts("as in [    6.155992] y\n"), ["as in [    6.155992] y"]);
}

#[test]
fn a_console_that_lost_lines_marks_it_on_the_next() {
    let log = "** 13 printk messages dropped ** [    6.155992] [    157] y\r\n";
    assert_eq!(texts(log), ["** 13 printk messages dropped ** ", "[    157] y"]);
}

#[test]
fn places_span_the_lines_of_a_record() {
    let log = "x\n{\n \"msg\": \"a\",\n \"pri\": 4\n},{\n \"pri\": 4,\n \"msg\": \"b\"\n}\n";
    let places: Vec<_> = decode_all(log.as_bytes()).into_iter().map(|r| (r.0, r.3, r.4)).collect();
    assert_eq!(places, [("x".into(), 1, 1), ("a".into(), 2, 5), ("b".into(), 5, 8)]);
}

#[test]
fn pieces_of_a_line_have_the_place_of_the_whole() {
    let log = "2024-03-30T11:00:01Z stdout P Mar 30 12:00:01 h kernel: a \n2024-03-30T11:00:01Z stderr F z\n\
               2024-03-30T11:00:01Z stdout F b\nx\n2024-03-30T11:00:01Z stdout P c\n[    9.842125] d\n";
    let seen: Vec<_> = decode_all(log.as_bytes()).into_iter().map(|r| (r.0, r.3, r.4)).collect();
    let expected = [("z", 2, 2), ("a b", 1, 3), ("x", 4, 4), ("c", 5, 5), ("d", 6, 6)];
    assert_eq!(seen, expected.map(|(text, first, last)| (text.to_owned(), first, last)));
}

#[test]
fn an_envelopes_host_and_time_reach_a_pretty_entry() {
    let log = "[\n {\n  \"jsonPayload\": {\n   \"MESSAGE\": \"a\",\n   \"_TRANSPORT\": \"kernel\"\n  },\n  \
               \"resource\": {\n   \"labels\": {\n    \"node_name\": \"gke-1\"\n   }\n  }\n }\n]\n";
    assert_eq!(decode_all(log.as_bytes()), [("a".into(), Some("gke-1".into()), Origin::Kernel, 2, 12)]);
}

#[test]
fn any_bytes_at_all_are_read_without_panic() {
    let samples: [&[u8]; 14] = [
        b"{\"log\":\"[   71.146532] x\",\"stream\":\"stdout\",\"time\":\"T\"}\n{\"log\":\"y\\n\",\"stream\":\"stdout\",\"time\":\"T\"}\n",
        b"2024-03-30T11:00:01Z stdout P [   71.146532] x\n2024-03-30T11:00:01Z stdout F y\n",
        b"[0] kmsg.0: [[1711796401.0, {}], {\"msg\"=>\"x\", \"sec\"=>1}]\n",
        b"{\"streams\":[{\"stream\":{},\"values\":[[\"1711796401123456789\",\"Mar 30 12:00:01 h kernel: x\"]]}]}\n",
        b"2024-03-30T11:00:01Z {a=\"b\", host=\"h\"} kern: warning: [2026-01-12T20:27:31Z]: x\n",
        "[9월 11일 (토) 12:24:42] x\n03-30 12:00:01.123     0     0 W kernel  : y\n".as_bytes(),
        b"__CURSOR=1\nMESSAGE\n\x0d\0\0\0\0\0\0\0anon 1\nfile 2\n\n",
        b"Mon 2026-11-23 17:13:35.607686 UTC [s=e;i=1]\n    MESSAGE=x\n            y\n",
        b"{\n  \"dmesg\": [\n {\n \"pri\": 4,\n \"time\": 1.5,\n \"msg\": \"x\"\n },{\n",
        b"\x1b[32m[Sat Mar  7 18:00:03 2026] \x1b[0mx\n",
        b"<4>1 2026-11-23T17:13:35Z h kernel - - [a b=\"]\"] x\n",
        b"4,350,11671152,-,caller=T1;x\\x0a\\x\n SUBSYSTEM=x\n",
        b"kern  :warn  : [Sat Mar  7 18:00:03 2026] x\n",
        b"\0\0\0Mar  7 18:00:03 h kernel: [78B blob data]\n",
    ];
    for sample in samples {
        for end in 0..=sample.len() {
            decode_all(&sample[..end]);
        }
        for at in 0..sample.len() {
            for byte in [0, b'\n', b'[', b'{', b'"', 0xff] {
                let mut log = sample.to_vec();
                log[at] = byte;
                decode_all(&log);
            }
        }
    }
}
