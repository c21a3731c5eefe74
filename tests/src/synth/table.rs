//! The tasks table.

use super::model::{Dump, Task};
use super::{Era, Out};

/// Bytes of page tables a row or kill line stands for.
pub fn table_bytes(dump: &Dump, task: &Task) -> u64 {
    (task.tables + task.pmds) * dump.page_kb * 1024
}

/// Header and rows.
pub fn print(dump: &Dump, era: Era, out: &mut Out) {
    if era == Era::V2_6_18 || !dump.with_table {
        return;
    }
    if era.base() >= 419 {
        out.line(6, "Tasks state (memory values in pages):");
    }
    out.line(6, header(era));
    for task in &dump.tasks {
        out.pieces(6, &[row(dump, era, task).as_bytes(), b" ", &task.comm]);
    }
}

fn header(era: Era) -> &'static str {
    match era.base() {
        232 if era == Era::V2_6_32 => "[ pid ]   uid  tgid total_vm      rss cpu oom_adj name",
        232 => "[ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name",
        ..=319 => "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name",
        ..=414 => "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name",
        ..=418 => "[ pid ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
        ..=605 => "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
        _ => {
            "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name"
        }
    }
}

fn row(dump: &Dump, era: Era, t: &Task) -> String {
    let Task { pid, uid, tgid, total_vm: vm, anon, file, shmem, tables, pmds, swap, adj, old_adj, .. } = t;
    let rss = anon + file + shmem;
    let bytes = table_bytes(dump, t);
    match era.base() {
        232 if era == Era::V2_6_32 => format!("[{pid:5}] {uid:5} {tgid:5} {vm:8} {rss:8} {:3}     {old_adj:3}", 1),
        232 => format!("[{pid:5}] {uid:5} {tgid:5} {vm:8} {rss:8} {:3}     {old_adj:3}         {adj:5}", 1),
        ..=319 => format!("[{pid:5}] {uid:5} {tgid:5} {vm:8} {rss:8} {tables:7} {swap:8}         {adj:5}"),
        ..=414 => format!("[{pid:5}] {uid:5} {tgid:5} {vm:8} {rss:8} {tables:7} {pmds:7} {swap:8}         {adj:5}"),
        ..=418 => format!("[{pid:5}] {uid:5} {tgid:5} {vm:8} {rss:8} {bytes:8} {swap:8}         {adj:5}"),
        ..=605 => format!("[{pid:7}] {uid:5} {tgid:5} {vm:8} {rss:8} {bytes:8} {swap:8}         {adj:5}"),
        _ => format!(
            "[{pid:7}] {uid:5} {tgid:5} {vm:8} {rss:8} {anon:8} {file:8} {shmem:9} {bytes:8} {swap:8}         {adj:5}"
        ),
    }
}
