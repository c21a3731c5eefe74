//! How events and parts look in a Python session: short, and safe to print.

use oomkit_core::event;
use oomkit_core::reflect::Field;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use std::fmt::Write;

/// `<Event 9f3c6a10… killed pid=114 'gunicorn: worke' scope=container at 2026-10-02T03:04:05+00:00>`.
pub(crate) fn event(py: Python<'_>, event: &event::Event) -> PyResult<String> {
    let id: String = event.id.chars().take(8).collect();
    let mut text = format!("<Event {id}… {}", event.outcome);
    let mut process = |label: &str, pid: Option<u32>, comm: Option<&str>| -> PyResult<()> {
        if let Some(pid) = pid {
            let _ = write!(text, " {label}={pid}");
        }
        if let Some(comm) = comm {
            let _ = write!(text, " {}", quoted(py, comm)?);
        }
        Ok(())
    };
    match (event.victims.as_slice(), &event.trigger) {
        ([first, others @ ..], _) => {
            process("pid", Some(first.pid), first.comm.as_deref())?;
            if !others.is_empty() {
                let _ = write!(text, " +{}", others.len());
            }
        }
        ([], Some(trigger)) => process("trigger pid", trigger.pid, trigger.comm.as_deref())?,
        ([], None) => {}
    }
    let _ = write!(text, " scope={}", event.scope);
    let time = &event.time;
    if let Some(wall) = time.wall {
        let _ = write!(text, " at {}", wall.to_rfc3339());
    } else if let Some(as_written) = &time.text {
        let _ = write!(text, " at {}", quoted(py, as_written)?);
    } else if let Some(uptime) = time.monotonic_seconds {
        let _ = write!(text, " at {uptime}s");
    }
    text.push('>');
    Ok(text)
}

/// `<Zone zone='Normal' node=0 free_bytes=45056 values={10} lowmem_reserve_pages=(5)>`: what is known, collections by
/// their sizes, parts of parts by their class.
pub(crate) fn part(object: &Bound<'_, PyAny>, fields: &[Field]) -> PyResult<String> {
    let mut text = format!("<{}", object.get_type().name()?);
    for Field { name: field, .. } in fields {
        let value = object.getattr(*field)?;
        if value.is_none() {
            continue;
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            if !tuple.is_empty() {
                let _ = write!(text, " {field}=({})", tuple.len());
            }
        } else if let Ok(dict) = value.cast::<PyDict>() {
            if !dict.is_empty() {
                let _ = write!(text, " {field}={{{}}}", dict.len());
            }
        } else if value.get_type().getattr("__module__")?.to_string().starts_with("oomkit") {
            let _ = write!(text, " {field}=<{}>", value.get_type().name()?);
        } else {
            let _ = write!(text, " {field}={}", value.repr()?);
        }
    }
    text.push('>');
    Ok(text)
}

/// As Python writes a string: quoted, control characters escaped. Names come from hostile processes.
fn quoted(py: Python<'_>, text: &str) -> PyResult<String> {
    Ok(PyString::new(py, text).repr()?.to_string())
}
