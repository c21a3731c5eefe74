//! The memory cgroup's limit: which counter reached it, whose it is, and why swap did not help.

use super::allocation;
use super::model::{Sentence, Shortage, Topic};
use super::sentence::{SentenceBuilder, sentence, size};
use super::term::Term;
use crate::event::{Constraint, Counter, Event, Level, Memcg};

/// One of a cgroup's counters, at its limit.
struct FullCounter<'a> {
    /// What it limits.
    name: &'static str,
    path: &'static str,
    counter: &'a Counter,
    shortage: Shortage,
}

impl FullCounter<'_> {
    fn usage(&self) -> Term {
        Term::bytes(format!("{}.usage_bytes", self.path), self.counter.usage_bytes)
    }

    fn limit(&self) -> Option<Term> {
        size(&format!("{}.limit_bytes", self.path), self.counter.limit_bytes)
    }
}

pub(super) fn explain(event: &Event, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    if event.constraint != Constraint::Memcg {
        return;
    }
    let none = Memcg::default();
    let memcg = event.memcg.as_ref().unwrap_or(&none);
    let at = reached(event, memcg);
    shortages.push(at.as_ref().map_or(Shortage::UnknownLimit, |at| at.shortage.clone()));
    out.push(whose(event, memcg, at.as_ref()));
    if let Some(at) = at.as_ref().filter(|at| at.counter.failcnt > 0) {
        let failcnt = Term::field(format!("{}.failcnt", at.path), i128::from(at.counter.failcnt));
        let say = sentence(Topic::Limit).text("Charges have failed there ").count(&failcnt);
        say.text(" times since the cgroup was made or the count reset.").add_to(out);
    }
    swap(memcg, at.as_ref(), shortages, out);
    protection(memcg, out);
}

/// The counter with no room for what was asked. A counter may be below its limit by what could not be charged.
fn reached<'a>(event: &Event, memcg: &'a Memcg) -> Option<FullCounter<'a>> {
    let asked = event.trigger.as_ref().and_then(|t| allocation::size(event, t)).map_or(4096, |t| t.value());
    let counters = [
        ("memory", "memcg.memory", &memcg.memory, Shortage::MemoryLimit),
        ("memory and swap", "memcg.memory_swap", &memcg.memory_swap, Shortage::MemorySwapLimit),
        ("kernel memory", "memcg.kmem", &memcg.kmem, Shortage::KmemLimit),
    ];
    let mut counters = counters.into_iter().filter_map(|(name, path, counter, shortage)| {
        Some(FullCounter { name, path, counter: counter.as_ref()?, shortage })
    });
    let room = |at: &FullCounter<'_>| Some(at.limit()?.value() - at.usage().value());
    // with equal limits for memory and for both, it is memory that ran out
    counters.find(|at| room(at).is_some_and(|room| room < asked))
}

fn whose(event: &Event, memcg: &Memcg, at: Option<&FullCounter<'_>>) -> Sentence {
    let owner = |say: SentenceBuilder| {
        let level = event.limit_owner.as_ref().map(|owner| level(&owner.level));
        let say = say.maybe(level, |say, level| say.text("the ").text(level).text(" ").on("limit_owner.level"));
        match &memcg.oom_memcg {
            Some(path) => say.name("memcg.oom_memcg", path),
            None => say.text("a memory cgroup that the dump does not name").on("constraint"),
        }
    };
    let say = sentence(Topic::Limit);
    match at.and_then(|at| Some((at, at.limit()?))) {
        Some((at, limit)) => {
            let say = owner(say.text("The ").text(at.name).text(" limit of "));
            let usage = at.usage();
            say.text(" was reached: ").bytes(&usage).text(" of ").bytes(&limit).text(" were charged.").done()
        }
        None if memcg.memory.is_some() => {
            let text = " was reached, though no counter stood at its limit any more when the dump was written.";
            owner(say.text("The limit of ")).text(text).on("memcg.memory.usage_bytes").done()
        }
        None => {
            let symbol = event.call_trace.iter().position(|frame| frame.symbol.contains("mem_cgroup_out_of_memory"));
            let say = owner(say.text("The limit of ")).text(" was reached");
            let say = say.maybe(symbol, |say, at| {
                let symbol = &event.call_trace[at].symbol;
                say.text(", as the trace shows (").name(format!("call_trace[{at}].symbol"), symbol).text(")")
            });
            say.text("; the log does not hold the limit itself.").on("completeness").done()
        }
    }
}

fn level(level: &Level) -> &str {
    match level {
        Level::QosClass => "QoS class",
        Level::NodeAllocatable => "node's allocatable memory,",
        Level::Other(_) => "cgroup",
        level => level.as_str(),
    }
}

/// Why anonymous memory could not go to swap.
fn swap(memcg: &Memcg, at: Option<&FullCounter<'_>>, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    let say = || sentence(Topic::Limit);
    if let Some(swap) = &memcg.swap
        && let Some(limit) = swap.limit_bytes
    {
        let usage = Term::bytes("memcg.swap.usage_bytes", swap.usage_bytes);
        let limit = Term::bytes("memcg.swap.limit_bytes", limit);
        if limit.value() == 0 {
            shortages.push(Shortage::NoSwap);
            say().text("It may use no swap: its swap limit is ").bytes(&limit).end(out);
        } else if usage.value() >= limit.value() {
            shortages.push(Shortage::SwapFull);
            say().text("Its swap was full too: ").bytes(&usage).text(" of ").bytes(&limit).end(out);
        }
        return;
    }
    let (Some(memory), Some(both)) = (&memcg.memory, &memcg.memory_swap) else { return };
    let (Some(memory), Some(both_limit)) = (memory.limit_bytes, both.limit_bytes) else { return };
    let memory = Term::bytes("memcg.memory.limit_bytes", memory);
    let both_limit = Term::bytes("memcg.memory_swap.limit_bytes", both_limit);
    if both_limit.value() == memory.value() {
        shortages.push(Shortage::NoSwap);
        let say = say().text("Swap could not help: memory and swap together have the same limit, ").bytes(&both_limit);
        say.text(".").on("memcg.memory.limit_bytes").add_to(out);
    } else if at.is_some_and(|at| at.shortage == Shortage::MemoryLimit) {
        let usage = Term::bytes("memcg.memory_swap.usage_bytes", both.usage_bytes);
        if usage.value() * 100 >= both_limit.value() * 99 {
            shortages.push(Shortage::SwapFull);
            let say = say().text("Memory and swap together were at their limit too: ").bytes(&usage).text(" of ");
            say.bytes(&both_limit).end(out);
        }
    }
}

/// 6.19 prints what `memory.min` and `memory.low` keep from reclaim.
fn protection(memcg: &Memcg, out: &mut Vec<Sentence>) {
    let Some(min) = size("memcg.min_protection_bytes", memcg.min_protection_bytes.filter(|b| b.get() > 0)) else {
        return;
    };
    sentence(Topic::Limit).text("memory.min kept ").bytes(&min).text(" of it from being reclaimed.").add_to(out);
}
