//! OM012: volumes that are memory.

use super::bytes;
use crate::resources::lint::{Check, Place};
use crate::resources::manifest::PodTemplate;
use crate::units::Bytes;

pub(super) fn rules(check: &mut Check<'_>, place: Place, pod: &PodTemplate) {
    for volume in &pod.volumes {
        let field = format!("volumes/{}", volume.name);
        let Some(size) = &volume.size_limit else {
            let message = format!(
                "the volume {} is memory without sizeLimit: it fills until a container that writes to it is killed",
                volume.name
            );
            check.find("OM012", place, None, &field, volume.at, message);
            continue;
        };
        let mounting = pod.containers.iter().filter(|container| container.mounts.contains(&volume.name));
        let largest = mounting.map(|container| bytes(&container.limit)).collect::<Option<Vec<_>>>();
        let largest = bytes(&pod.limit).or_else(|| largest?.into_iter().max());
        if let (Some(size_bytes), Some(limit)) = (size.bytes, largest)
            && size_bytes >= limit
        {
            let message = format!(
                "the volume {} is memory of up to {}, and the limit of who writes to it is {}",
                volume.name,
                size.text,
                Bytes(limit)
            );
            check.find("OM012", place, None, &field, size.at, message);
        }
    }
}
