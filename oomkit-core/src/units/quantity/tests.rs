//! The table of Kubernetes' own parser: what `resource.Quantity` reads, counts and prints for each text.

use super::{Notation, Quantity};
use crate::error::ErrorKind;
use std::cmp::Ordering;

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Text, `Value()`, `String()`.
const READ: &[(&str, i64, &str)] = &[
    ("0", 0, "0"),
    ("128Mi", 134_217_728, "128Mi"),
    ("128M", 128_000_000, "128M"),
    ("128m", 1, "128m"),
    ("129e6", 129_000_000, "129e6"),
    ("128974848000m", 128_974_848, "128974848"),
    ("123Mi", 128_974_848, "123Mi"),
    ("1.5Gi", 1_610_612_736, "1536Mi"),
    ("1.1Gi", 1_181_116_007, "1181116006400m"),
    ("1024Mi", 1_073_741_824, "1Gi"),
    ("1000Mi", 1_048_576_000, "1000Mi"),
    ("1000M", 1_000_000_000, "1G"),
    ("0.5Ki", 512, "512"),
    ("1.25e3", 1250, "1250"),
    ("5E5", 500_000, "500e3"),
    ("1E", 1_000_000_000_000_000_000, "1E"),
    ("1e3", 1000, "1e3"),
    ("1E3", 1000, "1e3"),
    // zero, though the grammar has no such words
    (".", 0, "0"),
    ("-.", 0, "0"),
    ("-", 0, "0"),
    ("+", 0, "0"),
    ("0.1m", 1, "100u"),
    ("3.001n", 1, "4n"),
    ("0.0000000001", 1, "1n"),
    ("8Ei", i64::MAX, "9223372036854775807"),
    ("9Ei", i64::MAX, "9223372036854775807"),
    ("9999999999999999999Ki", i64::MAX, "9223372036854775807"),
    ("9223372036854775807", i64::MAX, "9223372036854775807"),
    ("1e-1", 1, "100e-3"),
    ("-1Mi", -1_048_576, "-1Mi"),
    ("5n", 1, "5n"),
    ("4u", 1, "4u"),
    ("3m", 1, "3m"),
    ("8k", 8000, "8k"),
    ("50k", 50_000, "50k"),
    ("7M", 7_000_000, "7M"),
    ("6G", 6_000_000_000, "6G"),
    ("5T", 5_000_000_000_000, "5T"),
    ("40T", 40_000_000_000_000, "40T"),
    ("300T", 300_000_000_000_000, "300T"),
    ("2P", 2_000_000_000_000_000, "2P"),
    ("100.035k", 100_035, "100035"),
    ("10.035M", 10_035_000, "10035k"),
    ("1.3E+6", 1_300_000, "1300e3"),
    ("1.40e9", 1_400_000_000, "1400e6"),
    ("6.987654321G", 6_987_654_321, "6987654321"),
    ("100.035Ki", 102_436, "102435840m"),
    ("0.05Gi", 53_687_092, "53687091200m"),
    ("0.025Ti", 27_487_790_695, "27487790694400m"),
    ("0.000000000001Ki", 1, "2n"),
    (".001", 1, "1m"),
    (".0001k", 1, "100m"),
    ("1.G", 1_000_000_000, "1G"),
    ("1.", 1, "1"),
];

/// Kubernetes gives these back as they were written, which is not its canonical form; we do not.
const READ_AND_KEPT: &[(&str, i64, &str)] = &[("+1Mi", 1_048_576, "1Mi"), ("00012Mi", 12_582_912, "12Mi")];

const REFUSED: &[&str] = &[
    "",
    "1K",
    "1KB",
    "1MB",
    "1Mib",
    "1gi",
    "1GI",
    "1ki",
    "1mi",
    "1i",
    "1e",
    "1EE",
    " 1Gi",
    "1Gi ",
    "1 Gi",
    "1_000",
    "0x10",
    "1e3Mi",
    "1e3.5",
    "1Zi",
    "1Y",
    "NaN",
    "1.1.M",
    "1+1.0M",
    "0.1mi",
    "0.1am",
    "aoeu",
    ".5i",
    "-3.01i",
    "-3.01e-",
    "1+1",
    "1-1",
    "--1",
    "+-1",
    "1Mi5",
    "1e٣",
    "１Mi",
    "1e99999999999999999999",
    "1M1",
    "Inf",
    "1,5Gi",
    "1Gi\n",
    "\u{0}",
];

#[test]
fn texts_are_read_counted_and_printed_as_kubernetes_does() {
    for &(text, value, canonical) in READ.iter().chain(READ_AND_KEPT) {
        assert_eq!(quantity(text).kubernetes_value().unwrap(), value, "{text}");
        assert_eq!(quantity(text).to_string(), canonical, "{text}");
        assert_eq!(quantity(&quantity(text).to_string()), quantity(text), "{text}");
    }
}

#[test]
fn signs_mirror_every_text() {
    for &(text, value, canonical) in READ.iter().filter(|(text, ..)| !text.starts_with(['+', '-'])) {
        assert_eq!(quantity(&format!("+{text}")).kubernetes_value().unwrap(), value, "+{text}");
        let negative = quantity(&format!("-{text}"));
        assert_eq!(negative.kubernetes_value().unwrap(), -value, "-{text}");
        let canonical = if value == 0 { "0".to_owned() } else { format!("-{canonical}") };
        assert_eq!(negative.to_string(), canonical, "-{text}");
    }
}

#[test]
fn zero_is_zero_with_any_suffix() {
    for suffix in ["n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "E-400000000"]
    {
        // the scanner of Kubernetes does not ask for a digit
        for number in ["0", "000", "0.0", "-0", ".", ""] {
            assert_eq!(quantity(&format!("{number}{suffix}")).try_bytes().unwrap(), 0, "{number}{suffix}");
        }
    }
}

#[test]
fn what_is_no_quantity_is_refused() {
    for text in REFUSED {
        assert!(text.parse::<Quantity>().is_err(), "{text:?}");
    }
}

#[test]
fn nothing_wraps() {
    // Value() gives 0 for the first three and i64::MIN for the fourth
    for text in ["12E", "1e19", "1e30", "9223372036854775808", "1e2000000000", "-12E"] {
        let error = quantity(text).kubernetes_value().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Overflow(all) if *all == quantity(text)), "{text}");
    }
    assert_eq!(quantity("18446744073709551615").try_bytes().unwrap(), u64::MAX);
    assert!(matches!(quantity("18446744073709551616").try_bytes().unwrap_err().kind(), ErrorKind::Overflow(_)));
    assert_eq!(quantity("1e-2000000000").to_string(), "1e-9");
    assert_eq!(quantity("1000E").to_string(), "1e21");
    let long = "9".repeat(100_000);
    assert_eq!(quantity(&format!("{long}Ki")).kubernetes_value().unwrap(), i64::MAX);
    assert_eq!(quantity(&format!("0.{long}")).to_string(), "1");
    assert_eq!(quantity(&format!("1.{}1", "0".repeat(100_000))).to_string(), "1000000001n");
    assert!(long.parse::<Quantity>().is_err());
}

#[test]
fn bytes_are_whole_and_not_negative() {
    let reason = |text: &str| quantity(text).try_bytes().unwrap_err().to_string();
    assert_eq!(reason("128m"), "128m is a fraction of a byte");
    assert_eq!(reason("1.1Gi"), "1181116006400m is a fraction of a byte");
    assert_eq!(reason("-1Mi"), "-1Mi is negative");
    assert_eq!(reason("20E"), "20E is more bytes than 64 bits can count");
    assert_eq!(quantity("128974848000m").try_bytes().unwrap(), 128_974_848);
    assert_eq!(quantity("1.1Gi").rounded_bytes().unwrap(), 1_181_116_007);
    assert!(matches!(quantity("-0.1").rounded_bytes().unwrap_err().kind(), ErrorKind::Negative(_)));
    assert_eq!(Quantity::from_bytes(744_079_360).to_string(), "726640Ki");
}

#[test]
fn amounts_compare_by_value_and_not_by_spelling() {
    assert_eq!(quantity("1Gi"), quantity("1024Mi"));
    assert_eq!(quantity("1000m"), quantity("1e0"));
    assert_eq!(quantity("1Gi").notation(), Notation::BinarySi);
    let ascending =
        ["-1E", "-1Ki", "-1", "-1n", "0", "1n", "1u", "999u", "1m", "1", "1k", "1Ki", "1.1Ki", "1Mi", "8Ei", "1e30"];
    for (i, left) in ascending.iter().enumerate() {
        for (j, right) in ascending.iter().enumerate() {
            assert_eq!(quantity(left).cmp(&quantity(right)), i.cmp(&j), "{left} {right}");
        }
    }
    assert_eq!(quantity("1e2000000000").cmp(&quantity("1e-9")), Ordering::Greater);
}

#[test]
fn the_reason_says_what_would_be_right() {
    let reason = |text: &str| text.parse::<Quantity>().unwrap_err().to_string();
    assert_eq!(reason("1gi"), r#""1gi" is not a quantity: there is no suffix "gi"; write Gi"#);
    assert_eq!(reason("1GB"), r#""1GB" is not a quantity: there is no suffix "GB"; write G (1000³) or Gi (1024³)"#);
    assert_eq!(reason("1Mib"), r#""1Mib" is not a quantity: there is no suffix "Mib"; write Mi"#);
    assert_eq!(reason("1K"), r#""1K" is not a quantity: there is no suffix "K"; write k (1000) or Ki (1024)"#);
    assert_eq!(reason("512 Mi"), r#""512 Mi" is not a quantity: it may hold no space; write 512Mi"#);
    assert_eq!(reason(""), r#""" is not a quantity: it is empty; write a number and a suffix, such as 128Mi"#);
    assert!(reason("lots").contains("does not begin with a number"), "{}", reason("lots"));
    assert!(reason("1Zi").contains("suffixes are n u m k"), "{}", reason("1Zi"));
}

#[test]
fn json_numbers_are_read_as_yaml_writes_them() {
    let read = |json: &str| serde_json::from_str::<Quantity>(json).unwrap().try_bytes();
    assert_eq!(read("\"1.5Gi\"").unwrap(), 1_610_612_736);
    assert_eq!(read("1073741824").unwrap(), 1_073_741_824);
    assert_eq!(read("1e9").unwrap(), 1_000_000_000);
    assert!(matches!(read("1.5").unwrap_err().kind(), ErrorKind::Fractional(_)));
    assert!(serde_json::from_str::<Quantity>("[]").unwrap_err().to_string().contains("expected a quantity such as"));
    assert_eq!(serde_json::to_string(&quantity("1024Mi")).unwrap(), "\"1Gi\"");
}
