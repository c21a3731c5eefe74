//! What each fuzz target asserts. Also compiled into the tests, which replay the corpus through it on stable.

use oomkit_core::{Event, Options, Parser, cgroup, parse};

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

/// The first byte says how small the chunks are: the events do not depend on it.
pub fn chunks(data: &[u8]) {
    let Some((size, log)) = data.split_first() else { return };
    let mut events = Vec::new();
    let mut parser = Parser::new(Options::new());
    for chunk in log.chunks(usize::from(*size).max(1)) {
        let _ = parser.feed(chunk, &mut events);
    }
    parser.finish(&mut events);
    assert_eq!(events, parse(log));
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
