//! Kills of a small cluster, joined and judged.

use super::ClusterFacts;
use crate::event::{Cluster, ClusterAgreement, Event, LimitChange, MatchedBy, VerdictKind, Visibility};

const UID: &str = "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e";
const ID: &str = "95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";
const OTHER: &str = "ffc60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";

/// A kill at 11:00:01 in container `id`, at a limit of 800Mi.
fn kill(uid: &str, id: &str) -> Event {
    let path = format!("/kubepods/burstable/pod{uid}/{id}");
    let lines = [
        "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=998".to_owned(),
        "memory: usage 819200kB, limit 819200kB, failcnt 5".to_owned(),
        "Tasks state (memory values in pages):".to_owned(),
        "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name".to_owned(),
        "[     40]     0    40     1000       10    40960        0           998 tini".to_owned(),
        "[     42]     0    42   300000   200000  2000000        0           998 java".to_owned(),
        format!(
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset={id},mems_allowed=0,oom_memcg={path},\
             task_memcg={path},task=java,pid=42,uid=0"
        ),
        "Memory cgroup out of memory: Killed process 42 (java) total-vm:1200000kB, anon-rss:800000kB, file-rss:0kB, \
         shmem-rss:0kB, UID:0 pgtables:2000kB oom_score_adj:998"
            .to_owned(),
    ];
    let log: String =
        lines.iter().map(|line| format!("2024-03-30T11:00:01.500000+00:00 n1 kernel: {line}\n")).collect();
    let mut events = crate::parse(log.as_bytes());
    assert_eq!(events.len(), 1);
    events.remove(0)
}

/// A pod with one container of that status, listed at 12:00 as another pod's age shows.
fn facts(status: &str) -> ClusterFacts {
    listed(status, "2024-03-30T12:00:00Z", "800Mi")
}

fn listed(status: &str, at: &str, limit: &str) -> ClusterFacts {
    let pods = format!(
        r#"{{"apiVersion": "v1", "items": [
          {{"kind": "Pod", "metadata": {{"namespace": "shop", "name": "web-6d4cf56db6-x2x7q", "uid": "{UID}",
            "labels": {{"pod-template-hash": "6d4cf56db6"}}, "creationTimestamp": "2024-03-01T00:00:00Z",
            "ownerReferences": [{{"kind": "ReplicaSet", "name": "web-6d4cf56db6", "controller": true}}]}},
            "spec": {{"nodeName": "n1", "containers": [
              {{"name": "app", "resources": {{"requests": {{"memory": "80Mi"}}, "limits": {{"memory": "{limit}"}}}}}}]}},
            "status": {{"phase": "Running", "qosClass": "Burstable", "containerStatuses": [{{"name": "app", {status}}}]}}}},
          {{"kind": "Pod", "metadata": {{"namespace": "shop", "name": "new", "uid": "u", "creationTimestamp": "{at}"}}}}
        ], "kind": "List"}}
        {{"kind": "NodeList", "items": [{{"metadata": {{"name": "n1"}},
          "status": {{"capacity": {{"memory": "32617824Ki"}}, "allocatable": {{"memory": "31569248Ki"}}}}}}]}}"#
    );
    let mut facts = ClusterFacts::default();
    facts.read("pods.json", pods.as_bytes()).unwrap();
    facts
}

fn running(id: &str) -> String {
    format!(
        r#""containerID": "containerd://{id}", "restartCount": 1, "state": {{"running": {{"startedAt": "2024-03-29T08:00:00Z"}}}}"#
    )
}

/// Runs again since; the one before it was `id` and ended so.
fn ended(id: &str, reason: &str, code: i32, at: &str) -> String {
    format!(
        r#""containerID": "containerd://{OTHER}", "restartCount": 4, "state": {{"running": {{"startedAt": "2024-03-30T11:30:00Z"}}}},
        "lastState": {{"terminated": {{"reason": "{reason}", "exitCode": {code}, "startedAt": "2024-03-29T08:00:00Z",
          "finishedAt": "{at}", "containerID": "containerd://{id}"}}}}"#
    )
}

fn join(facts: &ClusterFacts) -> Cluster {
    facts.join(&kill(UID, ID)).unwrap()
}

#[test]
fn names_declarations_and_the_node_come_from_the_objects() {
    let cluster = join(&facts(&running(ID)));
    let words = [&cluster.namespace, &cluster.pod, &cluster.workload, &cluster.container, &cluster.node];
    let words = words.map(|word| word.as_deref().unwrap());
    assert_eq!(words, ["shop", "web-6d4cf56db6-x2x7q", "Deployment/web", "app", "n1"]);
    assert_eq!(cluster.matched_by, Some(MatchedBy::ContainerId));
    let sizes = [cluster.request_bytes, cluster.limit_bytes, cluster.pod_limit_bytes, cluster.limit_at_kill_bytes];
    assert_eq!(sizes.map(|size| size.unwrap().get()), [80 << 20, 800 << 20, 800 << 20, 800 << 20]);
    assert_eq!(cluster.node_capacity_bytes.unwrap().get(), 32_617_824 * 1024);
    assert_eq!(cluster.node_allocatable_bytes.unwrap().get(), 31_569_248 * 1024);
    assert_eq!(cluster.restart_count, Some(1));
}

#[test]
fn an_end_that_says_so_is_visible() {
    let cluster = join(&facts(&ended(ID, "OOMKilled", 137, "2024-03-30T11:00:02Z")));
    assert_eq!(cluster.visibility, Some(Visibility::Visible));
    let last = cluster.last_state.unwrap();
    assert_eq!((last.reason.as_deref(), last.exit_code), (Some("OOMKilled"), Some(137)));
    assert_eq!(cluster.evidence, ["container app ended with it: OOMKilled, exit code 137, at 2024-03-30T11:00:02Z"]);
}

#[test]
fn a_container_that_still_runs_makes_the_kill_silent() {
    let cluster = join(&facts(&running(ID)));
    assert_eq!(cluster.visibility, Some(Visibility::Silent));
    assert_eq!(cluster.evidence, ["container app that was hit still runs since 2024-03-29T08:00:00Z, restarted once"]);
}

#[test]
fn a_listing_that_may_be_older_than_the_kill_proves_nothing() {
    let cluster = join(&listed(&running(ID), "2024-03-30T10:59:00Z", "800Mi"));
    assert_eq!(cluster.visibility, Some(Visibility::Unknown));
    assert!(cluster.evidence[0].contains("may be older than the kill"), "{:?}", cluster.evidence);
    let cluster = join(&listed(&running(OTHER), "2024-03-30T10:59:00Z", "800Mi"));
    assert_eq!(cluster.visibility, Some(Visibility::Unknown));
}

#[test]
fn a_container_that_ended_long_after_the_kill_had_lived_on() {
    // of a later kill: that one is visible, this one was not
    let cluster = join(&facts(&ended(ID, "OOMKilled", 137, "2024-03-30T11:29:58Z")));
    assert_eq!(cluster.visibility, Some(Visibility::Silent));
    assert_eq!(
        cluster.evidence,
        ["container app lived on for 29 minutes after the kill (OOMKilled, exit code 137, at 2024-03-30T11:29:58Z)"]
    );
}

#[test]
fn an_end_that_does_not_say_so_has_lost_the_status() {
    let cluster = join(&facts(&ended(ID, "Error", 137, "2024-03-30T11:00:02Z")));
    assert_eq!(cluster.visibility, Some(Visibility::StatusLost));
    assert!(cluster.evidence[0].contains("does not say OOMKilled"), "{:?}", cluster.evidence);
}

#[test]
fn a_later_end_overwrites_the_status() {
    let third = "aac60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";
    let cluster = join(&facts(&ended(third, "Completed", 0, "2024-03-30T11:29:00Z")));
    assert_eq!(cluster.visibility, Some(Visibility::StatusLost));
    assert_eq!(cluster.matched_by, Some(MatchedBy::PodUid));
    assert_eq!(
        cluster.evidence,
        [
            "the container that was hit is gone; app was restarted 4 times; its status keeps only a later end (Completed, \
          exit code 0, at 2024-03-30T11:29:00Z)"
        ]
    );
}

#[test]
fn a_pod_that_is_not_listed_is_missing() {
    let facts = facts(&running(ID));
    let cluster = facts.join(&kill("11111111-acc8-4c6a-4bf0-7428e6f2162e", OTHER)).unwrap();
    assert_eq!(cluster.visibility, Some(Visibility::PodMissing));
    assert_eq!((cluster.pod, cluster.node.as_deref()), (None, Some("n1")));
}

#[test]
fn an_assumed_offset_dates_nothing() {
    let mut event = kill(UID, ID);
    event.time.assumed.push("offset".to_owned());
    let facts = facts(&ended(ID, "Error", 137, "2024-03-30T13:00:02Z"));
    assert_eq!(facts.join(&event).unwrap().visibility, Some(Visibility::Unknown));
}

#[test]
fn the_verdict_is_borne_out_or_not() {
    let silent = facts(&running(ID));
    let visible = facts(&ended(ID, "OOMKilled", 137, "2024-03-30T11:00:02Z"));
    let agreement = |facts: &ClusterFacts, kind: VerdictKind| {
        let mut event = kill(UID, ID);
        event.verdict.kind = kind;
        facts.join(&event).unwrap().agreement.unwrap()
    };
    assert_eq!(agreement(&silent, VerdictKind::ChildKilled), ClusterAgreement::Agrees);
    assert_eq!(agreement(&silent, VerdictKind::ContainerKilled), ClusterAgreement::Contradicts);
    assert_eq!(agreement(&silent, VerdictKind::Unknown), ClusterAgreement::Decides);
    assert_eq!(agreement(&visible, VerdictKind::ChildKilled), ClusterAgreement::Contradicts);
    assert_eq!(agreement(&visible, VerdictKind::ContainerKilled), ClusterAgreement::Agrees);
    assert_eq!(
        agreement(&facts(&ended(ID, "Error", 137, "2024-03-30T11:00:02Z")), VerdictKind::Unknown),
        ClusterAgreement::Undecided
    );
}

#[test]
fn limits_are_compared_in_pages() {
    let change = |limit: &str| join(&listed(&running(ID), "2024-03-30T12:00:00Z", limit)).limit_change.unwrap();
    assert_eq!(change("800Mi"), LimitChange::Same);
    assert_eq!(change("838863999"), LimitChange::Same, "rounded down to 800Mi by the kernel");
    assert_eq!(change("1Gi"), LimitChange::Raised);
    assert_eq!(change("512Mi"), LimitChange::Lowered);
    assert_eq!(change("0"), LimitChange::Removed, "to the kubelet, 0 is no limit");
}

#[test]
fn static_pods_are_found_by_the_hash_in_their_cgroups() {
    let hash = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
    let pods = format!(
        r#"{{"kind": "Pod", "metadata": {{"name": "etcd-n1", "namespace": "kube-system", "uid": "{UID}", "annotations": {{
            "kubernetes.io/config.hash": "{hash}", "kubernetes.io/config.mirror": "{hash}"}},
            "ownerReferences": [{{"kind": "Node", "name": "n1", "controller": true}}]}},
          "spec": {{"containers": [{{"name": "etcd"}}]}}}}"#
    );
    let mut facts = ClusterFacts::default();
    facts.read("pods.json", pods.as_bytes()).unwrap();
    let cluster = facts.join(&kill(hash, ID)).unwrap();
    assert_eq!(cluster.matched_by, Some(MatchedBy::StaticPodHash));
    assert_eq!((cluster.pod.as_deref(), cluster.workload.as_deref()), (Some("etcd-n1"), Some("Node/n1")));
    assert_eq!((cluster.container.as_deref(), cluster.limit_change), (Some("etcd"), Some(LimitChange::Removed)));
}

#[test]
fn ids_of_init_and_ephemeral_containers_and_of_every_runtime_are_known() {
    for (scheme, place, kind) in [
        ("containerd", "initContainerStatuses", "init"),
        ("docker", "ephemeralContainerStatuses", "ephemeral"),
        ("cri-o", "containerStatuses", "regular"),
    ] {
        let pods = format!(
            r#"{{"kind": "Pod", "metadata": {{"name": "p", "uid": "u"}}, "spec": {{"containers": [{{"name": "c"}}],
                "initContainers": [{{"name": "c"}}], "ephemeralContainers": [{{"name": "c"}}]}},
              "status": {{"{place}": [{{"name": "c", "containerID": "{scheme}://{ID}"}}]}}}}"#
        );
        let mut facts = ClusterFacts::default();
        facts.read("pods.json", pods.as_bytes()).unwrap();
        let cluster = join(&facts);
        assert_eq!(cluster.container_kind.as_deref(), Some(kind), "{scheme}");
    }
}

#[test]
fn a_host_is_a_node_by_name_address_or_provider_id() {
    let nodes = r#"[
      {"kind": "Node", "metadata": {"name": "n1.example.com"}, "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.7"}]}},
      {"kind": "Node", "metadata": {"name": "worker"}, "spec": {"providerID": "aws:///eu-west-1a/i-0abc"}},
      {"kind": "Node", "metadata": {"name": "twin.a"}}, {"kind": "Node", "metadata": {"name": "twin.b"}}]"#;
    let mut facts = ClusterFacts::default();
    facts.read("nodes.json", nodes.as_bytes()).unwrap();
    let name = |host: &str| facts.node_of(host).map(|node| node.name.as_str());
    assert_eq!(name("n1.example.com"), Some("n1.example.com"));
    assert_eq!(name("N1"), Some("n1.example.com"));
    assert_eq!(name("10.0.0.7"), Some("n1.example.com"));
    assert_eq!(name("10.0.0.8"), None);
    assert_eq!(name("10"), None);
    assert_eq!(name("i-0abc"), Some("worker"));
    assert_eq!(name("twin"), None);
    assert_eq!(name("twin.b"), Some("twin.b"));
}
