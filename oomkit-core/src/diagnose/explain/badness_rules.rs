//! How each kernel scores a task. From `oom_badness` in `mm/oom_kill.c` of the releases named.

use crate::event::{Event, Task};
use crate::kernel::release::version;

/// The rules of one kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) scale: Scale,
    pub(super) root: RootBonus,
    /// Up to 5.8 a task that may be killed never scores less than 1.
    pub(super) at_least_one: bool,
    /// Which of equal scores the kernel chooses.
    pub(super) tie: Tie,
}

/// What a point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// 3.5 and later: a page.
    Pages,
    /// 2.6.36 to 3.4: a thousandth of memory.
    PerMille,
}

/// What processes with `CAP_SYS_ADMIN` are spared. The table shows only their uid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RootBonus {
    /// 4.17 and later.
    None,
    /// 2.6.36 to 3.13: 3 % of memory.
    OfMemory,
    /// 3.14 to 4.16: 3 % of what they use.
    OfUse,
}

/// Which of two equal scores wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// Up to 5.1: the one that was looked at first.
    First,
    /// 5.2 and later: the one that was looked at last.
    Last,
}

/// The rules that wrote this dump; why there are none else.
pub(super) fn rules(event: &Event) -> Result<Rules, &'static str> {
    if event.tasks.iter().any(|task| task.oom_score_adj.is_none()) {
        // before 2.6.36 badness was made of virtual size, children, run time and nice values
        return Err("this kernel's scores use run times and children, which no dump holds");
    }
    let kernel = event.kernel.as_ref();
    Ok(match version(kernel.and_then(|kernel| kernel.release.as_deref())) {
        // vendors of 2.6.32 took over the newer rules together with their column
        Some(release) if release < (3, 5) => {
            Rules { scale: Scale::PerMille, root: RootBonus::OfMemory, at_least_one: true, tie: Tie::First }
        }
        Some(release) => Rules {
            scale: Scale::Pages,
            root: match release {
                _ if release < (3, 14) => RootBonus::OfMemory,
                _ if release < (4, 17) => RootBonus::OfUse,
                _ => RootBonus::None,
            },
            at_least_one: release < (5, 9),
            tie: if release < (5, 2) { Tie::First } else { Tie::Last },
        },
        None if has_old_columns(&event.tasks) => {
            Rules { scale: Scale::Pages, root: RootBonus::OfUse, at_least_one: true, tie: Tie::First }
        }
        None => Rules { scale: Scale::Pages, root: RootBonus::None, at_least_one: false, tie: Tie::Last },
    })
}

/// Without a release: columns of kernels before 4.15.
fn has_old_columns(tasks: &[Task]) -> bool {
    tasks
        .iter()
        .any(|task| task.page_tables_bytes.is_none() || task.extra.contains_key("nr_ptes") || task.oom_adj.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kernel;

    fn of(release: &str) -> Rules {
        let mut event = crate::parse(b"Out of memory: Killed process 1 (a)").remove(0);
        event.kernel = Some(Kernel { release: Some(release.to_owned()), ..Kernel::default() });
        event.tasks = vec![Task { oom_score_adj: Some(0), ..Task::default() }];
        rules(&event).unwrap()
    }

    #[test]
    fn each_kernel_has_its_rules() {
        assert_eq!(of("2.6.32-431.el6.x86_64").scale, Scale::PerMille);
        assert_eq!((of("3.4.0").scale, of("3.5.0").scale), (Scale::PerMille, Scale::Pages));
        assert_eq!((of("3.13.0").root, of("3.14.0").root), (RootBonus::OfMemory, RootBonus::OfUse));
        assert_eq!((of("4.16.18").root, of("4.17.0").root), (RootBonus::OfUse, RootBonus::None));
        assert_eq!((of("5.1.0").tie, of("5.2.0").tie), (Tie::First, Tie::Last));
        assert_eq!((of("5.8.0").at_least_one, of("5.9.0").at_least_one), (true, false));
    }

    #[test]
    fn scores_of_run_times_are_not_replayed() {
        let mut event = crate::parse(b"Out of memory: Killed process 1 (a)").remove(0);
        event.tasks = vec![Task::default()];
        assert!(rules(&event).is_err());
    }
}
