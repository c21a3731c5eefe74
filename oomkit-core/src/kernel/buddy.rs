//! Free blocks by order, and huge pages: where the base page size shows.

use super::message::{Buddy, BuddyOrder, Message};
use super::value::*;
use super::zones::{on_node, zone_name};

/// `Node 0 DMA: 0*4kB 1*16kB (U) 1*2048kB (ME) = 7280kB` (migrate types since 3.8); 2.6.18 says `empty`.
pub(super) fn buddy(i: &[u8]) -> Read<'_, Buddy<'_>> {
    let (i, (node, zone)) = (opt(on_node), terminated(zone_name, char(':'))).parse(i)?;
    let (i, orders) = many0(preceded(char(' '), order)).parse(i)?;
    let (i, empty) = opt(tag(" empty")).parse(i)?;
    let (i, total) = opt(preceded(tag(" = "), kib)).parse(i)?;
    if orders.is_empty() && empty.is_none() && total.is_none() {
        return mismatch(i);
    }
    Ok((i, Buddy { node, zone, orders, total }))
}

fn order(i: &[u8]) -> Read<'_, BuddyOrder<'_>> {
    let types = delimited(tag(" ("), take_while1(|b: u8| b.is_ascii_alphabetic()), char(')'));
    let (i, ((count, size), types)) = (separated_pair(u64, char('*'), kib), opt(types)).parse(i)?;
    Ok((i, BuddyOrder { count, size, types }))
}

/// `Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB` (3.10+)
pub(super) fn hugepages(i: &[u8]) -> Read<'_, Message<'_>> {
    let (i, (node, total, free, surplus, size)) = (
        opt(on_node),
        preceded(tag("hugepages_total="), u64),
        preceded(tag(" hugepages_free="), u64),
        preceded(tag(" hugepages_surp="), u64),
        preceded(tag(" hugepages_size="), kib),
    )
        .parse(i)?;
    Ok((i, Message::Hugepages { node, total, free, surplus, size }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn free_blocks() {
        let order = |count, kib, types: Option<&'static str>| BuddyOrder {
            count,
            size: Bytes::from_kib(kib),
            types: types.map(str::as_bytes),
        };
        for (line, node, zone, orders, total) in [
            (
                "Node 0 DMA: 0*4kB 1*16kB (U) 1*2048kB (ME) = 7280kB",
                Some(0),
                "DMA",
                vec![order(0, 4, None), order(1, 16, Some("U")), order(1, 2048, Some("ME"))],
                Some(7280),
            ),
            // 2.6.30 without NUMA; 64 KiB pages
            (
                "DMA32: 871*4kB 149*8kB = 5588kB",
                None,
                "DMA32",
                vec![order(871, 4, None), order(149, 8, None)],
                Some(5588),
            ),
            ("Node 1 Normal: 3*64kB (UMEH) = 192kB", Some(1), "Normal", vec![order(3, 64, Some("UMEH"))], Some(192)),
            // 2.6.18
            ("Node 0 HighMem: empty", Some(0), "HighMem", vec![], None),
            // cut
            ("Node 0 DMA: 0*4kB 10*3", Some(0), "DMA", vec![order(0, 4, None)], None),
            ("Node 0 DMA: 3*4kB (UM", Some(0), "DMA", vec![order(3, 4, None)], None),
            ("Node 0 DMA: 3*4kB = 1", Some(0), "DMA", vec![order(3, 4, None)], None),
        ] {
            let expected = Buddy { node, zone: zone.as_bytes(), orders, total: total.map(Bytes::from_kib) };
            assert_eq!(buddy(line.as_bytes()).map(|(_, buddy)| buddy), Ok(expected), "{line}");
        }
        for line in ["DMA: preallocated 128 KiB GFP_KERNEL pool for atomic allocations", "Node 0 DMA:", "Foo: 1*4kB"] {
            assert!(buddy(line.as_bytes()).is_err(), "{line}");
        }
    }

    #[test]
    fn huge_pages() {
        assert_eq!(
            hugepages(b"Node 0 hugepages_total=46 hugepages_free=45 hugepages_surp=1 hugepages_size=2048kB").unwrap().1,
            Message::Hugepages { node: Some(0), total: 46, free: 45, surplus: 1, size: Bytes(2 << 20) }
        );
        assert!(hugepages(b"Node 0 hugepages_total=46 hugepages_free=45 hugepages_surp=1 hugepages_size=20").is_err());
    }
}
