//! One row: whose memory it is, what is declared, and what was used.

use super::cells::Cell;
use crate::error::{Error, ErrorKind};
use crate::resources::usage::{BASES, Basis, Sample};
use crate::units::{Bytes, Quantity};

pub(super) const EXPECTED: &str = "expected CSV with a header such as namespace,workload,pod,container,node,request_bytes,limit_bytes,usage_bytes,window,basis";

/// Columns that are read.
const READ: [&str; 18] = [
    "cluster",
    "namespace",
    "workload",
    "pod",
    "container",
    "node",
    "request_bytes",
    "limit_bytes",
    "usage_bytes",
    "window",
    "basis",
    // what `oomkit … --format csv` adds
    "points",
    "known_limit_bytes",
    "unbounded_containers",
    "overcommit_bytes",
    "deficit_bytes",
    "capacity_bytes",
    "allocatable_bytes",
];

/// Columns that follow from the others: passed over.
const DERIVED: [&str; 20] = [
    "pods",
    "overcommit_ratio",
    "capped_overcommit_bytes",
    "beyond_capacity_bytes",
    "waste_bytes",
    "waste_ratio",
    "waste_byte_hours",
    "net_bytes",
    "quality",
    "kills",
    "hurt_bytes",
    "recommended_request_bytes",
    "recommended_limit_bytes",
    "change_bytes",
    "peak_bytes",
    "hugepages_bytes",
    "lain_request_bytes",
    "krr_request_bytes",
    "vpa_request_bytes",
    "limit_at_kill_bytes",
];

/// A row stands for no more containers than this.
const MOST: u64 = 100_000;

/// Which column holds what.
#[derive(Debug)]
pub(super) struct Header {
    columns: Vec<Option<&'static str>>,
}

impl Header {
    pub(super) fn of(name: &str, titles: &[Cell]) -> Result<Self, Error> {
        let at = |cell: &Cell, reason: String| Error::input_at(name, cell.line, cell.column, reason);
        let mut columns: Vec<Option<&'static str>> = Vec::new();
        for cell in titles {
            let title = cell.text.trim_start_matches('\u{feff}').trim();
            let known = READ.into_iter().find(|column| *column == title);
            if known.is_none() && !DERIVED.contains(&title) {
                let first = columns.is_empty();
                return Err(at(
                    cell,
                    if first {
                        format!("{title:?} is no column; {EXPECTED}")
                    } else {
                        format!("{title:?} is no column of this table; known are {}", READ.join(", "))
                    },
                ));
            }
            if known.is_some() && columns.contains(&known) {
                return Err(at(cell, format!("column {title} stands twice")));
            }
            columns.push(known);
        }
        let header = Self { columns };
        if !["request_bytes", "limit_bytes", "usage_bytes"].into_iter().any(|column| header.has(column)) {
            return Err(at(&titles[0], format!("there is no column of sizes; {EXPECTED}")));
        }
        if !["namespace", "workload", "pod", "container", "node"].into_iter().any(|column| header.has(column)) {
            return Err(at(&titles[0], format!("there is no column of names; {EXPECTED}")));
        }
        Ok(header)
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains(&Some(column))
    }
}

/// One row as it was read.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cluster: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) workload: Option<String>,
    pub(super) pod: Option<String>,
    container: Option<String>,
    pub(super) node: Option<String>,
    request: Option<Bytes>,
    limit: Option<Bytes>,
    usage: Option<Bytes>,
    window_seconds: Option<u64>,
    basis: Basis,
    points: Option<u64>,
    known_limit: Option<Bytes>,
    unbounded: Option<u64>,
    overcommit: Option<Bytes>,
    deficit: Option<Bytes>,
    pub(super) capacity: Option<Bytes>,
    pub(super) allocatable: Option<Bytes>,
}

impl Row {
    pub(super) fn of(name: &str, header: &Header, record: &[Cell]) -> Result<Self, Error> {
        let last = &record[record.len() - 1];
        if record.len() != header.columns.len() {
            let (expected, found) = (header.columns.len(), record.len());
            let reason = format!("expected {expected} cells, as in the header, and there are {found}");
            return Err(Error::input_at(name, last.line, last.column, reason));
        }
        let mut row = Self { line: record[0].line, ..Self::default() };
        for (cell, column) in record.iter().zip(&header.columns) {
            let (Some(column), false) = (column, cell.text.trim().is_empty()) else { continue };
            row.set(column, cell)
                .map_err(|error| Error::input_at(name, cell.line, cell.column, format!("{column}: {error}")))?;
        }
        Ok(row)
    }

    fn set(&mut self, column: &str, cell: &Cell) -> Result<(), Error> {
        let text = cell.text.trim();
        let named = || Some(plain(&cell.text).to_owned());
        match column {
            "cluster" => self.cluster = named(),
            "namespace" => self.namespace = named(),
            "workload" => self.workload = named(),
            "pod" => self.pod = named(),
            "container" => self.container = named(),
            "node" => self.node = named(),
            "request_bytes" => self.request = Some(size(text)?),
            "limit_bytes" => self.limit = Some(size(text)?),
            "usage_bytes" => self.usage = Some(size(text)?),
            "known_limit_bytes" => self.known_limit = Some(size(text)?),
            "overcommit_bytes" => self.overcommit = Some(size(text)?),
            "deficit_bytes" => self.deficit = Some(size(text)?),
            "capacity_bytes" => self.capacity = Some(size(text)?),
            "allocatable_bytes" => self.allocatable = Some(size(text)?),
            "points" => self.points = Some(count(text)?),
            "unbounded_containers" => {
                let containers = count(text)?;
                if containers > MOST {
                    return Err(refused(text, "a number up to 100000; give smaller rows"));
                }
                self.unbounded = Some(containers);
            }
            "window" => self.window_seconds = Some(seconds(text)?),
            _ => self.basis = text.parse().map_err(|_| refused(text, BASES))?,
        }
        Ok(())
    }

    /// One of its parts, as a row of its own.
    pub(super) fn only(&self, part: Part) -> Self {
        let Part { container, request, limit, sample } = part;
        let container = Some(container).filter(|name| !name.is_empty());
        Self {
            line: self.line,
            namespace: self.namespace.clone(),
            workload: self.workload.clone(),
            node: self.node.clone(),
            container,
            request,
            limit,
            usage: sample.and_then(|sample| sample.on(self.basis)),
            window_seconds: self.window_seconds,
            basis: self.basis,
            points: self.points,
            ..Self::default()
        }
    }

    /// The containers it stands for: one, unless it sums up some with a limit and some without, or some above and some below
    /// their requests.
    pub(super) fn parts(&self) -> Vec<Part> {
        let container = self.container.clone().unwrap_or_default();
        let one = Part { container, request: self.request, limit: self.limit, sample: self.sample(self.usage) };
        let without = self.unbounded.unwrap_or(0);
        if self.limit.is_some() || without == 0 {
            return self.by_use(one);
        }
        let known = self.known_limit.unwrap_or_default();
        let bounded = Bytes(known.get().saturating_sub(self.overcommit.unwrap_or_default().get()));
        let rest = self.request.map(|request| Bytes(request.get().saturating_sub(bounded.get())));
        let mut parts = vec![Part { request: rest, ..one }];
        let more = |number: u64| Part {
            container: format!("without limit {number}"),
            request: Some(Bytes(0)),
            ..Part::default()
        };
        parts.extend((2..=without).map(more));
        if known.get() > 0 {
            parts.push(Part {
                container: "with limit".to_owned(),
                request: Some(bounded),
                limit: Some(known),
                sample: None,
            });
        }
        parts
    }

    fn by_use(&self, one: Part) -> Vec<Part> {
        let (Some(usage), Some(deficit)) = (self.usage, self.deficit.filter(|deficit| deficit.get() > 0)) else {
            return vec![one];
        };
        let net = usage.get().saturating_sub(one.request.unwrap_or_default().get());
        if deficit.get() == net || deficit > usage {
            return vec![one];
        }
        let below = self.sample(Some(Bytes(usage.get() - deficit.get())));
        let above = Part {
            container: "above request".to_owned(),
            request: Some(Bytes(0)),
            limit: one.limit.map(|_| Bytes(0)),
            sample: self.sample(Some(deficit)),
        };
        vec![Part { sample: below, ..one }, above]
    }

    fn sample(&self, usage: Option<Bytes>) -> Option<Sample> {
        let usage = Some(usage?);
        let mut sample = Sample { points: self.points, window_seconds: self.window_seconds, ..Sample::default() };
        match self.basis {
            Basis::WorkingSet => sample.working_set = usage,
            Basis::Rss => sample.rss = usage,
            Basis::Usage => sample.usage = usage,
            Basis::UsageMinusCache => (sample.usage, sample.cache) = (usage, Some(Bytes(0))),
            Basis::AnonShmem => (sample.rss, sample.shmem) = (usage, Some(Bytes(0))),
        }
        Some(sample)
    }
}

/// One container.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) container: String,
    pub(super) request: Option<Bytes>,
    pub(super) limit: Option<Bytes>,
    pub(super) sample: Option<Sample>,
}

impl Part {
    /// The same container again: it is one, and the larger figure counts.
    pub(super) fn merge(&mut self, other: &Self) {
        self.request = self.request.max(other.request);
        self.limit = self.limit.max(other.limit);
    }
}

/// Undoes the quote mark that keeps a spreadsheet from taking a name for a formula.
fn plain(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(name) if name.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => name,
        _ => text,
    }
}

fn refused(text: &str, expected: &'static str) -> Error {
    ErrorKind::Text { text: text.to_owned(), expected }.into()
}

fn size(text: &str) -> Result<Bytes, Error> {
    text.parse::<Quantity>()?.rounded_bytes().map(Bytes)
}

fn count(text: &str) -> Result<u64, Error> {
    text.parse().map_err(|_| refused(text, "a number such as 100"))
}

/// `7d`, `24h`, `30m`, `604800s`, or a number of seconds.
fn seconds(text: &str) -> Result<u64, Error> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => 0,
    };
    let seconds = number.parse::<u64>().ok().filter(|_| unit > 0).and_then(|number| number.checked_mul(unit));
    seconds.ok_or_else(|| refused(text, "a time such as 7d, 24h or 604800s"))
}
