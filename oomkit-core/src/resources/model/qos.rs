//! QoS class of a pod, as the API server derives it from what the containers declare.

use super::{ContainerKind, CpuClaim, Limit, Pod};
use crate::event::QosClass;

impl Pod {
    /// As its status says; else derived: guaranteed where each container's requests are its limits, of memory and CPU, best
    /// effort where nothing is declared, else burstable. A source that does not tell of CPU decides by memory.
    pub fn qos(&self) -> QosClass {
        if let Some(class) = &self.qos_class {
            return class.clone();
        }
        if self.request.is_some() || self.limit.is_some() {
            let guaranteed = self.limit.is_some() && self.request == self.limit;
            return if guaranteed { QosClass::Guaranteed } else { QosClass::Burstable };
        }
        let containers = || self.containers.iter().filter(|container| container.kind != ContainerKind::Ephemeral);
        let bare = containers().all(|container| {
            let memory =
                container.request.is_none_or(|request| request.get() == 0) && container.limit.bytes().is_none();
            memory && matches!(container.cpu, CpuClaim::None | CpuClaim::Unknown)
        });
        let whole = containers().all(|container| match (container.request, container.limit) {
            (Some(request), Limit::Bounded(limit)) => {
                request == limit && matches!(container.cpu, CpuClaim::Guaranteed | CpuClaim::Unknown)
            }
            _ => false,
        });
        match (bare, whole) {
            (true, _) => QosClass::BestEffort,
            (false, true) => QosClass::Guaranteed,
            (false, false) => QosClass::Burstable,
        }
    }
}
