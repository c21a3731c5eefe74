//! CSV: one row for each victim, one for an event without victims. The header is stable.

use super::EventWriter;
use oomkit_core::event::Victim;
use oomkit_core::{Companion, Event};
use std::borrow::Cow;
use std::io::{self, Write};

/// A cell of an event or of one of its victims.
type Cell = for<'e> fn(&'e Event, Option<&'e Victim>) -> Option<Cow<'e, str>>;

/// A column: its name, whether its text comes from the log and is not to be trusted, and its cell.
struct Column(&'static str, Trust, Cell);

#[derive(PartialEq)]
enum Trust {
    /// A word or number of ours.
    Ours,
    /// Text that whoever wrote the log may have chosen.
    Log,
}

use Trust::{Log, Ours};

/// New columns go to the end.
const COLUMNS: &[Column] = &[
    Column("event_id", Ours, |e, _| borrowed(Some(&e.id))),
    Column("host", Log, |e, _| borrowed(e.host.as_deref())),
    Column("time_wall", Ours, |e, _| e.time.wall.map(|t| Cow::Owned(t.to_rfc3339()))),
    Column("time_text", Log, |e, _| borrowed(e.time.text.as_deref())),
    Column("monotonic_seconds", Ours, |e, _| shown(e.time.monotonic_seconds)),
    Column("source_name", Log, |e, _| borrowed(Some(&e.source.name))),
    Column("first_line", Ours, |e, _| shown(Some(e.source.first_line))),
    Column("constraint", Log, |e, _| borrowed(Some(e.constraint.as_str()))),
    Column("scope", Log, |e, _| borrowed(Some(e.scope.as_str()))),
    Column("outcome", Log, |e, _| borrowed(Some(e.outcome.as_str()))),
    Column("completeness", Log, |e, _| borrowed(Some(e.completeness.as_str()))),
    Column("verdict", Log, |e, _| borrowed(Some(e.verdict.kind.as_str()))),
    Column("confidence", Log, |e, _| borrowed(Some(e.verdict.confidence.as_str()))),
    Column("trigger_comm", Log, |e, _| borrowed(e.trigger.as_ref()?.comm.as_deref())),
    Column("trigger_pid", Ours, |e, _| shown(e.trigger.as_ref()?.pid)),
    Column("trigger_order", Ours, |e, _| shown(e.trigger.as_ref()?.order)),
    Column("trigger_oom_score_adj", Ours, |e, _| shown(e.trigger.as_ref()?.oom_score_adj)),
    Column("oom_memcg", Log, |e, _| borrowed(e.memcg.as_ref()?.oom_memcg.as_deref())),
    Column("task_memcg", Log, |e, v| {
        let of_event = || e.memcg.as_ref()?.task_memcg.as_deref();
        borrowed(v.and_then(|v| v.task_memcg.as_deref()).or_else(of_event))
    }),
    Column("memory_usage_bytes", Ours, |e, _| shown(Some(e.memcg.as_ref()?.memory.as_ref()?.usage_bytes.get()))),
    Column("memory_limit_bytes", Ours, |e, _| shown(Some(e.memcg.as_ref()?.memory.as_ref()?.limit_bytes?.get()))),
    Column("memory_failcnt", Ours, |e, _| shown(Some(e.memcg.as_ref()?.memory.as_ref()?.failcnt))),
    Column("victim_pid", Ours, |_, v| shown(Some(v?.pid))),
    Column("victim_comm", Log, |_, v| borrowed(v?.comm.as_deref())),
    Column("victim_uid", Ours, |_, v| shown(v?.uid)),
    Column("victim_total_vm_bytes", Ours, |_, v| shown(v?.total_vm_bytes.map(|b| b.get()))),
    Column("victim_anon_rss_bytes", Ours, |_, v| shown(v?.anon_rss_bytes.map(|b| b.get()))),
    Column("victim_file_rss_bytes", Ours, |_, v| shown(v?.file_rss_bytes.map(|b| b.get()))),
    Column("victim_shmem_rss_bytes", Ours, |_, v| shown(v?.shmem_rss_bytes.map(|b| b.get()))),
    Column("victim_page_tables_bytes", Ours, |_, v| shown(v?.page_tables_bytes.map(|b| b.get()))),
    Column("victim_oom_score_adj", Ours, |_, v| shown(v?.oom_score_adj)),
    Column("container_runtime", Log, |e, _| borrowed(Some(e.container.as_ref()?.runtime.as_str()))),
    Column("container_id", Log, |e, _| borrowed(e.container.as_ref()?.id.as_deref())),
    Column("pod_uid", Log, |e, _| borrowed(e.container.as_ref()?.pod_uid.as_deref())),
    Column("qos_class", Log, |e, _| borrowed(Some(e.container.as_ref()?.qos_class.as_ref()?.as_str()))),
    Column("diagnostics", Ours, |e, _| shown(Some(e.diagnostics.len()))),
    Column("namespace", Log, |e, _| borrowed(e.cluster.as_ref()?.namespace.as_deref())),
    Column("pod", Log, |e, _| borrowed(e.cluster.as_ref()?.pod.as_deref())),
    Column("workload", Log, |e, _| borrowed(e.cluster.as_ref()?.workload.as_deref())),
    Column("container", Log, |e, _| borrowed(e.cluster.as_ref()?.container.as_deref())),
    Column("node", Log, |e, _| borrowed(e.cluster.as_ref()?.node.as_deref())),
    Column("request_bytes", Ours, |e, _| shown(e.cluster.as_ref()?.request_bytes.map(|b| b.get()))),
    Column("limit_bytes", Ours, |e, _| shown(e.cluster.as_ref()?.limit_bytes.map(|b| b.get()))),
    Column("limit_at_kill_bytes", Ours, |e, _| shown(e.cluster.as_ref()?.limit_at_kill_bytes.map(|b| b.get()))),
    Column("limit_change", Ours, |e, _| borrowed(e.cluster.as_ref()?.limit_change.as_ref().map(|w| w.as_str()))),
    Column("restart_count", Ours, |e, _| shown(e.cluster.as_ref()?.restart_count)),
    Column("last_reason", Log, |e, _| borrowed(e.cluster.as_ref()?.last_state.as_ref()?.reason.as_deref())),
    Column("visibility", Ours, |e, _| borrowed(e.cluster.as_ref()?.visibility.as_ref().map(|w| w.as_str()))),
    Column("agreement", Ours, |e, _| borrowed(e.cluster.as_ref()?.agreement.as_ref().map(|w| w.as_str()))),
];

fn borrowed(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(Cow::Borrowed)
}

fn shown<T: ToString>(value: Option<T>) -> Option<Cow<'static, str>> {
    value.map(|v| Cow::Owned(v.to_string()))
}

/// Text that a spreadsheet would run as a formula gets a leading `'`.
pub(super) fn guard(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { Cow::Owned(format!("'{text}")) } else { text }
}

/// Rows for events.
pub(super) struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    begun: bool,
}

impl<W: Write> CsvWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out: csv::Writer::from_writer(out), begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            self.out.write_record(COLUMNS.iter().map(|c| c.0)).map_err(plain)?;
        }
        Ok(())
    }

    fn row(&mut self, event: &Event, victim: Option<&Victim>) -> io::Result<()> {
        for Column(_, trust, cell) in COLUMNS {
            let text = cell(event, victim).unwrap_or_default();
            let text = if *trust == Log { guard(text) } else { text };
            self.out.write_field(text.as_bytes()).map_err(plain)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(plain)
    }
}

/// The system's error where there is one: a closed pipe must be told from a full disk.
pub(super) fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl<W: Write> EventWriter for CsvWriter<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.begin()?;
        if event.victims.is_empty() {
            return self.row(event, None);
        }
        event.victims.iter().try_for_each(|victim| self.row(event, Some(victim)))
    }

    /// A row is a victim's: companions have none.
    fn companion(&mut self, _: &Companion) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.out.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rows(events: &[Event]) -> Vec<csv::StringRecord> {
        let mut out = Vec::new();
        let mut writer = CsvWriter::new(&mut out);
        for event in events {
            writer.event(event).unwrap();
        }
        writer.finish().unwrap();
        drop(writer);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&out[..]);
        reader.records().map(Result::unwrap).collect()
    }

    fn cell<'r>(rows: &'r [csv::StringRecord], row: usize, column: &str) -> &'r str {
        let index = rows[0].iter().position(|name| name == column).unwrap();
        &rows[row][index]
    }

    #[test]
    fn the_header_is_stable_and_stands_alone_when_there_is_nothing_else() {
        let header = rows(&[]);
        assert_eq!(header.len(), 1);
        assert_eq!(
            header[0].iter().collect::<Vec<_>>().join(","),
            "event_id,host,time_wall,time_text,monotonic_seconds,source_name,first_line,constraint,scope,outcome,\
             completeness,verdict,confidence,trigger_comm,trigger_pid,trigger_order,trigger_oom_score_adj,oom_memcg,\
             task_memcg,memory_usage_bytes,memory_limit_bytes,memory_failcnt,victim_pid,victim_comm,victim_uid,\
             victim_total_vm_bytes,victim_anon_rss_bytes,victim_file_rss_bytes,victim_shmem_rss_bytes,\
             victim_page_tables_bytes,victim_oom_score_adj,container_runtime,container_id,pod_uid,qos_class,diagnostics,\
             namespace,pod,workload,container,node,request_bytes,limit_bytes,limit_at_kill_bytes,limit_change,\
             restart_count,last_reason,visibility,agreement"
        );
    }

    #[test]
    fn the_help_names_every_column_in_order() {
        use clap::CommandFactory;
        let mut command = crate::cli::Cli::command();
        let help = command.find_subcommand_mut("parse").unwrap().render_long_help().to_string();
        let columns = help.split("The columns:").nth(1).unwrap().split("Exit codes:").next().unwrap();
        assert_eq!(columns.split_whitespace().collect::<Vec<_>>(), COLUMNS.iter().map(|c| c.0).collect::<Vec<_>>());
    }

    #[test]
    fn each_victim_is_a_row_and_no_victim_is_one_too() {
        let mut event = sample::container_kill();
        let mut second = event.victims[0].clone();
        second.pid = 4243;
        event.victims.push(second);
        let mut nobody = sample::container_kill();
        nobody.victims.clear();
        let rows = rows(&[event, nobody]);
        assert_eq!(rows.len(), 4);
        assert_eq!(["victim_pid", "event_id"].map(|c| cell(&rows, 1, c)), ["4242", "e1"]);
        assert_eq!(["victim_pid", "event_id"].map(|c| cell(&rows, 2, c)), ["4243", "e1"]);
        assert_eq!(["victim_pid", "victim_comm"].map(|c| cell(&rows, 3, c)), ["", ""]);
        assert_eq!(cell(&rows, 1, "memory_limit_bytes"), "134217728");
        assert_eq!(cell(&rows, 1, "monotonic_seconds"), "11.671152");
        assert_eq!(cell(&rows, 1, "time_wall"), "2026-11-23T17:13:34+01:00");
    }

    #[test]
    fn text_from_the_log_never_becomes_a_formula_but_numbers_stay_numbers() {
        let mut event = sample::container_kill();
        for name in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            event.victims[0].comm = Some(name.to_owned());
            event.victims[0].oom_score_adj = Some(-998);
            let rows = rows(std::slice::from_ref(&event));
            assert_eq!(cell(&rows, 1, "victim_comm"), format!("'{name}"));
            assert_eq!(cell(&rows, 1, "victim_oom_score_adj"), "-998");
        }
    }
}
