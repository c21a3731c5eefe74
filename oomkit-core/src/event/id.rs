//! The event's id: a hash of the kernel's own facts, the same from every copy of a dump.

use super::{Counter, Event, Victim};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// 128 bits of SipHash-1-3 in hex over length-prefixed facts. Stable: part of schema version 1.
///
/// Host, time and transport stay out, so that a dump read from dmesg, a file and the journal has one id. Only a bare
/// kill line adds its time: nothing else tells two kills of a recycled pid apart.
pub(crate) fn event_id(event: &Event, bare_kill_line: bool) -> String {
    let mut hash = SipHasher13::new();
    if let Some(trigger) = &event.trigger {
        number(&mut hash, trigger.pid.map(u64::from));
        name(&mut hash, trigger.comm.as_deref());
    } else {
        number(&mut hash, None);
        name(&mut hash, None);
    }
    number(&mut hash, Some(event.victims.len() as u64));
    for victim in &event.victims {
        self::victim(&mut hash, victim);
    }
    let memcg = event.memcg.as_ref();
    name(&mut hash, memcg.and_then(|m| m.oom_memcg.as_deref()));
    counter(&mut hash, memcg.and_then(|m| m.memory.as_ref()));
    if bare_kill_line {
        number(&mut hash, event.time.monotonic_seconds.map(|t| t.as_micros()));
        if event.time.monotonic_seconds.is_none() {
            name(&mut hash, event.time.text.as_deref());
        }
    }
    let sum = hash.finish128();
    format!("{:016x}{:016x}", sum.h1, sum.h2)
}

fn victim(hash: &mut SipHasher13, victim: &Victim) {
    number(hash, Some(u64::from(victim.pid)));
    name(hash, victim.comm.as_deref());
    for size in [victim.total_vm_bytes, victim.anon_rss_bytes, victim.file_rss_bytes, victim.shmem_rss_bytes] {
        number(hash, size.map(|s| s.get()));
    }
}

fn counter(hash: &mut SipHasher13, counter: Option<&Counter>) {
    number(hash, counter.map(|c| c.usage_bytes.get()));
    number(hash, counter.map(|c| c.failcnt));
}

fn number(hash: &mut SipHasher13, number: Option<u64>) {
    hash.write_u8(u8::from(number.is_some()));
    hash.write(&number.unwrap_or(0).to_le_bytes());
}

/// White space at the ends does not count: several transports trim it.
fn name(hash: &mut SipHasher13, name: Option<&str>) {
    let name = name.map(str::trim);
    number(hash, name.map(|n| n.len() as u64));
    hash.write(name.unwrap_or_default().as_bytes());
}
