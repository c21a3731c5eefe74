//! Kubernetes objects in a tree: which kinds have a pod, where it stands, and what it declares.

use super::amount::Amount;
use super::model::{Declared, Dialect, MemoryVolume, Object, PodTemplate, Range};
use super::text::Spot;
use super::tree::At;
use super::{OBJECTS, Reading};
use crate::resources::model::ContainerKind;

/// Kinds and the way to their pod: `*` is every entry.
const KINDS: [(&str, &str); 24] = [
    ("Pod", ""),
    ("PodTemplate", "template"),
    ("Deployment", "spec.template"),
    ("ReplicaSet", "spec.template"),
    ("ReplicationController", "spec.template"),
    ("StatefulSet", "spec.template"),
    ("DaemonSet", "spec.template"),
    ("Job", "spec.template"),
    ("CronJob", "spec.jobTemplate.spec.template"),
    ("DeploymentConfig", "spec.template"),
    // argoproj.io, serving.knative.dev, apps.kruise.io, jobset.x-k8s.io, kubeflow.org
    ("Rollout", "spec.template"),
    ("Configuration", "spec.template"),
    ("Revision", ""),
    ("CloneSet", "spec.template"),
    ("AdvancedCronJob", "spec.template.jobTemplate.spec.template"),
    ("JobSet", "spec.replicatedJobs.*.template.spec.template"),
    ("PyTorchJob", "spec.pytorchReplicaSpecs.*.template"),
    ("TFJob", "spec.tfReplicaSpecs.*.template"),
    ("MPIJob", "spec.mpiReplicaSpecs.*.template"),
    ("PodCliqueSet", "spec.template"),
    ("SandboxTemplate", "spec.podTemplate"),
    ("ScaledJob", "spec.jobTargetRef.template"),
    ("RayCluster", "spec.workerGroupSpecs.*.template"),
    ("LeaderWorkerSet", "spec.leaderWorkerTemplate.workerTemplate"),
];

const IGNORE: &str = "oomkit.io/ignore";

/// Takes what a document or an item of a list holds; `kind` is what the list around it says.
pub(super) fn object(reading: &mut Reading<'_>, at: At<'_>, field: &str, kind: Option<&str>, depth: u8) {
    if at.is_list() && field.is_empty() {
        return items(reading, at, field, None, depth);
    }
    let Some(kind) = at.get("kind").and_then(At::text).or(kind) else {
        reading.file.others += u64::from(!at.is_null());
        return;
    };
    if let Some(list) = at.get("items")
        && kind.ends_with("List")
    {
        let of = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
        return items(reading, list, &join(field, "items"), of, depth);
    }
    if reading.file.objects.len() >= OBJECTS {
        return reading.problem(at.spot(), field, format!("the file holds more than {OBJECTS} objects"));
    }
    let metadata = at.get("metadata");
    let text = |name| Some(metadata?.get(name)?.text()?.to_owned());
    let mut object = Object {
        dialect: Dialect::Kubernetes,
        kind: kind.to_owned(),
        namespace: text("namespace"),
        name: text("name").or_else(|| text("generateName")),
        at: at.get("kind").unwrap_or(at).spot(),
        ignores: metadata.and_then(ignores).into_iter().collect(),
        replicas: replicas(at, kind),
        pod: None,
        ranges: Vec::new(),
        hard: Vec::new(),
    };
    let steps = reading.templates.iter().find(|(name, _)| name == kind).map(|(_, path)| path.clone());
    let knative = kind == "Service"
        && at.get("apiVersion").and_then(At::text).is_some_and(|v| v.starts_with("serving.knative.dev/"));
    let known = KINDS.iter().find(|(name, _)| *name == kind).map(|(_, path)| (*path).to_owned());
    let path = steps.or(known).or_else(|| knative.then(|| "spec.template".to_owned()));
    match (kind, path) {
        ("LimitRange", _) => limit_range(at, &mut object),
        ("ResourceQuota", _) => quota(at, &mut object),
        (_, Some(path)) => {
            let steps: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
            let mut pods = Vec::new();
            templates(at, field, &steps, &mut pods);
            let mut pods = pods.into_iter();
            for (template, field) in pods.by_ref() {
                if let Some(more) = template.get("metadata").filter(|_| !steps.is_empty()).and_then(ignores) {
                    object.ignores.push(more);
                }
                let spec = join(&field, "spec");
                match template.get("spec") {
                    Some(at) if at.is_map() => {
                        let read = pod(reading, at, &spec);
                        let into = object.pod.get_or_insert_default();
                        into.containers.extend(read.containers);
                        into.volumes.extend(read.volumes);
                        (into.request, into.limit, into.overhead) = (read.request, read.limit, read.overhead);
                    }
                    Some(at) => reading.problem(at.spot(), &spec, format!("expected a map, found {}", at.shape())),
                    None => {}
                }
            }
        }
        _ => {
            reading.file.others += 1;
            return;
        }
    }
    reading.file.objects.push(object);
}

fn items(reading: &mut Reading<'_>, list: At<'_>, field: &str, kind: Option<&str>, depth: u8) {
    if !list.is_list() {
        return reading.problem(list.spot(), field, format!("expected a list of objects, found {}", list.shape()));
    }
    if depth == 0 {
        return reading.problem(list.spot(), field, "lists stand too deep in lists".to_owned());
    }
    for (number, item) in list.items().enumerate() {
        if reading.file.objects.len() >= OBJECTS {
            return reading.problem(item.spot(), field, format!("the file holds more than {OBJECTS} objects"));
        }
        object(reading, item, &format!("{field}[{number}]"), kind, depth - 1);
    }
}

/// Walks to the pod templates, at most a thousand of one object.
fn templates<'a>(at: At<'a>, field: &str, steps: &[&str], found: &mut Vec<(At<'a>, String)>) {
    match steps {
        _ if found.len() >= 1000 => {}
        [] => found.push((at, field.to_owned())),
        ["*", rest @ ..] => {
            for (number, item) in at.items().enumerate() {
                templates(item, &format!("{field}[{number}]"), rest, found);
            }
            for (key, value) in at.entries() {
                templates(value, &join(field, key.text().unwrap_or("?")), rest, found);
            }
        }
        [step, rest @ ..] => {
            if let Some(next) = at.get(step) {
                templates(next, &join(field, step), rest, found);
            }
        }
    }
}

fn ignores(metadata: At<'_>) -> Option<(String, Spot)> {
    let at = metadata.path(&["annotations", IGNORE])?;
    Some((at.text()?.to_owned(), at.spot()))
}

fn replicas(at: At<'_>, kind: &str) -> u64 {
    let number = |path: &[&str]| at.path(path).and_then(At::text).and_then(|text| text.parse().ok());
    match kind {
        "Pod" | "Revision" => 1,
        "PodTemplate" | "DaemonSet" => 0,
        "Job" => number(&["spec", "parallelism"]).unwrap_or(1),
        "CronJob" => number(&["spec", "jobTemplate", "spec", "parallelism"]).unwrap_or(1),
        _ => number(&["spec", "replicas"]).unwrap_or(1),
    }
}

fn pod(reading: &mut Reading<'_>, spec: At<'_>, field: &str) -> PodTemplate {
    let memory = |of: &str| spec.path(&["resources", of, "memory"]).map(Amount::kubernetes);
    let mut pod = PodTemplate {
        request: memory("requests"),
        limit: memory("limits"),
        overhead: spec.path(&["overhead", "memory"]).map(Amount::kubernetes),
        ..PodTemplate::default()
    };
    for (list, regular) in [("initContainers", false), ("containers", true)] {
        let Some(at) = spec.get(list) else { continue };
        let field = join(field, list);
        if !at.is_list() {
            reading.problem(at.spot(), &field, format!("expected a list of containers, found {}", at.shape()));
        }
        for (number, item) in at.items().enumerate() {
            let field = format!("{field}[{number}]");
            if item.is_map() {
                pod.containers.push(container(reading, item, &field, regular));
            } else {
                reading.problem(item.spot(), &field, format!("expected a container, found {}", item.shape()));
            }
        }
    }
    for volume in spec.get("volumes").into_iter().flat_map(At::items) {
        let Some(empty) = volume.get("emptyDir") else { continue };
        let Some(medium) = empty.get("medium").filter(|medium| medium.text() == Some("Memory")) else { continue };
        pod.volumes.push(MemoryVolume {
            name: volume.get("name").and_then(At::text).unwrap_or_default().to_owned(),
            at: medium.spot(),
            size_limit: empty.get("sizeLimit").map(Amount::kubernetes),
        });
    }
    pod
}

fn container(reading: &mut Reading<'_>, at: At<'_>, field: &str, regular: bool) -> Declared {
    let name = at.get("name");
    let place = name.unwrap_or(at).spot();
    let resources = at.entry("resources");
    for (of, field) in [
        (None, join(field, "resources")),
        (Some("requests"), join(field, "resources.requests")),
        (Some("limits"), join(field, "resources.limits")),
    ] {
        let value = at.get("resources").and_then(|at| of.map_or(Some(at), |of| at.get(of)));
        if let Some(value) = value.filter(|value| !value.is_map()) {
            reading.problem(value.spot(), &field, format!("expected a map, found {}", value.shape()));
        }
    }
    let near = |of: &str| {
        let inner = resources.and_then(|(_, value)| value.entry(of));
        inner.or(resources).map_or(place, |(key, _)| key.spot())
    };
    let memory = |of: &str| at.path(&["resources", of, "memory"]).map(Amount::kubernetes);
    let words = ["command", "args"].iter().filter_map(|list| at.get(list)).flat_map(At::items);
    let env = at.get("env").into_iter().flat_map(At::items).filter_map(|entry| {
        let value = entry.get("value")?;
        Some((entry.get("name")?.text()?.to_owned(), value.text()?.to_owned(), value.spot()))
    });
    let mounts = at.get("volumeMounts").into_iter().flat_map(At::items);
    Declared {
        name: name.and_then(At::text).unwrap_or_default().to_owned(),
        kind: match at.get("restartPolicy").and_then(At::text) {
            _ if regular => ContainerKind::Regular,
            Some("Always") => ContainerKind::Sidecar,
            _ => ContainerKind::Init,
        },
        at: place,
        limit_at: near("limits"),
        request_at: near("requests"),
        request: memory("requests"),
        limit: memory("limits"),
        partly_known: false,
        words: words.filter_map(|word| Some((word.text()?.to_owned(), word.spot()))).collect(),
        env: env.collect(),
        mounts: mounts.filter_map(|mount| mount.get("name")?.text().map(str::to_owned)).collect(),
        faults: Vec::new(),
    }
}

fn limit_range(at: At<'_>, object: &mut Object) {
    for item in at.path(&["spec", "limits"]).into_iter().flat_map(At::items) {
        let memory = |of: &str| item.path(&[of, "memory"]).map(Amount::kubernetes);
        object.ranges.push(Range {
            of: item.get("type").and_then(At::text).unwrap_or_default().to_owned(),
            min: memory("min"),
            max: memory("max"),
            default: memory("default"),
            default_request: memory("defaultRequest"),
            ratio: memory("maxLimitRequestRatio"),
        });
    }
}

fn quota(at: At<'_>, object: &mut Object) {
    let Some(hard) = at.path(&["spec", "hard"]) else { return };
    for (name, means) in
        [("requests.memory", "requests.memory"), ("memory", "requests.memory"), ("limits.memory", "limits.memory")]
    {
        if let Some(at) = hard.get(name) {
            object.hard.push((means, Amount::kubernetes(at)));
        }
    }
}

fn join(field: &str, name: &str) -> String {
    if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") }
}
