//! Stack frames of every architecture: a symbol with its offset, with or without an address before it.

use super::message::Frame;
use super::stack::mark;
use super::value::*;
use super::words::{holds, starts_with_any};

/// One frame. 2.6.18 puts several in a line, of which the first is returned.
///
/// ` [<ffffffff8163515c>] ? dump_stack+0x19/0x1b` (x86 to 4.9, arm64 to 4.14, riscv, sparc), ` dump_stack+0x66/0x8b`
/// (x86 4.10+, arm64), `[c00000037540f760] [c0000000005cc594] dump_header+0x5c/0x1e4` (ppc64),
/// `([<0000000000112bba>] show_stack+0x8a/0xe0)` (s390), `[<c0010a5c>] (unwind_backtrace) from [<c000d3a4>]
/// (show_stack+0x10/0x14)` (arm).
pub(super) fn frame(i: &[u8]) -> Read<'_, Frame<'_>> {
    let (i, _) = blanks(i)?;
    if !may_be(i) {
        return mismatch(i);
    }
    let (i, context) = opt(terminated(mark, take_while1(|b| b == b' '))).parse(i)?;
    // the symbol of most frames is read once this way, before the two rare forms
    let (i, frame) = alt((terminated(plain, last), terminated(alt((arm, s390)), last))).parse(i)?;
    Ok((i, Frame { context, ..frame }))
}

/// Whether a text can begin a frame, with a mark, an address, or a symbol and what follows one. Cheap.
fn may_be(i: &[u8]) -> bool {
    let after = || i.iter().position(|b| !in_symbol(*b)).and_then(|end| i.get(end..)).unwrap_or_default();
    starts_with_any(i, &[b"<", b"[", b"(", b"? ", b"0x"]) || starts_with_any(after(), &[b"+0x", b" from "])
}

fn last(i: &[u8]) -> Read<'_, ()> {
    alt((end, value((), peek((tag(" "), blanks, address))))).parse(i)
}

fn plain(i: &[u8]) -> Read<'_, Frame<'_>> {
    let (i, (address, guess)) = (opt(terminated(address, blanks)), opt(tag("? "))).parse(i)?;
    let (i, (frame, unreliable)) = (alt((resolved, unresolved)), notes).parse(i)?;
    Ok((i, Frame { address, reliable: guess.is_none() && !unreliable, ..frame }))
}

/// s390 puts frames it is not sure of in parentheses.
fn s390(i: &[u8]) -> Read<'_, Frame<'_>> {
    let inside = (terminated(angled, blanks), alt((resolved, unresolved)));
    let (i, (address, frame)) = delimited(tag("("), inside, tag(")")).parse(i)?;
    Ok((i, Frame { address: Some(address), reliable: false, ..frame }))
}

/// arm prints the function and the place it was called from; the latter is what the other architectures print.
fn arm(i: &[u8]) -> Read<'_, Frame<'_>> {
    let function = (angled, tag(" ("), is_not(") "), tag(") from "));
    let old = (preceded(function, angled), delimited(tag(" ("), resolved, tag(")")));
    let old = map(old, |(address, frame)| Frame { address: Some(address), ..frame });
    // 6.1+
    let new = preceded((symbol, tag(" from ")), resolved);
    alt((old, new)).parse(i)
}

/// `[<ffffffff8163515c>]`, or ppc's stack pointer and return address, of which the second counts.
fn address(i: &[u8]) -> Read<'_, &[u8]> {
    let word = |i| delimited(tag("["), hex_digits(8, 16), tag("]")).parse(i);
    alt((angled, preceded((word, tag(" ")), word))).parse(i)
}

fn angled(i: &[u8]) -> Read<'_, &[u8]> {
    delimited(tag("[<"), hex_digits(8, 16), tag(">]")).parse(i)
}

/// `talpaOpen+0xb1/0x120 [talpa_vfshook]`; 5.15+ may print a build id after the module's name.
fn resolved(i: &[u8]) -> Read<'_, Frame<'_>> {
    let module = delimited(tag(" ["), terminated(take_while1(is_module), opt((tag(" "), hex_digits(8, 40)))), tag("]"));
    let (i, (symbol, offset, size, module)) =
        (symbol, preceded(tag("+0x"), hex), preceded(tag("/0x"), hex), opt(module)).parse(i)?;
    let (offset, size) = (Some(offset), Some(size));
    Ok((i, Frame { symbol, offset, size, module, address: None, reliable: true, context: None }))
}

/// `0xffffffff8100c1a2`: a kernel without symbols, or an address of none.
fn unresolved(i: &[u8]) -> Read<'_, Frame<'_>> {
    let (i, symbol) = recognize((tag("0x"), hex_digits(8, 16))).parse(i)?;
    Ok((i, Frame { symbol, offset: None, size: None, module: None, address: None, reliable: true, context: None }))
}

fn symbol(i: &[u8]) -> Read<'_, &[u8]> {
    take_while1(in_symbol).parse(i)
}

fn in_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b':' | b'@' | b'<' | b'>' | b'~' | b'-')
}

fn is_module(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What may follow: ` (P)` (arm64 6.19), ` (unreliable)`, the graph tracer's ` (sym+0x/0x)`, and the source line
/// that `decode_stacktrace.sh` and syzbot add (` lib/dump_stack.c:113`). True if it says `unreliable`.
fn notes(i: &[u8]) -> Read<'_, bool> {
    let bracketed = delimited(tag(" ("), take_till1(|b| b == b')' || b == b' '), tag(")"));
    let word = preceded(tag(" "), take_till1(|b: u8| b.is_ascii_whitespace()));
    let source = verify(word, |word: &[u8]| holds(word, b".c:") || holds(word, b".h:"));
    let (rest, unreliable) = opt(tag(" (unreliable)")).parse(i)?;
    let (rest, _) = many0_count(alt((bracketed, source, tag(" [inline]")))).parse(rest)?;
    Ok((rest, unreliable.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (text, symbol, offset, size, module, address, reliable, context)
    type Row = (
        &'static str,
        &'static str,
        Option<u64>,
        Option<u64>,
        Option<&'static str>,
        Option<&'static str>,
        bool,
        Option<&'static str>,
    );

    #[test]
    fn frames_of_every_architecture() {
        let at = Some;
        let table: &[Row] = &[
            (" dump_stack+0x66/0x8b", "dump_stack", at(0x66), at(0x8b), None, None, true, None),
            (" ? __pte_offset_map+0x1b/0x180", "__pte_offset_map", at(0x1b), at(0x180), None, None, false, None),
            (
                " __alloc_pages_slowpath.constprop.0+0xc02/0xcc0",
                "__alloc_pages_slowpath.constprop.0",
                at(0xc02),
                at(0xcc0),
                None,
                None,
                true,
                None,
            ),
            (
                " [<ffffffff8163515c>] dump_stack+0x19/0x1b",
                "dump_stack",
                at(0x19),
                at(0x1b),
                None,
                Some("ffffffff8163515c"),
                true,
                None,
            ),
            (
                " [<b15d1a98>] ? _raw_spin_unlock_irqrestore+0x75/0x82",
                "_raw_spin_unlock_irqrestore",
                at(0x75),
                at(0x82),
                None,
                Some("b15d1a98"),
                false,
                None,
            ),
            (
                "  [<ffffffff80264dca>] out_of_memory+0x70/0x262",
                "out_of_memory",
                at(0x70),
                at(0x262),
                None,
                Some("ffffffff80264dca"),
                true,
                None,
            ),
            // 2.6.18: two in a line
            (
                " [<ffffffff802af0a2>] out_of_memory+0x8b/0x203 [<ffffffff8020efbd>] __alloc_pages+0x245/0x2ce",
                "out_of_memory",
                at(0x8b),
                at(0x203),
                None,
                Some("ffffffff802af0a2"),
                true,
                None,
            ),
            (
                " <IRQ>  [<ffffffff81338d2b>] dump_stack+0x4d/0x66",
                "dump_stack",
                at(0x4d),
                at(0x66),
                None,
                Some("ffffffff81338d2b"),
                true,
                Some("IRQ"),
            ),
            (
                " ext4_filemap_fault+0x36/0x50 [ext4]",
                "ext4_filemap_fault",
                at(0x36),
                at(0x50),
                Some("ext4"),
                None,
                true,
                None,
            ),
            (
                " ext4_filemap_fault+0x36/0x50 [ext4 0123456789abcdef0123456789abcdef01234567]",
                "ext4_filemap_fault",
                at(0x36),
                at(0x50),
                Some("ext4"),
                None,
                true,
                None,
            ),
            // arm64 6.19
            (" out_of_memory+0x1a4/0x590 (P)", "out_of_memory", at(0x1a4), at(0x590), None, None, true, None),
            (
                "[c00000037540f730] [c00000000127ec44] dump_stack_lvl+0x88/0xc4 (unreliable)",
                "dump_stack_lvl",
                at(0x88),
                at(0xc4),
                None,
                Some("c00000000127ec44"),
                false,
                None,
            ),
            (
                "[c00000037540f760] [c0000000005cc594] dump_header+0x5c/0x1e4",
                "dump_header",
                at(0x5c),
                at(0x1e4),
                None,
                Some("c0000000005cc594"),
                true,
                None,
            ),
            (
                "([<0000000000112bba>] show_stack+0x8a/0xe0)",
                "show_stack",
                at(0x8a),
                at(0xe0),
                None,
                Some("0000000000112bba"),
                false,
                None,
            ),
            (
                "[<c0010a5c>] (unwind_backtrace) from [<c000d3a4>] (show_stack+0x10/0x14)",
                "show_stack",
                at(0x10),
                at(0x14),
                None,
                Some("c000d3a4"),
                true,
                None,
            ),
            (
                "[<c0029d3c>] (dump_backtrace+0x0/0x110) from [<c0390958>] (dump_stack+0x18/0x1c)",
                "dump_stack",
                at(0x18),
                at(0x1c),
                None,
                Some("c0390958"),
                true,
                None,
            ),
            (" unwind_backtrace from show_stack+0x10/0x14", "show_stack", at(0x10), at(0x14), None, None, true, None),
            (" 0xffffffff8100c1a2", "0xffffffff8100c1a2", None, None, None, None, true, None),
            (
                " [<ffffffff8100c1a2>] ? 0xffffffff8100c1a1",
                "0xffffffff8100c1a1",
                None,
                None,
                None,
                Some("ffffffff8100c1a2"),
                false,
                None,
            ),
            (
                " dump_stack+0x172/0x1f0 lib/dump_stack.c:113",
                "dump_stack",
                at(0x172),
                at(0x1f0),
                None,
                None,
                true,
                None,
            ),
        ];
        for &(text, symbol, offset, size, module, address, reliable, context) in table {
            let expected = Frame {
                symbol: symbol.as_bytes(),
                offset,
                size,
                module: module.map(str::as_bytes),
                address: address.map(str::as_bytes),
                reliable,
                context: context.map(str::as_bytes),
            };
            assert_eq!(frame(text.as_bytes()).map(|(_, frame)| frame), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_frame() {
        for text in [
            "",
            "hello world",
            " [<ffffffff8163515c>]",
            " [<ffffffff8163515c>] hello",
            "[   71.146532] x+0x1/0x2 said",
            "0x12",
            "a+0x1/0x2 and more",
            "a+0x1",
            "sum+0x11112222333344445/0x1",
        ] {
            assert!(frame(text.as_bytes()).is_err(), "{text}");
        }
    }
}
