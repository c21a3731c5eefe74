//! System containers and virtual machines: LXC, LXD, Incus, Proxmox, systemd-nspawn, libvirt.

use super::component::{Above, Component, Container, Realm};
use super::pattern::{is_hex64, number, pattern};
use crate::event::Runtime;
use regex::bytes::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// `machine-NAME.scope`; libvirt's name holds driver and id: `machine-qemu\x2d1\x2dweb.scope`, before 1.3 no id.
static MACHINE: LazyLock<Regex> = LazyLock::new(|| {
    let dash = r"(?:\\x2d|-)";
    pattern(&format!(r"machine-((?:qemu|xen|ch){dash}(?:[0-9]+{dash})?|lxc{dash}[0-9]+{dash})?(.+)\.scope"))
});

/// libvirt without systemd: `/machine/qemu-2-web.libvirt-qemu/emulator`, before 1.3 `/machine/web.libvirt-qemu`.
static LIBVIRT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:[a-z]+-[0-9]+-)?(.+)\.libvirt-(?:qemu|lxc|xen|ch)"));

pub(super) fn read<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    if let Some(runtime) = &above.container {
        // The machine's own processes, in its scope: `payload` since systemd 233 (beside `supervisor`), `libvirt` on
        // cgroup v2, Proxmox's `ns`.
        let inside = match name {
            b"payload" => *runtime == Runtime::Nspawn,
            b"libvirt" => *runtime == Runtime::Libvirt,
            b"ns" => *runtime == Runtime::Lxc,
            _ => false,
        };
        if inside {
            return Some(Component::Inside);
        }
    }
    lxc(name, above)
        .or_else(|| nspawn(name))
        .or_else(|| scope(name))
        .or_else(|| libvirt(name, above))
        .map(Component::Container)
}

/// LXC 4 and later write `/lxc.payload.NAME`, older ones `/lxc/NAME`; a name may hold dots.
fn lxc<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Container<'a>> {
    let (name, helper) = if let Some(rest) = name.strip_prefix(b"lxc.payload.") {
        (rest, false)
    } else if let Some(rest) = name.strip_prefix(b"lxc.monitor.") {
        (rest, true)
    } else {
        match above.parent {
            // `/libvirt/lxc/NAME` is libvirt's own driver; `/lxc/lxc.payload.NAME` was read above.
            b"lxc" if above.realm != Realm::Libvirt => (name, false),
            b"lxc.payload" => (name, false),
            b"lxc.monitor" => (name, true),
            _ => return None,
        }
    };
    if name.is_empty() {
        return None;
    }
    // Docker's lxc driver, until 2015, named the containers by their ids.
    let id = is_hex64(name).then_some(name);
    Some(Container { id, name: Some(name), helper, ..Container::new(Runtime::Lxc) })
}

/// A machine started from a unit file: `/machine.slice/systemd-nspawn@web.service/payload`.
fn nspawn(name: &[u8]) -> Option<Container<'_>> {
    let machine = name.strip_prefix(b"systemd-nspawn@")?.strip_suffix(b".service")?;
    named(Runtime::Nspawn, machine)
}

fn scope(name: &[u8]) -> Option<Container<'_>> {
    let found = MACHINE.captures(name)?;
    let runtime = if found.get(1).is_some() { Runtime::Libvirt } else { Runtime::Nspawn };
    named(runtime, found.get(2)?.as_bytes())
}

fn libvirt<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Container<'a>> {
    let machine = match above.parent {
        // Proxmox calls its virtual machines by number: `/qemu.slice/101.scope`.
        b"qemu.slice" => name.strip_suffix(b".scope").filter(|id| number(id).is_some())?,
        // RHEL 6: `/libvirt/qemu/web`.
        b"qemu" | b"lxc" if above.realm == Realm::Libvirt => name,
        _ => LIBVIRT.captures(name)?.get(1)?.as_bytes(),
    };
    named(Runtime::Libvirt, machine)
}

fn named(runtime: Runtime, machine: &[u8]) -> Option<Container<'_>> {
    (!machine.is_empty()).then(|| Container { machine: Some(machine), ..Container::new(runtime) })
}

/// The sub-cgroups in which libvirt runs a machine's threads, as `cpuset=` names them on cgroup v1.
pub(super) fn is_vm_thread(name: &[u8]) -> bool {
    let numbered = |prefix: &[u8]| name.strip_prefix(prefix).and_then(number).is_some();
    name == b"emulator" || numbered(b"vcpu") || numbered(b"iothread")
}

/// systemd writes the odd bytes of a name as `\x2d`. Undone once: a name may itself hold a backslash.
pub(super) fn unescape(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'\\') {
        return Cow::Borrowed(name);
    }
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&byte, tail)) = rest.split_first() {
        let (byte, tail) = escaped(rest).unwrap_or((byte, tail));
        plain.push(byte);
        rest = tail;
    }
    Cow::Owned(plain)
}

fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'\\', b'x', high, low, tail @ ..] = text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(*high)? << 4 | digit(*low)?, tail))
}
