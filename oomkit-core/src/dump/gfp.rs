//! The names of `gfp_mask` bits, for kernels before 4.6, which print the number alone. The bits were dealt out anew
//! several times (`include/linux/gfp.h` of each release); a bit without a certain name stays a number.

/// 2.6.18 is (2, 6, 18), 4.4 is (4, 4, 0).
type Version = (u32, u32, u32);

/// A bit, its name, the first version that has it and the first that has not.
type Bit = (u32, &'static str, Version, Version);

/// 4.6 prints names.
const NAMES: Version = (4, 6, 0);
/// 4.4 parted `__GFP_WAIT` in two and gave the others their places.
const RECLAIM: Version = (4, 4, 0);
const FIRST: Version = (2, 6, 18);

const BITS: &[Bit] = &[
    (0x1, "GFP_DMA", FIRST, NAMES),
    (0x2, "__GFP_HIGHMEM", FIRST, NAMES),
    (0x4, "GFP_DMA32", FIRST, NAMES),
    (0x8, "__GFP_MOVABLE", (2, 6, 31), NAMES),
    (0x10, "__GFP_WAIT", FIRST, RECLAIM),
    (0x10, "__GFP_RECLAIMABLE", RECLAIM, NAMES),
    (0x20, "__GFP_HIGH", FIRST, NAMES),
    (0x40, "__GFP_IO", FIRST, NAMES),
    (0x80, "__GFP_FS", FIRST, NAMES),
    (0x100, "__GFP_COLD", FIRST, NAMES),
    (0x200, "__GFP_NOWARN", FIRST, NAMES),
    (0x400, "__GFP_REPEAT", FIRST, NAMES),
    (0x800, "__GFP_NOFAIL", FIRST, NAMES),
    (0x1000, "__GFP_NORETRY", FIRST, NAMES),
    (0x2000, "__GFP_MEMALLOC", (3, 6, 0), NAMES),
    (0x4000, "__GFP_COMP", FIRST, NAMES),
    (0x8000, "__GFP_ZERO", FIRST, NAMES),
    (0x1_0000, "__GFP_NOMEMALLOC", FIRST, NAMES),
    (0x2_0000, "__GFP_HARDWALL", FIRST, NAMES),
    (0x4_0000, "__GFP_THISNODE", (2, 6, 19), NAMES),
    (0x8_0000, "__GFP_RECLAIMABLE", (2, 6, 24), RECLAIM),
    (0x8_0000, "__GFP_ATOMIC", RECLAIM, NAMES),
    (0x10_0000, "__GFP_MOVABLE", (2, 6, 24), (2, 6, 31)),
    (0x10_0000, "__GFP_KMEMCG", (3, 8, 0), (3, 19, 0)),
    (0x10_0000, "__GFP_ACCOUNT", (4, 5, 0), NAMES),
    (0x20_0000, "__GFP_NOTRACK", (2, 6, 31), NAMES),
    (0x40_0000, "__GFP_NO_KSWAPD", (2, 6, 38), RECLAIM),
    (0x40_0000, "__GFP_DIRECT_RECLAIM", RECLAIM, NAMES),
    (0x80_0000, "__GFP_OTHER_NODE", (3, 0, 0), NAMES),
    (0x100_0000, "__GFP_WRITE", (3, 3, 0), NAMES),
    (0x200_0000, "__GFP_KSWAPD_RECLAIM", RECLAIM, NAMES),
];

/// What several bits are together, in the order in which later kernels try them.
const TOGETHER: &[(&str, &[&str])] = &[
    ("GFP_HIGHUSER_MOVABLE", &["RECLAIM", "__GFP_IO", "__GFP_FS", "__GFP_HARDWALL", "__GFP_HIGHMEM", "__GFP_MOVABLE"]),
    ("GFP_HIGHUSER", &["RECLAIM", "__GFP_IO", "__GFP_FS", "__GFP_HARDWALL", "__GFP_HIGHMEM"]),
    ("GFP_USER", &["RECLAIM", "__GFP_IO", "__GFP_FS", "__GFP_HARDWALL"]),
    ("GFP_TEMPORARY", &["RECLAIM", "__GFP_IO", "__GFP_FS", "__GFP_RECLAIMABLE"]),
    ("GFP_KERNEL_ACCOUNT", &["RECLAIM", "__GFP_IO", "__GFP_FS", "__GFP_ACCOUNT"]),
    ("GFP_KERNEL", &["RECLAIM", "__GFP_IO", "__GFP_FS"]),
    ("GFP_NOFS", &["RECLAIM", "__GFP_IO"]),
    ("GFP_ATOMIC", &["ATOMIC"]),
    ("GFP_NOIO", &["RECLAIM"]),
    ("GFP_NOWAIT", &["NOWAIT"]),
];

/// The names of a mask that a kernel of this release printed without them.
pub(super) fn names(mask: &str, release: Option<&str>) -> Option<Vec<String>> {
    let version = version(release?).filter(|version| (FIRST..NAMES).contains(version))?;
    let mut rest = u32::from_str_radix(mask.strip_prefix("0x")?, 16).ok()?;
    let bit = |name: &str| {
        let is = |bit: &&Bit| bit.1 == name && (bit.2..bit.3).contains(&version);
        BITS.iter().find(is).map(|bit| bit.0)
    };
    let parted = version >= RECLAIM;
    let bits = |name: &str| match (name, parted) {
        ("RECLAIM", false) => bit("__GFP_WAIT"),
        ("RECLAIM", true) => Some(bit("__GFP_DIRECT_RECLAIM")? | bit("__GFP_KSWAPD_RECLAIM")?),
        ("ATOMIC", false) => bit("__GFP_HIGH"),
        ("ATOMIC", true) => Some(bit("__GFP_HIGH")? | bit("__GFP_ATOMIC")? | bit("__GFP_KSWAPD_RECLAIM")?),
        ("NOWAIT", false) => None,
        ("NOWAIT", true) => bit("__GFP_KSWAPD_RECLAIM"),
        _ => bit(name),
    };
    let mut names = Vec::new();
    for (name, parts) in TOGETHER {
        let all = parts.iter().try_fold(0, |all, part| Some(all | bits(part)?));
        if let Some(all) = all.filter(|all| rest & all == *all) {
            names.push((*name).to_owned());
            rest &= !all;
        }
    }
    for (bit, name, from, to) in BITS {
        if rest & bit != 0 && (*from..*to).contains(&version) {
            names.push((*name).to_owned());
            rest &= !bit;
        }
    }
    if rest != 0 {
        names.push(format!("{rest:#x}"));
    }
    Some(names)
}

fn version(release: &str) -> Option<Version> {
    let mut numbers = release.split(['.', '-', '+']).map_while(|n| n.parse().ok());
    Some((numbers.next()?, numbers.next()?, numbers.next().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(mask: &str, release: &str) -> String {
        names(mask, Some(release)).unwrap_or_default().join("|")
    }

    #[test]
    fn masks_of_each_age() {
        for (mask, release, expected) in [
            ("0x201d2", "2.6.18-1.2798.fc6", "GFP_HIGHUSER|__GFP_COLD"),
            ("0x1201d2", "2.6.26-2-amd64", "GFP_HIGHUSER_MOVABLE|__GFP_COLD"),
            ("0x201da", "2.6.32-431.el6.x86_64", "GFP_HIGHUSER_MOVABLE|__GFP_COLD"),
            ("0x280da", "3.2.0-4-amd64", "GFP_HIGHUSER_MOVABLE|__GFP_ZERO"),
            ("0xd0", "3.10.0-327.4.5.el7.x86_64", "GFP_KERNEL"),
            ("0x50", "3.10.0", "GFP_NOFS"),
            ("0x2000d0", "3.10.0-693.el7.x86_64", "GFP_KERNEL|__GFP_NOTRACK"),
            ("0x84d0", "2.6.32-5-amd64", "GFP_KERNEL|__GFP_REPEAT|__GFP_ZERO"),
            ("0x4d0", "2.6.32-5-amd64", "GFP_KERNEL|__GFP_REPEAT"),
            ("0x800d0", "3.2.0", "GFP_TEMPORARY"),
            ("0x20", "3.2.0", "GFP_ATOMIC"),
            ("0x4020", "3.2.0", "GFP_ATOMIC|__GFP_COMP"),
            ("0x24000c0", "4.4.0-21-generic", "GFP_KERNEL"),
            ("0x26000c0", "4.4.0-21-generic", "GFP_KERNEL|__GFP_NOTRACK"),
            ("0x24201ca", "4.4.0-21-generic", "GFP_HIGHUSER_MOVABLE|__GFP_COLD"),
            ("0x2080020", "4.4.0-21-generic", "GFP_ATOMIC"),
            ("0x2000000", "4.4.0-21-generic", "GFP_NOWAIT"),
            // 2.6.32 has no such bit: a vendor's
            ("0x8000d0", "2.6.32-431.el6.x86_64", "GFP_KERNEL|0x800000"),
        ] {
            assert_eq!(of(mask, release), expected, "{mask} {release}");
        }
    }

    /// 4.6 to 4.9 print names, and have the bits of 4.5: from real lines.
    #[test]
    fn masks_that_the_next_kernels_name_themselves() {
        for (mask, printed) in [
            ("0x24200ca", "GFP_HIGHUSER_MOVABLE"),
            ("0x24201ca", "GFP_HIGHUSER_MOVABLE|__GFP_COLD"),
            ("0x24280ca", "GFP_HIGHUSER_MOVABLE|__GFP_ZERO"),
            ("0x26042c0", "GFP_KERNEL|__GFP_NOWARN|__GFP_COMP|__GFP_NOTRACK"),
            ("0x240c2c0", "GFP_KERNEL|__GFP_NOWARN|__GFP_COMP|__GFP_ZERO"),
            ("0x24010c0", "GFP_KERNEL|__GFP_NORETRY"),
            ("0x24000c1", "GFP_KERNEL|GFP_DMA"),
            ("0x2604240", "GFP_NOFS|__GFP_NOWARN|__GFP_COMP|__GFP_NOTRACK"),
            ("0x26040d0", "GFP_TEMPORARY|__GFP_COMP|__GFP_NOTRACK"),
            ("0x2400000", "GFP_NOIO"),
            ("0x27080c0", "GFP_KERNEL_ACCOUNT|__GFP_ZERO|__GFP_NOTRACK"),
        ] {
            let mut ours: Vec<_> = names(mask, Some("4.5.0")).unwrap();
            let mut theirs: Vec<_> = printed.split('|').map(str::to_owned).collect();
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs, "{mask}");
        }
    }

    #[test]
    fn no_names_where_they_are_not_certain() {
        assert_eq!(names("0xd0", None), None);
        assert_eq!(names("0xcc0", Some("5.10.0")), None);
        assert_eq!(names("0x6200ca", Some("4.14.0")), None);
        assert_eq!(names("0xd0", Some("next-20240101")), None);
        assert_eq!(names("0x62****", Some("3.10.0")), None);
        assert_eq!(of("0x80000", "2.6.23"), "0x80000");
    }
}
