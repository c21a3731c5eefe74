//! Kubernetes quantities against plain rational arithmetic, and against any text.

use oomkit_core::resources::Quantity;
use proptest::prelude::*;

/// Suffix, numerator and denominator of what it stands for.
const SUFFIXES: [(&str, i128, i128); 18] = [
    ("", 1, 1),
    ("n", 1, 1_000_000_000),
    ("u", 1, 1_000_000),
    ("m", 1, 1000),
    ("k", 1000, 1),
    ("M", 1_000_000, 1),
    ("G", 1_000_000_000, 1),
    ("T", 1_000_000_000_000, 1),
    ("P", 1_000_000_000_000_000, 1),
    ("Ki", 1 << 10, 1),
    ("Mi", 1 << 20, 1),
    ("Gi", 1 << 30, 1),
    ("Ti", 1 << 40, 1),
    ("Pi", 1 << 50, 1),
    ("e3", 1000, 1),
    ("E+6", 1_000_000, 1),
    ("e-2", 1, 100),
    ("e-10", 1, 10_000_000_000),
];

/// What a text stands for in billionths, rounded away from zero.
fn billionths(
    negative: bool,
    whole: u32,
    fraction: &str,
    (suffix, numerator, denominator): (&str, i128, i128),
) -> i128 {
    let digits: i128 = format!("{whole}{fraction}").parse().expect("digits");
    let over = digits * numerator * 1_000_000_000;
    let under = denominator * 10_i128.pow(fraction.len() as u32);
    let up = over / under + i128::from(over % under != 0);
    let up = if suffix.ends_with('i') { up.min(i128::from(i64::MAX) * 1_000_000_000) } else { up };
    if negative { -up } else { up }
}

fn written() -> impl Strategy<Value = (String, i128)> {
    (any::<bool>(), any::<u32>(), "[0-9]{0,4}", prop::sample::select(&SUFFIXES[..])).prop_map(
        |(negative, whole, fraction, suffix)| {
            let sign = if negative { "-" } else { "" };
            let point = if fraction.is_empty() { "" } else { "." };
            let text = format!("{sign}{whole}{point}{fraction}{}", suffix.0);
            (text, billionths(negative, whole, &fraction, suffix))
        },
    )
}

proptest! {
    #[test]
    fn a_quantity_is_the_number_it_says((text, expected) in written()) {
        let quantity: Quantity = text.parse().expect(&text);
        prop_assert_eq!(quantity.try_bytes().ok().map(i128::from), {
            let whole = expected >= 0 && expected % 1_000_000_000 == 0;
            whole.then_some(expected / 1_000_000_000).filter(|&bytes| bytes <= i128::from(u64::MAX))
        });
        let up = expected / 1_000_000_000 + expected.signum() * i128::from(expected % 1_000_000_000 != 0);
        prop_assert_eq!(quantity.kubernetes_value().ok().map(i128::from), i64::try_from(up).ok().map(i128::from));
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same_amount((text, _) in written()) {
        let quantity: Quantity = text.parse().expect(&text);
        let printed = quantity.to_string();
        prop_assert_eq!(printed.parse::<Quantity>().expect(&printed), quantity);
        prop_assert_eq!(printed.parse::<Quantity>().expect(&printed).to_string(), printed);
    }

    #[test]
    fn quantities_are_in_the_order_of_their_amounts((left, a) in written(), (right, b) in written()) {
        let (left, right): (Quantity, Quantity) = (left.parse().expect(&left), right.parse().expect(&right));
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
        prop_assert_eq!(left == right, a == b);
    }

    #[test]
    fn any_text_is_a_quantity_or_an_error(text in "\\PC*") {
        let _ = text.parse::<Quantity>().map(|quantity| (quantity.try_bytes(), quantity.to_string()));
    }

    #[test]
    fn nearly_right_texts_are_a_quantity_or_an_error(text in "[+-]?[0-9]{0,45}\\.?[0-9]{0,45}[eEinumkKMGTP]{0,2}[+-]?[0-9]{0,12}") {
        if let Ok(quantity) = text.parse::<Quantity>() {
            let _ = (quantity.try_bytes(), quantity.kubernetes_value());
            prop_assert_eq!(quantity.to_string().parse::<Quantity>().expect("canonical"), quantity);
        }
    }
}
