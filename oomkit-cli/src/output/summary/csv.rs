//! One row for each row of each table, and one for the total.

use crate::output::csv::{guard, plain};
use oomkit_core::summary::{Report, Row};
use std::io::{self, Write};

const COLUMNS: [&str; 18] = [
    "by",
    "key",
    "name",
    "runtime",
    "pod_uid",
    "qos_class",
    "events",
    "victims",
    "silent",
    "visible",
    "not_containerised",
    "undecided",
    "silent_share",
    "hosts",
    "first",
    "last",
    "undated",
    "workload",
];

/// Writes all rows.
///
/// # Errors
/// The target's.
pub(super) fn write(report: &Report, out: impl Write) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(COLUMNS).map_err(plain)?;
    let mut total = Row::default();
    total.counts.clone_from(&report.totals);
    row(&mut out, "total", &total)?;
    for group in &report.groups {
        for each in &group.rows {
            row(&mut out, &group.by, each)?;
        }
    }
    out.flush()
}

fn row(out: &mut csv::Writer<impl Write>, by: &str, row: &Row) -> io::Result<()> {
    let n = &row.counts;
    let texts = [
        Some(by),
        Some(&row.key),
        row.name.as_deref(),
        row.runtime.as_deref(),
        row.pod_uid.as_deref(),
        row.qos_class.as_deref(),
    ];
    for text in texts {
        out.write_field(guard(text.unwrap_or_default().into()).as_bytes()).map_err(plain)?;
    }
    for number in [n.events, n.victims, n.silent, n.visible, n.not_containerised, n.undecided] {
        out.write_field(number.to_string()).map_err(plain)?;
    }
    let time = |time: Option<chrono::DateTime<chrono::Utc>>| time.map(|t| t.to_rfc3339()).unwrap_or_default();
    let rest = [
        n.silent_share.map(|share| share.to_string()).unwrap_or_default(),
        n.hosts.to_string(),
        time(n.first),
        time(n.last),
        n.undated.to_string(),
    ];
    for text in rest {
        out.write_field(text).map_err(plain)?;
    }
    out.write_field(guard(row.workload.as_deref().unwrap_or_default().into()).as_bytes()).map_err(plain)?;
    out.write_record(None::<&[u8]>).map_err(plain)
}
