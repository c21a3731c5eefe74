//! A quantity's text taken apart: sign, digits, suffix. Follows the scanner of Kubernetes, which accepts a little
//! more than its grammar: `.`, `-` and `Ki` are zero.

use super::reason;
use crate::error::Error;

/// What a quantity's text consists of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) negative: bool,
    pub(super) digits: Digits,
    pub(super) suffix: Suffix,
}

/// The unit after the digits.
#[derive(Debug, Clone, Copy)]
pub(super) enum Suffix {
    /// Power of two.
    Binary(u32),
    /// Power of ten.
    Decimal(i32),
    /// Power of ten, written as a number.
    Exponent(i32),
}

/// Takes a quantity's text apart.
///
/// # Errors
/// Characters that no quantity has, and suffixes that are none.
pub(super) fn scan(text: &str) -> Result<Parts, Error> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, rest) = digits(unsigned);
    let (fraction, rest) = rest.strip_prefix('.').map_or(("", rest), digits);
    let suffix = suffix(rest).filter(|_| !text.is_empty()).ok_or_else(|| reason::unreadable(text, rest))?;
    Ok(Parts { negative: text.starts_with('-'), digits: Digits::new(whole, fraction), suffix })
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn suffix(text: &str) -> Option<Suffix> {
    Some(match text {
        "Ki" => Suffix::Binary(10),
        "Mi" => Suffix::Binary(20),
        "Gi" => Suffix::Binary(30),
        "Ti" => Suffix::Binary(40),
        "Pi" => Suffix::Binary(50),
        "Ei" => Suffix::Binary(60),
        "n" => Suffix::Decimal(-9),
        "u" => Suffix::Decimal(-6),
        "m" => Suffix::Decimal(-3),
        "" => Suffix::Decimal(0),
        "k" => Suffix::Decimal(3),
        "M" => Suffix::Decimal(6),
        "G" => Suffix::Decimal(9),
        "T" => Suffix::Decimal(12),
        "P" => Suffix::Decimal(15),
        // before the exponent: `1E` is 10^18, `1E3` is 1000
        "E" => Suffix::Decimal(18),
        other => Suffix::Exponent(other.strip_prefix(['e', 'E'])?.parse().ok()?),
    })
}

/// A decimal number of any length: Kubernetes accepts any number of digits.
#[derive(Debug)]
pub(super) struct Digits {
    /// 0 to 9, the first one first.
    digits: Vec<u8>,
    /// How many of them are after the point.
    pub(super) fraction: usize,
}

impl Digits {
    fn new(whole: &str, fraction: &str) -> Self {
        let digits = whole.bytes().chain(fraction.bytes()).map(|digit| digit - b'0').skip_while(|&digit| digit == 0);
        Self { digits: digits.collect(), fraction: fraction.len() }
    }

    /// Times two to the `power`, at most 60.
    pub(super) fn shift_left(&mut self, power: u32) {
        let mut carry = 0_u128;
        for digit in self.digits.iter_mut().rev() {
            carry += u128::from(*digit) << power;
            *digit = (carry % 10) as u8;
            carry /= 10;
        }
        while carry > 0 {
            self.digits.insert(0, (carry % 10) as u8);
            carry /= 10;
        }
    }

    /// Drops the last `count` digits, and rounds away from zero.
    pub(super) fn drop_up(&mut self, count: u64) {
        let keep = usize::try_from(count).ok().and_then(|count| self.digits.len().checked_sub(count)).unwrap_or(0);
        let up = self.digits[keep..].iter().any(|&digit| digit != 0);
        self.digits.truncate(keep);
        if up {
            match self.digits.iter().rposition(|&digit| digit != 9) {
                Some(last) => {
                    self.digits[last] += 1;
                    self.digits[last + 1..].fill(0);
                }
                None => {
                    self.digits.fill(0);
                    self.digits.insert(0, 1);
                }
            }
        }
    }

    /// Drops the zeros at the end; returns how many.
    pub(super) fn strip_zeros(&mut self) -> i64 {
        let keep = self.digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1);
        let zeros = self.digits.len() - keep;
        self.digits.truncate(keep);
        zeros as i64
    }

    /// The digits as one number, if they are at most 37: with two zeros more they still fit.
    pub(super) fn value(&self) -> Option<i128> {
        let fits = self.digits.len() <= 36;
        fits.then(|| self.digits.iter().fold(0, |value, &digit| value * 10 + i128::from(digit)))
    }
}
