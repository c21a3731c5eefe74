//! Unreclaimable slab (4.15+) and allocation tags (6.10+): who holds the kernel's own memory.

use super::message::{Allocation, Message};
use super::value::*;
use crate::units::Bytes;

/// `Name                      Used          Total`
pub(super) fn columns(i: &[u8]) -> Read<'_, Message<'_>> {
    let gap = |i| take_while1(|b| b == b' ').parse(i);
    value(Message::SlabColumns, (tag("Name"), gap, tag("Used"), gap, tag("Total"), end)).parse(i)
}

/// `kmalloc-rnd-01-4k    2048KB    2052KB`, read from the right: a cache's name may hold spaces and parentheses.
pub(super) fn row(i: &[u8]) -> Read<'_, Message<'_>> {
    let read = || {
        let (before, total) = size_at_end(i.trim_ascii_end())?;
        let (name, used) = size_at_end(before)?;
        let name = name.trim_ascii_end();
        (!name.is_empty()).then_some(Message::Slab { name, used, total })
    };
    read().map_or_else(|| mismatch(i), |slab| Ok((&b""[..], slab)))
}

/// Splits ` 2052KB` off the end.
fn size_at_end(text: &[u8]) -> Option<(&[u8], Bytes)> {
    let text = text.strip_suffix(b"KB")?;
    let (before, number) = text.split_at_checked(memchr::memrchr(b' ', text)? + 1)?;
    let (_, kib) = terminated(u64, eof::<_, nom::error::Error<_>>).parse(number).ok()?;
    Some((before.trim_ascii_end(), Bytes::from_kib(kib)))
}

/// `Memory allocations:`, 6.18 `Memory allocations (profiling is currently turned on):`
pub(super) fn allocations_heading(i: &[u8]) -> Read<'_, Message<'_>> {
    let switch = alt((value(true, tag("on")), value(false, tag("off"))));
    let profiling = opt(delimited(tag(" (profiling is currently turned "), switch, tag(")")));
    let (i, profiling) = delimited(tag("Memory allocations"), profiling, (tag(":"), end)).parse(i)?;
    Ok((i, Message::AllocationsHead { profiling }))
}

/// `   36.0 MiB     9216 mm/slub.c:2190 func:alloc_slab_page`, with ` [module]` before `func:` for modules; 6.10 prints
/// plain bytes.
pub(super) fn allocation(i: &[u8]) -> Read<'_, Allocation<'_>> {
    let site = recognize((is_not(": "), char(':'), digit1));
    let module = delimited(tag(" ["), take_till1(|b| b == b']'), tag("]"));
    let (site, function) = (preceded(char(' '), site), preceded(tag(" func:"), rest));
    let (i, (size, calls, site, module, function)) =
        (preceded(blanks, size), preceded(blanks, u64), site, opt(module), function).parse(i)?;
    Ok((i, Allocation { size, calls, site, module, function: function.trim_ascii_end() }))
}

/// `1.20 GiB`, `512 KiB`, `0 B`, or plain bytes.
fn size(i: &[u8]) -> Read<'_, Bytes> {
    let unit = alt((
        value(0_u32, tag(" B")),
        value(10, tag(" KiB")),
        value(20, tag(" MiB")),
        value(30, tag(" GiB")),
        value(40, tag(" TiB")),
        value(50, tag(" PiB")),
        value(60, tag(" EiB")),
    ));
    let decimal = (u64, opt(preceded(char('.'), digit1)), unit);
    let human = map_opt(decimal, |(whole, fraction, shift): (u64, Option<&[u8]>, u32)| {
        let fraction = fraction.unwrap_or_default();
        let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let digits = fraction
            .iter()
            .fold(0_u128, |sum, digit| sum.saturating_mul(10).saturating_add(u128::from(digit.wrapping_sub(b'0'))));
        let value = u128::from(whole).checked_mul(scale)?.checked_add(digits)?;
        u64::try_from(value.checked_mul(1 << shift)? / scale).ok().map(Bytes)
    });
    alt((human, map(terminated(u64, peek(char(' '))), Bytes))).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slab_table() {
        assert!(columns(b"Name                      Used          Total").is_ok());
        assert!(columns(b"Name Used").is_err());
        for (text, name, used, total) in [
            ("kmalloc-rnd-01-4k       2048KB       2052KB", "kmalloc-rnd-01-4k", 2048, 2052),
            ("bio-1234(a b)              0KB          4KB ", "bio-1234(a b)", 0, 4),
            (
                "a_very_long_cache_name_here 1234567890KB 1234567899KB",
                "a_very_long_cache_name_here",
                1_234_567_890,
                1_234_567_899,
            ),
        ] {
            let expected =
                Message::Slab { name: name.as_bytes(), used: Bytes::from_kib(used), total: Bytes::from_kib(total) };
            assert_eq!(row(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        for text in ["", "task_struct 12KB", "12KB 12KB", "x 12kB 12kB", "x 12KB 12K", "x 99999999999999999999KB 1KB"] {
            assert!(row(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn allocation_tags() {
        for (text, profiling) in [
            ("Memory allocations:", None),
            ("Memory allocations (profiling is currently turned on):", Some(true)),
            ("Memory allocations (profiling is currently turned off):", Some(false)),
        ] {
            assert_eq!(
                allocations_heading(text.as_bytes()).map(|(_, m)| m),
                Ok(Message::AllocationsHead { profiling })
            );
        }
        for (text, size, calls, site, module, function) in [
            (
                "    37748736     9216 mm/slub.c:2190 func:alloc_slab_page",
                37_748_736,
                9216,
                "mm/slub.c:2190",
                None,
                "alloc_slab_page",
            ),
            ("    1.20 GiB       12 mm/filemap.c:1 func:f", 1_288_490_188, 12, "mm/filemap.c:1", None, "f"),
            ("     512 KiB      128 net/x.c:7 [veth] func:g", 524_288, 128, "net/x.c:7", Some("veth"), "g"),
            ("    36.0 MiB     9216 mm/slub.c:2190 func:h ", 37_748_736, 9216, "mm/slub.c:2190", None, "h"),
            ("         0 B        0 a.c:1 func:i", 0, 0, "a.c:1", None, "i"),
        ] {
            let expected = Allocation {
                size: Bytes(size),
                calls,
                site: site.as_bytes(),
                module: module.map(str::as_bytes),
                function: function.as_bytes(),
            };
            assert_eq!(allocation(text.as_bytes()).map(|(_, a)| a), Ok(expected), "{text}");
        }
        for text in ["512 KiB", "99999999999 EiB 1 a.c:1 func:x", "1 2 a.c func:x", "1 2 a.c:1"] {
            assert!(allocation(text.as_bytes()).is_err(), "{text}");
        }
    }
}
