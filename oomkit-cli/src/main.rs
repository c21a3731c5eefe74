//! The `oomkit` command.
use std::io::Write;
fn main() {
    let path = std::env::args().nth(4).unwrap();
    let events = oomkit_core::parse_with(&std::fs::read(&path).unwrap(), oomkit_core::Options::new().source(path));
    let mut out = std::io::stdout().lock();
    for event in events {
        writeln!(out, "{}", serde_json::to_string(&event).unwrap()).unwrap();
    }
}
