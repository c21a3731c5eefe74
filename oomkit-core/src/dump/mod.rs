//! The assembler: the only state of the parser. Knows which dumps are open on which host, and when they end.

mod backwards;
mod belongs;
mod build;
mod clock;
mod companions;
mod direction;
mod doubles;
mod draft;
mod fit;
mod gfp;
mod host;
mod hosts;
mod memory;
mod order;
mod overheard;
mod piece;
mod reach;
mod rows;
mod run;
mod stats;
mod tasks;

use crate::companion;
use crate::event::{Origin, Transport};
use crate::input::START;
use crate::kernel::{self, Message, Standing};
use crate::options::Options;
use crate::parser::{Item, Sink};
use crate::print;
use crate::time::{Clocks, Moment};
use crate::transport::{OwnedRecord, Record};
use clock::Clock;
use companions::Companions;
use direction::{Direction, Sign, Stretch, Taken, Told};
use doubles::{Doubles, Kind};
use host::Host;
use hosts::{Hosts, Writer};
use order::Outbox;
use reach::SILENT;
use run::Run;
use std::ops::ControlFlow;

/// Records in, events out.
#[derive(Debug)]
pub(crate) struct Assembler {
    options: Options,
    hosts: Hosts,
    clocks: Clocks,
    out: Outbox,
    sequence: Sequence,
    direction: Direction,
    doubles: Doubles,
    /// Only where they are wanted.
    companions: Option<Companions>,
    open: Open,
    run: Run,
    swept: u64,
    given: u64,
    left_out: u64,
}

static BARE: Transport = Transport::Bare;

/// Hosts are looked over this often, in lines.
const SWEEP: u64 = 4096;

impl Assembler {
    pub(crate) fn new(options: Options) -> Self {
        let companions = options.companions.then(Companions::default);
        let mut out = Outbox::default();
        out.fresh = companions.is_some().then(Vec::new);
        Self {
            options,
            hosts: Hosts::default(),
            clocks: Clocks::default(),
            out,
            sequence: Sequence::default(),
            direction: Direction::default(),
            doubles: Doubles::default(),
            companions,
            open: Open::default(),
            run: Run::Off,
            swept: 0,
            given: 0,
            left_out: 0,
        }
    }

    /// Takes the next record of the log, and reads it as soon as it is clear in which direction the log runs.
    pub(crate) fn record(&mut self, record: &Record<'_>, sink: &mut impl Sink) -> ControlFlow<()> {
        // nearly every record is one line and says nothing: it is looked at once
        self.run = Run::Off;
        let single = kernel::single(record.text, record.wrapped_from);
        let sign = sign_of(record, &single);
        let clock = Clock::of(record);
        while let Some(stretch) = self.direction.due(record, &clock, &sign, &self.options.limits) {
            self.stretch(stretch, sink)?;
        }
        match self.direction.take(record, &clock, &sign) {
            Taken::Read => self.read(record, single, sign.told, sink),
            Taken::Held => ControlFlow::Continue(()),
            Taken::Ready(stretch) => self.stretch(stretch, sink),
        }
    }

    fn stretch(&mut self, stretch: Stretch, sink: &mut impl Sink) -> ControlFlow<()> {
        let held = match &stretch {
            Stretch::Forward(held) | Stretch::Backward(held, _) => held,
        };
        self.doubles.expect(held.iter().map(|(record, told)| (record.as_record(), told.kind)));
        match stretch {
            Stretch::Forward(held) => held.iter().try_for_each(|(record, told)| {
                let record = record.as_record();
                self.read(&record, kernel::single(record.text, record.wrapped_from), *told, sink)
            }),
            Stretch::Backward(held, cut) => self.read_backwards(held, cut, sink),
        }
    }

    /// Reads a record; if it is one line, what that says may be known already.
    fn read(
        &mut self,
        record: &Record<'_>,
        mut single: Option<Option<Message<'_>>>,
        Told { kind, stays }: Told,
        sink: &mut impl Sink,
    ) -> ControlFlow<()> {
        let begins_run = self.begins_run(record, single.as_ref().and_then(Option::as_ref));
        // lines that say nothing of a dump may be passed over elsewhere: they must not count
        let known = if stays || self.open.reading > 0 { kind } else { Kind::Foreign };
        let print = if kind == Kind::Foreign { 0 } else { print::of(record.text) };
        let copy = self.doubles.is_copy(record, &Clock::of(record), known, print);
        let named = self.doubles.host().filter(|_| record.host.is_none() && kind != Kind::Foreign).map(<[u8]>::to_vec);
        let record = &Record { host: record.host.or(named.as_deref()), ..*record };
        if copy {
            return self.copy(record);
        }
        let Self { options, hosts, clocks, out, open: dumps, .. } = self;
        let user = *record.origin == Origin::User;
        let key: Writer<'_> = (record.host, user);
        // all lines are seen here, or those close to a dump: any of them may show that time has passed
        let ticks = dumps.reads_until() >= record.place.first_line;
        if record.place.first_byte < START {
            clocks.learn(record, options);
        }
        // a log whose first lines lost their prefix: its verdict names the host. And the reverse: lines without a
        // prefix behind one with a host
        let growing = || hosts.get((None, false)).is_some_and(Host::is_growing);
        let bare = record.wrapped_from < record.text.len();
        let adopts = !user && record.host.is_some() && (bare || growing());
        let mut unhosted = if adopts { Some(hosts.remove((None, false)).unwrap_or_default()) } else { None };
        self.run = if begins_run && !user && unhosted.is_none() { Run::Begun } else { Run::Off };
        let mut said = None;
        if user {
            // time passes for the host's kernel lines too
            if let Some(kernel) = hosts.get_mut((key.0, false)) {
                kernel.count(record);
                if ticks {
                    kernel.tick(record, options, out);
                }
                said = kernel.hears(record, clocks, options, out);
                dumps.count(kernel);
            }
            if let Some((count, by)) = companion::collector_loss(record.text) {
                hosts.entry((key.0, false)).lost_lines(count, by, record.place);
            }
        }
        if let Some(missing) = self.sequence.gap(record) {
            let host = hosts.entry((record.host, false));
            host.lost_lines(missing, "the kernel's ring", record.place);
        }
        let touched = dumps.touched;
        // a host is known once it says something
        let says = kind != Kind::Foreign || record.lost.is_some() || kernel::pieces::is_open(record.text);
        if says || unhosted.is_some() || hosts.contains(key) {
            let host = hosts.entry(key);
            host.count(record);
            if ticks {
                host.tick(record, options, out);
            }
            // a dump's own line is no one else's
            if !user && kind == Kind::Foreign {
                said = host.hears(record, clocks, options, out);
            }
            let now = || clocks.date(record, options);
            let whole = single.as_ref().is_some_and(|message| message.as_ref().is_some_and(kernel::is_whole));
            let ready = piece::next(&mut host.open, record, whole);
            let line = ready.line.as_ref().map(OwnedRecord::as_record);
            if ready.line.is_some() || !ready.record {
                single = None;
            }
            let glued = line.iter().map(|line| (line, print::of(line.text)));
            for (record, print) in glued.chain(ready.record.then_some((record, print))) {
                host.begin(record);
                let bare =
                    || Record { host: None, wall: None, monotonic: None, caller: None, transport: &BARE, ..*record };
                let mut each = |message: Message<'_>, standing| match &mut unhosted {
                    Some(other) if standing == Standing::Bare => {
                        other.message(message, &bare(), print, &Moment::default, options, out)
                    }
                    Some(other) => {
                        if let Some(message) = other.adopted(message, record, options) {
                            host.message(message, record, print, &now, options, out);
                        }
                    }
                    None if standing == Standing::Bare => host.message(message, &bare(), print, &now, options, out),
                    None => host.message(message, record, print, &now, options, out),
                };
                match single.take() {
                    Some(message) => message.into_iter().for_each(|message| each(message, Standing::Record)),
                    None => kernel::read(record.text, record.wrapped_from, &mut each),
                }
            }
            dumps.count(host);
        }
        if let Some(mut unhosted) = unhosted {
            dumps.count(&mut unhosted);
            hosts.insert((None, false), unhosted);
        }
        if dumps.touched > touched && record.place.first_byte >= START {
            clocks.learn(record, options);
        }
        if let Some(companions) = &mut self.companions {
            let mut rest = |out: &mut Outbox| {
                hosts.get_mut((record.host, false)).is_none_or(|host| {
                    host.tick(record, options, out);
                    dumps.count(host);
                    host.is_idle()
                })
            };
            let said = said.or_else(|| companions::read(record, &|| clocks.date(record, options), options));
            companions.record(record, said, &mut rest, options, out);
        }
        self.look_over(record.place.last_line);
        self.make_room();
        self.give(sink)
    }

    /// Looks over all hosts now and then.
    fn look_over(&mut self, line: u64) {
        if is_due(line, self.swept) {
            self.swept = line;
            self.sweep(line);
        }
    }

    /// A line that was read before: it may carry another clock, and name the host.
    fn copy(&mut self, record: &Record<'_>) -> ControlFlow<()> {
        let Self { options, hosts, clocks, .. } = self;
        let user = *record.origin == Origin::User;
        let now = clocks.date(record, options);
        let key: Writer<'_> = (record.host, user);
        if key.0.is_some()
            && !hosts.get(key).is_some_and(Host::is_growing)
            && let Some(mut nameless) = hosts.remove((None, user))
        {
            nameless.name(record.host);
            hosts.insert(key, nameless);
        }
        if let Some(host) = hosts.get_mut(key) {
            host.copied(record, &now);
        }
        ControlFlow::Continue(())
    }

    /// Reads what is held: no further line will show in which direction the log runs.
    pub(crate) fn flush(&mut self, sink: &mut impl Sink) -> ControlFlow<()> {
        self.direction.end().map_or(ControlFlow::Continue(()), |stretch| self.stretch(stretch, sink))
    }

    pub(crate) fn finish(&mut self, sink: &mut impl Sink) -> ControlFlow<()> {
        self.flush(sink)?;
        self.settle_all();
        self.give(sink)
    }

    /// Ends every dump and every wait.
    fn settle_all(&mut self) {
        let Self { options, hosts, clocks, out, .. } = self;
        for host in hosts.values_mut() {
            host.finish(clocks, options, out);
        }
        if let Some(companions) = &mut self.companions {
            companions.settle_all(options, out);
        }
    }

    /// Whether a message begins something: a dump, a part of one, or what is known to be none.
    pub(crate) fn opens(message: &Message<'_>) -> bool {
        fit::opens(message).is_some()
    }

    /// Whether a message stands only in OOM dumps.
    pub(crate) fn proves(message: &Message<'_>) -> bool {
        fit::proves(message)
    }

    /// The line up to which every line has to be read.
    pub(crate) fn reads_until(&self) -> u64 {
        if self.direction.is_open() { u64::MAX } else { self.open.reads_until() }
    }

    /// Whether a dump waits for time to pass.
    pub(crate) fn waits(&self) -> bool {
        self.open.waiting > 0
    }

    /// Takes a line that may be read besides, at a place that the stream alone decides: it shows that time has passed, and
    /// at landmarks the year.
    pub(crate) fn mark(&mut self, record: &Record<'_>, landmark: bool, sink: &mut impl Sink) -> ControlFlow<()> {
        let Self { options, hosts, clocks, out, open, .. } = self;
        if landmark {
            clocks.learn(record, options);
            self.run = Run::Off;
        }
        let users = *record.origin == Origin::User;
        for user in [false, true].into_iter().filter(|user| !user || users) {
            if let Some(host) = hosts.get_mut((record.host, user)) {
                host.tick(record, options, out);
                open.count(host);
            }
        }
        self.look_over(record.place.last_line);
        self.give(sink)
    }

    /// Lines are passed over from here on.
    pub(crate) fn gap(&mut self) {
        self.sequence = Sequence::default();
    }

    /// Events given so far.
    pub(crate) fn given(&self) -> u64 {
        self.given
    }

    /// Where the first dump begins that was not given yet.
    pub(crate) fn first_open_byte(&self) -> Option<u64> {
        self.out.first_byte()
    }

    /// Events left out because a user process wrote their lines.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Companions given so far.
    pub(crate) fn companions_given(&self) -> u64 {
        self.companions.as_ref().map_or(0, |companions| companions.given)
    }

    fn sweep(&mut self, line: u64) {
        let Self { options, hosts, clocks, out, open, .. } = self;
        let reach = options.limits.idle_lines.saturating_mul(SILENT);
        hosts.retain(|host| {
            host.sweep(line, reach, clocks, options, out);
            open.count(host);
            // a name that no dump uses is forgotten: a log may carry any number of them
            !host.is_forgotten(line, reach)
        });
        if let Some(companions) = &mut self.companions {
            companions.sweep(line, reach, options, out);
        }
    }

    /// Holds the number of open and waiting dumps to its limit, over all hosts.
    fn make_room(&mut self) {
        let Self { options, hosts, out, open, .. } = self;
        // companions pile up behind a dump that stays open
        if out.len() <= options.limits.open_dumps && out.companions() <= options.limits.companions.saturating_mul(2) {
            return;
        }
        for host in hosts.values_mut() {
            host.shed(options, out);
            open.count(host);
        }
        if let Some(companions) = &mut self.companions {
            companions.settle_all(options, out);
        }
    }

    fn give(&mut self, sink: &mut impl Sink) -> ControlFlow<()> {
        while let Some(item) = self.out.next() {
            let event = match item {
                Item::Event(event) => event,
                Item::Companion(companion) => {
                    if let Some(companions) = &mut self.companions {
                        companions.given += 1;
                    }
                    sink.companion(*companion)?;
                    continue;
                }
            };
            if event.source.origin == Origin::User && !self.options.include_user {
                self.left_out += 1;
                continue;
            }
            self.given += 1;
            sink.event(*event)?;
        }
        ControlFlow::Continue(())
    }
}

/// Whether all hosts have to be looked over at a line.
fn is_due(line: u64, swept: u64) -> bool {
    line.saturating_sub(swept) >= SWEEP
}

fn sign_of(record: &Record<'_>, single: &Option<Option<Message<'_>>>) -> Sign {
    let mut sign = Sign::default();
    match single {
        Some(message) => message.iter().for_each(|message| sign.add(message)),
        None => kernel::read(record.text, record.wrapped_from, &mut |message, _| sign.add(&message)),
    }
    sign
}

/// How many hosts have dumps open, and where a dump last took a line.
#[derive(Debug, Default)]
struct Open {
    reading: usize,
    waiting: usize,
    touched: u64,
}

impl Open {
    /// Counts a host again after something was done to it.
    fn count(&mut self, host: &mut Host) {
        self.touched = self.touched.max(host.touched);
        let (reading, waiting) = (host.reads_all(), host.waits());
        let (was_reading, was_waiting) = std::mem::replace(&mut host.counted, (reading, waiting));
        self.reading = self.reading + usize::from(reading) - usize::from(was_reading);
        self.waiting = self.waiting + usize::from(waiting) - usize::from(was_waiting);
    }

    /// The line up to which every line has to be read.
    fn reads_until(&self) -> u64 {
        match (self.reading, self.touched) {
            (0, touched) => touched,
            _ => u64::MAX,
        }
    }
}

/// The numbers `/dev/kmsg` gives its records: a jump means that records were overwritten before they were read.
#[derive(Debug, Default)]
struct Sequence(Option<u64>);

impl Sequence {
    /// How many records are missing before this one.
    fn gap(&mut self, record: &Record<'_>) -> Option<u64> {
        let now = record.sequence?;
        let last = self.0.replace(now)?;
        now.checked_sub(last.checked_add(1)?).filter(|missing| *missing > 0)
    }
}
