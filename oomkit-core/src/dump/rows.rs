//! The rows of a task table before its columns have units: their texts in few pieces, for machines have thousands of
//! tasks. None of them is moved when there are more: what a growing text leaves behind would add up to the same again.

/// The first piece, for a small table.
const FIRST: usize = 4 << 10;
/// Those behind it.
const FURTHER: usize = 64 << 10;

#[derive(Debug, Default)]
pub(super) struct Rows {
    pieces: Vec<Vec<u8>>,
    /// Each row's pid, the piece that holds its text, and where in it the text ends.
    rows: Vec<(u32, u32, u32)>,
}

impl Rows {
    /// Makes room for a small table.
    pub(super) fn expect(&mut self) {
        self.rows.reserve(64);
    }

    /// Adds what stands behind the pid.
    pub(super) fn push(&mut self, pid: u32, rest: &[u8]) {
        let fits = |piece: &Vec<u8>| piece.capacity() - piece.len() >= rest.len();
        if !self.pieces.last().is_some_and(fits) {
            let usual = if self.pieces.is_empty() { FIRST } else { FURTHER };
            self.pieces.push(Vec::with_capacity(usual.max(rest.len())));
        }
        let number = self.pieces.len().saturating_sub(1) as u32;
        if let Some(piece) = self.pieces.last_mut() {
            piece.extend_from_slice(rest);
            self.rows.push((pid, number, piece.len() as u32));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn last_pid(&self) -> Option<u32> {
        self.rows.last().map(|(pid, ..)| *pid)
    }

    pub(super) fn has(&self, pid: u32) -> bool {
        self.rows.iter().any(|row| row.0 == pid)
    }

    /// Pids, and what stands behind them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> + Clone {
        let mut before = (0, 0);
        self.rows.iter().map(move |(pid, number, end)| {
            let start = if before.0 == *number { before.1 } else { 0 };
            before = (*number, *end);
            let piece = self.pieces.get(*number as usize).map(Vec::as_slice).unwrap_or_default();
            (*pid, piece.get(start as usize..*end as usize).unwrap_or_default())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_over_all_pieces() {
        let row = |n: usize| " x".repeat(n % 90) + &n.to_string();
        let mut rows = Rows::default();
        for n in 0..5000 {
            rows.push(n as u32, row(n).as_bytes());
        }
        // longer than a piece, and nothing at all
        rows.push(5000, &[b'x'; FURTHER + 1]);
        rows.push(5001, b"");
        assert_eq!((rows.len(), rows.last_pid(), rows.has(4711), rows.has(5002)), (5002, Some(5001), true, false));
        assert!(rows.pieces.len() > 5);
        let back: Vec<(u32, Vec<u8>)> = rows.iter().map(|(pid, rest)| (pid, rest.to_vec())).collect();
        for (n, (pid, rest)) in back[..5000].iter().enumerate() {
            assert_eq!((*pid as usize, rest.as_slice()), (n, row(n).as_bytes()));
        }
        assert_eq!((back[5000].1.len(), back[5001].1.len()), (FURTHER + 1, 0));
    }
}
