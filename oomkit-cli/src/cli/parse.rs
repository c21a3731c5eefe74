//! `oomkit parse`: its options and its help.

use super::{ClusterArgs, ExitArgs, InputArgs, OutputArgs};
use clap::{Args, ColorChoice};

/// Find every OOM kill in logs and say what happened
///
/// Reads kernel logs in any form (dmesg, /var/log/messages, kern.log, journalctl, /dev/kmsg, serial consoles),
/// recognised line by line, and gives each run of the kernel's OOM killer as one event.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, DETAILS].concat())]
pub(crate) struct ParseArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,

    /// Also give what other programs logged about a kill: systemd, systemd-oomd, earlyoom, kubelet, containerd …; not
    /// in CSV
    #[arg(long, help_heading = "Input")]
    pub(crate) companions: bool,

    #[command(flatten)]
    pub(crate) exit: ExitArgs,
}

const EXAMPLES: &str = "\
Examples:
  oomkit parse /var/log/messages                   what happened, for people
  dmesg | oomkit parse                             the kernel's own buffer
  journalctl -k -o json | oomkit parse             keeps who wrote each line
  oomkit parse /var/log/ '/backup/*/kern.log*'     directories, patterns
  oomkit parse sosreport-web1.tar.xz               archives, walked as files
  oomkit parse -f jsonl -o kills.jsonl messages    JSON lines, for programs
  oomkit parse -f csv messages                     rows, for spreadsheets
  oomkit parse --pods pods.json messages           which pod, and does it show
  oomkit parse -q --exit-code messages || alert    exit code 1: there was a kill
";

const DETAILS: &str = "
Inputs:
  gzip, xz, zstd, bzip2 and tar are recognised by content, not by name, standard
  input's too. The files of an archive are read as if they stood in a directory,
  packed ones unpacked, archives in it walked one level deep; their events carry
  the name `bundle.tar.gz:var/log/messages`. Nothing is written to disk.
  A directory is walked in order of names, hidden files too; links to
  directories are not followed, and each file is read once. A pattern
  (* ? [a-z] {a,b} **) is expanded when no file has that very name.
  One bad file does not stop the rest.

Cluster:
  --pods and --nodes take what kubectl get pods,nodes -A -o json prints. Kills
  are joined by container id and pod uid, nodes by host name or address. Each
  kill is then visible (the status says OOMKilled), silent (the container lived
  on), status_lost (a later end overwrote it), pod_missing or unknown.
  A file that cannot be read ends the run.

Time:
  Syslog files leave out the year and the UTC offset. The year comes from
  --year or --reference-time (`file`: the file's time of last modification,
  which a copy keeps with cp -p), else from lines above that are dated in full.
  Without --timezone the offset is taken to be UTC. What was not given is
  listed in time.assumed.

CSV:
  Columns and their order are stable; new ones are added at the end. Sizes are
  in bytes. Text from the log that begins with = + - @, a tab or a line break
  gets a leading ' so that spreadsheets do not run it as a formula. The columns:
    event_id host time_wall time_text monotonic_seconds source_name first_line
    constraint scope outcome completeness verdict confidence
    trigger_comm trigger_pid trigger_order trigger_oom_score_adj
    oom_memcg task_memcg
    memory_usage_bytes memory_limit_bytes memory_failcnt
    victim_pid victim_comm victim_uid victim_total_vm_bytes
    victim_anon_rss_bytes victim_file_rss_bytes victim_shmem_rss_bytes
    victim_page_tables_bytes victim_oom_score_adj
    container_runtime container_id pod_uid qos_class diagnostics
    namespace pod workload container node request_bytes limit_bytes
    limit_at_kill_bytes limit_change restart_count last_reason
    visibility agreement

Exit codes:
  0  done, also when nothing was found or the reader of the output closed it
  1  --exit-code: at least one kill was found
  2  wrong usage, or an input or the output failed (the other inputs were still
     read); beats 3 and 1
  3  --strict: a dump is damaged; beats 1
";
