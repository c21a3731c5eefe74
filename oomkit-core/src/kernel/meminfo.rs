//! The `Mem-Info` block outside its zones: global counters in pages, swap, page totals, per-CPU lists.

use super::message::{Message, PageTotal};
use super::value::*;
use super::words::starts_with_any;
use super::zones::{on_node, zone_name};
use crate::units::{Bytes, Pages};

/// `active_anon:188 inactive_anon:1681308 isolated_anon:0`, whole or any of its lines; lines after the first start
/// with a space. 2.6.18 has one kB value, `Free pages:  12345kB (0kB HighMem)`, which counts no pages.
pub(super) fn counters(i: &[u8]) -> Read<'_, Message<'_>> {
    if let Ok((_, size)) = preceded((tag("Free pages:"), blanks), kib).parse(i) {
        let _: Bytes = size;
        return Ok((&b""[..], Message::Counters(Vec::new())));
    }
    if !i.starts_with(b" ") && !starts_a_line(i) {
        return mismatch(i);
    }
    let mut counters = Vec::new();
    let lines = i.trim_ascii_end().split(|&b| b == b'\n');
    for (number, line) in lines.enumerate() {
        let before = counters.len();
        for word in line.split(|&b| b == b' ').filter(|word| !word.is_empty()) {
            match pair(word.trim_ascii()) {
                Ok(([], (key, Amount::Plain(pages)))) => counters.push((key, Pages(pages))),
                // cut inside the last pair of a record
                _ if number > 0 && counters.len() > before => break,
                _ => return mismatch(i),
            }
        }
        if counters.is_empty() {
            return mismatch(i);
        }
    }
    Ok((&b""[..], Message::Counters(counters)))
}

/// The keys that begin a line of some era: a `key:1` of another program is no counter.
fn starts_a_line(line: &[u8]) -> bool {
    const FIRST_KEYS: [&[u8]; 13] = [
        b"active_anon:",
        b"Active_anon:",
        b"Active:",
        b"active_file:",
        b"inactive_file:",
        b"unevictable:",
        b"slab_reclaimable:",
        b"mapped:",
        b"sec_pagetables:",
        b"kernel_misc_reclaimable:",
        b"free:",
        b"free_cma:",
        b"free_pcp:",
    ];
    starts_with_any(line, &FIRST_KEYS)
}

/// Lines that begin with a number: `524158 pages RAM`, `2300 total pagecache pages`, `0 pages in swap cache`.
pub(super) fn totals(i: &[u8]) -> Read<'_, Message<'_>> {
    map_opt(separated_pair(map(u64, Pages), char(' '), rest), |(pages, what): (Pages, &[u8])| {
        let kind = match what.trim_ascii_end() {
            b"total pagecache pages" => return Some(Message::PagecachePages(pages)),
            b"pages in swap cache" | b"pages swap cached" => return Some(Message::SwapCachePages(pages)),
            b"pages RAM" | b"pages of RAM" => PageTotal::Ram,
            b"pages HighMem/MovableOnly" | b"pages HighMem" | b"pages of HIGHMEM" => PageTotal::HighMem,
            b"pages reserved" | b"reserved pages" => PageTotal::Reserved,
            b"pages cma reserved" => PageTotal::CmaReserved,
            b"pages hwpoisoned" => PageTotal::HwPoisoned,
            b"pages shared" => PageTotal::Shared,
            b"pages non-shared" => PageTotal::NonShared,
            b"pages in pagetable cache" => PageTotal::PagetableCache,
            _ => return None,
        };
        Some(Message::PageTotal { kind, pages })
    })
    .parse(i)
}

/// `Swap cache stats: add 610640, delete 591667, find 144356/181468` (to 5.19), `Swap cache: add …` before 2.6.27.
pub(super) fn swap_cache(i: &[u8]) -> Read<'_, Message<'_>> {
    value(Message::SwapCacheStats, (alt((tag("Swap cache stats: "), tag("Swap cache: "))), tag("add "))).parse(i)
}

/// `Free swap  = 0kB`, 2.6.18 `Free swap:            0kB`. Negative in a race of old kernels.
pub(super) fn free_swap(i: &[u8]) -> Read<'_, Message<'_>> {
    let size = terminated(i64, tag("kB")).map(|kib| u64::try_from(kib).ok().map(Bytes::from_kib));
    map(
        preceded((tag("Free swap"), blanks, alt((char('='), char(':'))), blanks), terminated(size, end)),
        Message::FreeSwap,
    )
    .parse(i)
}

/// `Total swap = 979956kB`
pub(super) fn total_swap(i: &[u8]) -> Read<'_, Message<'_>> {
    map(preceded((tag("Total swap"), blanks, char('='), blanks), terminated(kib, end)), Message::TotalSwap).parse(i)
}

/// Page lists per CPU, to 4.1: `Node 0 DMA32 per-cpu:`, then `CPU    0: hi:  186, btch:  31 usd:   0` (2.6.25+),
/// `CPU    0: Hot: hi: …   Cold: …` (2.6.23), `cpu 0 hot: high 186, batch 31 used:0` (2.6.18).
pub(super) fn per_cpu(i: &[u8]) -> Read<'_, Message<'_>> {
    let zone = value((), (opt(on_node), zone_name, tag(" per-cpu:")));
    let list = value((), (tag("CPU"), blanks, u32, tag(": "), opt(tag("Hot: ")), tag("hi:")));
    let temperature = take_while1(|b: u8| b.is_ascii_lowercase());
    let old = value((), (tag("cpu "), u32, char(' '), temperature, tag(": high ")));
    value(Message::PerCpuList, alt((zone, list, old))).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(message: Read<'_, Message<'_>>) -> Option<Vec<(String, u64)>> {
        match message {
            Ok((_, Message::Counters(counters))) => {
                Some(counters.iter().map(|(key, pages)| (String::from_utf8_lossy(key).into(), pages.0)).collect())
            }
            _ => None,
        }
    }

    #[test]
    fn counters_of_every_era() {
        let record = "active_anon:66677 inactive_anon:0 isolated_anon:0\n active_file:0 inactive_file:0 isolated_file:0\n \
                      unevictable:1040 dirty:0 writeback:0\n slab_reclaimable:167 slab_unreclaimable:1562\n mapped:717 \
                      shmem:1549 pagetables:300\n sec_pagetables:0 bounce:0\n kernel_misc_reclaimable:0\n free:524 \
                      free_pcp:635 free_cma:0";
        let read = pages(counters(record.as_bytes())).unwrap();
        assert_eq!(read.len(), 20);
        assert_eq!(read[0], ("active_anon".into(), 66677));
        assert_eq!(read[17], ("free".into(), 524));

        for (line, count, last) in [
            ("active_anon:188 inactive_anon:1681308 isolated_anon:0", 3, ("isolated_anon", 0)),
            (" active_file:94 inactive_file:21 isolated_file:0", 3, ("isolated_file", 0)),
            ("active_file:94 inactive_file:21 isolated_file:0", 3, ("isolated_file", 0)),
            (" free:13240 free_pcp:61 free_cma:7 ", 3, ("free_cma", 7)),
            (" kernel_misc_reclaimable:5", 1, ("kernel_misc_reclaimable", 5)),
            (
                "Active:1 inactive:2 dirty:3 writeback:4 unstable:5 free:6 slab:7 mapped:8 pagetables:9",
                9,
                ("pagetables", 9),
            ),
            (
                "Active:1 inactive:2 dirty:3 writeback:4 unstable:5\n free:6 slab:7 mapped:8 pagetables:9 bounce:10",
                10,
                ("bounce", 10),
            ),
            ("Active_anon:290797 active_file:28 inactive_anon:97034", 3, ("inactive_anon", 97034)),
            (" inactive_file:61 unevictable:11322 dirty:0 writeback:0 unstable:6", 5, ("unstable", 6)),
            ("active_anon:1\n free:524 free_pcp:", 2, ("free", 524)),
        ] {
            let read = pages(counters(line.as_bytes()));
            let read = read.as_ref().map(|read| (read.len(), read.last().map(|(key, pages)| (key.as_str(), *pages))));
            assert_eq!(read, Some((count, Some(last))), "{line}");
        }
        assert_eq!(pages(counters(b"Free pages:       12345kB (0kB HighMem)")), Some(vec![]));
        for line in ["port:80", "cpu:1 x", " ", "", "active_anon:5kB", "active_anon:", " 12:30:45 up"] {
            assert_eq!(pages(counters(line.as_bytes())), None, "{line}");
        }
    }

    #[test]
    fn totals_and_swap() {
        for (text, expected) in [
            ("2300 total pagecache pages", Message::PagecachePages(Pages(2300))),
            ("0 pages in swap cache", Message::SwapCachePages(Pages(0))),
            ("12 pages swap cached", Message::SwapCachePages(Pages(12))),
            ("524158 pages RAM", Message::PageTotal { kind: PageTotal::Ram, pages: Pages(524_158) }),
            ("262144 pages of RAM", Message::PageTotal { kind: PageTotal::Ram, pages: Pages(262_144) }),
            ("0 pages HighMem/MovableOnly", Message::PageTotal { kind: PageTotal::HighMem, pages: Pages(0) }),
            ("294324 pages HighMem", Message::PageTotal { kind: PageTotal::HighMem, pages: Pages(294_324) }),
            ("78152 pages reserved", Message::PageTotal { kind: PageTotal::Reserved, pages: Pages(78152) }),
            ("5 reserved pages", Message::PageTotal { kind: PageTotal::Reserved, pages: Pages(5) }),
            ("16384 pages cma reserved", Message::PageTotal { kind: PageTotal::CmaReserved, pages: Pages(16384) }),
            ("0 pages hwpoisoned ", Message::PageTotal { kind: PageTotal::HwPoisoned, pages: Pages(0) }),
            ("35079 pages shared", Message::PageTotal { kind: PageTotal::Shared, pages: Pages(35079) }),
            ("486525 pages non-shared", Message::PageTotal { kind: PageTotal::NonShared, pages: Pages(486_525) }),
            ("1 pages in pagetable cache", Message::PageTotal { kind: PageTotal::PagetableCache, pages: Pages(1) }),
        ] {
            assert_eq!(totals(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        for text in ["12 pages", "12 pages of text", "pages RAM", "-1 pages RAM"] {
            assert!(totals(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(free_swap(b"Free swap  = 0kB").unwrap().1, Message::FreeSwap(Some(Bytes(0))));
        assert_eq!(free_swap(b"Free swap  = -4kB").unwrap().1, Message::FreeSwap(None));
        assert_eq!(free_swap(b"Free swap:         12kB").unwrap().1, Message::FreeSwap(Some(Bytes(12288))));
        assert!(free_swap(b"Free swap  = 12").is_err());
        assert_eq!(total_swap(b"Total swap = 979956kB").unwrap().1, Message::TotalSwap(Bytes::from_kib(979_956)));
        assert!(total_swap(b"Total swap = 9799").is_err());
        assert!(swap_cache(b"Swap cache stats: add 610640, delete 591667, find 144356/181468").is_ok());
        assert!(swap_cache(b"Swap cache: add 0, delete 0, find 0/0, race 0+0").is_ok());
    }

    #[test]
    fn per_cpu_lists() {
        for text in [
            "Node 0 DMA32 per-cpu:",
            "DMA per-cpu: empty",
            "CPU    0: hi:  186, btch:  31 usd:   0",
            "CPU 12: Hot: hi:  186, btch:  31 usd:   3   Cold: hi:   62, btch:  15 usd:   4",
            "cpu 0 hot: high 186, batch 31 used:0",
            "cpu 0 cold: high 62, batch 15 used:0",
        ] {
            assert_eq!(per_cpu(text.as_bytes()).map(|(_, m)| m), Ok(Message::PerCpuList), "{text}");
        }
        for text in ["CPU: 0 PID: 1 Comm: x", "CPU 0: hello", "cpu 0 is hot"] {
            assert!(per_cpu(text.as_bytes()).is_err(), "{text}");
        }
    }
}
