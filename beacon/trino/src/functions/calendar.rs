//! Parts of dates and times.

pub(super) mod difference;
pub(super) mod moment;
pub(super) mod step;
pub(super) mod truncation;
mod unit;

use arrow::array::{Array, ArrayRef};
use chrono::{Datelike, NaiveDateTime, Timelike};
use datafusion::common::Result;

use super::kernel::{Call, Kernel};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("year", |call| part(call, |time| i64::from(time.year()))),
    ("quarter", |call| {
        part(call, |time| i64::from(time.month0() / 3 + 1))
    }),
    ("month", |call| part(call, |time| i64::from(time.month()))),
    ("week", |call| {
        part(call, |time| i64::from(time.iso_week().week()))
    }),
    ("year_of_week", |call| {
        part(call, |time| i64::from(time.iso_week().year()))
    }),
    ("day", |call| part(call, |time| i64::from(time.day()))),
    ("day_of_week", |call| {
        part(call, |time| i64::from(time.weekday().number_from_monday()))
    }),
    ("day_of_year", |call| {
        part(call, |time| i64::from(time.ordinal()))
    }),
    ("hour", |call| clock(call, |ms| ms / 3_600_000)),
    ("minute", |call| clock(call, |ms| ms / 60_000 % 60)),
    ("second", |call| clock(call, |ms| ms / 1_000 % 60)),
    ("millisecond", |call| clock(call, |ms| ms % 1_000)),
    ("timezone_hour", |call| {
        offset(call, |seconds| seconds / 3_600)
    }),
    ("timezone_minute", |call| {
        offset(call, |seconds| seconds / 60 % 60)
    }),
];

fn part(call: &Call, of: impl Fn(NaiveDateTime) -> i64) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.wholes(|row| Ok(times.wall(row).map(&of)))
}

/// A part of the time of day, from its milliseconds.
fn clock(call: &Call, of: impl Fn(i64) -> i64) -> Result<ArrayRef> {
    if *call.ty(0) == Type::Time {
        let ms = arrow::compute::cast(call.raw(0)?, &arrow::datatypes::DataType::Int32)?;
        let ms = arrow::array::AsArray::as_primitive::<arrow::datatypes::Int32Type>(&ms).clone();
        return call.wholes(|row| Ok(ms.is_valid(row).then(|| of(i64::from(ms.value(row))))));
    }
    let times = call.times(0)?;
    call.wholes(|row| {
        Ok(times.wall(row).map(|time| {
            let ms = i64::from(time.num_seconds_from_midnight()) * 1_000
                + i64::from(time.nanosecond() / 1_000_000);
            of(ms)
        }))
    })
}

fn offset(call: &Call, of: impl Fn(i64) -> i64) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.wholes(|row| Ok(times.offset_s(row).map(&of)))
}
