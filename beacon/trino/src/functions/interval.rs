//! Intervals, and times moved by them.

use arrow::array::{
    Array, ArrayRef, AsArray, DurationMillisecondArray, Int64Array, IntervalYearMonthArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, DurationMillisecondType, Int64Type, IntervalYearMonthType};
use chrono::TimeDelta;
use datafusion::common::Result;
use std::sync::Arc;

use super::calendar::step::{out_of_range, plus_months};
use super::kernel::{Call, Kernel, Outcome};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("months", months),
    ("time_plus", |call| moved(call, 0, 1, 1)),
    ("time_minus", |call| moved(call, 0, 1, -1)),
    ("plus_time", |call| moved(call, 1, 0, 1)),
    ("time_between", between),
    ("interval_times", |call| times(call, 0, 1)),
    ("times_interval", |call| times(call, 1, 0)),
    ("to_milliseconds", to_milliseconds),
];

/// The milliseconds or the months of intervals.
pub(crate) fn counts(call: &Call, index: usize) -> Result<Int64Array> {
    let array = call.array(index)?;
    Ok(match call.ty(index) {
        Type::IntervalYearMonth => array
            .as_primitive::<IntervalYearMonthType>()
            .unary::<_, Int64Type>(i64::from),
        _ => array
            .as_primitive::<DurationMillisecondType>()
            .unary::<_, Int64Type>(|ms| ms),
    })
}

/// Intervals of the result's type.
pub(crate) fn intervals(
    call: &Call,
    row: impl FnMut(usize) -> Outcome<Option<i64>>,
) -> Result<ArrayRef> {
    let values = call.each(row)?;
    if call.types.result == Type::IntervalYearMonth {
        let mut months = Vec::with_capacity(values.len());
        for value in values {
            months.push(match value.map(i32::try_from) {
                None => None,
                Some(Ok(value)) => Some(value),
                Some(Err(_)) => {
                    return Err(datafusion::common::DataFusionError::Execution(
                        out_of_range(),
                    ));
                }
            });
        }
        return Ok(Arc::new(IntervalYearMonthArray::from(months)));
    }
    Ok(Arc::new(DurationMillisecondArray::from(values)))
}

fn months(call: &Call) -> Result<ArrayRef> {
    let counts = call.whole(0)?;
    intervals(call, |row| {
        Ok(counts.is_valid(row).then(|| counts.value(row)))
    })
}

fn moved(call: &Call, time: usize, interval: usize, sign: i64) -> Result<ArrayRef> {
    let times = call.times(time)?;
    let counts = counts(call, interval)?;
    let is_months = *call.ty(interval) == Type::IntervalYearMonth;
    let is_date = *call.ty(time) == Type::Date;
    if !is_months && times.has_zone() {
        return call.instants(|row| {
            let Some(us) = times.instant_us(row).filter(|_| counts.is_valid(row)) else {
                return Ok(None);
            };
            let step = counts.value(row).checked_mul(sign * 1_000);
            step.and_then(|step| us.checked_add(step))
                .map(Some)
                .ok_or_else(out_of_range)
        });
    }
    call.walls(|row| {
        let Some(wall) = times.wall(row).filter(|_| counts.is_valid(row)) else {
            return Ok(None);
        };
        let count = counts
            .value(row)
            .checked_mul(sign)
            .ok_or_else(out_of_range)?;
        if is_months {
            return plus_months(wall, count).map(Some);
        }
        if is_date && count % 86_400_000 != 0 {
            return Err(
                "cannot add an hour, a minute, a second or a millisecond to a date".to_owned(),
            );
        }
        wall.checked_add_signed(TimeDelta::milliseconds(count))
            .map(Some)
            .ok_or_else(out_of_range)
    })
}

fn between(call: &Call) -> Result<ArrayRef> {
    let (left, right) = (call.times(0)?, call.times(1)?);
    intervals(call, |row| {
        let (Some(left), Some(right)) = (left.instant_us(row), right.instant_us(row)) else {
            return Ok(None);
        };
        Ok(Some((left - right).div_euclid(1_000)))
    })
}

fn times(call: &Call, interval: usize, factor: usize) -> Result<ArrayRef> {
    let (counts, factors) = (counts(call, interval)?, call.whole(factor)?);
    intervals(call, |row| {
        if counts.is_null(row) || factors.is_null(row) {
            return Ok(None);
        }
        counts
            .value(row)
            .checked_mul(factors.value(row))
            .map(Some)
            .ok_or_else(out_of_range)
    })
}

fn to_milliseconds(call: &Call) -> Result<ArrayRef> {
    let counts = counts(call, 0)?;
    Ok(cast(&counts, &DataType::Int64)?)
}
