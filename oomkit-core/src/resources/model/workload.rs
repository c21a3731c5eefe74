//! Who a pod belongs to, as people know it: the Deployment and not its ReplicaSet.

use std::fmt;

/// The workload of a pod, shown as `Deployment/web`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub struct Workload {
    /// `Deployment`, `StatefulSet`, `DaemonSet`, `CronJob`, `Job`, `Node` (a static pod), `Pod` (nobody's) …
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// The letters and digits that Kubernetes makes hashes of: no vowels, nothing easily mistaken.
const HASH: &str = "bcdfghjklmnpqrstvwxz2456789";

impl Workload {
    /// The workload behind a pod's controlling owner.
    ///
    /// A ReplicaSet is its Deployment's (or Argo Rollout's) when its name ends in the hash that its pods carry as a
    /// label; without labels, when it ends in what looks like one. A Job is its CronJob's when its name ends in a time:
    /// minutes since 1970, before Kubernetes 1.21 seconds.
    pub(in crate::resources) fn of_owner(kind: &str, name: &str, hash: Hash<'_>) -> Self {
        let (kind, name) = match kind {
            "ReplicaSet" => match (hash, name.rsplit_once('-')) {
                (Hash::Deployment(hash), Some((prefix, end))) if end == hash => ("Deployment", prefix),
                (Hash::Rollout(hash), Some((prefix, end))) if end == hash => ("Rollout", prefix),
                (Hash::Unknown, Some((prefix, end))) if is_hash(end) => ("Deployment", prefix),
                _ => (kind, name),
            },
            "Job" => match name.rsplit_once('-') {
                Some((prefix, end)) if is_time(end) => ("CronJob", prefix),
                _ => (kind, name),
            },
            _ => (kind, name),
        };
        Self { kind: kind.to_owned(), name: name.to_owned() }
    }

    /// The workload of this name, as it is shown.
    pub(in crate::resources) fn shown_as(text: &str) -> Self {
        let (kind, name) = text.split_once('/').unwrap_or(("", text));
        Self { kind: kind.to_owned(), name: name.to_owned() }
    }

    /// The workload of a pod that has no owner: itself.
    pub(in crate::resources) fn of_pod(name: &str) -> Self {
        Self { kind: "Pod".to_owned(), name: name.to_owned() }
    }
}

/// What a pod's labels say about its template.
#[derive(Debug, Clone, Copy)]
pub(in crate::resources) enum Hash<'a> {
    /// `pod-template-hash`.
    Deployment(&'a str),
    /// `rollouts-pod-template-hash`.
    Rollout(&'a str),
    /// There are labels, and no hash among them.
    None,
    /// There are no labels.
    Unknown,
}

fn is_hash(text: &str) -> bool {
    (8..=10).contains(&text.len()) && text.chars().all(|c| HASH.contains(c))
}

fn is_time(text: &str) -> bool {
    let Ok(number) = text.parse::<u64>() else { return false };
    // 2017 to 2046
    let minutes = (24_700_000..40_000_000).contains(&number);
    let seconds = (1_480_000_000..1_700_000_000).contains(&number);
    text.bytes().all(|b| b.is_ascii_digit()) && (minutes || seconds)
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind.is_empty() { f.write_str(&self.name) } else { write!(f, "{}/{}", self.kind, self.name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replica_sets_and_jobs_lead_to_what_made_them() {
        let workload = |kind, name, hash| Workload::of_owner(kind, name, hash).to_string();
        assert_eq!(workload("ReplicaSet", "web-6d4cf56db6", Hash::Deployment("6d4cf56db6")), "Deployment/web");
        assert_eq!(workload("ReplicaSet", "web-6d4cf56db6", Hash::Rollout("6d4cf56db6")), "Rollout/web");
        assert_eq!(workload("ReplicaSet", "web-6d4cf56db6", Hash::Unknown), "Deployment/web");
        // somebody's own ReplicaSet
        assert_eq!(workload("ReplicaSet", "web-6d4cf56db6", Hash::None), "ReplicaSet/web-6d4cf56db6");
        assert_eq!(workload("ReplicaSet", "web-frontend", Hash::Unknown), "ReplicaSet/web-frontend");
        assert_eq!(workload("ReplicaSet", "web", Hash::Unknown), "ReplicaSet/web");
        assert_eq!(workload("Job", "report-28512345", Hash::None), "CronJob/report");
        assert_eq!(workload("Job", "report-1600000020", Hash::None), "CronJob/report");
        assert_eq!(workload("Job", "migrate-12", Hash::None), "Job/migrate-12");
        assert_eq!(workload("StatefulSet", "db-12345678", Hash::None), "StatefulSet/db-12345678");
    }
}
