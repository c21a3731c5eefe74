//! The vocabulary of component names: compiled patterns and ids.

use regex::bytes::Regex;

/// Compiles a constant pattern. Names are bytes, so `.` is any byte.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(&format!("^(?s-u:{text})$")).expect("constant patterns compile")
}

/// A UUID with either separator: the kubelet's systemd driver writes `_` for `-`.
pub(super) const UUID: &str = "[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}";

/// Lower-case hex, `least` to 64 digits. Short ids occur: `docker-93f0eb72.scope`.
pub(super) fn is_hex(name: &[u8], least: usize) -> bool {
    (least..=64).contains(&name.len()) && name.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The full id of every OCI runtime: no other cgroup is called that.
pub(super) fn is_hex64(name: &[u8]) -> bool {
    is_hex(name, 64)
}

/// A number that fits, as in `user-1000.slice`.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}
