//! How much memory a pod declares in all: as it runs, and as the scheduler books it.

use super::{Container, ContainerKind, Pod};
use crate::units::Bytes;

/// Which containers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum View {
    /// Those that run together for good: regular containers and native sidecars.
    #[default]
    Steady,
    /// What the scheduler books: also one-shot init containers, where one of them needs more (KEP-753).
    Scheduled,
}

/// What containers declare together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Declared {
    /// Requests.
    pub request: Bytes,
    /// Limits of those that have one.
    pub known_limit: Bytes,
    /// Requests of those that have a limit.
    pub bounded_request: Bytes,
    /// By how much limits exceed requests, each container by itself.
    pub overcommit: Bytes,
    /// How many have no limit.
    pub unbounded: u64,
    /// How many there are.
    pub containers: u64,
}

impl Declared {
    /// What one container declares.
    pub fn of_container(container: &Container) -> Self {
        let request = container.request.unwrap_or_default();
        let mut declared = Self { request, containers: 1, ..Self::default() };
        match container.limit.bytes() {
            Some(limit) => declared.bound(request, limit),
            None => declared.unbounded = 1,
        }
        declared
    }

    /// What a pod declares, its overhead included.
    pub fn of_pod(pod: &Pod, view: View) -> Self {
        let steady: Self = pod.steady().map(Self::of_container).sum();
        let mut declared = match view {
            View::Steady => steady,
            View::Scheduled => starting(pod).into_iter().fold(steady, Self::max),
        };
        // spec.resources of the pod stand for those of its containers
        match (pod.request, pod.limit) {
            (Some(request), Some(limit)) => {
                let containers = declared.containers;
                declared = Self { request, containers, ..Self::default() };
                declared.bound(request, limit);
            }
            (Some(request), None) => {
                declared.request = request;
                if declared.unbounded == 0 {
                    let limit = declared.known_limit;
                    declared.bound(request, limit);
                }
            }
            (None, _) => {}
        }
        declared.request = declared.request.saturating_add(pod.overhead);
        if declared.known_limit.get() > 0 {
            declared.known_limit = declared.known_limit.saturating_add(pod.overhead);
            declared.bounded_request = declared.bounded_request.saturating_add(pod.overhead);
        }
        declared
    }

    /// All limits together; [`None`] when something has none.
    pub fn limit(&self) -> Option<Bytes> {
        (self.unbounded == 0).then_some(self.known_limit)
    }

    /// Limits to requests, of what has a limit; [`None`] where nothing is requested.
    pub fn ratio(&self) -> Option<f64> {
        (self.bounded_request.get() > 0).then(|| self.known_limit.get() as f64 / self.bounded_request.get() as f64)
    }

    fn bound(&mut self, request: Bytes, limit: Bytes) {
        self.known_limit = limit;
        self.bounded_request = request;
        self.overcommit = Bytes(limit.get().saturating_sub(request.get()));
    }

    /// Together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            request: self.request.saturating_add(other.request),
            known_limit: self.known_limit.saturating_add(other.known_limit),
            bounded_request: self.bounded_request.saturating_add(other.bounded_request),
            overcommit: self.overcommit.saturating_add(other.overcommit),
            unbounded: self.unbounded + other.unbounded,
            containers: self.containers + other.containers,
        }
    }

    /// The larger of each: what is needed at one time or another.
    fn max(self, other: Self) -> Self {
        Self {
            request: self.request.max(other.request),
            known_limit: self.known_limit.max(other.known_limit),
            bounded_request: self.bounded_request.max(other.bounded_request),
            overcommit: self.overcommit.max(other.overcommit),
            unbounded: self.unbounded.max(other.unbounded),
            containers: self.containers.max(other.containers),
        }
    }
}

impl std::iter::Sum for Declared {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), Self::plus)
    }
}

/// What each init container needs while it runs: itself, and the sidecars started before it.
fn starting(pod: &Pod) -> Vec<Declared> {
    let mut sidecars = Declared::default();
    let mut steps = Vec::new();
    for container in &pod.containers {
        let own = Declared::of_container(container);
        match container.kind {
            ContainerKind::Init => steps.push(sidecars.plus(own)),
            ContainerKind::Sidecar => {
                sidecars = sidecars.plus(own);
                steps.push(sidecars);
            }
            ContainerKind::Regular | ContainerKind::Ephemeral => {}
        }
    }
    steps
}
