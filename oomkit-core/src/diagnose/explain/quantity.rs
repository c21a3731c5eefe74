//! Sizes as people write them in questions: `80Mi`, `1.5Gi`, `500M`, plain bytes.

/// Bytes, rounded up as Kubernetes does.
pub(super) fn bytes(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 12] = [
        ("Ki", 1 << 10),
        ("Mi", 1 << 20),
        ("Gi", 1 << 30),
        ("Ti", 1 << 40),
        ("Pi", 1 << 50),
        ("Ei", 1 << 60),
        ("k", 1000),
        ("M", 1_000_000),
        ("G", 1_000_000_000),
        ("T", 1_000_000_000_000),
        ("P", 1_000_000_000_000_000),
        ("", 1),
    ];
    let (number, unit) = UNITS.iter().find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !(part.is_empty() || digits(part)) {
        return None;
    }
    let scale = 10u128.pow(u32::try_from(part.len()).ok()?);
    let value = format!("{whole}{part}").parse::<u128>().ok()?.checked_mul(u128::from(unit))?;
    u64::try_from(value.div_ceil(scale)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_exact() {
        assert_eq!(bytes("80Mi"), Some(83_886_080));
        assert_eq!(bytes("1.5Gi"), Some(1_610_612_736));
        assert_eq!(bytes("500M"), Some(500_000_000));
        assert_eq!(bytes("4096"), Some(4096));
        assert_eq!(bytes("0.1Ki"), Some(103));
        for wrong in ["", "Mi", "80 Mi", "-1", "80MB", "1e3x", ".5Gi"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
