//! Events made by hand, for the tests of the writers.

use oomkit_core::Event;

/// A container at its limit: everything a dump may hold that the text shows.
pub(super) fn container_kill() -> Event {
    from(CONTAINER_KILL)
}

/// A lone kill line: nothing but the victim.
pub(super) fn bare_kill_line() -> Event {
    from(BARE_KILL_LINE)
}

/// A node out of memory.
pub(super) fn node_kill() -> Event {
    from(NODE_KILL)
}

fn from(json: &str) -> Event {
    serde_json::from_str(json).unwrap()
}

const CONTAINER_KILL: &str = r#"{
  "schema_version": 1, "id": "e1", "host": "web1",
  "time": {"text": "Nov 23 17:13:34", "wall": "2026-11-23T17:13:34+01:00", "monotonic_seconds": 11.671152, "assumed": ["year", "offset"]},
  "source": {"name": "messages", "first_line": 12, "last_line": 80, "first_byte": 100, "last_byte": 9000, "transport": "rfc3164", "origin": "unknown"},
  "kernel": {"release": "6.1.0-47-cloud-amd64", "tainted": "Not tainted", "cpu": 1},
  "trigger": {"comm": "gunicorn: worke", "pid": 4242, "order": 0, "oom_score_adj": 998, "gfp_mask": "0xcc0", "gfp_flags": ["GFP_KERNEL"], "qos_class": "burstable", "cause": "memcg_charge"},
  "constraint": "memcg", "constraint_text": "CONSTRAINT_MEMCG", "scope": "container", "outcome": "killed",
  "memcg": {
    "oom_memcg": "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podb7c2.slice/cri-containerd-9823d09a922d1111111111111111111111111111111111111111111111111111.scope",
    "task_memcg": "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podb7c2.slice/cri-containerd-9823d09a922d1111111111111111111111111111111111111111111111111111.scope",
    "memory": {"usage_bytes": 134217728, "limit_bytes": 134217728, "failcnt": 39},
    "swap": {"usage_bytes": 0, "failcnt": 0},
    "stats": {"anon": 129394278, "file": 2097152, "kernel": 1048576, "shmem": 524288, "pgfault": 10000}
  },
  "page_size_bytes": 4096, "page_size_source": "measured",
  "tasks": [
    {"pid": 4200, "uid": 1000, "tgid": 4200, "comm": "gunicorn: maste", "rss_bytes": 20971520, "oom_score_adj": 998},
    {"pid": 4242, "uid": 1000, "tgid": 4242, "comm": "gunicorn: worke", "rss_bytes": 104857600, "oom_score_adj": 998},
    {"pid": 4300, "uid": 0, "tgid": 4300, "comm": "\u001b[31mred", "rss_bytes": 4096, "oom_score_adj": 998}
  ],
  "victims": [{"pid": 4242, "comm": "gunicorn: worke", "uid": 1000, "total_vm_bytes": 209715200, "anon_rss_bytes": 102760448, "file_rss_bytes": 2097152, "shmem_rss_bytes": 0, "page_tables_bytes": 307200, "oom_score_adj": 998}],
  "container": {"runtime": "containerd", "id": "9823d09a922d1111111111111111111111111111111111111111111111111111", "pod_uid": "b7c2b0c6-9fcb-4a5d-8a7e-1f2e3d4c5b6a", "qos_class": "burstable"},
  "limit_owner": {"level": "container", "runtime": "containerd", "id": "9823d09a922d1111111111111111111111111111111111111111111111111111", "pod_uid": "b7c2b0c6-9fcb-4a5d-8a7e-1f2e3d4c5b6a", "qos_class": "burstable"},
  "verdict": {"kind": "child_killed", "confidence": "likely", "evidence": [{"fact": "pid 4200 of the same cgroup is older and was not killed", "line": 70}]},
  "completeness": "complete",
  "diagnostics": []
}"#;

const BARE_KILL_LINE: &str = r#"{
  "schema_version": 1, "id": "e2",
  "time": {"monotonic_seconds": 71.146532, "assumed": []},
  "source": {"name": "-", "first_line": 1, "last_line": 1, "first_byte": 0, "last_byte": 99, "transport": "dmesg", "origin": "kernel"},
  "constraint": "none", "scope": "node", "outcome": "killed",
  "victims": [{"pid": 7, "comm": "\u202eevil\u001b[2J"}],
  "verdict": {"kind": "unknown", "confidence": "possible", "evidence": []},
  "completeness": "kill_line_only",
  "diagnostics": [{"kind": "head_missing", "message": "the head of the dump is not in the log", "line": 1, "byte": 0}]
}"#;

const NODE_KILL: &str = r#"{
  "schema_version": 1, "id": "e3", "host": "n1",
  "time": {"wall": "2026-11-23T17:13:34Z", "assumed": []},
  "source": {"name": "kern.log", "first_line": 1, "last_line": 90, "first_byte": 0, "last_byte": 9999, "transport": "iso8601", "origin": "unknown"},
  "trigger": {"comm": "kworker/0:1", "pid": 5, "order": 2, "cause": "allocation"},
  "constraint": "none", "scope": "node", "outcome": "killed",
  "memory": {
    "total_ram_bytes": 2147483648, "free_bytes": 20971520, "swap_total_bytes": 1073741824, "swap_free_bytes": 0, "pagecache_bytes": 10485760,
    "counters": {"active_anon": 1073741824, "inactive_anon": 536870912, "slab_unreclaimable": 104857600, "shmem": 1048576},
    "zones": [{"zone": "Normal", "node": 0, "free_bytes": 10485760, "min_bytes": 11534336}, {"zone": "DMA", "node": 0, "free_bytes": 9999999, "min_bytes": 1}],
    "unreclaimable_slab": [{"name": "small", "used_bytes": 1, "total_bytes": 2048}, {"name": "dentry", "used_bytes": 5, "total_bytes": 52428800}]
  },
  "page_size_bytes": 4096, "page_size_source": "assumed",
  "victims": [{"pid": 10, "comm": "a"}, {"pid": 11, "comm": "b", "selected_pid": 9}, {"pid": 12}],
  "group_kill": {"path": "/batch"},
  "container": {"runtime": "systemd", "unit": "batch.service", "slice": "system.slice"},
  "verdict": {"kind": "not_containerised", "confidence": "certain", "evidence": []},
  "completeness": "tail_missing",
  "diagnostics": []
}"#;
