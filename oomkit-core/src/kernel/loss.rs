//! The kernel's own mark of lines that a console lost.

use super::message::Message;
use super::value::Read;
use super::value::*;

/// `** 13 printk messages dropped **`: a console was too slow, or the ring was overwritten.
pub(super) fn dropped(i: &[u8]) -> Read<'_, Message<'_>> {
    let count = delimited(tag("** "), u64, tag(" printk messages dropped **"));
    map(terminated(count, opt(tag(" "))), |count| Message::Lost { count, by: "the console" }).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_mark() {
        let printk = dropped(b"** 13 printk messages dropped **").unwrap();
        assert_eq!(printk, (&b""[..], Message::Lost { count: 13, by: "the console" }));
        assert_eq!(dropped(b"** 5 printk messages dropped ** [   12.000000] x").unwrap().0, b"[   12.000000] x");
    }
}
