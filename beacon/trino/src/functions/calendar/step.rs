//! Steps from one time to another, by a number of units.

use arrow::array::{Array, ArrayRef};
use chrono::{Months, NaiveDateTime, TimeDelta};
use datafusion::common::Result;

use super::unit::Unit;
use crate::functions::kernel::{Call, Kernel, Outcome};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("date_add", date_add)];

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
