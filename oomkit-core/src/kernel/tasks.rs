//! The tasks table: headings, rows, and a row's columns by the names of its heading.

use super::comm::is_comm;
use super::message::Message;
use super::value::*;

/// `[ pid ]   uid  tgid total_vm      rss cpu oom_adj name`; a heading cut or wrapped lacks `name`.
pub(super) fn columns(i: &[u8]) -> Read<'_, Message<'_>> {
    let (i, _) = delimited(char('['), delimited(spaces, tag("pid"), spaces), char(']')).parse(i)?;
    let columns: Vec<&[u8]> = i.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let known =
        columns.iter().all(|name| name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_'));
    if columns.is_empty() || !known { mismatch(i) } else { Ok((&b""[..], Message::TasksColumns(columns))) }
}

/// `[  62769]     0 62769     4382      411    77824        0          -998 cp`. At least two numbers must follow, so
/// that `[ 12] hello` is none. By hand: machines have thousands of tasks.
pub(super) fn task_row(i: &[u8]) -> Read<'_, Message<'_>> {
    let row = || {
        let (pid, rest) = decimal(i.strip_prefix(b"[")?.trim_ascii_start());
        let (pid, rest) = (u32::try_from(pid?).ok()?, rest.strip_prefix(b"]")?);
        let (after, _) = number(number(rest)?.0)?;
        let ends = after.first().is_none_or(|b| *b == b' ') || after.trim_ascii_start().is_empty();
        ends.then_some((&b""[..], Message::TaskRow { pid, rest }))
    };
    row().map_or_else(|| mismatch(i), Ok)
}

/// Those of a heading's columns that are before `name`, and so are numbers; `None` where the heading has lost it.
pub(crate) fn before_name<'c, 'n>(columns: &'c [&'n [u8]]) -> Option<&'c [&'n [u8]]> {
    columns.get(..columns.iter().position(|column| *column == b"name")?)
}

/// Reads the numbers of a row, which follow its `]`: one for each column before `name`, or no value where it is beyond
/// `i64`. What follows them holds the name; `None` if the row is cut, or does not fit.
pub(crate) fn numbers<'a, C>(rest: &'a [u8], columns: &[C], mut each: impl FnMut(&C, Option<i64>)) -> Option<&'a [u8]> {
    columns.iter().try_fold(rest, |rest, column| {
        let (after, value) = number(rest)?;
        each(column, value);
        Some(after)
    })
}

/// The name after a row's numbers: exactly one space, and the rest, unmodified (which may start with spaces or digits,
/// or be empty).
pub(crate) fn name(after: &[u8]) -> Option<&[u8]> {
    // a transport may have trimmed the space before an empty name
    let name = if after.is_empty() { after } else { after.strip_prefix(b" ")? };
    // or have padded the line
    let name = if is_comm(name) { name } else { name.trim_ascii_end() };
    is_comm(name).then_some(name)
}

/// Blanks and a number, and what follows; no value where it is beyond `i64`. In one pass: a machine has thousands
/// of tasks, and a row ten numbers.
#[inline(always)]
fn number(i: &[u8]) -> Option<(&[u8], Option<i64>)> {
    let (negative, digits) = match after_spaces(i.strip_prefix(b" ")?) {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (value, after) = decimal(digits);
    let value = if negative { value.and_then(i64::checked_neg) } else { value };
    (after.len() < digits.len()).then_some((after, value))
}

fn spaces(i: &[u8]) -> Read<'_, &[u8]> {
    take_while(|b| b == b' ').parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "[ pid ]   uid  tgid total_vm      rss cpu oom_adj name";
    const EL7: &str = "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name";
    const NEW: &str = "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name";

    fn names(text: &str) -> Option<Vec<&[u8]>> {
        match columns(text.as_bytes()) {
            Ok((_, Message::TasksColumns(columns))) => Some(columns),
            _ => None,
        }
    }

    fn row<'a>(rest: &'a [u8], columns: &[&[u8]]) -> Option<(Vec<Option<i64>>, &'a [u8])> {
        let mut values = Vec::new();
        let behind = numbers(rest, before_name(columns)?, |_, value| values.push(value))?;
        Some((values, name(behind)?))
    }

    #[test]
    fn headings() {
        assert_eq!(names(OLD).unwrap(), [&b"uid"[..], b"tgid", b"total_vm", b"rss", b"cpu", b"oom_adj", b"name"]);
        assert_eq!(names(EL7).map(|columns| columns.len()), Some(8));
        assert_eq!(names(NEW).map(|columns| columns.len()), Some(11));
        assert_eq!(names("[ pid ]   uid  tgid total_vm      rss cpu oom_adj").map(|columns| columns.len()), Some(6));
        assert_eq!(names("[ pid ]"), None);
        assert_eq!(names("[ pid ] Hello: x"), None);
    }

    #[test]
    fn rows_by_their_heading() {
        type Case = (&'static str, &'static str, u32, &'static [i64], &'static str);
        let table: &[Case] = &[
            (
                NEW,
                "[    154]  1000   154    86548    61821    61690        0       131   540672        0           200 memhog",
                154,
                &[1000, 154, 86548, 61821, 61690, 0, 131, 540_672, 0, 200],
                "memhog",
            ),
            (
                EL7,
                "[28438]     0 28438     3010      169       9        0         -1000 (sd-pam)",
                28438,
                &[0, 28438, 3010, 169, 9, 0, -1000],
                "(sd-pam)",
            ),
            (
                OLD,
                "[ 2601]    48  2601    12345      678   1     -17 httpd",
                2601,
                &[48, 2601, 12345, 678, 1, -17],
                "httpd",
            ),
            // pids and sizes beyond their width, a uid of -1
            (
                EL7,
                "[4194303] 4294967295 4194303 123456789012 1 2 3 4 x",
                4_194_303,
                &[4_294_967_295, 4_194_303, 123_456_789_012, 1, 2, 3, 4],
                "x",
            ),
            // names of digits, of spaces, with a newline, empty, empty and trimmed
            (OLD, "[    1]     0     1      100       10   0       0 12345", 1, &[0, 1, 100, 10, 0, 0], "12345"),
            (OLD, "[    1]     0     1      100       10   0       0  lead", 1, &[0, 1, 100, 10, 0, 0], " lead"),
            (OLD, "[    1]     0     1      100       10   0       0 trail  ", 1, &[0, 1, 100, 10, 0, 0], "trail  "),
            (
                OLD,
                "[    1]     0     1      100       10   0       0 new\nline",
                1,
                &[0, 1, 100, 10, 0, 0],
                "new\nline",
            ),
            (OLD, "[    1]     0     1      100       10   0       0 ", 1, &[0, 1, 100, 10, 0, 0], ""),
            (OLD, "[    1]     0     1      100       10   0       0", 1, &[0, 1, 100, 10, 0, 0], ""),
            (
                OLD,
                "[    1]     0     1      100       10   0       0 httpd           ",
                1,
                &[0, 1, 100, 10, 0, 0],
                "httpd",
            ),
        ];
        for &(header, text, pid, values, name) in table {
            let Ok((_, Message::TaskRow { pid: found, rest })) = task_row(text.as_bytes()) else { panic!("{text}") };
            assert_eq!(found, pid, "{text}");
            let expected = (values.iter().copied().map(Some).collect(), name.as_bytes());
            assert_eq!(row(rest, &names(header).unwrap()), Some(expected), "{text}");
        }
    }

    #[test]
    fn rows_that_do_not_fit() {
        let columns = names(OLD).unwrap();
        for rest in [
            "     0     1      100",
            "     0     1      100       10   0       0httpd",
            "     0     1      100       10   0       0 a name of more than 15 bytes",
            "",
        ] {
            assert_eq!(row(rest.as_bytes(), &columns), None, "{rest}");
        }
        assert_eq!(row(b" 1 2 3 x", &[b"uid", b"tgid"]), None, "heading without name");
        assert_eq!(row(b" 99999999999999999999 x", &[b"uid", b"name"]), Some((vec![None], &b"x"[..])));
        for text in
            ["[  123] hello", "[  123]", "[  123] 5 packets", "[   71.146532] 1 2 3", "[123]4 5", "[5000000000] 1 2"]
        {
            assert!(task_row(text.as_bytes()).is_err(), "{text}");
        }
    }
}
