//! Words that name no one: what every machine's cgroup paths and log prefixes are made of. They stay.

/// Words of cgroup paths. They are layouts, not names: without them nobody could tell a pod from a user's session.
const PATHS: &str = "\
    actions app background bad batch besteffort buildkit buildx burstable c ch condor conmon container containerd \
    cri crio default docker ecs ecstasks emulator error execute extern flatpak garden good host htcondor init \
    interactive io iothread job jobid jobs k8s kata kubelet kubepods lib libpod libvirt lsf lxc machine memory mesos \
    moby monitor mount nerdctl nomad ns nspawn null overhead parent pause payload pbs pbspro pivot pod podman qemu \
    root runtime scope service session share slice slot slurm slurmstepd snap socket step supervisor swap system \
    systemd task uid unified user var vcpu xen";

/// Words that stand around the kernel's text: of syslog, the journal, container runtimes and dates.
const PREFIXES: &str = "\
    alert am apr aug authpriv c cest cet crit critical cron d daemon debug dec driver e emerg err error f false feb \
    fri gmt i info jan journal jul jun k kern kernel klogd kmsg local0 local1 local2 local3 local4 local5 local6 \
    local7 lpr mail mar may mon news notice nov null oct p panic pm printk sat sep stderr stdout sun sys syslog t \
    thu true tue user utc uucp v w warn warning wed z";

/// Whether a word of a path is part of its layout: such a word, or one with a number (`slot1`, `vcpu0`).
pub(super) fn is_of_paths(word: &[u8]) -> bool {
    let stem = word.len() - word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    holds(PATHS, word) || (stem < word.len() && holds("c iothread slot vcpu", &word[..stem]))
}

/// Whether a word of a log's prefix names no one.
pub(super) fn is_of_prefixes(word: &[u8]) -> bool {
    holds(PREFIXES, &word.to_ascii_lowercase())
}

fn holds(words: &str, word: &[u8]) -> bool {
    words.split(' ').any(|known| known.as_bytes() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_stay_and_names_do_not() {
        for word in ["kubepods", "pod", "slice", "vcpu12", "slot1", "c1"] {
            assert!(is_of_paths(word.as_bytes()), "{word}");
        }
        for word in ["nginx", "web1", "pods", "docker1", ""] {
            assert!(!is_of_paths(word.as_bytes()), "{word}");
        }
        assert!(is_of_prefixes(b"Nov") && !is_of_prefixes(b"web1"));
    }
}
