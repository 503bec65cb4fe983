//! Moments: in seconds of Unix time, and on the walls of time zones.

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;

use super::step::out_of_range;
use crate::functions::kernel::{Call, Kernel};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("from_unixtime", from_unixtime),
    ("to_unixtime", to_unixtime),
    ("at_time_zone", |call| moments(call)),
    ("with_timezone", with_timezone),
];

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

/// Returns the moment in another zone.
fn moments(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.instants(|row| Ok(times.instant_us(row)))
}

/// Returns the moment at which another zone's wall shows the same time.
fn with_timezone(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    call.walls(|row| Ok(times.wall(row)))
}
