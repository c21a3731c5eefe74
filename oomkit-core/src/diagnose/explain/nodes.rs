//! Lists of NUMA nodes as the kernel prints them: `0`, `0-1`, `0,2-3`.

/// Whether a node is in the list. A list that cannot be read holds every node.
pub(super) fn holds(list: &str, node: u32) -> bool {
    let mut readable = true;
    let inside = list.split(',').any(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        match (first.trim().parse::<u32>(), last.trim().parse::<u32>()) {
            (Ok(first), Ok(last)) => (first..=last).contains(&node),
            _ => {
                readable = false;
                false
            }
        }
    });
    inside || !readable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_numbers_and_ranges() {
        assert!(holds("0", 0) && !holds("0", 1));
        assert!(holds("0,2-3", 3) && !holds("0,2-3", 1));
        assert!(holds("(null)", 7) && holds("", 0));
    }
}
