//! The task table: columns by their header's names, pages in bytes once the page size is known.

use super::draft::{Draft, Kill, set_name, text};
use crate::event::{DiagnosticKind, Task};
use crate::kernel::layout::infer;
use crate::kernel::tasks::row;
use crate::units::{Bytes, PageSize, Pages};

/// A row split into the header's columns.
pub(super) struct Split {
    pid: u32,
    name: Box<[u8]>,
    values: Vec<Option<i64>>,
}

/// The columns: the header's, or those whose widths every row has.
pub(super) fn columns(draft: &mut Draft) -> Vec<Box<[u8]>> {
    if let Some(columns) = draft.columns.take() {
        return columns;
    }
    let inferred = infer(draft.rows.iter().map(|row| &*row.rest)).filter(|_| !draft.rows.is_empty());
    if inferred.is_some() {
        let message = "the task table's header is not in the log: its columns are known by their widths";
        draft.note_at(DiagnosticKind::Assumed, message.to_owned(), None);
    }
    inferred.unwrap_or_default().into_iter().map(Into::into).collect()
}

/// Splits the rows by the header. Rows without a header, or that do not follow it, are counted in a diagnostic.
pub(super) fn split(draft: &mut Draft, columns: &[Box<[u8]>]) -> Vec<Split> {
    let names: Vec<&[u8]> = columns.iter().map(|c| &**c).collect();
    let mut rows = std::mem::take(&mut draft.rows);
    let mut unread = 0;
    let mut out = Vec::with_capacity(rows.len());
    for one in &mut rows {
        // a record of another with the same timestamp is no part of the name
        let first_line = || one.rest.split(|b| *b == b'\n').next().and_then(|line| row(line, &names));
        match row(&one.rest, &names).or_else(first_line).filter(|_| !columns.is_empty()) {
            Some(found) => out.push(Split { pid: one.pid, name: found.name.into(), values: found.values }),
            None => unread += 1,
        }
        // only the pids are asked for from here on
        one.rest = Box::default();
    }
    draft.rows = rows;
    if unread > 0 {
        let why = if columns.is_empty() { "the table's header is not in the log" } else { "they are cut" };
        let at = draft.table_line.map(|line| (line, draft.place.first_byte));
        draft.note_at(DiagnosticKind::Unreadable, format!("{unread} rows of the task table cannot be read: {why}"), at);
    }
    out
}

/// Victims that settle the page size.
const ENOUGH: usize = 16;

/// The page size that makes a victim's pages its kB: the only one of the three that does, over all victims.
pub(super) fn page_size(rows: &[Split], columns: &[Box<[u8]>], kills: &[Kill]) -> Option<PageSize> {
    let total_vm = columns.iter().position(|c| &**c == b"total_vm")?;
    let pairs: Vec<(u64, u64)> = kills
        .iter()
        .take(ENOUGH)
        .filter_map(|kill| {
            let row = rows.iter().find(|row| row.pid == kill.pid)?;
            let pages = u64::try_from((*row.values.get(total_vm)?)?).ok().filter(|pages| *pages > 0)?;
            Some((pages, kill.sizes.total_vm?.get()))
        })
        .collect();
    let mut fitting = [4096, 16384, 65536].into_iter().filter(|size| {
        !pairs.is_empty() && pairs.iter().all(|(pages, bytes)| pages.checked_mul(*size) == Some(*bytes))
    });
    let found = fitting.next().and_then(PageSize::new);
    found.filter(|_| fitting.next().is_none())
}

/// What a column holds.
#[derive(Debug, Clone, Copy)]
enum Column<'c> {
    Uid,
    Tgid,
    /// In pages.
    Pages(fn(&mut Task) -> &mut Option<Bytes>),
    /// Bytes, although the line above the header says pages.
    PageTableBytes,
    /// Pages of page tables; 4.0 – 4.14 count the two upper levels apart.
    PageTables,
    OomAdj,
    OomScoreAdj,
    Other(&'c [u8]),
}

impl<'c> Column<'c> {
    fn of(name: &'c [u8]) -> Self {
        match name {
            b"uid" => Self::Uid,
            b"tgid" => Self::Tgid,
            b"total_vm" => Self::Pages(|task| &mut task.total_vm_bytes),
            b"rss" => Self::Pages(|task| &mut task.rss_bytes),
            b"rss_anon" => Self::Pages(|task| &mut task.rss_anon_bytes),
            b"rss_file" => Self::Pages(|task| &mut task.rss_file_bytes),
            b"rss_shmem" => Self::Pages(|task| &mut task.rss_shmem_bytes),
            b"swapents" => Self::Pages(|task| &mut task.swap_bytes),
            b"pgtables_bytes" => Self::PageTableBytes,
            b"nr_ptes" | b"nr_pmds" | b"nr_puds" => Self::PageTables,
            b"oom_adj" => Self::OomAdj,
            b"oom_score_adj" => Self::OomScoreAdj,
            other => Self::Other(other),
        }
    }
}

/// The rows as tasks.
pub(super) fn convert(rows: Vec<Split>, columns: &[Box<[u8]>], page: PageSize) -> Vec<Task> {
    let columns: Vec<Column<'_>> = columns.iter().map(|name| Column::of(name)).collect();
    rows.into_iter().map(|row| task(row, &columns, page)).collect()
}

fn task(row: Split, columns: &[Column<'_>], page: PageSize) -> Task {
    let mut task = Task { pid: row.pid, ..Task::default() };
    let mut comm = None;
    set_name(&mut comm, &mut task.comm_raw, &row.name);
    task.comm = comm.unwrap_or_default();
    let mut ptes: Option<u64> = None;
    for (column, value) in columns.iter().zip(row.values) {
        let Some(value) = value else { continue };
        let unsigned = u64::try_from(value).ok();
        match column {
            Column::Uid => task.uid = u32::try_from(value).ok(),
            Column::Tgid => task.tgid = u32::try_from(value).ok(),
            Column::Pages(field) => *field(&mut task) = unsigned.map(|n| Pages(n).to_bytes(page)),
            Column::PageTableBytes => task.page_tables_bytes = unsigned.map(Bytes),
            Column::PageTables => ptes = Some(ptes.unwrap_or(0).saturating_add(unsigned.unwrap_or(0))),
            Column::OomAdj => task.oom_adj = i32::try_from(value).ok(),
            Column::OomScoreAdj => task.oom_score_adj = i32::try_from(value).ok(),
            Column::Other(name) => {
                task.extra.insert(text(name), value);
            }
        }
    }
    if let Some(ptes) = ptes {
        task.page_tables_bytes = Some(Pages(ptes).to_bytes(page));
    }
    task
}
