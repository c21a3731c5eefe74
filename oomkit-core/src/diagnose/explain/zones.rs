//! Why the zones of the node could not serve: watermarks, reserves for lower zones, and blocks that are too small.

use super::allocation;
use super::model::{Sentence, Shortage, Topic};
use super::sentence::{SentenceBuilder, entry, sentence, size};
use super::term::Term;
use crate::diagnose::{is_in, nodes};
use crate::event::{Constraint, Event, Memory, Scope, Zone};

/// A zone that could have served, as far as the dump shows it.
struct ServingZone<'a> {
    zone: &'a Zone,
    path: String,
    free: Term,
    min: Term,
    /// What the zone keeps from allocations that could use a higher one.
    reserve: Option<Term>,
}

impl<'a> ServingZone<'a> {
    fn new(event: &Event, memory: &Memory, number: usize, zone: &'a Zone) -> Option<Self> {
        let path = format!("memory.zones[{number}]");
        let free = size(&format!("{path}.free_bytes"), zone.free_bytes)?;
        let min = size(&format!("{path}.min_bytes"), zone.min_bytes)?;
        let reserve = reserve_index(event, memory, zone.lowmem_reserve_pages.len()).and_then(|at| {
            let pages = *zone.lowmem_reserve_pages.get(at).filter(|pages| **pages > 0)?;
            let page = Term::bytes("page_size_bytes", event.page_size_bytes?);
            Some(Term::field(format!("{path}.lowmem_reserve_pages[{at}]"), pages).times(page))
        });
        Some(Self { zone, path, free, min, reserve })
    }

    /// Below what an ordinary allocation must leave.
    fn is_short(&self) -> bool {
        self.free.value() <= self.min.value() + self.reserve.as_ref().map_or(0, Term::value)
    }
}

pub(super) fn explain(event: &Event, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    let Some(memory) = &event.memory else { return };
    // old kernels print Mem-Info for a cgroup's limit as well
    if event.constraint == Constraint::Memcg || shortages.contains(&Shortage::Manual) {
        return;
    }
    narrowing(event, shortages, out);
    let zones = memory.zones.iter().enumerate().filter(|(_, zone)| could_serve(event, zone));
    let zones: Vec<_> = zones.filter_map(|(number, zone)| ServingZone::new(event, memory, number, zone)).collect();
    let short = zones.iter().filter(|zone| zone.is_short()).count();
    if short > 0 && short == zones.len() {
        shortages.push(Shortage::Watermark);
    }
    let order = event.trigger.as_ref().and_then(|t| t.order).unwrap_or(0);
    for zone in &zones {
        if zone.is_short() {
            out.push(below(zone));
        } else if order > 0 {
            out.extend(fragmented(event, memory, zone, shortages));
        } else {
            out.push(above(zone));
        }
    }
    given_up(memory, out);
}

fn narrowing(event: &Event, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    let Some(trigger) = &event.trigger else { return };
    let say = sentence(Topic::Node).on("scope");
    match (&event.constraint, &event.scope) {
        // kernels before 5.0 do not print the constraint
        (Constraint::Cpuset, _) | (_, Scope::Cpuset) => {
            shortages.push(Shortage::Cpuset);
            let (cpuset, nodes) = (trigger.cpuset.as_deref(), trigger.mems_allowed.as_deref());
            let say = say.text("Only NUMA nodes of its cpuset could serve");
            let say = say.maybe(cpuset, |say, name| say.text(", which is ").name("trigger.cpuset", name));
            say.maybe(nodes, |say, list| say.text(": ").name("trigger.mems_allowed", list)).end(out);
        }
        (Constraint::MemoryPolicy, _) | (_, Scope::MemoryPolicy) => {
            shortages.push(Shortage::MemoryPolicy);
            let say = say.text("Only NUMA nodes of its memory policy (mbind, numactl) could serve");
            say.maybe(trigger.nodemask.as_deref(), |say, list| say.text(": ").name("trigger.nodemask", list)).end(out);
        }
        _ => {}
    }
}

/// Whether a zone's node was allowed. A list of nodes that cannot be read allows all.
pub(super) fn is_allowed(event: &Event, zone: &Zone) -> bool {
    let trigger = event.trigger.as_ref();
    let list = match event.constraint {
        Constraint::MemoryPolicy => trigger.and_then(|t| t.nodemask.as_deref()),
        _ => trigger.and_then(|t| t.mems_allowed.as_deref()),
    };
    let (Some(node), Some(ranges)) = (zone.node, list.map(nodes)) else { return true };
    ranges.is_empty() || is_in(node, &ranges)
}

/// Zones above the one that was asked for, and nodes that were not allowed, do not count.
fn could_serve(event: &Event, zone: &Zone) -> bool {
    let rank = |name: &str| ["DMA", "DMA32", "Normal", "HighMem", "Movable"].iter().position(|z| *z == name);
    let highest = highest_zone(event);
    // an empty zone is not listed by every kernel
    let empty = zone.values.get("managed").or_else(|| zone.values.get("present")).is_some_and(|b| b.get() == 0);
    is_allowed(event, zone)
        && !empty
        && rank(&zone.zone).is_none_or(|zone| rank(highest).is_none_or(|highest| zone <= highest))
        && zone.zone != "Device"
}

/// The highest zone that the mask allows, by the kernel's names for it. Everything without them may use all.
fn highest_zone(event: &Event) -> &'static str {
    let flags = event.trigger.as_ref().map_or(&[][..], |t| t.gfp_flags.as_slice());
    let has = |names: &[&str]| flags.iter().any(|flag| names.contains(&flag.as_str()));
    if flags.is_empty() || has(&["GFP_HIGHUSER_MOVABLE", "GFP_TRANSHUGE", "GFP_TRANSHUGE_LIGHT", "__GFP_MOVABLE"]) {
        "Movable"
    } else if has(&["GFP_HIGHUSER", "__GFP_HIGHMEM"]) {
        "HighMem"
    } else if has(&["GFP_DMA", "__GFP_DMA"]) {
        "DMA"
    } else if has(&["GFP_DMA32", "__GFP_DMA32"]) {
        "DMA32"
    } else {
        "Normal"
    }
}

/// Where the array of reserves holds the one against allocations of that zone. The kernel's list of zones depends on
/// its configuration; four and five entries are DMA DMA32 Normal Movable (Device) on 64 bits and DMA Normal HighMem
/// Movable on 32.
fn reserve_index(event: &Event, memory: &Memory, entries: usize) -> Option<usize> {
    let has = |name: &str| memory.zones.iter().any(|z| z.zone == name);
    let narrow = has("HighMem");
    match (highest_zone(event), entries) {
        (_, 0) => None,
        ("DMA", _) => Some(0),
        ("DMA32", _) if !narrow && entries >= 4 => Some(1),
        ("Normal", _) if narrow => Some(usize::from(has("DMA"))),
        ("Normal", 4..) => Some(2),
        _ => Some(entries - 1),
    }
}

/// `Zone Normal of node 0`
fn named(say: SentenceBuilder, zone: &ServingZone<'_>) -> SentenceBuilder {
    let say = say.text("Zone ").name(format!("{}.zone", zone.path), &zone.zone.zone);
    say.maybe(zone.zone.node, |say, node| {
        say.text(" of node ").count(&Term::field(format!("{}.node", zone.path), node))
    })
}

fn below(zone: &ServingZone<'_>) -> Sentence {
    let say = named(sentence(Topic::Node), zone).text(" had ").bytes(&zone.free).text(" free");
    match &zone.reserve {
        Some(reserve) if zone.free.value() > zone.min.value() => {
            let say = say.text(", of which its minimum of ").bytes(&zone.min).text(" and the ").bytes(reserve);
            say.text(" it keeps for allocations that can use no higher zone (lowmem_reserve) leave nothing.").done()
        }
        _ => {
            // a few pages are not seen in rounded sizes
            let same = zone.free.as_bytes().to_string() == zone.min.as_bytes().to_string();
            let below = if same { ", just below its minimum of " } else { ", below its minimum of " };
            say.text(below).bytes(&zone.min).text(".").done()
        }
    }
}

/// Free memory in a zone that could have served, and yet no success.
fn above(zone: &ServingZone<'_>) -> Sentence {
    let say = named(sentence(Topic::Node), zone).text(" had ").bytes(&zone.free);
    let say = say.text(" free, more than its minimum of ").bytes(&zone.min);
    let value =
        |name: &str| entry(&format!("{}.values", zone.path), &zone.zone.values, name).filter(|value| value.value() > 0);
    let cma = value("free_cma").map(|part| (part, " of it is CMA, which only movable memory may use."));
    let atomic = || Some((value("reserved_highatomic")?, " of it is reserved for atomic allocations."));
    match cma.or_else(atomic) {
        Some((part, why)) => say.text(", but ").bytes(&part).text(why).done(),
        None => say.text(": some was freed before the dump was written.").done(),
    }
}

/// Free memory in blocks that are too small, or of types the allocation may not use.
fn fragmented(
    event: &Event,
    memory: &Memory,
    zone: &ServingZone<'_>,
    shortages: &mut Vec<Shortage>,
) -> Option<Sentence> {
    let asked = allocation::size(event, event.trigger.as_ref()?)?;
    let list = memory.buddy.iter().position(|buddy| buddy.zone == zone.zone.zone && buddy.node == zone.zone.node)?;
    let orders = &memory.buddy[list].orders;
    let path = format!("memory.buddy[{list}].orders");
    let large = orders.iter().enumerate().filter(|(_, o)| i128::from(o.size_bytes.get()) >= asked.value());
    let free: Vec<_> = large.filter(|(_, o)| o.count > 0).collect();
    let say = named(sentence(Topic::Node), zone).text(" had ").bytes(&zone.free).text(" free, ");
    if free.is_empty() {
        shortages.push(Shortage::Fragmentation);
        let largest = orders.iter().rposition(|o| o.count > 0);
        let say = say.text("but no block of ").bytes(&asked).text(" or more");
        let say = say.maybe(largest, |say, at| {
            say.text("; the largest was ")
                .bytes(&Term::bytes(format!("{path}[{at}].size_bytes"), orders[at].size_bytes))
        });
        return Some(say.text(".").on(path).done());
    }
    // high-atomic, CMA and isolated blocks do not serve an ordinary kernel allocation
    let reserved = |types: &str| !types.is_empty() && types.chars().all(|c| matches!(c, 'H' | 'C' | 'I'));
    if free.iter().all(|(_, o)| o.types.as_deref().is_some_and(reserved)) {
        shortages.push(Shortage::Fragmentation);
        let say =
            say.text("but every block of ").bytes(&asked).text(" or more is reserved (high-atomic, CMA or isolated)");
        let say = free.iter().fold(say, |say, (at, _)| say.on(format!("{path}[{at}].types")));
        return Some(say.text(".").done());
    }
    let count = Term::total(free.iter().map(|(at, o)| Term::field(format!("{path}[{at}].count"), o.count)))?;
    let say = say.text("with ").count(&count).text(" blocks of ").bytes(&asked).text(" or more");
    Some(say.text(", but of a kind or in a reserve that this allocation could not use, or freed since.").done())
}

fn given_up(memory: &Memory, out: &mut Vec<Sentence>) {
    for (number, node) in memory.nodes.iter().enumerate().filter(|(_, n)| n.all_unreclaimable == Some(true)) {
        let path = format!("memory.nodes[{number}]");
        let say = sentence(Topic::Node).text("Reclaim had given up on node ");
        let say = say.count(&Term::field(format!("{path}.node"), node.node));
        say.text(" (all_unreclaimable).").on(format!("{path}.all_unreclaimable")).add_to(out);
    }
}
