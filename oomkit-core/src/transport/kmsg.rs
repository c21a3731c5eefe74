//! `/dev/kmsg` records: `4,350,11671152,-;text`, followed by ` KEY=value` lines that describe the device.

use super::record::Decoded;
use super::stamp::number;
use super::{escape, facility, printk};
use crate::event::{Monotonic, Transport};
use nom::Parser;
use nom::bytes::complete::is_not;
use nom::character::complete::{char, one_of};
use nom::multi::many0;
use nom::sequence::preceded;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let comma = || char(',');
    let (rest, (priority, _, sequence, _, micros, _, _)) =
        (number::<u32>, comma(), number::<u64>, comma(), number::<u64>, comma(), one_of("-c+")).parse(line).ok()?;
    // `caller=T123` with PRINTK_CALLER; unknown fields may follow
    let (rest, extra): (_, Vec<&[u8]>) = many0(preceded(comma(), is_not(",;"))).parse(rest).ok()?;
    let (text, _) = char::<_, nom::error::Error<&[u8]>>(';').parse(rest).ok()?;
    let mut decoded = Decoded::new(Transport::Kmsg, text);
    decoded.text = escape::hex(text);
    decoded.monotonic = Some(Monotonic::from_micros(micros));
    decoded.origin = facility::origin_of_priority(priority);
    decoded.caller = extra.iter().find_map(|field| Some(printk::caller_id(field.strip_prefix(b"caller=")?).ok()?.1));
    decoded.sequence = Some(sequence);
    decoded.whole = true;
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Origin;
    use crate::transport::Caller;

    #[test]
    fn a_record_and_its_fields() {
        let d = decode(b"6,1234,71146532,-,caller=T9694,future=1;memory: usage 1kB").unwrap();
        assert_eq!(&*d.text, b"memory: usage 1kB");
        assert_eq!(d.monotonic, Some(Monotonic::from_micros(71_146_532)));
        assert_eq!((d.caller, d.origin), (Some(Caller::Task(9694)), Origin::Kernel));
        let user = decode(b"12,387,6698893,-;Out of memory: x").unwrap();
        assert_eq!(user.origin, Origin::User);
        assert!(decode(b"6,1234,x,-;y").is_none());
    }

    #[test]
    fn every_escape_is_one_byte() {
        let d = decode(br"4,1,2,-;new\x0aline back\x5cx2d \xc3\xa9").unwrap();
        assert_eq!(&*d.text, b"new\nline back\\x2d \xc3\xa9");
    }
}
