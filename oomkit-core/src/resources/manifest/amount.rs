//! A quantity as a manifest writes it: what YAML makes of it, and what is odd about the way it is written.

use super::text::Spot;
use super::tree::At;
use crate::units::Quantity;

/// Memory in a manifest.
#[derive(Debug, Clone)]
pub(in crate::resources) struct Amount {
    pub(in crate::resources) at: Spot,
    /// As written.
    pub(in crate::resources) text: String,
    /// In bytes, rounded up as Kubernetes counts them; `None` with `reason` or where it is not known here.
    pub(in crate::resources) bytes: Option<u64>,
    pub(in crate::resources) quantity: Option<Quantity>,
    /// Why it is no quantity.
    pub(in crate::resources) wrong: Option<String>,
    /// What is odd about its spelling.
    pub(in crate::resources) odd: Option<String>,
}

impl Amount {
    /// As Kubernetes reads it: YAML first makes numbers of what looks like one.
    pub(super) fn kubernetes(node: At<'_>) -> Self {
        let mut amount = Self::bare(node);
        let Some(text) = node.text() else {
            amount.wrong = Some(format!("expected a quantity such as \"128Mi\", found {}", node.shape()));
            return amount;
        };
        if text.contains("{{") {
            amount.wrong =
                Some(format!("{text:?} is a template that was not rendered; lint the output of `helm template`"));
            return amount;
        }
        let meant = node.is_plain().then(|| number(text)).flatten();
        let read = meant.clone().unwrap_or_else(|| text.trim().to_owned());
        match read.parse::<Quantity>() {
            Ok(quantity) => {
                amount.odd = odd(text, meant.as_deref(), &quantity);
                match quantity.rounded_bytes() {
                    Ok(bytes) => amount.bytes = Some(bytes),
                    Err(error) => amount.wrong = Some(error.to_string()),
                }
                amount.quantity = Some(quantity);
            }
            Err(error) => amount.wrong = Some(error.to_string()),
        }
        amount
    }

    pub(super) fn bare(node: At<'_>) -> Self {
        let text = node.text().unwrap_or_default().to_owned();
        Self { at: node.spot(), text, bytes: None, quantity: None, wrong: None, odd: None }
    }
}

/// The number that Kubernetes' YAML reader (1.1) makes of a plain scalar, as it then stands in JSON.
fn number(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let digits = unsigned.replace('_', "");
    let radix = |prefix: &[&str], radix| {
        let digits = prefix.iter().find_map(|prefix| digits.strip_prefix(prefix))?;
        u64::from_str_radix(digits, radix).ok().map(|value| format!("{sign}{value}"))
    };
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(value) = radix(&["0x", "0X"], 16).or_else(|| radix(&["0b"], 2)).or_else(|| radix(&["0o"], 8)) {
        return Some(value);
    }
    if digits.len() > 1 && digits.bytes().all(|b| b.is_ascii_digit()) {
        return radix(&["0"], 8).or(Some(format!("{sign}{digits}")));
    }
    (text != digits && digits.parse::<f64>().is_ok_and(f64::is_finite)).then(|| format!("{sign}{digits}"))
}

fn odd(text: &str, read_as: Option<&str>, quantity: &Quantity) -> Option<String> {
    let unsigned = text.trim().trim_start_matches(['+', '-']);
    let number = unsigned.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let exponent = unsigned.strip_prefix(number).unwrap_or_default().is_empty() && unsigned.contains(['e', 'E'])
        || quantity.notation() == crate::units::Notation::DecimalExponent;
    let what = if let Some(read_as) = read_as.filter(|read_as| *read_as != text && !text.starts_with('+')) {
        format!("YAML reads it as the number {read_as}")
    } else if exponent {
        "has an exponent".to_owned()
    } else if text.trim() != text {
        "has spaces around it".to_owned()
    } else if text.starts_with('+') {
        "has a sign".to_owned()
    } else if number.starts_with('.') || number.ends_with('.') || number.is_empty() {
        "lacks a digit beside its point".to_owned()
    } else if number.len() > 1 && number.starts_with('0') && !number.starts_with("0.") {
        "has leading zeros".to_owned()
    } else if unsigned.ends_with(['m', 'u', 'n']) && quantity.try_bytes().is_ok() {
        "counts in fractions of a byte".to_owned()
    } else {
        return None;
    };
    Some(format!("{what}; write {}", plain(quantity)))
}

/// The shortest usual spelling.
fn plain(quantity: &Quantity) -> String {
    match quantity.try_bytes() {
        Ok(bytes) if bytes > 0 && bytes % (1 << 20) == 0 => Quantity::from_bytes(bytes).to_string(),
        Ok(bytes) => {
            let steps = [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")];
            let found = steps.iter().find(|(step, _)| bytes > 0 && bytes % step == 0);
            found.map_or_else(|| bytes.to_string(), |(step, suffix)| format!("{}{suffix}", bytes / step))
        }
        Err(_) => quantity.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_makes_numbers_of_plain_text_as_kubernetes_reads_it() {
        for (text, number_is) in [
            ("1_000", Some("1000")),
            ("0x10", Some("16")),
            ("010", Some("8")),
            ("1073741824", Some("1073741824")),
            ("-0b11", Some("-3")),
            ("128Mi", None),
            ("00012Mi", None),
            ("1e9", None),
            ("", None),
        ] {
            assert_eq!(number(text).as_deref(), number_is, "{text}");
        }
    }

    #[test]
    fn odd_spellings_are_told_with_the_usual_one() {
        let told = |text: &str| odd(text, number(text).as_deref(), &text.trim().parse().unwrap());
        assert_eq!(told("1e9").as_deref(), Some("has an exponent; write 1G"));
        assert_eq!(told(".5Gi").as_deref(), Some("lacks a digit beside its point; write 512Mi"));
        assert_eq!(told("+128Mi").as_deref(), Some("has a sign; write 128Mi"));
        assert_eq!(told("00012Mi").as_deref(), Some("has leading zeros; write 12Mi"));
        assert_eq!(told("1.").as_deref(), Some("lacks a digit beside its point; write 1"));
        for usual in ["128Mi", "1.5Gi", "1024Mi", "1000M", "1073741824", "0.5Gi", "128m", "2E", "0"] {
            assert_eq!(told(usual), None, "{usual}");
        }
    }
}
