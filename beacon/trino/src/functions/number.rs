//! Numbers: whole ones that don't wrap, and doubles.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef, make_comparator};
use arrow::compute::{SortOptions, interleave};
use datafusion::common::{Result, exec_err};

use super::decimal;
use super::interval::{counts, intervals};
use super::kernel::{Call, Kernel, Outcome};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("add", |call| {
        arithmetic(call, i64::checked_add, |left, right| left + right)
    }),
    ("subtract", |call| {
        arithmetic(call, i64::checked_sub, |left, right| left - right)
    }),
    ("multiply", |call| {
        arithmetic(call, i64::checked_mul, |left, right| left * right)
    }),
    ("divide", |call| {
        divided(call, i64::checked_div, |left, right| left / right)
    }),
    ("modulus", |call| {
        divided(call, i64::checked_rem, |left, right| left % right)
    }),
    ("mod", |call| {
        divided(call, i64::checked_rem, |left, right| left % right)
    }),
    ("negate", negate),
    ("abs", abs),
    ("sign", sign),
    ("ceil", |call| whole(call, f64::ceil)),
    ("floor", |call| whole(call, f64::floor)),
    ("truncate", |call| whole(call, f64::trunc)),
    ("round", round),
    ("sqrt", |call| of_double(call, f64::sqrt)),
    ("cbrt", |call| of_double(call, f64::cbrt)),
    ("exp", |call| of_double(call, f64::exp)),
    ("ln", |call| of_double(call, f64::ln)),
    ("log2", |call| of_double(call, f64::log2)),
    ("log10", |call| of_double(call, f64::log10)),
    ("power", power),
    ("pi", |call| {
        call.doubles(|_| Ok(Some(std::f64::consts::PI)))
    }),
    ("nan", |call| call.doubles(|_| Ok(Some(f64::NAN)))),
    ("infinity", |call| call.doubles(|_| Ok(Some(f64::INFINITY)))),
    ("is_nan", |call| is(call, f64::is_nan)),
    ("is_finite", |call| is(call, f64::is_finite)),
    ("is_infinite", |call| is(call, f64::is_infinite)),
    ("bitwise_and", |call| bits(call, |left, right| left & right)),
    ("bitwise_or", |call| bits(call, |left, right| left | right)),
    ("bitwise_xor", |call| bits(call, |left, right| left ^ right)),
    ("no_nan", no_nan),
    ("equal", |call| compared(call, |left, right| left == right)),
    ("not_equal", |call| {
        compared(call, |left, right| left != right)
    }),
    ("less", |call| compared(call, |left, right| left < right)),
    ("less_or_equal", |call| {
        compared(call, |left, right| left <= right)
    }),
    ("greater", |call| compared(call, |left, right| left > right)),
    ("greater_or_equal", |call| {
        compared(call, |left, right| left >= right)
    }),
    ("greatest", |call| extreme(call, Ordering::Greater)),
    ("least", |call| extreme(call, Ordering::Less)),
];

fn overflow(ty: &Type) -> String {
    format!("the result is out of the range of {ty}")
}

fn arithmetic(
    call: &Call,
    whole: fn(i64, i64) -> Option<i64>,
    double: fn(f64, f64) -> f64,
) -> Result<ArrayRef> {
    match &call.types.result {
        Type::Double => doubles(call, double),
        Type::Decimal(_, _) => decimal::arithmetic(call, whole(7, 3)),
        Type::IntervalDayTime | Type::IntervalYearMonth => {
            let (lefts, rights) = (counts(call, 0)?, counts(call, 1)?);
            intervals(call, |row| {
                if lefts.is_null(row) || rights.is_null(row) {
                    return Ok(None);
                }
                whole(lefts.value(row), rights.value(row))
                    .map(Some)
                    .ok_or_else(|| overflow(&call.types.result))
            })
        }
        _ => wholes(call, whole),
    }
}

fn divided(
    call: &Call,
    whole: fn(i64, i64) -> Option<i64>,
    double: fn(f64, f64) -> f64,
) -> Result<ArrayRef> {
    match &call.types.result {
        Type::Double => doubles(call, double),
        Type::Decimal(_, _) if whole(7, 3) == Some(2) => decimal::divide(call),
        Type::Decimal(_, _) => decimal::modulus(call),
        _ => {
            let (lefts, rights) = (call.whole(0)?, call.whole(1)?);
            call.wholes(|row| {
                if lefts.is_null(row) || rights.is_null(row) {
                    return Ok(None);
                }
                let (left, right) = (lefts.value(row), rights.value(row));
                if right == 0 {
                    return Err("division by zero".to_owned());
                }
                match (whole(left, right), right) {
                    (Some(value), _) => Ok(Some(value)),
                    // The rest of the least number by -1 is none.
                    (None, -1) if whole(7, 3) == Some(1) => Ok(Some(0)),
                    (None, _) => Err(overflow(&call.types.result)),
                }
            })
        }
    }
}

fn wholes(call: &Call, of: fn(i64, i64) -> Option<i64>) -> Result<ArrayRef> {
    let (lefts, rights) = (call.whole(0)?, call.whole(1)?);
    call.wholes(|row| {
        if lefts.is_null(row) || rights.is_null(row) {
            return Ok(None);
        }
        of(lefts.value(row), rights.value(row))
            .map(Some)
            .ok_or_else(|| overflow(&call.types.result))
    })
}

fn doubles(call: &Call, of: fn(f64, f64) -> f64) -> Result<ArrayRef> {
    let (lefts, rights) = (call.double(0)?, call.double(1)?);
    call.doubles(|row| {
        let is_there = lefts.is_valid(row) && rights.is_valid(row);
        Ok(is_there.then(|| of(lefts.value(row), rights.value(row))))
    })
}

fn of_double(call: &Call, of: fn(f64) -> f64) -> Result<ArrayRef> {
    let values = call.double(0)?;
    call.doubles(|row| Ok(values.is_valid(row).then(|| of(values.value(row)))))
}

fn power(call: &Call) -> Result<ArrayRef> {
    doubles(call, f64::powf)
}

fn is(call: &Call, of: fn(f64) -> bool) -> Result<ArrayRef> {
    let values = call.double(0)?;
    call.booleans(|row| Ok(values.is_valid(row).then(|| of(values.value(row)))))
}

fn bits(call: &Call, of: fn(i64, i64) -> i64) -> Result<ArrayRef> {
    let (lefts, rights) = (call.whole(0)?, call.whole(1)?);
    call.wholes(|row| {
        let is_there = lefts.is_valid(row) && rights.is_valid(row);
        Ok(is_there.then(|| of(lefts.value(row), rights.value(row))))
    })
}

fn compared(call: &Call, of: fn(f64, f64) -> bool) -> Result<ArrayRef> {
    let (lefts, rights) = (call.double(0)?, call.double(1)?);
    call.booleans(|row| {
        let is_there = lefts.is_valid(row) && rights.is_valid(row);
        Ok(is_there.then(|| of(lefts.value(row), rights.value(row))))
    })
}

/// The value, which isn't NaN: `min` and `max` leave that out in Trino, unless there is nothing else.
fn no_nan(call: &Call) -> Result<ArrayRef> {
    let values = call.double(0)?;
    call.doubles(|row| match values.is_valid(row) {
        true if values.value(row).is_nan() => Err("min and max of NaN are not answered".to_owned()),
        true => Ok(Some(values.value(row))),
        false => Ok(None),
    })
}

fn negate(call: &Call) -> Result<ArrayRef> {
    match &call.types.result {
        Type::Double => of_double(call, |value| -value),
        Type::Decimal(_, _) => decimal::each(call, |value| Some(-value)),
        Type::IntervalDayTime | Type::IntervalYearMonth => {
            let counts = counts(call, 0)?;
            intervals(call, |row| {
                Ok(counts.is_valid(row).then(|| -counts.value(row)))
            })
        }
        ty => one_whole(call, |value| {
            value.checked_neg().ok_or_else(|| overflow(ty))
        }),
    }
}

fn one_whole(call: &Call, of: impl Fn(i64) -> Outcome<i64>) -> Result<ArrayRef> {
    let values = call.whole(0)?;
    call.wholes(|row| match values.is_valid(row) {
        true => of(values.value(row)).map(Some),
        false => Ok(None),
    })
}

fn abs(call: &Call) -> Result<ArrayRef> {
    match &call.types.result {
        Type::Double => of_double(call, f64::abs),
        Type::Decimal(_, _) => decimal::each(call, |value| Some(value.abs())),
        ty => one_whole(call, |value| {
            value.checked_abs().ok_or_else(|| overflow(ty))
        }),
    }
}

fn sign(call: &Call) -> Result<ArrayRef> {
    match &call.types.result {
        Type::Double => of_double(call, |value| {
            if value == 0.0 || value.is_nan() {
                value
            } else {
                value.signum()
            }
        }),
        Type::Decimal(_, _) => decimal::each(call, |value| Some(value.signum())),
        _ => one_whole(call, |value| Ok(value.signum())),
    }
}

fn whole(call: &Call, of: fn(f64) -> f64) -> Result<ArrayRef> {
    match call.ty(0) {
        Type::Double => of_double(call, of),
        Type::Decimal(_, _) => decimal::rounded(
            call,
            match of(-0.5) {
                -1.0 => decimal::Rounding::Floor,
                _ if of(0.5) == 1.0 => decimal::Rounding::Ceil,
                _ => decimal::Rounding::Truncate,
            },
        ),
        _ => call.array(0),
    }
}

/// Halves go away from zero.
fn round(call: &Call) -> Result<ArrayRef> {
    match call.ty(0) {
        Type::Decimal(_, _) => decimal::rounded(call, decimal::Rounding::HalfUp),
        Type::Double if call.has(1) => {
            let (values, digits) = (call.double(0)?, call.whole(1)?);
            call.doubles(|row| {
                if values.is_null(row) || digits.is_null(row) {
                    return Ok(None);
                }
                let (value, digits) = (values.value(row), digits.value(row));
                if !value.is_finite() {
                    return Ok(Some(value));
                }
                let factor = 10_f64.powi(i32::try_from(digits).unwrap_or(i32::MAX));
                let scaled = value * factor;
                if !scaled.is_finite() || scaled.abs() > 9.0e15 || factor == 0.0 {
                    return Err(format!(
                        "round to {digits} digits is not answered for a number of this size"
                    ));
                }
                Ok(Some(scaled.round() / factor))
            })
        }
        Type::Double => of_double(call, f64::round),
        _ => call.array(0),
    }
}

/// The greatest or the least of values, NULL if one of them is.
fn extreme(call: &Call, wanted: Ordering) -> Result<ArrayRef> {
    let mut arrays = Vec::new();
    for index in 0..call.arguments.len() {
        arrays.push(call.array(index)?);
    }
    if call.types.result == Type::Double {
        for index in 0..arrays.len() {
            if call.double(index)?.iter().flatten().any(f64::is_nan) {
                return exec_err!("greatest and least of NaN are not answered");
            }
        }
    }
    let mut comparators = Vec::new();
    for left in &arrays {
        let mut of_left = Vec::new();
        for right in &arrays {
            of_left.push(make_comparator(left, right, SortOptions::default())?);
        }
        comparators.push(of_left);
    }
    let mut chosen = Vec::with_capacity(call.rows);
    for row in 0..call.rows {
        let mut best = 0;
        for (index, array) in arrays.iter().enumerate() {
            if array.is_null(row) {
                best = index;
                break;
            }
            if comparators[index][best](row, row) == wanted {
                best = index;
            }
        }
        chosen.push((best, row));
    }
    let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
    Ok(interleave(&arrays, &chosen)?)
}
