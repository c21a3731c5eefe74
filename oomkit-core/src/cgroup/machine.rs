//! System containers and virtual machines: LXC, LXD, Incus, Proxmox, systemd-nspawn, libvirt.

use super::component::{Above, Component, Container, Realm};
use super::spelling::{is_hex64, number, split_digits, stem};
use crate::event::Runtime;
use crate::transport::escape::undo_hex;
use std::borrow::Cow;

pub(super) fn classify<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    // The machine's own processes, in its scope: `payload` since systemd 233 (beside `supervisor`), `libvirt` on
    // cgroup v2, Proxmox's `ns`.
    if let (b"payload", Some(Runtime::Nspawn)) | (b"libvirt", Some(Runtime::Libvirt)) | (b"ns", Some(Runtime::Lxc)) =
        (name, &above.container)
    {
        return Some(Component::Inside);
    }
    lxc(name, above)
        .or_else(|| nspawn(name))
        .or_else(|| scope(name))
        .or_else(|| libvirt(name, above))
        .map(Component::Container)
}

/// LXC 4 and later write `/lxc.payload.NAME`, older ones `/lxc/NAME`; a name may hold dots.
fn lxc<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Container<'a>> {
    let (payload, monitor) = (name.strip_prefix(b"lxc.payload."), name.strip_prefix(b"lxc.monitor."));
    let (name, helper) = match above.parent {
        _ if payload.is_some() => (payload?, false),
        _ if monitor.is_some() => (monitor?, true),
        // `/libvirt/lxc/NAME` is libvirt's own driver.
        b"lxc" if above.realm != Realm::Libvirt => (name, false),
        b"lxc.payload" => (name, false),
        b"lxc.monitor" => (name, true),
        _ => return None,
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

/// `machine-NAME.scope`; libvirt's name holds driver and id: `machine-qemu\x2d1\x2dweb.scope`, before 1.3 no id.
fn scope(name: &[u8]) -> Option<Container<'_>> {
    let machine = name.strip_prefix(b"machine-")?.strip_suffix(b".scope")?;
    match libvirt_machine(machine) {
        Some(machine) => named(Runtime::Libvirt, machine),
        None => named(Runtime::Nspawn, machine),
    }
}

fn libvirt_machine(name: &[u8]) -> Option<&[u8]> {
    let after = |driver: &[u8]| name.strip_prefix(driver).and_then(after_dash);
    let drivers: [&[u8]; 3] = [b"qemu", b"xen", b"ch"];
    let machine = drivers.into_iter().find_map(after);
    let machine = machine.map(|rest| after_number(rest).filter(|machine| !machine.is_empty()).unwrap_or(rest));
    // its containers always have an id
    machine.or_else(|| after_number(after(b"lxc")?)).filter(|machine| !machine.is_empty())
}

fn after_number(text: &[u8]) -> Option<&[u8]> {
    split_digits(text).and_then(|(_, rest)| after_dash(rest))
}

/// systemd escapes libvirt's dashes, but not everywhere.
fn after_dash(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(br"\x2d").or_else(|| text.strip_prefix(b"-"))
}

fn libvirt<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Container<'a>> {
    let machine = match above.parent {
        // Proxmox calls its virtual machines by number: `/qemu.slice/101.scope`.
        b"qemu.slice" => name.strip_suffix(b".scope").filter(|id| number(id).is_some())?,
        // RHEL 6: `/libvirt/qemu/web`.
        b"qemu" | b"lxc" if above.realm == Realm::Libvirt => name,
        _ => directory(name)?,
    };
    named(Runtime::Libvirt, machine)
}

/// libvirt without systemd: `/machine/qemu-2-web.libvirt-qemu/emulator`, before 1.3 `/machine/web.libvirt-qemu`.
fn directory(name: &[u8]) -> Option<&[u8]> {
    let suffixes: [&[u8]; 4] = [b".libvirt-qemu", b".libvirt-lxc", b".libvirt-xen", b".libvirt-ch"];
    let machine = suffixes.into_iter().find_map(|suffix| stem(name, suffix))?;
    let driver = machine.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let id = machine[driver..].strip_prefix(b"-").and_then(split_digits).filter(|_| driver > 0);
    let own = id.and_then(|(_, rest)| rest.strip_prefix(b"-")).filter(|own| !own.is_empty());
    Some(own.unwrap_or(machine))
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
    undo_hex(name, |_| true)
}
