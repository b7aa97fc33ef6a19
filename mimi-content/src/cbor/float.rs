//! Whether a floating-point number is in its shortest form (RFC 8949 §4.2.1).

/// An IEEE 754 binary format.
#[derive(Clone, Copy)]
struct Format {
    exponent_bits: u32,
    fraction_bits: u32,
}

const HALF: Format = Format {
    exponent_bits: 5,
    fraction_bits: 10,
};
const SINGLE: Format = Format {
    exponent_bits: 8,
    fraction_bits: 23,
};
const DOUBLE: Format = Format {
    exponent_bits: 11,
    fraction_bits: 52,
};

const THE_NAN: u64 = 0x7e00;

/// Checks the number with additional information `info` (25 to 27).
///
/// `None` when a shorter format holds it exactly, a NaN's payload included;
/// else whether it is a NaN other than 0xf97e00.
pub(super) fn check(info: u8, bits: u64) -> Option<bool> {
    let (format, shorter) = match info {
        25 => (HALF, None),
        26 => (SINGLE, Some(HALF)),
        _ => (DOUBLE, Some(SINGLE)),
    };
    if shorter.is_some_and(|shorter| fits(bits, format, shorter)) {
        return None;
    }
    let is_nan = format.exponent(bits) == format.max_exponent() && format.fraction(bits) != 0;
    Some(is_nan && !(info == 25 && bits == THE_NAN))
}

impl Format {
    fn max_exponent(self) -> i64 {
        low_bits(self.exponent_bits)
    }

    /// What the exponent field of 1.0 holds.
    fn bias(self) -> i64 {
        self.max_exponent() >> 1
    }

    fn exponent(self, bits: u64) -> i64 {
        let field = bits.checked_shr(self.fraction_bits).unwrap_or(0);
        i64::try_from(field).unwrap_or(0) & self.max_exponent()
    }

    fn fraction(self, bits: u64) -> i64 {
        i64::try_from(bits & i64::MAX.unsigned_abs()).unwrap_or(0) & low_bits(self.fraction_bits)
    }
}

/// A number with the `count` lowest bits set.
fn low_bits(count: u32) -> i64 {
    1i64.checked_shl(count).unwrap_or(0).saturating_sub(1)
}

/// Whether the number `bits` in `from` has the same value in `to`.
fn fits(bits: u64, from: Format, to: Format) -> bool {
    let fraction = from.fraction(bits);
    let exponent = from.exponent(bits);
    let dropped = from.fraction_bits.saturating_sub(to.fraction_bits);
    if exponent == from.max_exponent() {
        return fraction & low_bits(dropped) == 0;
    }
    if exponent == 0 {
        // Zero, or smaller than anything that `to` can express.
        return fraction == 0;
    }
    let exponent = exponent.saturating_sub(from.bias());
    if exponent > to.bias() {
        return false;
    }
    let smallest = 1i64.saturating_sub(to.bias());
    // A number below the smallest normal one loses as many bits more.
    let shift = u32::try_from(smallest.saturating_sub(exponent)).unwrap_or(0);
    shift <= to.fraction_bits && fraction & low_bits(dropped.saturating_add(shift)) == 0
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    reason = "an overflow in a test fails it"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The shortest form by the conversions of the language and of another
    /// implementation of halves.
    fn is_shortest(info: u8, bits: u64) -> bool {
        let mut encoded = Vec::new();
        let value = match info {
            26 => f64::from(f32::from_bits(u32::try_from(bits).unwrap())),
            _ => f64::from_bits(bits),
        };
        ciborium::into_writer(&value, &mut encoded).unwrap();
        encoded[0] == 0xe0 | info
    }

    #[test]
    fn edges_of_the_formats() {
        for (value, info) in [
            (0.0, 25),
            (-0.0, 25),
            (1.0, 25),
            (65504.0, 25),
            (65505.0, 26),
            (65536.0, 26),
            (f64::INFINITY, 25),
            (2f64.powi(-14), 25),
            (2f64.powi(-24), 25),
            (2f64.powi(-25), 26),
            (3.0 * 2f64.powi(-24), 25),
            (3.0 * 2f64.powi(-25), 26),
            (0.1, 27),
            (2f64.powi(-126), 26),
            (2f64.powi(-149), 26),
            (2f64.powi(-150), 27),
            (f64::from(f32::MAX), 26),
            (2f64.powi(128), 27),
            (f64::MIN_POSITIVE, 27),
            (f64::from_bits(1), 27),
        ] {
            let fits_single = fits(value.to_bits(), DOUBLE, SINGLE);
            assert_eq!(fits_single, info < 27, "{value:e}");
            assert_eq!(check(27, value.to_bits()).is_none(), fits_single);
            #[allow(clippy::as_conversions, reason = "the only way to narrow")]
            let single = value as f32;
            if f64::from(single) == value && single.is_normal() {
                let bits = u64::from(single.to_bits());
                assert_eq!(check(26, bits).is_none(), info == 25, "{value:e}");
            }
        }
    }

    #[test]
    fn one_nan_is_plain() {
        assert_eq!(check(25, 0x7e00), Some(false));
        assert_eq!(check(25, 0xfe00), Some(true));
        assert_eq!(check(25, 0x7e01), Some(true));
        assert_eq!(check(26, 0x7fc0_0001), Some(true));
        assert_eq!(check(26, 0x7fc0_0000), None);
        assert_eq!(check(27, 0x7ff8_0000_0000_0001), Some(true));
        assert_eq!(check(27, 0x7ff8_0000_0000_0000), None);
        assert_eq!(check(25, 0x7c00), Some(false));
    }

    proptest! {
        #[test]
        fn singles_agree_with_another_implementation(
            sign in 0u32..2, exponent in 100u32..150, fraction in any::<u32>(), kept in 0u32..24,
        ) {
            let fraction = fraction & 0x7f_ffff & !((1 << (23 - kept.min(23))) - 1);
            let bits = u64::from(sign << 31 | exponent << 23 | fraction);
            prop_assert_eq!(check(26, bits).is_some(), is_shortest(26, bits));
        }

        #[test]
        fn doubles_agree_with_another_implementation(
            sign in 0u64..2, exponent in 860u64..1160, fraction in any::<u64>(), kept in 0u32..53,
        ) {
            let fraction = fraction & 0xf_ffff_ffff_ffff & !((1 << (52 - kept.min(52))) - 1);
            let bits = sign << 63 | exponent << 52 | fraction;
            prop_assert_eq!(check(27, bits).is_some(), is_shortest(27, bits));
        }
    }
}
