//! What each fuzz target asserts. Also compiled into the tests, which replay the corpus through it on stable.

use oomkit_core::{Event, Options, Parser, cgroup, parse, parse_with};

/// Any bytes: no panic, and every event survives its own JSON.
pub fn any_bytes(data: &[u8]) {
    for event in parse(data) {
        let json = serde_json::to_string(&event).expect("an event is JSON");
        let back: Event = serde_json::from_str(&json).expect("our JSON reads back");
        assert_eq!(back, event);
        assert!(event.source.first_line <= event.source.last_line);
        assert!(event.source.first_byte <= event.source.last_byte.max(event.source.first_byte));
    }
}

/// The first byte says how small the chunks are: the events do not depend on it, nor on passing over lines.
pub fn chunks(data: &[u8]) {
    let Some((size, log)) = data.split_first() else { return };
    let mut events = Vec::new();
    let mut parser = Parser::new(Options::new());
    for chunk in log.chunks(usize::from(*size).max(1)) {
        let _ = parser.feed(chunk, &mut events);
    }
    parser.finish(&mut events);
    assert_eq!(events, parse_with(log, Options::new().prefilter(false)));
}

/// Any cgroup path: no panic, and a path's identity is that of its owner's.
pub fn cgroup_path(path: &[u8]) {
    let identity = cgroup::identify(path);
    let owner = cgroup::limit_owner(path);
    if let Some(identity) = identity {
        assert_eq!(owner.expect("what has an identity owns its limit").identity, identity);
    }
    let _ = cgroup::from_name(path);
}

/// Kernel text, one record a line: the same event from every transport that only puts something before the line.
pub fn transports(data: &[u8]) {
    // control characters and other bytes are escaped by some of them: what is compared is text
    let Ok(text) = std::str::from_utf8(data) else { return };
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return;
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let log = |prefix: &dyn Fn(usize) -> String| {
        lines.iter().enumerate().map(|(at, line)| format!("{}{line}\n", prefix(at))).collect::<String>()
    };
    let wrapped = [
        log(&|at| format!("[{:5}.{:06}] ", 1, at * 37)),
        log(&|at| format!("<4>[{:5}.{:06}] ", 1, at * 37)),
        log(&|at| format!("4,{at},{},-;", 1_000_000 + at * 37)).replace('\\', "\\x5c"),
        log(&|at| format!("2026-03-30T12:00:01.{:06}+00:00 web1 kernel: [{:5}.{:06}] ", at * 37, 1, at * 37)),
    ];
    for log in &wrapped {
        any_bytes(log.as_bytes());
    }
}

/// One line of kernel text behind a trigger line: no panic, and no victim whose pid the line does not print.
pub fn kernel_line(data: &[u8]) {
    let line: Vec<u8> = data.iter().copied().filter(|byte| *byte != b'\n' && *byte != b'\r').collect();
    let head =
        b"[    1.000000] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n[    1.000001] ";
    let log = [&head[..], &line, b"\n"].concat();
    let text = String::from_utf8_lossy(&line);
    for event in parse(&log) {
        for victim in &event.victims {
            assert!(text.contains(&victim.pid.to_string()), "{} is not in the line", victim.pid);
        }
    }
    any_bytes(&log);
}
