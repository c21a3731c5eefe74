//! Whether two logs say the same but for names.

use crate::event::Event;
use crate::options::{Format, Options};
use crate::parser;
use serde_json::Value;

/// Whether both texts give the same events: every number, word of ours and size of a name is the same.
pub(super) fn same(before: &[u8], after: &[u8], format: Format) -> bool {
    let read = |text: &[u8]| parser::parse_with(text, Options::new().format(format).include_user(true));
    let (before, after) = (read(before), read(after));
    before.len() == after.len() && before.iter().zip(&after).all(|(a, b)| same_event(a, b))
}

/// What names may change beside themselves: the id is a hash of them, a verdict may rest on the name of a program.
const FREE: [&str; 4] = ["id", "verdict", "diagnostics", "source"];

fn same_event(a: &Event, b: &Event) -> bool {
    let (Ok(x), Ok(y)) = (serde_json::to_value(a), serde_json::to_value(b)) else { return false };
    // a byte that is spelled as a number may get another digit, so places can move
    same_value(&x, &y, true) && a.source.transport == b.source.transport && a.source.origin == b.source.origin
}

fn same_value(a: &Value, b: &Value, top: bool) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    (top && FREE.contains(&key.as_str()))
                        || b.get(key).is_some_and(|other| same_value(value, other, false))
                })
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b, false))
        }
        (Value::String(a), Value::String(b)) => a.len() == b.len(),
        (a, b) => a == b,
    }
}
