//! Whose cgroup it is: container, pod, unit, user or job, read from a cgroup path and nothing else.
//!
//! path → components → what each component is, given those above it → one identity. A path is read from the root
//! down, because what `/4f2a…` is depends on its parents; the deepest container still wins, for it is read last.

mod batch;
mod cloud;
mod component;
mod engine;
mod fold;
mod kubernetes;
mod machine;
pub(crate) mod spelling;
mod systemd;
#[cfg(test)]
mod tests;

use crate::event::{Identity, Level, LimitOwner, Runtime};
use component::{Above, Component};
use fold::Fold;

/// The identity of the cgroup that a full path names.
///
/// `None` for the root, for the kernel's placeholders (`(null)`, `(error)`, `(name too long)`) and for a path in which
/// nothing is recognised (`/myapp`).
///
/// The deepest container wins. Where containers are nested, [`Identity::nesting`] lists them outer to inner (at most
/// 16): each outer one as this function reads the path cut after that container, the last one as the result itself.
/// What encloses a container holds for those inside it too: a Docker container started inside a pod keeps the pod's
/// uid, and one started by a Slurm step keeps the job.
///
/// Without a container, the runtime is the batch system's, [`Runtime::Unknown`] for Kubernetes' own levels, PBS and
/// LSF jobs, and [`Runtime::Systemd`] for a plain slice, service, scope or session.
///
/// ```
/// use oomkit_core::cgroup::identify;
/// use oomkit_core::event::{QosClass, Runtime};
///
/// let path = b"/kubepods.slice/kubepods-burstable.slice/\
///     kubepods-burstable-pod282bb4b9_acc8_4c6a_4bf0_7428e6f2162e.slice/\
///     cri-containerd-95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c.scope";
/// let identity = identify(path).unwrap();
/// assert_eq!(identity.runtime, Runtime::Containerd);
/// assert_eq!(identity.pod_uid.as_deref(), Some("282bb4b9-acc8-4c6a-4bf0-7428e6f2162e"));
/// assert_eq!(identity.qos_class, Some(QosClass::Burstable));
/// assert!(identity.id.unwrap().starts_with("95c60e745329"));
///
/// assert_eq!(identify(b"/system.slice/nginx.service").unwrap().unit.as_deref(), Some("nginx.service"));
/// assert_eq!(identify(b"/"), None);
/// assert_eq!(identify(b"/myapp"), None);
/// ```
pub fn identify(path: &[u8]) -> Option<Identity> {
    fold_path(path)?.identity()
}

/// Who owns the limit of a cgroup, and what kind of thing that is: decided by the path's last component.
///
/// `None` for the root and the kernel's placeholders. A cgroup of which nothing is recognised (`/myapp`) still owns
/// its limit: level [`Level::Cgroup`], runtime [`Runtime::Unknown`].
///
/// A limit on a virtual machine's scope or on a Nomad, Mesos or Garden task is a container's limit; one on an ECS task
/// is a job's, as it covers several containers.
///
/// ```
/// use oomkit_core::cgroup::limit_owner;
/// use oomkit_core::event::Level;
///
/// let pod = limit_owner(b"/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3").unwrap();
/// assert_eq!(pod.level, Level::Pod);
/// assert_eq!(limit_owner(b"/kubepods.slice").unwrap().level, Level::NodeAllocatable);
/// assert_eq!(limit_owner(b"/user.slice/user-1000.slice").unwrap().level, Level::User);
/// assert_eq!(limit_owner(b"/myapp").unwrap().level, Level::Cgroup);
/// assert_eq!(limit_owner(b"/"), None);
/// ```
pub fn limit_owner(path: &[u8]) -> Option<LimitOwner> {
    let fold = fold_path(path)?;
    let level = fold.level();
    Some(owner(level, fold.identity()))
}

/// The victim's identity and the limit's owner, from the paths of both. Mostly they are one path, which is read once.
pub(crate) fn victim_and_owner(victim: Option<&[u8]>, limit: Option<&[u8]>) -> (Option<Identity>, Option<LimitOwner>) {
    if victim != limit {
        return (victim.and_then(identify), limit.and_then(limit_owner));
    }
    let Some(fold) = limit.and_then(fold_path) else { return (None, None) };
    let level = fold.level();
    let identity = fold.identity();
    (identity.clone(), Some(owner(level, identity)))
}

/// A cgroup of which nothing is recognised still owns its limit.
fn owner(level: Level, identity: Option<Identity>) -> LimitOwner {
    LimitOwner::new(level, identity.unwrap_or_else(|| Identity::new(Runtime::Unknown)))
}

/// The container that a bare cgroup name names, as `cpuset=` prints it.
///
/// The kernel prints only the last component of the path there, so this never knows more than runtime and id (the
/// unexpanded `kubepods-….slice:cri-containerd:ID` excepted). `None` unless the name alone identifies a container or a
/// virtual machine: `/`, `user.slice`, `kubepods.slice`, and `lxc.monitor.NAME`, whose processes are outside the
/// container. A conmon scope yields the container it watches, with the scope as `unit`.
///
/// ```
/// use oomkit_core::cgroup::from_name;
/// use oomkit_core::event::Runtime;
///
/// let id = "1e479e759020fa0b6c72def90973540a2d33982fea2ad67a96373b4da751a820";
/// let bare = from_name(id.as_bytes()).unwrap();
/// assert_eq!((bare.runtime, bare.id.as_deref()), (Runtime::Unknown, Some(id)));
/// assert_eq!(from_name(format!("crio-{id}.scope").as_bytes()).unwrap().runtime, Runtime::Crio);
/// assert_eq!(from_name(b"lxc.payload.openwrt").unwrap().name.as_deref(), Some("openwrt"));
/// assert_eq!(from_name(b"user.slice"), None);
/// ```
pub fn from_name(name: &[u8]) -> Option<Identity> {
    let name = components(name).last()?;
    if machine::is_vm_thread(name) {
        return Some(Identity::new(Runtime::Libvirt));
    }
    let mut fold = Fold::default();
    let found = Component::classify(name, &Above::root());
    match &found {
        Component::Container(container) if !container.helper || systemd::is_unit(name) => {}
        _ => return None,
    }
    fold.push(name, found);
    fold.identity()
}

/// The path in a line of `/proc/PID/cgroup`, with or without the hierarchy before it and the `\r` or blanks after it.
///
/// ```
/// use oomkit_core::cgroup::path_of_line;
///
/// assert_eq!(path_of_line(b"0::/system.slice/nginx.service"), b"/system.slice/nginx.service");
/// assert_eq!(path_of_line(b"9:memory:/docker/4f2a"), b"/docker/4f2a");
/// assert_eq!(path_of_line(b"/system.slice/a:b.service"), b"/system.slice/a:b.service");
/// ```
pub fn path_of_line(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_end();
    let mut parts = line.splitn(3, |byte| *byte == b':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(number), Some(_), Some(path)) if spelling::number(number).is_some() && path.starts_with(b"/") => path,
        _ => line,
    }
}

/// What the kernel prints for no path. `host` is Alibaba's 4.19: `killed as a result of limit of host`.
pub(crate) fn is_placeholder(path: &[u8]) -> bool {
    matches!(path, b"(null)" | b"(error)" | b"(name too long)" | b"host")
}

/// Reads a path; `None` where it names no cgroup or the root.
fn fold_path(path: &[u8]) -> Option<Fold<'_>> {
    if is_placeholder(path) {
        return None;
    }
    let mut fold = Fold::default();
    let mut above = Above::root();
    let mut empty = true;
    for name in components(path) {
        let found = Component::classify(name, &above);
        above = above.below(name, &found);
        fold.push(name, found);
        empty = false;
    }
    (!empty).then_some(fold)
}

/// The names along a path. User space prints paths relative to its own cgroup namespace, `/../../kubepods/…`: the
/// dots say nothing about whose cgroup it is.
fn components(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let names = memchr::memchr_iter(b'/', path).chain([path.len()]).map(move |end| {
        let name = &path[start..end];
        start = end + 1;
        name
    });
    names.filter(|name| !matches!(*name, b"" | b"." | b".."))
}
