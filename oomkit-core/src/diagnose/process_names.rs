//! Process names that distinguish a container's first process from its workers. Names are cut at 15 bytes.

/// Made to be the first process of a container, or the shells and scripts that mostly are.
#[rustfmt::skip]
const INITS: [&str; 26] = [
    "tini", "tini-static", "dumb-init", "docker-init", "podman-init", "catatonit", "s6-svscan", "s6-overlay-suex",
    "runsvdir", "runit", "my_init", "supervisord", "systemd", "init", "pid1", "sh", "bash", "dash", "ash", "busybox",
    "entrypoint.sh", "docker-entrypoi", "start.sh", "run.sh", "pause", "sleep",
];

/// Servers that fork workers under their own name.
#[rustfmt::skip]
const FORKING: [&str; 25] = [
    "gunicorn", "nginx", "postgres", "postmaster", "php-fpm", "apache2", "httpd", "celery", "puma", "unicorn",
    "uwsgi", "sidekiq", "resque", "haproxy", "exim", "master", "chrome", "chromium", "node", "ruby", "python",
    "python2", "python3", "perl", "oracle",
];

/// Names that only workers have.
#[rustfmt::skip]
const WORKERS: [&str; 10] = [
    "gunicorn: worke", "puma: cluster w", "nginx: worker p", "php-fpm: pool ", "postgres: ", "unicorn worker",
    "uWSGI worker", "sidekiq ", "ray::", "celeryd: ",
];

/// Names that only masters have.
const MASTERS: [&str; 5] = ["gunicorn: maste", "nginx: master p", "php-fpm: master", "unicorn master", "uWSGI master"];

/// Virtual machines and sandboxes that hold a whole container or pod.
const SANDBOXES: [&str; 6] =
    ["qemu-system-x86", "qemu-system-aar", "qemu-kvm", "cloud-hyperviso", "firecracker", "runsc-sandbox"];

/// Whether a process of this name is mostly the first of its container.
pub(super) fn is_first(comm: &str) -> bool {
    INITS.contains(&comm) || MASTERS.iter().any(|name| comm.starts_with(name))
}

/// Whether it forks workers that keep its name: `php-fpm7.4` too.
pub(super) fn forks(comm: &str) -> bool {
    let versioned = comm.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    FORKING.contains(&comm) || FORKING.contains(&versioned)
}

pub(super) fn is_worker(comm: &str) -> bool {
    WORKERS.iter().any(|name| comm.starts_with(name))
}

pub(super) fn is_sandbox(comm: &str) -> bool {
    SANDBOXES.contains(&comm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_into_a_comm_and_no_name_is_two_things() {
        for name in INITS.iter().chain(&FORKING).chain(&WORKERS).chain(&MASTERS).chain(&SANDBOXES) {
            assert!(name.len() <= 15, "{name}");
            let is_master = MASTERS.iter().any(|master| name.starts_with(master));
            let kinds = [INITS.contains(name), forks(name), is_worker(name), is_master, is_sandbox(name)];
            assert_eq!(kinds.iter().filter(|is| **is).count(), 1, "{name}: {kinds:?}");
        }
    }

    #[test]
    fn versions_are_part_of_names() {
        assert!(forks("php-fpm7.4") && forks("php-fpm") && forks("python3.11") && forks("gunicorn"));
        assert!(!forks("java") && !forks("mongod") && !is_first("java"));
        assert!(is_worker("puma: cluster w") && is_first("nginx: master p"));
    }
}
