//! Kernel dumps written from a description, per era: what the parser must read back.
//!
//! Nothing here is shared with the parser; the format strings are those of the kernels' own `printk` calls. A record is
//! one `printk` and may hold newlines; what stands before a line is the business of [`wrap`](wrap::wrap).

pub mod carry;
pub mod carry_json;
pub mod end;
pub mod era;
pub mod expect;
pub mod head;
pub mod memcg;
pub mod meminfo;
pub mod model;
pub mod random;
pub mod table;
pub mod wrap;
pub mod wrap_journal;

pub use carry::Carrier;
pub use era::Era;
pub use model::Dump;
pub use wrap::{Transport, wrap};

/// One kernel record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelLine {
    /// 3 error, 4 warning, 6 information.
    pub level: u8,
    /// Kernel clock.
    pub micros: u64,
    /// The thread that printed it.
    pub thread: u32,
    /// Text; newlines are the record's own.
    pub text: Vec<u8>,
}

/// Collects the records of one dump.
#[derive(Debug)]
pub struct Out {
    micros: u64,
    thread: u32,
    lines: Vec<KernelLine>,
}

impl Out {
    /// Adds a record.
    pub fn line(&mut self, level: u8, text: impl AsRef<[u8]>) {
        self.micros += 37;
        self.lines.push(KernelLine { level, micros: self.micros, thread: self.thread, text: text.as_ref().to_vec() });
    }

    /// Adds a record put together from pieces, some of which may be any bytes.
    pub fn pieces(&mut self, level: u8, pieces: &[&[u8]]) {
        self.line(level, pieces.concat());
    }
}

/// The records of a dump as a kernel of this era prints them.
pub fn print(dump: &Dump, era: Era) -> Vec<KernelLine> {
    let mut out = Out { micros: dump.micros, thread: dump.trigger.pid, lines: Vec::new() };
    head::print(dump, era, &mut out);
    let memcg = dump.is_memcg();
    if memcg || era == Era::Al7 {
        memcg::paths(dump, era, &mut out);
    }
    if memcg {
        memcg::counters(dump, era, &mut out);
    }
    if !memcg || era.memcg_prints_meminfo() {
        meminfo::print(dump, era, &mut out);
    }
    if era == Era::V6_19 && memcg && dump.cgroups.v2 {
        memcg::protection(dump, &mut out);
    }
    table::print(dump, era, &mut out);
    end::print(dump, era, &mut out);
    out.lines
}

/// A number that depends on nothing but its seed and its name.
pub fn number(seed: u64, name: &str, below: u64) -> u64 {
    let mut hash = seed ^ 0x9e37_79b9_7f4a_7c15;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        hash ^= hash >> 29;
    }
    hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (hash ^ (hash >> 32)) % below
}
