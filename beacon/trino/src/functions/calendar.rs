//! Parts of dates and times, and steps between them.

use arrow::array::{Array, ArrayRef};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use datafusion::common::Result;

use super::kernel::{Call, DAY_US, Kernel, Outcome};
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
    ("date_trunc", date_trunc),
    ("date_add", date_add),
    ("date_diff", date_diff),
    ("last_day_of_month", last_day_of_month),
    ("from_unixtime", from_unixtime),
    ("to_unixtime", to_unixtime),
    ("at_time_zone", |call| moments(call)),
    ("with_timezone", with_timezone),
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

/// A unit of `date_trunc`, `date_add` and `date_diff`.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    fn read(text: &str, is_date: bool) -> Outcome<Unit> {
        let unit = match text.to_ascii_lowercase().as_str() {
            "millisecond" => Unit::Millisecond,
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            _ => return Err(format!("'{text}' is not a valid unit of time")),
        };
        let is_of_day = matches!(
            unit,
            Unit::Millisecond | Unit::Second | Unit::Minute | Unit::Hour
        );
        if is_date && is_of_day {
            return Err(format!("'{text}' is not a valid unit for a date"));
        }
        Ok(unit)
    }

    fn fixed_us(self) -> Option<i64> {
        Some(match self {
            Unit::Millisecond => 1_000,
            Unit::Second => 1_000_000,
            Unit::Minute => 60_000_000,
            Unit::Hour => 3_600_000_000,
            Unit::Day => DAY_US,
            Unit::Week => 7 * DAY_US,
            Unit::Month | Unit::Quarter | Unit::Year => return None,
        })
    }

    fn months(self) -> i64 {
        match self {
            Unit::Quarter => 3,
            Unit::Year => 12,
            _ => 1,
        }
    }

    /// Whether a step is one on the wall and not of elapsed time: a local day may have 23 hours.
    fn is_of_calendar(self) -> bool {
        !matches!(
            self,
            Unit::Millisecond | Unit::Second | Unit::Minute | Unit::Hour
        )
    }
}

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

fn date_add(call: &Call) -> Result<ArrayRef> {
    let units = call.text(0)?;
    let counts = call.whole(1)?;
    let times = call.times(2)?;
    let is_date = *call.ty(2) == Type::Date;
    let is_coarse = matches!(
        call.ty(2),
        Type::Timestamp(digits) | Type::TimestampTz(digits, _) if *digits < 3
    );
    let unit_of = |row: usize| match Unit::read(units.value(row), is_date)? {
        Unit::Millisecond if is_coarse => {
            Err("milliseconds of a timestamp without them are not answered".to_owned())
        }
        unit => Ok(unit),
    };
    let is_there = |row: usize| units.is_valid(row) && counts.is_valid(row);
    let is_elapsed = times.has_zone()
        && units
            .iter()
            .flatten()
            .all(|unit| Unit::read(unit, is_date).is_ok_and(|unit| !unit.is_of_calendar()));
    if is_elapsed {
        return call.instants(|row| {
            let Some(us) = times.instant_us(row).filter(|_| is_there(row)) else {
                return Ok(None);
            };
            let step = unit_of(row)?
                .fixed_us()
                .and_then(|us| us.checked_mul(counts.value(row)));
            step.and_then(|step| us.checked_add(step))
                .map(Some)
                .ok_or_else(out_of_range)
        });
    }
    call.walls(|row| {
        let Some(wall) = times.wall(row).filter(|_| is_there(row)) else {
            return Ok(None);
        };
        moved(wall, unit_of(row)?, counts.value(row)).map(Some)
    })
}

fn moved(wall: NaiveDateTime, unit: Unit, count: i64) -> Outcome<NaiveDateTime> {
    if let Some(us) = unit.fixed_us() {
        let us = us.checked_mul(count).ok_or_else(out_of_range)?;
        return wall
            .checked_add_signed(TimeDelta::microseconds(us))
            .ok_or_else(out_of_range);
    }
    let months = unit.months().checked_mul(count).ok_or_else(out_of_range)?;
    plus_months(wall, months)
}

pub(crate) fn plus_months(wall: NaiveDateTime, months: i64) -> Outcome<NaiveDateTime> {
    let size = u32::try_from(months.unsigned_abs()).map_err(|_| out_of_range())?;
    let moved = if months < 0 {
        wall.checked_sub_months(Months::new(size))
    } else {
        wall.checked_add_months(Months::new(size))
    };
    moved.ok_or_else(out_of_range)
}

pub(crate) fn out_of_range() -> String {
    "the time is out of range".to_owned()
}

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

fn from_unixtime(call: &Call) -> Result<ArrayRef> {
    let seconds = call.double(0)?;
    call.instants(|row| {
        if seconds.is_null(row) {
            return Ok(None);
        }
        let ms = (seconds.value(row) * 1_000.0).round();
        if !ms.is_finite() || ms.abs() > 8.64e15 {
            return Err(out_of_range());
        }
        Ok(Some(ms as i64 * 1_000))
    })
}

fn to_unixtime(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.doubles(|row| Ok(times.instant_us(row).map(|us| us as f64 / 1_000_000.0)))
}

/// The same moment in another zone.
fn moments(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.instants(|row| Ok(times.instant_us(row)))
}

/// The same time on the wall of another zone.
fn with_timezone(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.walls(|row| Ok(times.wall(row)))
}
