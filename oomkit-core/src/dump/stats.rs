//! The statistics block of 5.3 and later: where the kernel cuts it, and how one sees that.

use crate::kernel::release::version;
use std::collections::BTreeMap;

/// Lengths at which 5.3 – 6.4 cut the record: 1024 bytes less 32 of header, 16 more with caller ids, the whole 1024
/// from about 6.3; one less where the terminating NUL was counted.
pub(super) const CUTS: [usize; 6] = [992, 991, 976, 975, 1024, 1023];

/// Whether the kernel prints the block as one record, which it and every console may cut.
pub(super) fn one_record(release: Option<&str>) -> bool {
    version(release).is_some_and(|version| ((5, 3)..=(6, 4)).contains(&version))
}

/// Whether the block ends where those kernels end it: with the huge-page events, or without huge pages before them.
pub(super) fn is_whole(stats: &BTreeMap<String, u64>, last: Option<&str>) -> bool {
    match last {
        None | Some("thp_collapse_alloc") => true,
        Some("pglazyfreed" | "zswpout") => !stats.contains_key("anon_thp"),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_5_3_to_6_4_print_one_record() {
        assert!(one_record(Some("5.10.0-30-cloud-amd64")));
        assert!(one_record(Some("6.1.0-47-cloud-amd64")));
        assert!(!one_record(Some("6.12.107+deb13-cloud-amd64")));
        assert!(!one_record(Some("4.19.91-25.6.al7.x86_64")));
        assert!(!one_record(None));
    }

    #[test]
    fn a_block_is_whole_at_its_last_key() {
        let with_thp = BTreeMap::from([("anon_thp".to_owned(), 0)]);
        assert!(is_whole(&with_thp, Some("thp_collapse_alloc")));
        assert!(!is_whole(&with_thp, Some("pglazyfreed")));
        assert!(is_whole(&BTreeMap::new(), Some("pglazyfreed")));
        assert!(!is_whole(&BTreeMap::new(), Some("pgscan")));
    }
}
