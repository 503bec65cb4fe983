//! Starts and ends of the units that a time lies in.

use arrow::array::{Array, ArrayRef};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime};
use datafusion::common::Result;

use super::unit::Unit;
use crate::functions::kernel::{Call, Kernel};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("date_trunc", date_trunc),
    ("last_day_of_month", last_day_of_month),
];

fn date_trunc(call: &Call) -> Result<ArrayRef> {
    let units = call.text(0)?;
    let times = call.times(1)?;
    let is_date = *call.ty(1) == Type::Date;
    let has_zone = times.has_zone();
    // Within an hour the zone's offset stays: only the moment itself tells the two hours of an overlap apart.
    let is_fine = has_zone
        && units
            .iter()
            .flatten()
            .all(|unit| Unit::read(unit, is_date).is_ok_and(|unit| !unit.is_of_calendar()));
    let us_of = |row: usize, unit: Unit, wall: NaiveDateTime| -> Option<i64> {
        let instant = times.instant_us(row)?;
        let step = unit.fixed_us()?;
        let past = wall.and_utc().timestamp_micros().rem_euclid(step);
        Some(instant - past)
    };
    if is_fine {
        return call.instants(|row| {
            let (Some(wall), true) = (times.wall(row), units.is_valid(row)) else {
                return Ok(None);
            };
            Ok(us_of(row, Unit::read(units.value(row), is_date)?, wall))
        });
    }
    call.walls(|row| {
        let (Some(wall), true) = (times.wall(row), units.is_valid(row)) else {
            return Ok(None);
        };
        let unit = Unit::read(units.value(row), is_date)?;
        Ok(truncated(wall, unit))
    })
}

fn truncated(wall: NaiveDateTime, unit: Unit) -> Option<NaiveDateTime> {
    let day = wall.date();
    let start = match unit {
        Unit::Millisecond | Unit::Second | Unit::Minute | Unit::Hour => {
            let us = wall.and_utc().timestamp_micros();
            let step = unit.fixed_us()?;
            let us = us - us.rem_euclid(step);
            return chrono::DateTime::from_timestamp_micros(us).map(|time| time.naive_utc());
        }
        Unit::Day => day,
        Unit::Week => {
            day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))?
        }
        Unit::Month => day.with_day(1)?,
        Unit::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)?,
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1)?,
    };
    start.and_hms_opt(0, 0, 0)
}

fn last_day_of_month(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.walls(|row| {
        let Some(wall) = times.wall(row) else {
            return Ok(None);
        };
        let last = wall
            .date()
            .with_day(1)
            .and_then(|first| first.checked_add_months(Months::new(1)))
            .and_then(|next| next.pred_opt());
        Ok(last.and_then(|day| day.and_hms_opt(0, 0, 0)))
    })
}
