//! Decimals, whose results have the digits that Trino's have, and whose halves go away from zero.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Array};
use arrow::datatypes::i256;
use datafusion::common::Result;

use super::kernel::{Call, Kernel, Outcome};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("decimal_average", average)];

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Rounding {
    HalfUp,
    Floor,
    Ceil,
    Truncate,
}

fn too_long() -> String {
    "the decimal has too many digits".to_owned()
}

/// Decimals of the result's type.
pub(crate) fn decimals(
    call: &Call,
    mut row: impl FnMut(usize) -> Outcome<Option<i128>>,
) -> Result<ArrayRef> {
    let Type::Decimal(precision, scale) = call.types.result else {
        return datafusion::common::exec_err!("the result is no decimal");
    };
    let limit = power_of_ten(precision).unwrap_or(i128::MAX);
    let values = call.each(|index| match row(index)? {
        Some(value) if value >= limit || value <= -limit => Err(too_long()),
        value => Ok(value),
    })?;
    let scale = i8::try_from(scale).unwrap_or(i8::MAX);
    Ok(Arc::new(
        Decimal128Array::from(values).with_precision_and_scale(precision, scale)?,
    ))
}

pub(crate) fn power_of_ten(digits: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(digits))
}

fn wide_power(digits: u8) -> i256 {
    let mut power = i256::ONE;
    for _ in 0..digits {
        power = power.wrapping_mul(i256::from_i128(10));
    }
    power
}

/// A quotient, the half of which goes away from zero.
pub(crate) fn quotient(dividend: i256, divisor: i256, rounding: Rounding) -> Option<i128> {
    let whole = dividend.checked_div(divisor)?;
    let rest = dividend.checked_rem(divisor)?;
    let is_negative = (dividend < i256::ZERO) != (divisor < i256::ZERO);
    let is_half = {
        let twice = magnitude(rest).wrapping_add(magnitude(rest));
        twice >= magnitude(divisor)
    };
    let goes = match rounding {
        Rounding::HalfUp => is_half,
        Rounding::Floor => is_negative && rest != i256::ZERO,
        Rounding::Ceil => !is_negative && rest != i256::ZERO,
        Rounding::Truncate => false,
    };
    let step = match (goes, is_negative) {
        (false, _) => i256::ZERO,
        (true, false) => i256::ONE,
        (true, true) => i256::MINUS_ONE,
    };
    whole.checked_add(step)?.to_i128()
}

fn magnitude(value: i256) -> i256 {
    if value < i256::ZERO {
        value.wrapping_neg()
    } else {
        value
    }
}

fn scale_of(ty: &Type) -> u8 {
    match ty {
        Type::Decimal(_, scale) => *scale,
        _ => 0,
    }
}

/// Both sides of a row, at the scale of the longer one.
fn sides(call: &Call) -> Result<(Decimal128Array, Decimal128Array, i256, i256)> {
    let (left, right) = (scale_of(call.ty(0)), scale_of(call.ty(1)));
    let scale = left.max(right);
    Ok((
        call.decimal(0)?,
        call.decimal(1)?,
        wide_power(scale - left),
        wide_power(scale - right),
    ))
}

/// Adds, subtracts or multiplies: which of them, its answer for 7 and 3 tells.
pub(crate) fn arithmetic(call: &Call, of_seven_and_three: Option<i64>) -> Result<ArrayRef> {
    let (lefts, rights, left_factor, right_factor) = sides(call)?;
    decimals(call, |row| {
        if lefts.is_null(row) || rights.is_null(row) {
            return Ok(None);
        }
        let (left, right) = (
            i256::from_i128(lefts.value(row)),
            i256::from_i128(rights.value(row)),
        );
        let value = match of_seven_and_three {
            Some(21) => left.wrapping_mul(right),
            Some(10) => left
                .wrapping_mul(left_factor)
                .wrapping_add(right.wrapping_mul(right_factor)),
            _ => left
                .wrapping_mul(left_factor)
                .wrapping_sub(right.wrapping_mul(right_factor)),
        };
        value.to_i128().map(Some).ok_or_else(too_long)
    })
}

pub(crate) fn divide(call: &Call) -> Result<ArrayRef> {
    let (lefts, rights) = (call.decimal(0)?, call.decimal(1)?);
    let (left, right) = (scale_of(call.ty(0)), scale_of(call.ty(1)));
    // left/10^l ÷ right/10^r × 10^s, of which s is the result's scale and never less than l.
    let factor = wide_power(scale_of(&call.types.result) + right - left);
    decimals(call, |row| {
        if lefts.is_null(row) || rights.is_null(row) {
            return Ok(None);
        }
        if rights.value(row) == 0 {
            return Err("division by zero".to_owned());
        }
        let dividend = i256::from_i128(lefts.value(row))
            .checked_mul(factor)
            .ok_or_else(too_long)?;
        let divisor = i256::from_i128(rights.value(row));
        quotient(dividend, divisor, Rounding::HalfUp)
            .map(Some)
            .ok_or_else(too_long)
    })
}

pub(crate) fn modulus(call: &Call) -> Result<ArrayRef> {
    let (lefts, rights, left_factor, right_factor) = sides(call)?;
    decimals(call, |row| {
        if lefts.is_null(row) || rights.is_null(row) {
            return Ok(None);
        }
        let left = i256::from_i128(lefts.value(row)).wrapping_mul(left_factor);
        let right = i256::from_i128(rights.value(row)).wrapping_mul(right_factor);
        if right == i256::ZERO {
            return Err("division by zero".to_owned());
        }
        left.checked_rem(right)
            .and_then(i256::to_i128)
            .map(Some)
            .ok_or_else(too_long)
    })
}

pub(crate) fn each(call: &Call, of: impl Fn(i128) -> Option<i128>) -> Result<ArrayRef> {
    let values = call.decimal(0)?;
    decimals(call, |row| match values.is_valid(row) {
        true => of(values.value(row)).map(Some).ok_or_else(too_long),
        false => Ok(None),
    })
}

/// `round`, `floor`, `ceil` and `truncate`: to whole numbers, or to digits behind the point where those are given.
pub(crate) fn rounded(call: &Call, rounding: Rounding) -> Result<ArrayRef> {
    let values = call.decimal(0)?;
    let scale = scale_of(call.ty(0));
    let digits = match call.has(1) {
        true => Some(call.whole(1)?),
        false => None,
    };
    decimals(call, |row| {
        if values.is_null(row) {
            return Ok(None);
        }
        let kept = match &digits {
            None => 0,
            Some(digits) if digits.is_null(row) => return Ok(None),
            Some(digits) => digits.value(row),
        };
        let dropped = i64::from(scale) - kept;
        if dropped <= 0 {
            return Ok(Some(values.value(row)));
        }
        if dropped > 38 {
            return Ok(Some(0));
        }
        let power = wide_power(u8::try_from(dropped).unwrap_or(u8::MAX));
        let value =
            quotient(i256::from_i128(values.value(row)), power, rounding).ok_or_else(too_long)?;
        if digits.is_none() {
            return Ok(Some(value));
        }
        i256::from_i128(value)
            .wrapping_mul(power)
            .to_i128()
            .map(Some)
            .ok_or_else(too_long)
    })
}

/// A sum by a count.
fn average(call: &Call) -> Result<ArrayRef> {
    let (sums, counts) = (call.decimal(0)?, call.whole(1)?);
    decimals(call, |row| {
        if sums.is_null(row) || counts.is_null(row) || counts.value(row) == 0 {
            return Ok(None);
        }
        let (sum, count) = (
            i256::from_i128(sums.value(row)),
            i256::from_i128(i128::from(counts.value(row))),
        );
        quotient(sum, count, Rounding::HalfUp)
            .map(Some)
            .ok_or_else(too_long)
    })
}
