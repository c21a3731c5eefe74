//! What lint looks at: objects, their pods, containers and volumes, each with its place in the text.

use super::amount::Amount;
use super::text::Spot;
use crate::resources::model::ContainerKind;

/// Where an object comes from: its memory is declared by other rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resources) enum Dialect {
    Kubernetes,
    Compose,
}

/// An object, or a service of Compose.
#[derive(Debug)]
pub(in crate::resources) struct Object {
    pub(in crate::resources) dialect: Dialect,
    pub(in crate::resources) kind: String,
    pub(in crate::resources) namespace: Option<String>,
    pub(in crate::resources) name: Option<String>,
    pub(in crate::resources) at: Spot,
    /// What its annotations say shall not be reported.
    pub(in crate::resources) ignores: Vec<(String, Spot)>,
    /// How many pods it makes.
    pub(in crate::resources) replicas: u64,
    pub(in crate::resources) pod: Option<PodTemplate>,
    pub(in crate::resources) ranges: Vec<Range>,
    /// `spec.hard` of a ResourceQuota: `requests.memory`, `limits.memory`.
    pub(in crate::resources) hard: Vec<(&'static str, Amount)>,
}

/// What a workload makes pods of.
#[derive(Debug, Default)]
pub(in crate::resources) struct PodTemplate {
    pub(in crate::resources) containers: Vec<Declared>,
    /// `spec.resources`.
    pub(in crate::resources) request: Option<Amount>,
    pub(in crate::resources) limit: Option<Amount>,
    pub(in crate::resources) overhead: Option<Amount>,
    pub(in crate::resources) volumes: Vec<MemoryVolume>,
}

/// A container.
#[derive(Debug)]
pub(in crate::resources) struct Declared {
    pub(in crate::resources) name: String,
    pub(in crate::resources) kind: ContainerKind,
    /// Its name, or where it begins.
    pub(in crate::resources) at: Spot,
    /// Where a limit should stand: the nearest key that is there.
    pub(in crate::resources) limit_at: Spot,
    pub(in crate::resources) request_at: Spot,
    pub(in crate::resources) request: Option<Amount>,
    pub(in crate::resources) limit: Option<Amount>,
    /// Something may be declared elsewhere (a variable, another file): nothing is called missing.
    pub(in crate::resources) partly_known: bool,
    /// Command and arguments, in order.
    pub(in crate::resources) words: Vec<(String, Spot)>,
    pub(in crate::resources) env: Vec<(String, String, Spot)>,
    pub(in crate::resources) mounts: Vec<String>,
    /// Rules of Compose that were broken, found while reading.
    pub(in crate::resources) faults: Vec<(&'static str, String, Spot, String)>,
}

/// A volume that is memory.
#[derive(Debug)]
pub(in crate::resources) struct MemoryVolume {
    pub(in crate::resources) name: String,
    pub(in crate::resources) at: Spot,
    pub(in crate::resources) size_limit: Option<Amount>,
}

/// An item of a LimitRange.
#[derive(Debug)]
pub(in crate::resources) struct Range {
    /// `Container` or `Pod`.
    pub(in crate::resources) of: String,
    pub(in crate::resources) min: Option<Amount>,
    pub(in crate::resources) max: Option<Amount>,
    pub(in crate::resources) default: Option<Amount>,
    pub(in crate::resources) default_request: Option<Amount>,
    /// `maxLimitRequestRatio`.
    pub(in crate::resources) ratio: Option<Amount>,
}

impl Declared {
    /// Whether it runs for good.
    pub(in crate::resources) fn stays(&self) -> bool {
        matches!(self.kind, ContainerKind::Regular | ContainerKind::Sidecar)
    }
}
