//! What Kubernetes and kubectl print, in every wrapping, and what neither would.

use super::{Contents, Error};
use crate::resources::{ClusterFacts, ContainerKind, Limit, Phase, Pod};

fn read(json: &str) -> Result<(ClusterFacts, Contents), Error> {
    let mut facts = ClusterFacts::default();
    facts.read("pods.json", json.as_bytes()).map(|contents| (facts, contents))
}

fn pod(json: &str) -> Pod {
    read(json).unwrap().0.pods()[0].clone()
}

fn refused(json: &str) -> String {
    read(json).unwrap_err().to_string()
}

#[test]
fn every_wrapping_holds_the_same_objects() {
    let one = r#"{"metadata": {"name": "a", "uid": "1"}, "kind": "Pod"}"#;
    let two = r#"{"kind": "Pod", "metadata": {"name": "b", "uid": "2"}, "spec": {"containers": null}, "status": null}"#;
    let bare = r#"{"metadata": {"name": "a", "uid": "1"}}"#;
    let node = r#"{"kind": "Node", "metadata": {"name": "n"}}"#;
    for (json, pods, nodes) in [
        (one.to_owned(), 1, 0),
        (format!("{one}\n{two}\n{node}\n"), 2, 1),
        (format!("[{one}, {two}]"), 2, 0),
        (format!(r#"{{"apiVersion": "v1", "items": [{one}, {two}, {node}], "kind": "List"}}"#), 2, 1),
        (format!(r#"{{"kind": "List", "items": [{one}, {node}]}}"#), 1, 1),
        // items of a typed list do not say what they are
        (format!(r#"{{"kind": "PodList", "metadata": {{"resourceVersion": "5"}}, "items": [{bare}]}}"#), 1, 0),
        (r#"{"kind": "NodeList", "items": [{"metadata": {"name": "n"}}]}"#.to_owned(), 0, 1),
        (format!(r#"{{"kind": "PodList", "items": [{bare}]}} {{"kind": "PodList", "items": null}}"#), 1, 0),
        (format!(r#"{{"kind": "List", "items": [{{"kind": "PodList", "items": [{bare}]}}, {node}]}}"#), 1, 1),
    ] {
        let (facts, contents) = read(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!((contents.pods, contents.nodes), (pods, nodes), "{json}");
        assert_eq!((facts.pods().len() as u64, facts.nodes().len() as u64), (pods, nodes), "{json}");
    }
}

#[test]
fn an_object_read_again_replaces_the_first() {
    let pod = |node: &str| {
        format!(r#"{{"kind": "Pod", "metadata": {{"name": "a", "uid": "1"}}, "spec": {{"nodeName": "{node}"}}}}"#)
    };
    let (facts, contents) = read(&(pod("n1") + &pod("n2"))).unwrap();
    assert_eq!((contents.pods, facts.pods().len()), (2, 1));
    assert_eq!(facts.pods()[0].node.as_deref(), Some("n2"));
}

#[test]
fn other_kinds_are_passed_over_whatever_they_hold() {
    let json = r#"[{"kind": "Widget", "spec": {"containers": 5, "overhead": "x"}, "status": "fine", "items": 7},
        {"kind": "Pod", "metadata": {"name": "a"}}]"#;
    let contents = read(json).unwrap().1;
    assert_eq!((contents.pods, contents.others), (1, 1));
    assert_eq!(
        refused(r#"{"kind": "Deployment", "spec": {}}"#),
        "pods.json: holds neither pods nor nodes; expected JSON, as `kubectl get pods,nodes -A -o json` prints it"
    );
}

#[test]
fn containers_keep_what_they_declare() {
    let pod = pod(r#"{"kind": "Pod", "metadata": {"namespace": "d", "name": "web-1", "uid": "u"},
        "spec": {"nodeName": "n1", "priority": 7, "overhead": {"memory": "120Mi"}, "resources": {"limits": {"memory": "2Gi"}},
          "initContainers": [{"name": "proxy", "restartPolicy": "Always", "resources": {"requests": {"memory": "64Mi"}}},
                             {"name": "migrate", "resources": {"limits": {"memory": "1Gi"}}}],
          "containers": [{"name": "app", "resources": {"requests": {"memory": "80Mi"}, "limits": {"memory": "800Mi"}}},
                         {"name": "free"}]},
        "status": {"phase": "Running", "qosClass": "Burstable"}}"#);
    let declared: Vec<_> = pod
        .containers
        .iter()
        .map(|c| (c.name.as_str(), c.kind, c.request.map(|b| b.get() >> 20), c.request_defaulted))
        .collect();
    assert_eq!(
        declared,
        [
            ("app", ContainerKind::Regular, Some(80), false),
            ("free", ContainerKind::Regular, None, false),
            ("proxy", ContainerKind::Sidecar, Some(64), false),
            ("migrate", ContainerKind::Init, Some(1024), true),
        ]
    );
    assert_eq!(pod.containers[1].limit, Limit::Unbounded);
    assert_eq!((pod.overhead.get() >> 20, pod.priority, pod.phase), (120, 7, Phase::Running));
    assert_eq!((pod.limit.map(|b| b.get() >> 30), pod.request.map(|b| b.get() >> 30)), (Some(2), Some(2)));
}

#[test]
fn a_resize_under_way_counts_with_its_largest_figure() {
    let pod = pod(r#"{"kind": "Pod", "metadata": {"name": "a"},
        "spec": {"containers": [{"name": "c", "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "2Gi"}}}]},
        "status": {"containerStatuses": [{"name": "c", "allocatedResources": {"memory": "1536Mi"},
          "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "4Gi"}}}]}}"#);
    assert_eq!(pod.containers[0].request.map(|b| b.get() >> 20), Some(1536));
    assert_eq!(pod.containers[0].limit.bytes().map(|b| b.get() >> 30), Some(4));
}

#[test]
fn errors_say_where_which_field_and_what_was_expected() {
    let pods = |memory: &str| {
        format!(
            "{{\"kind\": \"List\", \"items\": [{{\"kind\": \"Pod\"}},\n  {{\"kind\": \"Pod\", \"spec\": {{\"containers\": [{{\"resources\": \
             {{\"limits\": {{\"memory\": {memory}}}}}}}]}}}}]}}"
        )
    };
    let field = "items[1].spec.containers[0].resources.limits.memory";
    assert_eq!(
        refused(&pods("\"1gi\"")),
        format!("pods.json:2:83: {field}: \"1gi\" is not a quantity: there is no suffix \"gi\"; write Gi")
    );
    assert!(refused(&pods("\"-1Gi\"")).ends_with(&format!(": {field}: -1Gi is negative")));
    assert!(
        refused(&pods("true"))
            .starts_with(&format!("pods.json:2:82: {field}: invalid type: boolean `true`, expected a quantity"))
    );
    assert_eq!(refused(""), "pods.json: is empty; expected JSON, as `kubectl get pods,nodes -A -o json` prints it");
    assert!(
        refused("NAME   READY   STATUS\nweb-1  1/1     Running\n")
            .starts_with("pods.json:1:1: expected JSON, as `kubectl")
    );
    assert!(refused("apiVersion: v1\nitems: []\n").contains("expected JSON"));
    assert!(
        refused("[5]").contains("[0]: invalid type: integer `5`, expected a Kubernetes object"),
        "{}",
        refused("[5]")
    );
    assert!(refused(r#"{"kind": "List", "items": [{"kind": "Pod""#).contains("the JSON ends too early"));
    let late = r#"{"kind": "Pod", "status": {"containerStatuses": [{"lastState": {"terminated": {"finishedAt": "yesterday"}}}]}}"#;
    assert!(refused(late).contains("finishedAt: \"yesterday\" is not a time such as"), "{}", refused(late));
}

#[test]
fn a_failing_reader_is_told_as_such() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let error = ClusterFacts::default().read("pods.json", Broken).unwrap_err();
    assert!(error.io().is_some());
    assert_eq!(error.to_string(), "pods.json: the disk is gone");
}
