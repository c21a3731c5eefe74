//! How ids and numbers are spelt in component names. Every id is in lower case.

/// Lower-case hex, `least` to 64 digits. Short ids occur: `docker-93f0eb72.scope`.
pub(super) fn is_hex(name: &[u8], least: usize) -> bool {
    // without a branch for each digit
    (least..=64).contains(&name.len()) && name.iter().fold(true, |all, byte| all & is_hex_digit(byte))
}

pub(crate) fn is_hex_digit(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// The full id of every OCI runtime: no other cgroup has such a name.
pub(super) fn is_hex64(name: &[u8]) -> bool {
    is_hex(name, 64)
}

/// 32 digits: a static pod's uid, an ECS task.
pub(super) fn is_hex32(name: &[u8]) -> bool {
    name.len() == 32 && is_hex(name, 32)
}

/// A UUID and what follows it. Either separator: the kubelet's systemd driver writes `_` for `-`.
pub(crate) fn split_uuid(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let (uuid, rest) = name.split_at_checked(UUID_LENGTH)?;
    let fits = uuid.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => matches!(byte, b'-' | b'_'),
        _ => is_hex_digit(byte),
    });
    fits.then_some((uuid, rest))
}

pub(super) const UUID_LENGTH: usize = 36;

pub(super) fn is_uuid(name: &[u8]) -> bool {
    split_uuid(name).is_some_and(|(_, rest)| rest.is_empty())
}

/// A number that fits, as in `user-1000.slice`.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    split_digits(digits).filter(|(_, rest)| rest.is_empty())?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Digits, at least one and of any number, and what follows them.
pub(super) fn split_digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// What is before a suffix, if anything is.
pub(super) fn stem<'a>(name: &'a [u8], suffix: &[u8]) -> Option<&'a [u8]> {
    name.strip_suffix(suffix).filter(|stem| !stem.is_empty())
}
