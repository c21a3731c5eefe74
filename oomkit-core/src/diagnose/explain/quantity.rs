//! Sizes in questions: Kubernetes quantities.

use crate::units::Quantity;

/// Bytes, rounded up as Kubernetes does.
pub(super) fn bytes(text: &str) -> Option<u64> {
    text.parse::<Quantity>().ok()?.rounded_bytes().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_exact() {
        assert_eq!(bytes("80Mi"), Some(83_886_080));
        assert_eq!(bytes("1.5Gi"), Some(1_610_612_736));
        assert_eq!(bytes("500M"), Some(500_000_000));
        for wrong in ["", "80 Mi", "-1", "80MB"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
