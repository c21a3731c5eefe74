//! One node: how much memory it has, and what it is called.

use crate::units::Bytes;

/// A node of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Node {
    /// Its name, to which pods are bound.
    pub name: String,
    /// All memory it has.
    pub capacity: Option<Bytes>,
    /// What of it pods may request.
    pub allocatable: Option<Bytes>,
    /// Whether it is cordoned.
    pub unschedulable: bool,
    /// Swap it has, where its status says so.
    pub swap: Option<Bytes>,
    /// Whether it runs Windows, which has no cgroups.
    pub windows: bool,
    /// Whether the kubelet says that it is short of memory (condition `MemoryPressure`).
    pub memory_pressure: bool,
    /// `topology.kubernetes.io/zone`.
    pub zone: Option<String>,
    /// Host names and addresses, as its status lists them.
    pub addresses: Vec<String>,
    /// `aws:///eu-west-1a/i-0123456789abcdef0`.
    pub provider_id: Option<String>,
}

impl Node {
    /// Whether a log's host name is this node's: its name or one of its addresses, in full or up to the first dot, or the
    /// machine of its provider id.
    pub fn is_host(&self, host: &str) -> bool {
        let short = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let names = [&self.name].into_iter().chain(&self.addresses);
        let machine = self.provider_id.as_deref().and_then(|id| id.rsplit('/').next());
        machine == Some(host) || names.clone().any(|name| name.eq_ignore_ascii_case(host)) || {
            // an address cut at its first dot is no name
            let is_name = |name: &str| name.contains(|c: char| c.is_ascii_alphabetic()) && !name.contains(':');
            is_name(host)
                && names.filter(|name| is_name(name)).any(|name| short(name).eq_ignore_ascii_case(&short(host)))
        }
    }
}
