//! The number of whole units between two times.

use arrow::array::{Array, ArrayRef};
use chrono::{Datelike, NaiveDateTime};
use datafusion::common::Result;

use super::step::{out_of_range, plus_months};
use super::unit::Unit;
use crate::functions::kernel::{Call, Kernel, Outcome};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("date_diff", date_diff)];

fn date_diff(call: &Call) -> Result<ArrayRef> {
    let units = call.text(0)?;
    let (from, to) = (call.times(1)?, call.times(2)?);
    let is_date = *call.ty(1) == Type::Date;
    call.wholes(|row| {
        if units.is_null(row) {
            return Ok(None);
        }
        let unit = Unit::read(units.value(row), is_date)?;
        let (Some(start), Some(end)) = (from.wall(row), to.wall(row)) else {
            return Ok(None);
        };
        if !unit.is_of_calendar() {
            let (Some(start), Some(end), Some(step)) =
                (from.instant_us(row), to.instant_us(row), unit.fixed_us())
            else {
                return Ok(None);
            };
            return Ok(Some((end - start) / step));
        }
        if let Some(step) = unit.fixed_us() {
            let us = (end - start).num_microseconds().ok_or_else(out_of_range)?;
            return Ok(Some(us / step));
        }
        Ok(Some(months_between(start, end)? / unit.months()))
    })
}

/// Whole months between two times, towards zero.
fn months_between(start: NaiveDateTime, end: NaiveDateTime) -> Outcome<i64> {
    let of = |time: NaiveDateTime| i64::from(time.year()) * 12 + i64::from(time.month0());
    let mut months = of(end) - of(start);
    let reached = plus_months(start, months)?;
    if months > 0 && reached > end {
        months -= 1;
    } else if months < 0 && reached < end {
        months += 1;
    }
    Ok(months)
}
