//! Companions wait here until the window around them has passed, for the kill they belong to may end later.

use super::kill_keys::{self, KillKeys};
use super::reorder_buffer::{ReorderBuffer, Slot};
use crate::companion::{self, Recognised};
use crate::diagnose::ContainerNotice;
use crate::event::{Source, Time};
use crate::options::Options;
use crate::time::{Clock, Moment};
use crate::transport::Record;
use std::collections::{HashMap, VecDeque};

/// Kills of one host that a companion is compared with: the last ones.
const MOST_KILLS: usize = 256;

/// What waits, by host.
#[derive(Debug, Default)]
pub(super) struct Companions {
    hosts: HashMap<Option<Box<[u8]>>, Watch>,
}

#[derive(Debug, Default)]
struct Watch {
    /// Lines seen of this host since it is watched.
    lines: u64,
    last_line: u64,
    waiting: VecDeque<Waiting>,
    kills: VecDeque<KillKeys>,
}

#[derive(Debug)]
struct Waiting {
    slot: Slot,
    said: Recognised,
    clock: Clock,
    lines: u64,
}

/// What a record says, with whom, when and where. Where companions are not given, only what bears on a verdict.
pub(super) fn read(record: &Record<'_>, now: &dyn Fn() -> Moment, options: &Options) -> Option<Recognised> {
    let mut said = companion::recognise(record)?;
    if !options.companions && !ContainerNotice::bears(&said.companion) {
        return None;
    }
    let moment = now();
    let companion = &mut said.companion;
    companion.host = record.host.map(|host| String::from_utf8_lossy(host).into_owned());
    companion.time = Time {
        assumed: moment.assumed.names(),
        text: record.wall.map(|wall| String::from_utf8_lossy(wall.text).into_owned()),
        wall: moment.wall,
        monotonic_seconds: record.monotonic,
    };
    companion.source = Source {
        name: options.source.clone(),
        first_line: record.span.first_line,
        last_line: record.span.last_line,
        first_byte: record.span.first_byte,
        last_byte: record.span.last_byte,
        transport: record.transport.clone(),
        origin: record.origin.clone(),
    };
    Some(said)
}

impl Companions {
    /// Takes a record of any program, and what it says. `rest` lets time pass for the dumps of its host, and tells whether
    /// none is left.
    pub(super) fn record(
        &mut self,
        record: &Record<'_>,
        said: Option<Recognised>,
        rest: &mut dyn FnMut(&mut ReorderBuffer) -> bool,
        options: &Options,
        out: &mut ReorderBuffer,
    ) {
        self.kills(out);
        if said.is_none() && self.hosts.is_empty() {
            return;
        }
        let key: Option<Box<[u8]>> = record.host.map(Into::into);
        let clock = Clock::of(record);
        if said.is_some() {
            self.hosts.entry(key.clone()).or_default();
        }
        let Some(watch) = self.hosts.get_mut(&key) else { return };
        watch.lines += record.span.last_line - record.span.first_line + 1;
        watch.last_line = record.span.last_line;
        let due = watch.is_over(&clock, 1, options);
        let at_rest = due && rest(out);
        if due {
            // a dump whose window ends with this record may be theirs
            self.kills(out);
        }
        let Some(watch) = self.hosts.get_mut(&key) else { return };
        while watch.is_over(&clock, if at_rest { 1 } else { 3 }, options) {
            watch.settle(options, out);
        }
        let Some(said) = said else { return };
        let slot = out.open_companion(record.span.first_byte);
        watch.waiting.push_back(Waiting { slot, said, clock, lines: watch.lines });
        if out.companions() > options.limits.companions {
            self.shed(options, out);
        }
    }

    /// Ends the older half of each host's waits, for want of room.
    fn shed(&mut self, options: &Options, out: &mut ReorderBuffer) {
        for watch in self.hosts.values_mut() {
            for _ in 0..watch.waiting.len().div_ceil(2) {
                watch.settle(options, out);
            }
        }
    }

    /// Ends every wait.
    pub(super) fn settle_all(&mut self, options: &Options, out: &mut ReorderBuffer) {
        self.kills(out);
        for watch in self.hosts.values_mut() {
            while !watch.waiting.is_empty() {
                watch.settle(options, out);
            }
        }
    }

    /// Ends the waits of hosts that have fallen silent, and forgets those nothing is known of.
    pub(super) fn sweep(&mut self, line: u64, reach: u64, options: &Options, out: &mut ReorderBuffer) {
        self.kills(out);
        self.hosts.retain(|_, watch| {
            let silent = line.saturating_sub(watch.last_line) > reach;
            while silent && !watch.waiting.is_empty() {
                watch.settle(options, out);
            }
            !silent
        });
    }

    /// Learns of the events that have become ready.
    fn kills(&mut self, out: &mut ReorderBuffer) {
        for keys in out.fresh.iter_mut().flat_map(|fresh| fresh.drain(..)) {
            let key: Option<Box<[u8]>> = keys.host.as_deref().map(|host| host.as_bytes().into());
            let watch = self.hosts.entry(key).or_default();
            watch.last_line = watch.last_line.max(keys.last_line());
            if watch.kills.len() >= MOST_KILLS {
                watch.kills.pop_front();
            }
            watch.kills.push_back(keys);
        }
    }
}

impl Watch {
    /// Whether the oldest companion has waited so many times its window: three times where a dump may be open in it.
    fn is_over(&self, now: &Clock, times: u64, options: &Options) -> bool {
        let Some(oldest) = self.waiting.front() else { return false };
        let limits = &options.limits;
        self.lines - oldest.lines > limits.idle_lines.saturating_mul(times)
            || oldest.clock.is_over(now, limits.idle_seconds.saturating_mul(times))
    }

    /// Decides for the oldest companion.
    fn settle(&mut self, options: &Options, out: &mut ReorderBuffer) {
        let Some(Waiting { slot, mut said, clock, .. }) = self.waiting.pop_front() else { return };
        let id = kill_keys::owner(self.kills.iter(), &said.companion, &clock, options);
        said.companion.event_id = id.map(str::to_owned);
        let given = said.companion.event_id.is_some() || !said.routine;
        out.ready_companion(slot, given.then_some(said.companion));
    }
}
