//! The rows of a task table before its columns have units: their texts in one piece, for machines have thousands of
//! tasks.

#[derive(Debug, Default)]
pub(super) struct Rows {
    text: Vec<u8>,
    /// Each row's pid, and where its text ends.
    rows: Vec<(u32, usize)>,
}

impl Rows {
    /// Makes room for a small table.
    pub(super) fn expect(&mut self) {
        self.text.reserve(4096);
        self.rows.reserve(64);
    }

    /// Adds what stands behind the pid.
    pub(super) fn push(&mut self, pid: u32, rest: &[u8]) {
        self.text.extend_from_slice(rest);
        self.rows.push((pid, self.text.len()));
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn last_pid(&self) -> Option<u32> {
        self.rows.last().map(|(pid, _)| *pid)
    }

    pub(super) fn has(&self, pid: u32) -> bool {
        self.rows.iter().any(|row| row.0 == pid)
    }

    /// Pids, and what stands behind them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> + Clone {
        let mut start = 0;
        self.rows.iter().map(move |(pid, end)| (*pid, &self.text[std::mem::replace(&mut start, *end)..*end]))
    }
}
