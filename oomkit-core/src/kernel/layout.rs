//! Rows of a task table whose header is lost: every kernel prints its columns at widths of its own.

use super::tasks::{name, numbers};

/// Columns before the name, each with the blanks its format puts before it and its minimum width.
type Layout = &'static [(&'static str, usize, usize)];

/// `%5d %5d %8lu %8lu …` behind the bracketed pid, by kernel.
const LAYOUTS: [Layout; 6] = [
    // 2.6.25 – 2.6.35
    &[("uid", 1, 5), ("tgid", 1, 5), ("total_vm", 1, 8), ("rss", 1, 8), ("cpu", 1, 3), ("oom_adj", 5, 3)],
    // 2.6.36 – 3.4
    &[
        ("uid", 1, 5),
        ("tgid", 1, 5),
        ("total_vm", 1, 8),
        ("rss", 1, 8),
        ("cpu", 1, 3),
        ("oom_adj", 5, 3),
        ("oom_score_adj", 9, 5),
    ],
    // 3.6 – 3.19, el7
    &[
        ("uid", 1, 5),
        ("tgid", 1, 5),
        ("total_vm", 1, 8),
        ("rss", 1, 8),
        ("nr_ptes", 1, 7),
        ("swapents", 1, 8),
        ("oom_score_adj", 9, 5),
    ],
    // 4.0 – 4.14
    &[
        ("uid", 1, 5),
        ("tgid", 1, 5),
        ("total_vm", 1, 8),
        ("rss", 1, 8),
        ("nr_ptes", 1, 7),
        ("nr_pmds", 1, 7),
        ("swapents", 1, 8),
        ("oom_score_adj", 9, 5),
    ],
    // 4.15 – 6.5
    &[
        ("uid", 1, 5),
        ("tgid", 1, 5),
        ("total_vm", 1, 8),
        ("rss", 1, 8),
        ("pgtables_bytes", 1, 8),
        ("swapents", 1, 8),
        ("oom_score_adj", 9, 5),
    ],
    // 6.8 –
    &[
        ("uid", 1, 5),
        ("tgid", 1, 5),
        ("total_vm", 1, 8),
        ("rss", 1, 8),
        ("rss_anon", 1, 8),
        ("rss_file", 1, 8),
        ("rss_shmem", 1, 9),
        ("pgtables_bytes", 1, 8),
        ("swapents", 1, 8),
        ("oom_score_adj", 9, 5),
    ],
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

fn fits(rest: &[u8], layout: Layout) -> bool {
    let mut printed = String::with_capacity(rest.len());
    let mut exact = true;
    let behind = numbers(rest, layout, |(_, blanks, width), value| match value {
        Some(value) => {
            printed.push_str(&" ".repeat(*blanks));
            printed.push_str(&format!("{value:width$}"));
        }
        None => exact = false,
    });
    exact && behind.and_then(name).is_some() && behind == rest.strip_prefix(printed.as_bytes())
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
