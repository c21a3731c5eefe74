//! Sizes as types: bytes, pages, the page size that turns one into the other, and Kubernetes quantities.
//!
//! One dump mixes pages (task table, `Mem-Info` counters), kB that mean KiB (kill lines, zones) and plain bytes
//! (`pgtables_bytes`, cgroup v2 statistics). The types keep them apart until a [`PageSize`] is known.

mod quantity;

pub use quantity::{Notation, Quantity};

use serde::{Deserialize, Serialize};
use std::fmt;

/// A size in bytes. Serialised as an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Bytes(pub u64);

impl Bytes {
    /// From the kernel's `kB` (and `KB`), both of which mean 1024 bytes. Saturates.
    pub const fn from_kib(kib: u64) -> Self {
        Self(kib.saturating_mul(1024))
    }

    /// The plain number of bytes.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Sum that stops at the largest value instead of wrapping.
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Bytes {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self(0), Self::saturating_add)
    }
}

/// Binary units, as people write memory: `512 B`, `25.0 MiB`, `1.5 GiB`.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        if self.0 < 1024 {
            return f.pad(&format!("{} B", self.0));
        }
        let mut value = self.0 as f64 / 1024.0;
        let mut unit = 0;
        // 1023.95 would print as "1024.0"
        while value >= 1023.95 && unit + 1 < UNITS.len() {
            value /= 1024.0;
            unit += 1;
        }
        f.pad(&format!("{value:.1} {}", UNITS[unit]))
    }
}

/// A count of pages: means nothing in bytes until a [`PageSize`] is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pages(pub u64);

impl Pages {
    /// The size in bytes. Saturates.
    pub const fn to_bytes(self, page: PageSize) -> Bytes {
        Bytes(self.0.saturating_mul(page.0))
    }
}

/// The kernel's base page size in bytes: 4096 on x86-64, also 16384 and 65536 on arm64 and ppc64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageSize(u64);

impl PageSize {
    /// What a dump is read with when it does not show its page size.
    pub const ASSUMED: Self = Self(4096);

    /// A power of two from 4 KiB to 1 MiB, else `None`.
    pub const fn new(bytes: u64) -> Option<Self> {
        if bytes.is_power_of_two() && bytes >= 4096 && bytes <= 1 << 20 { Some(Self(bytes)) } else { None }
    }

    /// The size of one page in bytes.
    pub const fn get(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_in_binary_units() {
        assert_eq!(Bytes(0).to_string(), "0 B");
        assert_eq!(Bytes(1023).to_string(), "1023 B");
        assert_eq!(Bytes::from_kib(25_600).to_string(), "25.0 MiB");
        assert_eq!(Bytes((1 << 30) - 1).to_string(), "1.0 GiB");
        assert_eq!(Bytes(u64::MAX).to_string(), "16.0 EiB");
    }

    #[test]
    fn pages_become_bytes_only_with_a_page_size() {
        assert_eq!(Pages(3).to_bytes(PageSize::new(65_536).unwrap()), Bytes(196_608));
        assert_eq!(Pages(u64::MAX).to_bytes(PageSize::ASSUMED), Bytes(u64::MAX));
        assert_eq!(PageSize::new(5000), None);
        assert_eq!(PageSize::new(2048), None);
    }
}
