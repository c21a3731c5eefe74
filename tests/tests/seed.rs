//! The dump the project started from, with the values a careful reader gets from it (counted by hand).

use oomkit_core::event::{Completeness, Constraint, Outcome, QosClass, Runtime, Scope, VerdictKind};
use oomkit_core::{Event, parse};

fn seed() -> Event {
    let log = std::fs::read(oomkit_tests::corpus().join("seed/messages.log")).unwrap();
    let mut events = parse(&log);
    assert_eq!(events.len(), 1);
    events.remove(0)
}

#[test]
fn the_trigger_is_read_whole() {
    let trigger = seed().trigger.unwrap();
    assert_eq!(trigger.comm.as_deref(), Some("celery"));
    assert_eq!(trigger.pid, Some(1_540_678));
    assert_eq!(trigger.gfp_mask.as_deref(), Some("0x6200ca"));
    assert_eq!(trigger.gfp_flags, ["GFP_HIGHUSER_MOVABLE"]);
    assert_eq!((trigger.order, trigger.oom_score_adj), (Some(0), Some(998)));
    assert_eq!(trigger.nodemask, None, "(null) is no mask");
    assert_eq!(trigger.qos_class, Some(QosClass::Burstable));
    let container = trigger.container.unwrap();
    assert_eq!(container.runtime, Runtime::Containerd);
    let id = "ff9bfe96b7ecf8cf9952b7db762ebf66a0766692dea902267588b81785ae1383";
    assert_eq!(container.id.as_deref(), Some(id));
}

#[test]
fn the_kernel_and_its_trace() {
    let event = seed();
    let kernel = event.kernel.unwrap();
    assert_eq!((kernel.cpu, kernel.release.as_deref()), (Some(3), Some("4.19.91-25.6.al7.x86_64")));
    assert_eq!(event.call_trace.len(), 23);
    assert_eq!(event.call_trace.iter().filter(|frame| !frame.reliable).count(), 4);
    let frame = &event.call_trace[5];
    assert_eq!((&*frame.symbol, frame.offset, frame.size), ("try_charge", Some(0x7b4), Some(0x810)));
}

#[test]
fn what_the_log_does_not_hold_is_not_there() {
    let event = seed();
    assert_eq!(event.constraint, Constraint::Memcg, "read from the trace");
    assert_eq!(event.constraint_text, None);
    assert_eq!(event.completeness, Completeness::TailMissing);
    assert_eq!(event.outcome, Outcome::Unknown);
    assert_eq!((&event.scope, &event.verdict.kind), (&Scope::Unknown, &VerdictKind::Unknown));
    let why: Vec<_> = event.verdict.evidence.iter().map(|evidence| (&*evidence.fact, evidence.line)).collect();
    assert_eq!(
        why,
        [
            ("the limit of a memory cgroup was hit, as `mem_cgroup_out_of_memory` in the trace shows", Some(10)),
            ("the dump is cut before the line that names the cgroup whose limit was hit", Some(30)),
            ("the dump ends before it says who was killed", Some(30)),
        ]
    );
    assert!(event.victims.is_empty() && event.tasks.is_empty());
    assert_eq!((event.container, event.limit_owner, event.memcg, event.memory), (None, None, None, None));
    assert_eq!((event.host, event.page_size_bytes), (None, None));
    assert_eq!((event.time.text, event.time.wall, event.time.monotonic_seconds), (None, None, None));
    assert_eq!((event.source.first_line, event.source.last_line), (1, 30));
}
