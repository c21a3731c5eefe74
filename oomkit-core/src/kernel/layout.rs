//! Rows of a task table whose header is lost: every kernel prints its columns at widths of its own.

use super::tasks::{name, numbers};

/// A column: its name, the blanks that the format puts before it, and its minimum width.
type Column = (&'static str, usize, usize);

const UID: Column = ("uid", 1, 5);
const TGID: Column = ("tgid", 1, 5);
const TOTAL_VM: Column = ("total_vm", 1, 8);
const RSS: Column = ("rss", 1, 8);
const CPU: Column = ("cpu", 1, 3);
const OOM_ADJ: Column = ("oom_adj", 5, 3);
const PTES: Column = ("nr_ptes", 1, 7);
const PMDS: Column = ("nr_pmds", 1, 7);
const PAGE_TABLES: Column = ("pgtables_bytes", 1, 8);
const ANON: Column = ("rss_anon", 1, 8);
const FILE: Column = ("rss_file", 1, 8);
const SHMEM: Column = ("rss_shmem", 1, 9);
const SWAP: Column = ("swapents", 1, 8);
const SCORE_ADJ: Column = ("oom_score_adj", 9, 5);

/// The columns between the bracketed pid and the name (`%5d %5d %8lu %8lu …`), by kernel.
const LAYOUTS: [&[Column]; 6] = [
    // 2.6.25 – 2.6.35
    &[UID, TGID, TOTAL_VM, RSS, CPU, OOM_ADJ],
    // 2.6.36 – 3.4
    &[UID, TGID, TOTAL_VM, RSS, CPU, OOM_ADJ, SCORE_ADJ],
    // 3.6 – 3.19, el7
    &[UID, TGID, TOTAL_VM, RSS, PTES, SWAP, SCORE_ADJ],
    // 4.0 – 4.14
    &[UID, TGID, TOTAL_VM, RSS, PTES, PMDS, SWAP, SCORE_ADJ],
    // 4.15 – 6.5
    &[UID, TGID, TOTAL_VM, RSS, PAGE_TABLES, SWAP, SCORE_ADJ],
    // 6.8 –
    &[UID, TGID, TOTAL_VM, RSS, ANON, FILE, SHMEM, PAGE_TABLES, SWAP, SCORE_ADJ],
];

/// The columns that every row fits when printed again; `None` where none does, or more than one.
pub(crate) fn infer<'a>(rows: impl Iterator<Item = &'a [u8]> + Clone) -> Option<Vec<&'static [u8]>> {
    let mut fitting = LAYOUTS.iter().filter(|layout| rows.clone().all(|row| fits(row, layout)));
    let found = fitting.next()?;
    if fitting.next().is_some() {
        return None;
    }
    Some(found.iter().map(|(name, ..)| name.as_bytes()).chain([&b"name"[..]]).collect())
}

fn fits(row: &[u8], layout: &[Column]) -> bool {
    let mut printed = String::with_capacity(row.len());
    let mut exact = true;
    let after = numbers(row, layout, |(_, blanks, width), value| match value {
        Some(value) => printed.push_str(&format!("{:blanks$}{value:width$}", "", blanks = *blanks, width = *width)),
        None => exact = false,
    });
    exact && after.and_then(name).is_some() && after == row.strip_prefix(printed.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(rows: &[&str]) -> Option<usize> {
        infer(rows.iter().map(|row| row.as_bytes())).map(|columns| columns.len())
    }

    #[test]
    fn each_era_prints_its_own_widths() {
        assert_eq!(columns(&["     0 22385     8083       24   1     -17         -1000 udevd"]), Some(8));
        assert_eq!(columns(&["     0  5038     2881      136   0       0 agetty"]), Some(7));
        assert_eq!(
            columns(&["     0 19418     3010      169       9        0             0 start_nls_agent"]),
            Some(8)
        );
        assert_eq!(columns(&["     0 11344    97590    46185     113       5        0             0 main"]), Some(9));
        assert_eq!(columns(&["     0 17456     4166      271    65536        0             0 sshd"]), Some(8));
        let new = "  1000   123     1607     1306     1181        1       124    49152        0           100 leader";
        assert_eq!(columns(&[new]), Some(11));
    }

    #[test]
    fn el7_and_4_15_differ_by_one_blank() {
        let el7 = infer([&b"     0 19418     3010      169       9        0             0 x"[..]].into_iter()).unwrap();
        assert_eq!(el7[4], b"nr_ptes");
        let later =
            infer([&b"     0 17456     4166      271    65536        0             0 x"[..]].into_iter()).unwrap();
        assert_eq!(later[4], b"pgtables_bytes");
    }

    #[test]
    fn rows_of_no_era_or_of_two_are_left_alone() {
        assert_eq!(columns(&[" 0 1 2 3 4 5 6 x"]), None);
        assert_eq!(
            columns(&[
                "     0 19418     3010      169       9        0             0 x",
                "     0 17456     4166      271    65536        0             0 x"
            ]),
            None
        );
    }
}
