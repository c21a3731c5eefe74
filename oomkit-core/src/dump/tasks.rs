//! The task table: columns by their header's names, pages in bytes once the page size is known.

use super::draft::{Draft, Kill, text};
use super::rows::Rows;
use crate::event::{DiagnosticKind, RawBytes, Task};
use crate::kernel::layout::infer;
use crate::kernel::tasks::{before_name, name, numbers};
use crate::units::{Bytes, PageSize, Pages};

/// A table whose columns are known by name.
#[derive(Debug)]
pub(super) struct TaskTable {
    /// Those before the name; `None` where the header is lost, or cut before it.
    columns: Option<Vec<Column>>,
    /// Why rows cannot be read.
    why: &'static str,
}

/// What a column holds.
#[derive(Debug)]
enum Column {
    Uid,
    Tgid,
    /// In pages, as the other sizes.
    TotalVm,
    Rss,
    RssAnon,
    RssFile,
    RssShmem,
    Swap,
    /// Bytes, although the line above the header says pages.
    PageTableBytes,
    /// Pages of page tables; 4.0 – 4.14 count the two upper levels apart.
    PageTables,
    OomAdj,
    OomScoreAdj,
    Other(String),
}

impl Column {
    fn of(name: &[u8]) -> Self {
        match name {
            b"uid" => Self::Uid,
            b"tgid" => Self::Tgid,
            b"total_vm" => Self::TotalVm,
            b"rss" => Self::Rss,
            b"rss_anon" => Self::RssAnon,
            b"rss_file" => Self::RssFile,
            b"rss_shmem" => Self::RssShmem,
            b"swapents" => Self::Swap,
            b"pgtables_bytes" => Self::PageTableBytes,
            b"nr_ptes" | b"nr_pmds" | b"nr_puds" => Self::PageTables,
            b"oom_adj" => Self::OomAdj,
            b"oom_score_adj" => Self::OomScoreAdj,
            other => Self::Other(text(other)),
        }
    }
}

/// Victims that settle the page size.
const ENOUGH: usize = 16;

impl TaskTable {
    /// The table with the header's columns, or with those whose widths every row has.
    pub(super) fn of(draft: &mut Draft) -> Self {
        let header = draft.columns.take();
        let inferred = || infer(draft.rows.iter().map(|(_, rest)| rest)).filter(|_| !draft.rows.is_empty());
        let (names, is_inferred): (Option<Vec<&[u8]>>, bool) = match &header {
            Some(header) => (Some(header.split(|byte| *byte == b' ').collect()), false),
            None => (inferred(), true),
        };
        if is_inferred && names.is_some() {
            let message = "the task table's header is not in the log: its columns are known by their widths";
            draft.note_at(DiagnosticKind::Assumed, message.to_owned(), None);
        }
        Self {
            why: if names.is_some() { "they are cut" } else { "the table's header is not in the log" },
            columns: names.and_then(|names| Some(before_name(&names)?.iter().map(|name| Column::of(name)).collect())),
        }
    }

    /// Hands on the numbers of a row that follows the header, and gives its name.
    fn read<'r>(&self, rest: &'r [u8], each: impl FnMut(&Column, Option<i64>)) -> Option<&'r [u8]> {
        let behind = numbers(rest, self.columns.as_ref()?, each)?;
        // a record of another with the same timestamp is no part of the name
        name(behind).or_else(|| name(behind.split(|byte| *byte == b'\n').next()?))
    }

    /// The page size that makes a victim's pages its kB: the only one of the three that does, over all victims.
    pub(super) fn page_size(&self, rows: &Rows, kills: &[Kill]) -> Option<PageSize> {
        let total_vm = |rest: &[u8]| {
            let mut first = None;
            self.read(rest, |column, value| {
                if matches!(column, Column::TotalVm) {
                    first.get_or_insert(value);
                }
            })?;
            Some(first.flatten())
        };
        let pairs: Vec<(u64, u64)> = kills
            .iter()
            .take(ENOUGH)
            .filter_map(|kill| {
                let pages = rows.iter().filter(|row| row.0 == kill.pid).find_map(|(_, rest)| total_vm(rest))?;
                let pages = u64::try_from(pages?).ok().filter(|pages| *pages > 0)?;
                Some((pages, kill.sizes.total_vm?.get()))
            })
            .collect();
        let mut fitting = [4096, 16384, 65536].into_iter().filter(|size| {
            !pairs.is_empty() && pairs.iter().all(|(pages, bytes)| pages.checked_mul(*size) == Some(*bytes))
        });
        let found = fitting.next().and_then(PageSize::new);
        found.filter(|_| fitting.next().is_none())
    }

    /// The rows as tasks. Those that cannot be read are counted in a diagnostic.
    pub(super) fn tasks(&self, draft: &mut Draft, page: PageSize) -> Vec<Task> {
        let mut tasks = Vec::with_capacity(draft.rows.len());
        for (pid, rest) in draft.rows.iter() {
            // filled in its place: a task is large
            tasks.push(Task { pid, ..Task::default() });
            let filled = tasks.split_last_mut().and_then(|(task, before)| self.fill(task, before.last(), rest, page));
            if filled.is_none() {
                tasks.pop();
            }
        }
        let unread = draft.rows.len() - tasks.len();
        if unread > 0 {
            let at = draft.table_line.map(|line| (line, draft.span.first_byte));
            let message = format!("{unread} rows of the task table cannot be read: {}", self.why);
            draft.note_at(DiagnosticKind::Unreadable, message, at);
        }
        tasks
    }

    /// What a row says of its task; `None` where it cannot be read.
    fn fill(&self, task: &mut Task, before: Option<&Task>, rest: &[u8], page: PageSize) -> Option<()> {
        let mut page_tables: Option<u64> = None;
        let name = self.read(rest, |column, value| {
            let Some(value) = value else { return };
            let unsigned = u64::try_from(value).ok();
            let size = unsigned.map(|pages| Pages(pages).to_bytes(page));
            match column {
                Column::Uid => task.uid = u32::try_from(value).ok(),
                Column::Tgid => task.tgid = u32::try_from(value).ok(),
                Column::TotalVm => task.total_vm_bytes = size,
                Column::Rss => task.rss_bytes = size,
                Column::RssAnon => task.rss_anon_bytes = size,
                Column::RssFile => task.rss_file_bytes = size,
                Column::RssShmem => task.rss_shmem_bytes = size,
                Column::Swap => task.swap_bytes = size,
                Column::PageTableBytes => task.page_tables_bytes = unsigned.map(Bytes),
                Column::PageTables => {
                    page_tables = Some(page_tables.unwrap_or(0).saturating_add(unsigned.unwrap_or(0)));
                }
                Column::OomAdj => task.oom_adj = i32::try_from(value).ok(),
                Column::OomScoreAdj => task.oom_score_adj = i32::try_from(value).ok(),
                Column::Other(name) => {
                    task.extra.insert(name.clone(), value);
                }
            }
        })?;
        // workers stand behind one another: a name that was read need not be read again
        match before.filter(|before| before.comm.as_bytes() == name) {
            Some(before) => task.comm.clone_from(&before.comm),
            None => (task.comm, task.comm_raw) = RawBytes::lossy(name),
        }
        if let Some(pages) = page_tables {
            task.page_tables_bytes = Some(Pages(pages).to_bytes(page));
        }
        Some(())
    }
}
