//! One container of a pod: what it declares, and what became of it.

use crate::units::Bytes;
use chrono::{DateTime, FixedOffset};

/// A container as its pod declares it, with its status.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Container {
    /// Its name, unique in the pod.
    pub name: String,
    /// When it runs.
    pub kind: ContainerKind,
    /// The memory the scheduler books for it; [`None`] where nothing is declared.
    pub request: Option<Bytes>,
    /// Whether the request is the limit's, as the API server sets it where only a limit is declared.
    pub request_defaulted: bool,
    /// What the kernel holds it to.
    pub limit: Limit,
    /// Its CPU, as far as the QoS class needs it.
    pub cpu: CpuClaim,
    /// Huge pages it requests, of all sizes. They are set apart when the node starts: no part of its memory.
    pub hugepages: Bytes,
    /// What the kubelet says about it; [`None`] before it was first started.
    pub status: Option<ContainerStatus>,
}

/// What a container says about its CPU: the QoS class asks for no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CpuClaim {
    /// Not known: the source does not tell.
    #[default]
    Unknown,
    /// Neither request nor limit.
    None,
    /// A request, a limit, or two that differ.
    Some,
    /// A request and a limit, and they are the same.
    Guaranteed,
}

/// When a container runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContainerKind {
    /// One of `spec.containers`.
    Regular,
    /// An init container that runs to its end before the regular ones start.
    Init,
    /// An init container with `restartPolicy: Always`, which stays.
    Sidecar,
    /// Put into the running pod by `kubectl debug`; it declares nothing.
    Ephemeral,
}

impl ContainerKind {
    /// The word written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Init => "init",
            Self::Sidecar => "sidecar",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// A memory limit. No limit is not a limit of zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// So many bytes.
    Bounded(Bytes),
    /// None is set: the node is the limit.
    Unbounded,
}

impl Limit {
    /// The bytes, where there are any.
    pub const fn bytes(self) -> Option<Bytes> {
        match self {
            Self::Bounded(bytes) => Some(bytes),
            Self::Unbounded => None,
        }
    }
}

/// What the kubelet says about a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ContainerStatus {
    /// The id of the running or last container, without the `containerd://` before it.
    pub id: Option<String>,
    /// How often it was started again.
    pub restart_count: u32,
    /// Since when it runs, if it does.
    pub running_since: Option<DateTime<FixedOffset>>,
    /// How it ended, if it does not run.
    pub ended: Option<Termination>,
    /// How the one before it ended.
    pub last_ended: Option<Termination>,
}

/// How a container ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Termination {
    /// `OOMKilled`, `Error`, `Completed` …
    pub reason: Option<String>,
    /// 137 is death by SIGKILL, whoever sent it.
    pub exit_code: Option<i32>,
    /// When it was started.
    pub started_at: Option<DateTime<FixedOffset>>,
    /// When it ended.
    pub finished_at: Option<DateTime<FixedOffset>>,
    /// Its id, without the `containerd://` before it.
    pub id: Option<String>,
}

impl Termination {
    /// Whether the runtime saw an OOM kill.
    pub fn is_oom(&self) -> bool {
        self.reason.as_deref() == Some("OOMKilled")
    }
}
