//! Registers, code bytes and raw stack words: known, so that they do not look foreign, and not kept.

use super::message::Message;
use super::value::*;

/// Any line that a stack may carry besides its frames.
pub(super) fn registers(i: &[u8]) -> Read<'_, Message<'_>> {
    let (text, _) = blanks(i)?;
    if known_starts(text.first()).iter().any(|start| text.starts_with(start)) || is_numbered(text) {
        return Ok((&b""[..], Message::Registers));
    }
    value(Message::Registers, words).parse(i)
}

/// Starts of such lines, by first byte.
fn known_starts(first: Option<&u8>) -> &'static [&'static [u8]] {
    match first {
        Some(b'C') => &[b"Code: ", b"CS: ", b"CR2: ", b"CFAR: ", b"CR: ", b"CPU features: 0x", b"CTR: "],
        Some(b'D') => &[b"DR0: ", b"DR3: ", b"DS: ", b"DAR: "],
        Some(b'E') => &[b"EIP: ", b"EAX: ", b"ESI: ", b"EFLAGS: ", b"EBP: ", b"Exception stack(", b"ESP: "],
        Some(b'F') => &[b"FS: ", b"Flags: "],
        Some(b'G') => &[b"GPR"],
        Some(b'I') => &[b"Instruction dump:", b"Instruction DUMP:", b"IRQMASK: "],
        Some(b'K') => &[b"Kernel Offset: ", b"Krnl PSW", b"Krnl GPRS", b"Krnl Code"],
        Some(b'L') => &[b"LR [", b"LR: ", b"LR = ", b"Last Breaking-Event-Address:", b"LR is at "],
        Some(b'M') => &[b"Modules linked in:", b"MSR: ", b"Memory Limit: "],
        Some(b'N') => &[b"NIP [", b"NIP: "],
        Some(b'O') => &[b"ORIG_RAX: "],
        Some(b'P') => &[b"PKRU: ", b"PHYS_OFFSET: ", b"PC is at ", b"Pointer auth: "],
        Some(b'R') => {
            &[b"RIP: ", b"RSP: ", b"RAX: ", b"RDX: ", b"RBP: ", b"R10: ", b"R13: ", b"REGS: ", b"RPC: ", b"R:0 "]
        }
        Some(b'S') => &[b"Stack:", b"Stack : "],
        Some(b'T') => &[b"TSTATE: ", b"TPC: "],
        Some(b'U') => &[b"User PSW", b"User GPRS"],
        Some(b'-') => &[b"--- interrupt", b"---- interrupt", b"--- Exception", b"---[ end "],
        Some(b'e') => &[b"epc : "],
        Some(b'f') => &[b"fp : "],
        Some(b'g') => &[b"gp : "],
        Some(b'l') => &[b"lr : "],
        Some(b'p') => &[b"pstate: ", b"pc : "],
        Some(b'r') => &[b"ra : "],
        Some(b's') => &[b"sp : ", b"status: "],
        Some(b't') => &[b"tp : "],
        _ => &[],
    }
}

/// `x29: ffff80000…` (arm64), `s2 : ffff…` (riscv), `g0: …`, `I7: <…>` (sparc), `9f60: 00000000 …` (arm).
fn is_numbered(text: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', text.get(..6).unwrap_or(text)) else { return false };
    let Some((name, after)) = text.split_at_checked(colon) else { return false };
    let name = name.strip_suffix(b" ").unwrap_or(name);
    let Some(value) = after.strip_prefix(b": ") else { return false };
    let word = value.split(|b| *b == b' ').next().unwrap_or_default();
    let register = matches!(name, [b'a' | b'g' | b'i' | b'I' | b'l' | b'o' | b'r' | b's' | b't' | b'x', digits @ ..]
        if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
        || (name.len() == 4 && name.iter().all(u8::is_ascii_hexdigit));
    register && (value.starts_with(b"<") || (matches!(word.len(), 8 | 16) && word.iter().all(u8::is_ascii_hexdigit)))
}

/// ` ffff8807f0d6b980 0000000051be382e …`: raw stack, x86 to 4.9; eight digits on 32 bits.
fn words(i: &[u8]) -> Read<'_, ()> {
    if !matches!(i, [b' ' | b'\t', ..]) {
        return mismatch(i);
    }
    fn line<'a>(word: usize, i: &'a [u8]) -> Read<'a, usize> {
        many1_count(preceded(alt((tag(" "), tag("\t"))), preceded(blanks, hex_digits(word, word)))).parse(i)
    }
    let (rest, count) = match line(16, i) {
        Ok(read) => read,
        Err(_) => line(8, i)?,
    };
    if count < 2 { mismatch(i) } else { end(rest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_registers() {
        for text in [
            "RIP: 0033:0x402308",
            "RIP: 0010:__add_to_page_cache_locked+0x48c/0x1840",
            "RSP: 002b:00007ffdd8a04c90 EFLAGS: 00000206",
            "RAX: 0000000061d390b3 RBX: 0000000000000000 RCX: 0000000000000000",
            "R10: 0000000000000000 R11: 0000000000000202 R12: 00007f145d54c000",
            "Code: Unable to access opcode bytes at RIP 0x7f3fa8a9c411.",
            "Kernel Offset: 0x12000000 from 0xffffffff81000000 (relocation range: 0xffffffff80000000-0xffffffffbfffffff)",
            "pstate: 60400005 (nZCv daif +PAN -UAO -TCO -DIT -SSBS BTYPE=--)",
            "pc : dump_backtrace+0xe4/0x140",
            "x29: ffff80000a2fba40 x28: 0000000000000000",
            "x9 : ffff80000a2fba40",
            "9f60: 00000000 00000001 c0719fa8",
            "NIP [00007fff9e2a1c3c] 0x7fff9e2a1c3c",
            "--- interrupt: c00 at 0x7fff9e2a1c3c",
            "    LR = 0x10001d10",
            "Instruction dump:",
            " ffff8807f0d6b980 0000000051be382e ffff88039bc07ca8 ffffffff8163515c",
            "  00000000 bc61be20 bc61bd4c b1351f32 bc61bd94 b1121980 b18389d8 bcdd31ec",
            "---[ end Kernel panic - not syncing: System is deadlocked on memory ]---",
        ] {
            assert_eq!(registers(text.as_bytes()).map(|(_, m)| m), Ok(Message::Registers), "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in ["", " ", "x29", "x: ffff80000a2fba40", " 12345678", " 12345678 words", "pc: hello", "s1: x"] {
            assert!(registers(text.as_bytes()).is_err(), "{text}");
        }
    }
}
