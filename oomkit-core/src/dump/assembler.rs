//! The assembler: records in, items out. Puts the messages of each host's records together to dumps.

use super::companions::{self, Companions};
use super::continuation;
use super::host::Host;
use super::hosts::{Hosts, Writer};
use super::notices::NoticeFilter;
use super::reorder_buffer::ReorderBuffer;
use super::timeout::SILENT;
use crate::companion::{self, Recognised, Reporter};
use crate::event::{Origin, Transport};
use crate::fingerprint;
use crate::kernel::{self, Messages, Prefix};
use crate::options::{ALWAYS_READ, Options};
use crate::sink::Item;
use crate::time::{Clocks, Moment};
use crate::transport::{OwnedRecord, Record};
use std::time::Duration;

/// All hosts of one log, and what they have ready.
#[derive(Debug)]
pub(crate) struct Assembler {
    options: Options,
    hosts: Hosts,
    clocks: Clocks,
    out: ReorderBuffer,
    sequence: Sequence,
    /// Only where they are wanted.
    companions: Option<Companions>,
    open: OpenDumps,
    /// Which notices may bear on a kill, where that is known.
    notices: Option<NoticeFilter>,
    /// The line at which all hosts were looked over last.
    swept: u64,
}

/// Hosts are looked over this often, in lines.
const SWEEP: u64 = 4096;

impl Assembler {
    pub(crate) fn new(options: Options) -> Self {
        let companions = options.companions.then(Companions::default);
        let mut out = ReorderBuffer::default();
        out.fresh = companions.is_some().then(Vec::new);
        Self {
            options,
            hosts: Hosts::default(),
            clocks: Clocks::default(),
            out,
            sequence: Sequence::default(),
            companions,
            open: OpenDumps::default(),
            notices: None,
            swept: 0,
        }
    }

    /// Takes the next record, what it says, and its text's fingerprint. Items come from [`Assembler::next`].
    pub(crate) fn push(&mut self, record: &Record<'_>, messages: Messages<'_>, fingerprint: u64) {
        // every line is seen here, or those close to a dump: any of them may show that time has passed
        let passes_time = self.reads_until() >= record.span.first_line;
        if record.span.first_byte < ALWAYS_READ {
            self.clocks.learn(record, &self.options);
        }
        let touched = self.open.touched;
        let is_user = *record.origin == Origin::User;
        let of_user = if is_user { self.observe_user(record, passes_time) } else { None };
        self.observe_sequence(record);
        let of_host = self.assemble(record, messages, fingerprint, passes_time);
        if self.open.touched > touched && record.span.first_byte >= ALWAYS_READ {
            self.clocks.learn(record, &self.options);
        }
        self.match_companion(record, of_user.or(of_host));
        self.sweep_when_due(record.span.last_line);
        self.make_room();
    }

    /// A line of a user process: time passes for the host's kernel lines too, and it may bear on a kill.
    fn observe_user(&mut self, record: &Record<'_>, passes_time: bool) -> Option<Recognised> {
        let Self { options, hosts, clocks, out, open, .. } = self;
        let mut said = None;
        if let Some(host) = hosts.get_mut((record.host, false)) {
            host.count(record);
            if passes_time {
                host.tick(record, options, out);
            }
            said = host.observe_companion(record, clocks, options, out);
            open.count(host);
        }
        if let Some((count, by)) = companion::collector_loss(record.text) {
            hosts.entry((record.host, false)).lost_lines(count, by, record.span);
        }
        said
    }

    /// A gap in the numbers of `/dev/kmsg`: records were overwritten before they were read.
    fn observe_sequence(&mut self, record: &Record<'_>) {
        if let Some(missing) = self.sequence.gap(record) {
            self.hosts.entry((record.host, false)).lost_lines(missing, "the kernel's ring", record.span);
        }
    }

    /// Hands the messages of a record to its host.
    fn assemble(
        &mut self,
        record: &Record<'_>,
        messages: Messages<'_>,
        fingerprint: u64,
        passes_time: bool,
    ) -> Option<Recognised> {
        let user = *record.origin == Origin::User;
        let writer: Writer<'_> = (record.host, user);
        // a host is known once it says something
        let says = || !messages.is_foreign() || record.lost.is_some() || kernel::pr_cont::is_open(record.text);
        let mut nameless = if user { None } else { self.nameless_dumps(record) };
        if nameless.is_none() && !says() && !self.hosts.contains(writer) {
            return None;
        }
        let Self { options, hosts, clocks, out, open, .. } = self;
        let host = hosts.entry(writer);
        host.count(record);
        if passes_time {
            host.tick(record, options, out);
        }
        // a dump's own line is no one else's
        let said =
            if !user && messages.is_foreign() { host.observe_companion(record, clocks, options, out) } else { None };
        let ready = continuation::next(&mut host.open, record, messages.is_whole);
        let now = || clocks.date(record, options);
        let mut read = |record: &Record<'_>, messages: Messages<'_>, fingerprint: u64| {
            host.begin(record);
            messages.consume(&mut |message, prefix| match (prefix, &mut nameless) {
                (Prefix::None, Some(host)) => {
                    host.message(message, &without_prefix(record), fingerprint, &Moment::default, options, out);
                }
                (Prefix::None, None) => host.message(message, &without_prefix(record), fingerprint, &now, options, out),
                (Prefix::Own, Some(nameless)) => {
                    if let Some(message) = nameless.adopt(message, record, options) {
                        host.message(message, record, fingerprint, &now, options, out);
                    }
                }
                (Prefix::Own, None) => host.message(message, record, fingerprint, &now, options, out),
            });
        };
        if let Some(line) = ready.line.as_ref().map(OwnedRecord::as_record) {
            read(&line, Messages::of(line.text, line.wrapped_from), fingerprint::fingerprint(line.text));
        }
        if ready.record {
            read(record, messages, fingerprint);
        }
        open.count(host);
        if let Some(mut nameless) = nameless {
            open.count(&mut nameless);
            hosts.insert((None, false), nameless);
        }
        said
    }

    /// The dumps without a host that a host's line may continue: of a log whose first lines lost their prefix, so that
    /// only its verdict names the host; and the reverse, lines without a prefix after one with a host.
    fn nameless_dumps(&mut self, record: &Record<'_>) -> Option<Host> {
        record.host?;
        let wraps = record.wrapped_from < record.text.len();
        let is_growing = || self.hosts.get((None, false)).is_some_and(Host::is_growing);
        (wraps || is_growing()).then(|| self.hosts.remove((None, false)).unwrap_or_default())
    }

    /// Takes a duplicate of a record: it may carry another clock, and name the host.
    pub(crate) fn observe_duplicate(&mut self, record: &Record<'_>) {
        let Self { options, hosts, clocks, .. } = self;
        let user = *record.origin == Origin::User;
        let now = clocks.date(record, options);
        let writer: Writer<'_> = (record.host, user);
        if record.host.is_some()
            && !hosts.get(writer).is_some_and(Host::is_growing)
            && let Some(mut nameless) = hosts.remove((None, user))
        {
            nameless.name(record.host);
            hosts.insert(writer, nameless);
        }
        if let Some(host) = hosts.get_mut(writer) {
            host.observe_duplicate(record, &now);
        }
    }

    /// Matches what a companion says with the kill it belongs to.
    fn match_companion(&mut self, record: &Record<'_>, said: Option<Recognised>) {
        let Self { options, hosts, clocks, out, companions, open, .. } = self;
        let Some(companions) = companions else { return };
        let mut rest = |out: &mut ReorderBuffer| {
            hosts.get_mut((record.host, false)).is_none_or(|host| {
                host.tick(record, options, out);
                open.count(host);
                host.is_idle()
            })
        };
        let said = said.or_else(|| companions::read(record, &|| clocks.date(record, options), options));
        companions.record(record, said, &mut rest, options, out);
    }

    /// Takes a line that may be read besides, at an offset that the stream alone decides: it shows that time has passed,
    /// and at landmarks the year.
    pub(crate) fn observe_mark(&mut self, record: &Record<'_>, is_landmark: bool) {
        let Self { options, hosts, clocks, out, open, .. } = self;
        if is_landmark {
            clocks.learn(record, options);
        }
        let users = *record.origin == Origin::User;
        for user in [false, true].into_iter().filter(|user| !user || users) {
            if let Some(host) = hosts.get_mut((record.host, user)) {
                host.tick(record, options, out);
                open.count(host);
            }
        }
        self.sweep_when_due(record.span.last_line);
    }

    /// Lines are skipped from here on.
    pub(crate) fn gap(&mut self) {
        self.sequence = Sequence::default();
    }

    /// No line came for so long: ends what waits no longer than that.
    pub(crate) fn idle(&mut self, elapsed: Duration) {
        let Self { options, hosts, clocks, out, open, .. } = self;
        for host in hosts.values_mut() {
            host.idle(elapsed, clocks, options, out);
            open.count(host);
        }
        if let Some(companions) = &mut self.companions
            && elapsed.as_secs() > self.options.limits.idle_seconds
        {
            companions.settle_all(&self.options, &mut self.out);
        }
    }

    /// Ends every dump and every wait.
    pub(crate) fn settle_all(&mut self) {
        let Self { options, hosts, clocks, out, open, .. } = self;
        for host in hosts.values_mut() {
            host.finish(clocks, options, out);
            open.count(host);
        }
        if let Some(companions) = &mut self.companions {
            companions.settle_all(options, out);
        }
    }

    /// Forgets all hosts.
    pub(crate) fn forget_hosts(&mut self) {
        self.hosts.clear();
        self.open = OpenDumps::default();
        self.notices = None;
    }

    /// The next item that nothing before it waits for.
    pub(crate) fn next(&mut self) -> Option<Item> {
        self.out.next()
    }

    /// The line up to which every line has to be read.
    pub(crate) fn reads_until(&self) -> u64 {
        if self.is_reading() { u64::MAX } else { self.open.touched }
    }

    /// Whether a dump is open that every line may belong to.
    pub(crate) fn is_reading(&self) -> bool {
        self.open.reading > 0
    }

    /// Whether a dump waits for time to pass.
    pub(crate) fn is_waiting(&self) -> bool {
        self.open.waiting > 0
    }

    /// Whether a line of one of these programs may bear on a kill.
    pub(crate) fn may_bear(&mut self, line: &[u8], reporters: &[Reporter]) -> bool {
        if std::mem::take(&mut self.open.notices_changed) {
            self.notices = None;
        }
        let filter = self.notices.get_or_insert_with(|| {
            let mut filter = NoticeFilter::default();
            self.hosts.values_mut().for_each(|host| host.add_to(&mut filter));
            filter
        });
        filter.may_bear(line, reporters)
    }

    /// Where the first dump begins that is not over yet.
    pub(crate) fn first_open_byte(&self) -> Option<u64> {
        self.out.first_byte()
    }

    fn sweep_when_due(&mut self, line: u64) {
        if line.saturating_sub(self.swept) < SWEEP {
            return;
        }
        self.swept = line;
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
        // companions pile up after a dump that stays open
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
}

/// The record of a line that had no prefix.
fn without_prefix<'r>(record: &Record<'r>) -> Record<'r> {
    static BARE: Transport = Transport::Bare;
    Record { host: None, wall: None, monotonic: None, caller: None, transport: &BARE, ..*record }
}

/// How many hosts have dumps open, and the last line that a dump absorbed.
#[derive(Debug, Default)]
struct OpenDumps {
    reading: usize,
    waiting: usize,
    touched: u64,
    notices_changed: bool,
}

impl OpenDumps {
    /// Counts a host again after something was done to it.
    fn count(&mut self, host: &mut Host) {
        self.touched = self.touched.max(host.touched);
        self.notices_changed |= std::mem::take(&mut host.notices_changed);
        let (reading, waiting) = (host.reads_all(), host.waits());
        let (was_reading, was_waiting) = std::mem::replace(&mut host.counted, (reading, waiting));
        self.reading = self.reading + usize::from(reading) - usize::from(was_reading);
        self.waiting = self.waiting + usize::from(waiting) - usize::from(was_waiting);
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
