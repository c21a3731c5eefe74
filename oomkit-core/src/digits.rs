//! Decimal digits, several at once: a dump has thousands of short numbers.

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// Of eight bytes without [`ZEROS`] those that are no digit, in the upper half of each.
#[inline]
fn others(word: u64) -> u64 {
    (word.wrapping_add(0x0606_0606_0606_0606) | word) & 0xf0f0_f0f0_f0f0_f0f0
}

/// The number of eight digits, from 0 to 9 each, the first in the lowest byte.
#[inline]
fn value(digits: u64) -> u64 {
    const LOWER: u64 = 0x0000_00ff_0000_00ff;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let odd = (pairs & LOWER).wrapping_mul(100 + (1_000_000 << 32));
    let even = (pairs >> 16 & LOWER).wrapping_mul(1 + (10_000 << 32));
    odd.wrapping_add(even) >> 32
}

/// The digits at the start of a text: their number, where it is not beyond `u64`, and how many they are.
#[inline(always)]
pub(crate) fn leading(text: &[u8]) -> (Option<u64>, usize) {
    let word = match text.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        // the end of a line
        None => text.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let word = word ^ ZEROS;
    let count = others(word).trailing_zeros() / 8;
    if (1..8).contains(&count) {
        return (Some(value(word << (64 - 8 * count))), count as usize);
    }
    one_by_one(text)
}

#[cold]
#[inline(never)]
fn one_by_one(text: &[u8]) -> (Option<u64>, usize) {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let add = |value: u64, byte: &u8| value.checked_mul(10)?.checked_add(u64::from(byte - b'0'));
    let number = text[..count].iter().try_fold(0, add);
    (number.filter(|_| count > 0), count)
}

/// The number of the first six bytes, if they are digits.
#[inline]
pub(crate) fn six(text: &[u8]) -> Option<u64> {
    const TWO: u64 = ZEROS & 0xffff;
    let bytes = match text.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight) << 16,
        None => {
            let [a, b, c, d, e, f] = *text.first_chunk::<6>()?;
            u64::from_le_bytes([0, 0, a, b, c, d, e, f])
        }
    };
    let word = (bytes | TWO) ^ ZEROS;
    (others(word) == 0).then(|| value(word))
}

/// The digits of a number that has at most eight, the first of them first, and how many they are.
#[inline(always)]
pub(crate) fn of(number: u64) -> Option<([u8; 8], usize)> {
    if number >= 100_000_000 {
        return None;
    }
    // halves of four digits, then quarters of two, then digits: all parts side by side in one word
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x7f_0000_007f;
    let quarters = ((halves - hundreds * 100) << 16) | hundreds;
    let tens = ((quarters * 103) >> 10) & 0x000f_000f_000f_000f;
    let digits = ((quarters - tens * 10) << 8) | tens;
    let zeros = digits.trailing_zeros().min(56) / 8;
    Some((((digits >> (8 * zeros)) | ZEROS).to_le_bytes(), 8 - zeros as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_once_as_one_by_one() {
        for digits in ["", "1", "90", "907", "1234", "99999", "100000", "7654321", "12345678", "18446744073709551616"] {
            for after in 0..=255 {
                for padding in ["", "12345678"] {
                    let text = [digits.as_bytes(), &[after], padding.as_bytes()].concat();
                    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
                    let number = std::str::from_utf8(&text[..count]).unwrap().parse().ok();
                    assert_eq!(leading(&text), (number, count), "{}", text.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn digits_of_numbers() {
        let powers = (0..20).map(|power| 10_u64.pow(power));
        let near = powers.flat_map(|power| [power - 1, power, power + 1, power / 2, power / 7 * 3]);
        for number in near.chain(0..20_000).chain((0..100_000_000).step_by(7919)).chain([u64::MAX]) {
            let digits = of(number).map(|(digits, count)| String::from_utf8_lossy(&digits[..count]).into_owned());
            assert_eq!(digits, (number < 100_000_000).then(|| number.to_string()));
        }
    }

    #[test]
    fn six_digits_or_none() {
        assert_eq!([six(b""), six(b"12345")], [None, None]);
        for text in ["000000", "537297", "999999", "000001", "100000"] {
            for after in ["", "]", "] ", "7] 9"] {
                assert_eq!(six(format!("{text}{after}").as_bytes()), text.parse().ok());
            }
        }
        for at in 0..6 {
            for byte in (0..=255).filter(|byte: &u8| !byte.is_ascii_digit()) {
                let mut bytes = *b"123456] x";
                bytes[at] = byte;
                for length in [6, 7, 8, 9] {
                    assert_eq!(six(&bytes[..length]), None, "{}", bytes.escape_ascii());
                }
            }
        }
    }
}
