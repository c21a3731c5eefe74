//! Kubernetes quantities (`128Mi`, `1.5Gi`, `129e6`) by the grammar of `resource.Quantity`: exact integers, never a float.

mod reason;
mod scan;
#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind};
use scan::Suffix;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Kubernetes keeps nothing finer than a billionth; what is finer is rounded away from zero when it is read.
const NANO: i64 = -9;

/// An amount as Kubernetes writes it. Equal amounts are equal however they are written: `1Gi` and `1024Mi`.
///
/// ```
/// use oomkit_core::units::Quantity;
///
/// let quantity: Quantity = "1.5Gi".parse()?;
/// assert_eq!(quantity.try_bytes()?, 1_610_612_736);
/// assert_eq!(quantity.to_string(), "1536Mi");
/// // lower-case m is a thousandth: this is not 128 MiB
/// assert_eq!("128m".parse::<Quantity>()?.try_bytes().unwrap_err().to_string(), "128m is a fraction of a byte");
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// Without trailing zeros; 0 only with the exponent 0.
    mantissa: i128,
    /// Power of ten.
    exponent: i64,
    notation: Notation,
}

/// How a quantity is written; Kubernetes keeps it when it writes the value back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `Ki` `Mi` `Gi` …: powers of 1024.
    BinarySi,
    /// `n` `u` `m`, nothing, `k` `M` `G` …: powers of 1000.
    DecimalSi,
    /// `e9`, `E9`.
    DecimalExponent,
}

impl Quantity {
    /// A number of bytes, written with binary suffixes.
    pub fn from_bytes(bytes: u64) -> Self {
        Self::reduced(i128::from(bytes), 0, Notation::BinarySi)
    }

    /// How it was written.
    pub const fn notation(&self) -> Notation {
        self.notation
    }

    /// The number of bytes, exactly.
    ///
    /// # Errors
    /// Amounts that are no number of bytes: negative, not whole (`128m`, `1.1Gi`), or above [`u64::MAX`].
    pub fn try_bytes(&self) -> Result<u64, Error> {
        if self.mantissa < 0 {
            return Err(ErrorKind::Negative(*self).into());
        }
        if self.exponent < 0 {
            return Err(ErrorKind::Fractional(*self).into());
        }
        self.times_ten().and_then(|value| u64::try_from(value).ok()).ok_or_else(|| ErrorKind::Overflow(*self).into())
    }

    /// What Kubernetes itself counts: `Quantity.Value()`, rounded away from zero to a whole number, so that `128m` is 1.
    ///
    /// # Errors
    /// Amounts beyond 64 bits, for which Kubernetes gives 0 or a negative number (`12E`, `1e19`).
    pub fn kubernetes_value(&self) -> Result<i64, Error> {
        self.whole().and_then(|value| i64::try_from(value).ok()).ok_or_else(|| ErrorKind::Overflow(*self).into())
    }

    /// The bytes to calculate with: [`kubernetes_value`](Self::kubernetes_value) of what is not negative.
    ///
    /// # Errors
    /// Negative amounts, which the API server refuses, and amounts beyond 64 bits.
    pub fn rounded_bytes(&self) -> Result<u64, Error> {
        let value = self.kubernetes_value()?;
        u64::try_from(value).map_err(|_| ErrorKind::Negative(*self).into())
    }

    /// Thousandths: `Quantity.MilliValue()`, rounded away from zero, at any size that fits.
    #[cfg(feature = "lint")]
    pub(crate) fn thousandths(&self) -> Option<i128> {
        Self { exponent: self.exponent.saturating_add(3), ..*self }.whole()
    }

    /// Rounded away from zero to a whole number, where that fits.
    fn whole(&self) -> Option<i128> {
        if self.exponent >= 0 {
            return self.times_ten();
        }
        // a quantity is never finer than 10^-9
        let unit = 10_i128.pow(self.exponent.unsigned_abs().min(9) as u32);
        let up = i128::from(self.mantissa % unit != 0) * self.mantissa.signum();
        Some(self.mantissa / unit + up)
    }

    /// The mantissa without its power of ten, where that is a whole number that fits.
    fn times_ten(&self) -> Option<i128> {
        let power = u32::try_from(self.exponent).ok()?;
        if self.mantissa == 0 { Some(0) } else { self.mantissa.checked_mul(10_i128.checked_pow(power)?) }
    }

    fn reduced(mut mantissa: i128, mut exponent: i64, notation: Notation) -> Self {
        if mantissa == 0 {
            return Self { mantissa, exponent: 0, notation };
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        Self { mantissa, exponent, notation }
    }

    /// Digits before the point, negative for leading zeros after it.
    fn magnitude(&self) -> i64 {
        i64::from(self.mantissa.unsigned_abs().checked_ilog10().unwrap_or(0)) + self.exponent
    }
}

impl FromStr for Quantity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let scan::Parts { negative, mut digits, suffix } = scan::scan(text)?;
        let (notation, mut exponent) = match suffix {
            Suffix::Binary(power) => {
                digits.shift_left(power);
                (Notation::BinarySi, 0)
            }
            Suffix::Decimal(power) => (Notation::DecimalSi, i64::from(power)),
            Suffix::Exponent(power) => (Notation::DecimalExponent, i64::from(power)),
        };
        exponent -= digits.fraction as i64;
        if exponent < NANO {
            digits.drop_up((NANO - exponent) as u64);
            exponent = NANO;
        }
        exponent += digits.strip_zeros();
        let positive = match (notation, digits.value()) {
            // Kubernetes caps what is written with a binary suffix, and only that
            (Notation::BinarySi, value) => {
                value.map_or(Self::LARGEST, |value| Self::reduced(value, exponent, notation).min(Self::LARGEST))
            }
            (_, Some(value)) => Self::reduced(value, exponent, notation),
            (_, None) => return Err(reason::too_precise(text)),
        };
        // below one, a binary quantity becomes a decimal one
        let notation = match positive.cmp(&Self::ONE) {
            Ordering::Less if positive.mantissa != 0 && notation == Notation::BinarySi => Notation::DecimalSi,
            _ => notation,
        };
        let mantissa = if negative { -positive.mantissa } else { positive.mantissa };
        Ok(Self { mantissa, exponent: positive.exponent, notation })
    }
}

impl Quantity {
    const ONE: Self = Self { mantissa: 1, exponent: 0, notation: Notation::DecimalSi };
    /// 2^63 - 1.
    const LARGEST: Self = Self { mantissa: i64::MAX as i128, exponent: 0, notation: Notation::BinarySi };
}

/// Kubernetes' canonical form: the largest suffix that needs no fraction.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
        if self.mantissa == 0 {
            return f.pad("0");
        }
        if self.notation == Notation::BinarySi
            && let Some(mut value) = self.times_ten()
            && value.unsigned_abs() >= 1024
        {
            let mut suffix = 0;
            while value % 1024 == 0 && suffix + 1 < BINARY.len() {
                value /= 1024;
                suffix += 1;
            }
            return f.pad(&format!("{value}{}", BINARY[suffix]));
        }
        let over = self.exponent.rem_euclid(3);
        let (value, exponent) =
            (self.mantissa * if over == 0 { 1 } else { 10_i128.pow(over as u32) }, self.exponent - over);
        let suffix = usize::try_from(exponent / 3 + 3).ok().and_then(|step| DECIMAL.get(step));
        match (self.notation, suffix) {
            (Notation::DecimalSi | Notation::BinarySi, Some(suffix)) => f.pad(&format!("{value}{suffix}")),
            (Notation::DecimalExponent, _) if exponent == 0 => f.pad(&value.to_string()),
            // beyond E there is no suffix
            _ => f.pad(&format!("{value}e{exponent}")),
        }
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.mantissa, other.mantissa);
        match (left.signum(), right.signum()) {
            (a, b) if a != b => return a.cmp(&b),
            (0, _) => return Ordering::Equal,
            _ => {}
        }
        // the same number of digits before the point: the one with the larger power of ten has fewer of its own, so
        // that it fits when they are made alike
        let by_size = self.magnitude().cmp(&other.magnitude()).then_with(|| {
            let power = 10_i128.pow(self.exponent.abs_diff(other.exponent) as u32);
            let (left, right) = (left.unsigned_abs(), right.unsigned_abs());
            let power = power.unsigned_abs();
            if self.exponent > other.exponent { (left * power).cmp(&right) } else { left.cmp(&(right * power)) }
        });
        if left < 0 { by_size.reverse() } else { by_size }
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        (self.mantissa, self.exponent) == (other.mantissa, other.exponent)
    }
}

impl Eq for Quantity {}

impl std::hash::Hash for Quantity {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.mantissa, self.exponent).hash(state);
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From a string, or from a number as YAML allows it.
impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl Visitor<'_> for Any {
            type Value = Quantity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity such as \"128Mi\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Quantity, E> {
                Ok(Quantity::reduced(i128::from(value), 0, Notation::DecimalSi))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Quantity, E> {
                Ok(Quantity::reduced(i128::from(value), 0, Notation::DecimalSi))
            }

            // the shortest text that reads back as this number is the one that was written
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Quantity, E> {
                value.to_string().parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Any)
    }
}
