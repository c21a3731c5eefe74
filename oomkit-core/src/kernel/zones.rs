//! Node and zone lines (kB), and the `lowmem_reserve[]` that follows each zone.

use super::message::{Message, Zone};
use super::value::*;
use crate::units::Pages;

/// `Node 0 `: printed by kernels built for NUMA.
pub(super) fn on_node(i: &[u8]) -> Read<'_, u32> {
    delimited(tag("Node "), u32, char(' ')).parse(i)
}

pub(super) fn zone_name(i: &[u8]) -> Read<'_, &[u8]> {
    let name = alt((tag("DMA32"), tag("DMA"), tag("Normal"), tag("HighMem"), tag("Movable"), tag("Device")));
    terminated(name, peek(alt((char(' '), char(':'))))).parse(i)
}

/// `Node 0 active_anon:768kB … all_unreclaimable? yes` (4.8+), with or without `Balloon:` after it (6.18+).
pub(super) fn node(i: &[u8]) -> Read<'_, Message<'_>> {
    let (i, node) = on_node(i)?;
    let (i, Zone { values, pages_scanned, all_unreclaimable, .. }) = fields(i)?;
    Ok((i, Message::Node { node, values, pages_scanned, all_unreclaimable }))
}

/// `Node 0 DMA free:7280kB boost:0kB min:384kB …`, on kernels without NUMA `Normal free:248784kB …`.
pub(super) fn zone(i: &[u8]) -> Read<'_, Zone<'_>> {
    let (i, (node, zone)) = (opt(on_node), terminated(zone_name, (char(' '), peek(tag("free:"))))).parse(i)?;
    let (i, fields) = fields(i)?;
    Ok((i, Zone { node, zone, ..fields }))
}

enum ZoneField<'a> {
    Pair(&'a [u8], Amount),
    Unreclaimable(bool),
}

/// Every pair the line has, unknown keys too. A last value whose unit is cut off is left out.
fn fields(i: &[u8]) -> Read<'_, Zone<'_>> {
    let unreclaimable = preceded(tag("all_unreclaimable? "), alt((value(true, tag("yes")), value(false, tag("no")))));
    let field =
        alt((map(unreclaimable, ZoneField::Unreclaimable), map(pair, |(key, amount)| ZoneField::Pair(key, amount))));
    let (rest, list) = many1(preceded(blanks, field)).parse(i)?;
    let mut fields = Zone::default();
    for field in list {
        match field {
            ZoneField::Unreclaimable(answer) => fields.all_unreclaimable = Some(answer),
            ZoneField::Pair(key, Amount::Size(size)) => fields.values.push((key, size)),
            ZoneField::Pair(b"pages_scanned", Amount::Plain(pages)) => fields.pages_scanned = Some(pages),
            ZoneField::Pair(..) => {}
        }
    }
    // the kernel never ends a line with this number
    if fields.all_unreclaimable.is_none() && rest.is_empty() {
        fields.pages_scanned = None;
    }
    if fields.values.is_empty() { mismatch(i) } else { Ok((rest, fields)) }
}

/// `lowmem_reserve[]: 0 1727 1727 1727 1727`, in pages.
pub(super) fn lowmem_reserve(i: &[u8]) -> Read<'_, Message<'_>> {
    map(preceded(tag("lowmem_reserve[]:"), many0(preceded(char(' '), map(u64, Pages)))), Message::LowmemReserve)
        .parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    fn kib(values: &[(&'static str, u64)]) -> Vec<(&'static [u8], Bytes)> {
        values.iter().map(|&(key, kib)| (key.as_bytes(), Bytes::from_kib(kib))).collect()
    }

    #[test]
    fn nodes() {
        let line = "Node 0 active_anon:768kB inactive_anon:1681308kB isolated(anon):0kB shmem_thp: 0kB anon_thp: 1454080kB \
                    writeback_tmp:0kB kernel_stack:2928kB all_unreclaimable? yes";
        let expected = Message::Node {
            node: 0,
            values: kib(&[
                ("active_anon", 768),
                ("inactive_anon", 1_681_308),
                ("isolated(anon)", 0),
                ("shmem_thp", 0),
                ("anon_thp", 1_454_080),
                ("writeback_tmp", 0),
                ("kernel_stack", 2928),
            ]),
            pages_scanned: None,
            all_unreclaimable: Some(true),
        };
        assert_eq!(node(line.as_bytes()).unwrap().1, expected);
        // 4.8, 6.18, and a line cut inside a number
        for (line, values, pages_scanned, all_unreclaimable) in [
            (
                "Node 1 active_anon:56540kB unstable:0kB pages_scanned:12 all_unreclaimable? no",
                kib(&[("active_anon", 56540), ("unstable", 0)]),
                Some(12),
                Some(false),
            ),
            (
                "Node 1 active_anon:4kB all_unreclaimable? no Balloon:8kB",
                kib(&[("active_anon", 4), ("Balloon", 8)]),
                None,
                Some(false),
            ),
            ("Node 1 active_anon:4kB inactive_anon:16", kib(&[("active_anon", 4)]), None, None),
            ("Node 1 active_anon:4kB pages_scanned:16", kib(&[("active_anon", 4)]), None, None),
        ] {
            let expected = Message::Node { node: 1, values, pages_scanned, all_unreclaimable };
            assert_eq!(node(line.as_bytes()).map(|(_, m)| m), Ok(expected), "{line}");
        }
        assert!(node(b"Node 0 DMA free:7280kB").is_err());
        assert!(node(b"Node 0 hugepages_total=0").is_err());
    }

    #[test]
    fn zones() {
        for (line, node, name, values, pages_scanned, all_unreclaimable) in [
            (
                "Node 0 DMA free:7280kB boost:0kB min:384kB reserved_highatomic:0KB active_anon:0kB",
                Some(0),
                "DMA",
                kib(&[("free", 7280), ("boost", 0), ("min", 384), ("reserved_highatomic", 0), ("active_anon", 0)]),
                None,
                None,
            ),
            ("Normal free:1884kB min:1920kB", None, "Normal", kib(&[("free", 1884), ("min", 1920)]), None, None),
            (
                "DMA32 free:5588kB present:1982128kB pages_scanned:30 all_unreclaimable? yes",
                None,
                "DMA32",
                kib(&[("free", 5588), ("present", 1_982_128)]),
                Some(30),
                Some(true),
            ),
            ("Node 3 HighMem free:4kB min:1k", Some(3), "HighMem", kib(&[("free", 4)]), None, None),
        ] {
            let expected = Zone { node, zone: name.as_bytes(), values, pages_scanned, all_unreclaimable };
            assert_eq!(zone(line.as_bytes()).map(|(_, zone)| zone), Ok(expected), "{line}");
        }
        for line in ["Normal", "Normal operation:1kB", "DMA: preallocated 128 KiB", "Node 0 DMA: 0*4kB", "Zone ranges:"]
        {
            assert!(zone(line.as_bytes()).is_err(), "{line}");
        }
    }

    #[test]
    fn lowmem_reserves() {
        let expected = Message::LowmemReserve(vec![Pages(0), Pages(1727), Pages(1727)]);
        assert_eq!(lowmem_reserve(b"lowmem_reserve[]: 0 1727 1727").unwrap().1, expected);
        assert_eq!(lowmem_reserve(b"lowmem_reserve[]: 0 1727 1727 ").unwrap().1, expected);
        assert_eq!(lowmem_reserve(b"lowmem_reserve[]:").unwrap().1, Message::LowmemReserve(vec![]));
    }
}
