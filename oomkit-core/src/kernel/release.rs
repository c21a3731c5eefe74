//! What a kernel release (`6.1.0-47-cloud-amd64`) says about the dumps it prints: known bugs, missing lines, changed meanings.

/// Major and minor of a release: `6.1.0-47-cloud-amd64` is (6, 1).
pub(crate) fn version(release: Option<&str>) -> Option<(u32, u32)> {
    let mut numbers = release?.split(['.', '-', '+']).map_while(|n| n.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// Alibaba Cloud Linux (`4.19.91-25.6.al7.x86_64`, `5.10.134-13.al8`): its memory cgroup dumps mostly end with the task
/// table, because the kill lines are printed only in a storm.
pub(crate) fn is_alibaba(release: Option<&str>) -> bool {
    release.is_some_and(|r| r.contains(".al7") || r.contains(".al8"))
}

/// 5.4.0 to 5.4.17 label the bytes of `pgtables` as kB. `Some(true)` where it is one of them; `Some(false)` where it may be:
/// distributions call all of 5.4 `5.4.0-42`.
pub(crate) fn labels_pgtables_wrongly(release: Option<&str>) -> Option<bool> {
    let patch = release?.strip_prefix("5.4.")?;
    let (digits, rest) = patch.split_at(patch.bytes().take_while(u8::is_ascii_digit).count());
    match digits.parse() {
        Ok(0) => Some(!rest.starts_with('-') || rest.starts_with("-rc")),
        Ok(1..=17_u32) => Some(true),
        _ => None,
    }
}

/// 4.8 and 4.9 pass the last four fields of the node line in the wrong order.
pub(crate) fn swaps_shmem(release: Option<&str>) -> bool {
    matches!(version(release), Some((4, 8 | 9)))
}

/// 4.13 to 4.20 print the trigger's `nodemask=`, and `(null)` where no policy binds it; 4.9 and 4.10 print the cpuset's
/// nodes there. 5.0 has it in the summary, beside a constraint that is always the same.
pub(crate) fn names_policy_nodes(release: Option<&str>) -> bool {
    version(release).is_some_and(|version| ((4, 13)..(5, 2)).contains(&version))
}

/// Whether a dump with `Mem-Info` is none of a memory cgroup's. Those have the block before 3.9 too, below their own
/// lines, which a dump that has its head would show.
pub(crate) fn meminfo_is_global(release: Option<&str>, headed: bool) -> bool {
    let Some(version) = version(release) else { return false };
    // 2.6.25 to 2.6.29 print no lines of their own
    version >= (3, 9) || headed && version >= (3, 0) || headed && patch(release).is_some_and(|patch| patch >= 30)
}

/// 32 of 2.6.32.
fn patch(release: Option<&str>) -> Option<u32> {
    release?.strip_prefix("2.6.")?.split(['.', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_from_their_start() {
        assert_eq!(version(Some("7.2.12+deb14")), Some((7, 2)));
        assert_eq!(version(Some("2.6.32-431.el6.x86_64")), Some((2, 6)));
        assert_eq!(version(Some("next-20240101")), None);
        assert!(is_alibaba(Some("4.19.91-25.6.al7.x86_64")));
        assert!(!is_alibaba(Some("4.18.0-477.13.1.el8_8.x86_64")));
        assert_eq!(labels_pgtables_wrongly(Some("5.4.0-42-generic")), Some(false));
        assert_eq!(labels_pgtables_wrongly(Some("5.4.0")), Some(true));
        assert_eq!(labels_pgtables_wrongly(Some("5.4.17-200.fc31.x86_64")), Some(true));
        assert_eq!(labels_pgtables_wrongly(Some("5.4.18")), None);
        assert_eq!(labels_pgtables_wrongly(Some("15.4.1")), None);
        assert!(names_policy_nodes(Some("4.18.0-147.el8.x86_64")) && !names_policy_nodes(Some("4.10.0")));
        assert!(meminfo_is_global(Some("3.10.0-1062.el7.x86_64"), false));
        assert!(meminfo_is_global(Some("2.6.32-431.el6.x86_64"), true) && !meminfo_is_global(Some("3.2.0"), false));
        assert!(!meminfo_is_global(Some("2.6.26-2-amd64"), true) && !meminfo_is_global(None, true));
        assert!(swaps_shmem(Some("4.9.0-8-amd64")) && !swaps_shmem(Some("4.10.0")));
    }
}
