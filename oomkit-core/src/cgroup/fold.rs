//! The components of a path, put together.

use super::component::{Component, Container, JobPart};
use super::{machine, systemd};
use crate::event::{Identity, Job, Level, QosClass, Runtime, TaskRef, readable as text};

/// Real nesting is two or three deep (kind in a VM in …); a hostile path can name hundreds.
const MAX_NESTING: usize = 16;

/// What the components read so far say. Borrows the path: text is made only for what is kept.
#[derive(Debug, Clone, Default)]
struct Facts<'a> {
    /// Of the innermost container, or of what leads to it.
    runtime: Option<Runtime>,
    container: Option<Container<'a>>,
    pod: Option<&'a [u8]>,
    qos: Option<QosClass>,
    unit: Option<&'a [u8]>,
    slice: Option<&'a [u8]>,
    user_uid: Option<u32>,
    job: Option<&'a [u8]>,
    step: Option<&'a [u8]>,
    job_task: Option<&'a [u8]>,
    slot: Option<&'a [u8]>,
    ecs_task: Option<&'a [u8]>,
}

/// A path being read, root first.
#[derive(Debug, Default)]
pub(super) struct Fold<'a> {
    facts: Facts<'a>,
    /// What was known when each container was entered, outer to inner.
    entered: Vec<Facts<'a>>,
    level: Option<Level>,
}

impl<'a> Fold<'a> {
    /// Adds the next component down.
    pub(super) fn push(&mut self, name: &'a [u8], component: Component<'a>) {
        // `None`: part of the component above, whose level stays.
        if let Some(level) = component.level(name) {
            self.level = Some(level);
        }
        if !matches!(component, Component::Container(_)) {
            if systemd::is_slice(name) {
                self.facts.slice = Some(name);
            } else if systemd::is_unit(name) {
                self.facts.unit = Some(name);
            }
        }
        match component {
            Component::Container(container) => self.enter(name, container),
            Component::Kubepods => {
                // A node of its own: kind's node is a container, and the pods in it are not the outer pod.
                let facts = self.layer(Runtime::Unknown);
                (facts.pod, facts.qos) = (None, None);
            }
            Component::Qos(qos) => self.layer(Runtime::Unknown).qos = Some(qos),
            Component::Pod(pod) => {
                let facts = self.layer(Runtime::Unknown);
                (facts.pod, facts.qos) = (Some(pod.uid), pod.qos);
            }
            Component::PodmanPod => _ = self.layer(Runtime::Podman),
            Component::Job { runtime, part } => {
                let facts = self.layer(runtime);
                match part {
                    JobPart::Id(id) => facts.start_job(id),
                    JobPart::Step(step) => facts.step = Some(step),
                    JobPart::Task(task) => facts.job_task = Some(task),
                    // The slot is all the path knows of Condor's job.
                    JobPart::Slot(slot) => {
                        facts.start_job(slot);
                        facts.slot = Some(slot);
                    }
                }
            }
            Component::EcsTask(task) => self.layer(Runtime::Ecs).ecs_task = Some(task),
            Component::User { uid, runtime } => {
                runtime.into_iter().for_each(|runtime| _ = self.layer(runtime));
                self.facts.user_uid = Some(uid);
            }
            Component::Inside | Component::Session | Component::Slice | Component::Unit | Component::Plain => {}
        }
    }

    /// What the last component is.
    pub(super) fn level(&self) -> Level {
        self.level.clone().unwrap_or(Level::Cgroup)
    }

    /// `None` when nothing at all was recognised.
    pub(super) fn identity(mut self) -> Option<Identity> {
        let mut identity = self.facts.identity()?;
        if self.facts.container.is_some() {
            self.entered.pop();
        } else {
            self.entered.truncate(MAX_NESTING - 1);
        }
        if !self.entered.is_empty() {
            let outer = self.entered.iter().filter_map(Facts::identity);
            identity.nesting = outer.chain([identity.clone()]).collect();
        }
        Some(identity)
    }

    /// The facts to add to: of a new layer if the last one already ended in a container. Pods, jobs and users stay
    /// known inside it, the container itself and the unit inside it do not.
    fn layer(&mut self, runtime: Runtime) -> &mut Facts<'a> {
        if self.facts.container.take().is_some() {
            self.facts.unit = None;
        }
        self.facts.runtime = Some(runtime);
        &mut self.facts
    }

    fn enter(&mut self, name: &'a [u8], container: Container<'a>) {
        let facts = self.layer(container.runtime.clone());
        // A scope that only carries the container is no unit; conmon's scope, beside the container, is one.
        facts.unit = (container.helper && systemd::is_unit(name)).then_some(name);
        if let Some(slice) = container.slice {
            facts.slice = Some(slice);
        }
        if let Some(pod) = &container.pod {
            facts.pod = Some(pod.uid);
            facts.qos.clone_from(&pod.qos);
        }
        if let Some(allocation) = container.allocation {
            facts.start_job(allocation);
        }
        facts.container = Some(container);
        if self.entered.len() == MAX_NESTING {
            self.entered.pop();
        }
        self.entered.push(self.facts.clone());
    }
}

impl<'a> Facts<'a> {
    fn start_job(&mut self, id: &'a [u8]) {
        self.job = Some(id);
        (self.step, self.job_task, self.slot) = (None, None, None);
    }

    fn identity(&self) -> Option<Identity> {
        let runtime = match &self.runtime {
            Some(runtime) => runtime.clone(),
            None if self.unit.is_some() || self.slice.is_some() => Runtime::Systemd,
            None => return None,
        };
        let mut identity = Identity::new(runtime);
        let mut task = TaskRef::default();
        if let Some(container) = &self.container {
            identity.id = container.id.map(text);
            identity.name = container.name.map(text);
            identity.namespace = container.namespace.map(text);
            identity.machine = container.machine.map(|name| text(&machine::unescape(name)));
            if container.allocation.is_some() {
                task.name = container.name.map(text);
            }
        }
        // The kubelet's systemd driver writes every `-` of the uid as `_`.
        identity.pod_uid = self.pod.map(|uid| text(uid).replace('_', "-"));
        identity.qos_class.clone_from(&self.qos);
        identity.unit = self.unit.map(text);
        identity.slice = self.slice.map(text);
        identity.user_uid = self.user_uid;
        identity.job = self.job.map(|id| Job {
            id: Some(text(id)),
            step: self.step.map(text),
            task: self.job_task.map(text),
            slot: self.slot.map(text),
        });
        task.id = self.ecs_task.map(text);
        if task != TaskRef::default() {
            identity.task = Some(task);
        }
        Some(identity)
    }
}
