//! The event's id: a hash of the kernel's own facts, the same from every copy of a dump.

use super::text::hex;
use super::{Counter, Event, Victim};
use siphasher::sip128::SipHasher13;

/// 128 bits of SipHash-1-3 in hex over length-prefixed facts. Stable: part of schema version 1.
///
/// Host, time and transport stay out, so that a dump read from dmesg, a file and the journal has one id. Only a bare
/// kill line adds its time: nothing else distinguishes two kills of a recycled pid.
pub(crate) fn event_id(event: &Event, bare_kill_line: bool) -> String {
    let mut facts = IdFacts(Vec::with_capacity(512));
    let trigger = event.trigger.as_ref();
    facts.number(trigger.and_then(|trigger| trigger.pid).map(u64::from));
    facts.name(trigger.and_then(|trigger| trigger.comm.as_deref()));
    facts.number(Some(event.victims.len() as u64));
    event.victims.iter().for_each(|victim| facts.victim(victim));
    let memcg = event.memcg.as_ref();
    facts.name(memcg.and_then(|m| m.oom_memcg.as_deref()));
    facts.counter(memcg.and_then(|m| m.memory.as_ref()));
    if bare_kill_line {
        facts.number(event.time.monotonic_seconds.map(|t| t.as_micros()));
        if event.time.monotonic_seconds.is_none() {
            facts.name(event.time.text.as_deref());
        }
    }
    let sum = SipHasher13::new().hash(&facts.0);
    hex(&(u128::from(sum.h1) << 64 | u128::from(sum.h2)).to_be_bytes())
}

/// What is hashed.
struct IdFacts(Vec<u8>);

impl IdFacts {
    fn victim(&mut self, victim: &Victim) {
        self.number(Some(u64::from(victim.pid)));
        self.name(victim.comm.as_deref());
        for size in [victim.total_vm_bytes, victim.anon_rss_bytes, victim.file_rss_bytes, victim.shmem_rss_bytes] {
            self.number(size.map(|s| s.get()));
        }
    }

    fn counter(&mut self, counter: Option<&Counter>) {
        self.number(counter.map(|c| c.usage_bytes.get()));
        self.number(counter.map(|c| c.failcnt));
    }

    fn number(&mut self, number: Option<u64>) {
        self.0.push(u8::from(number.is_some()));
        self.0.extend_from_slice(&number.unwrap_or(0).to_le_bytes());
    }

    /// White space at the ends does not count: several transports trim it.
    fn name(&mut self, name: Option<&str>) {
        let name = name.map(str::trim);
        self.number(name.map(|n| n.len() as u64));
        self.0.extend_from_slice(name.unwrap_or_default().as_bytes());
    }
}
