//! Values that Athena shows as text of its own: moments in a zone, and intervals.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, IntervalUnit, IntervalYearMonthType, TimeUnit};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// The zones of moments that are shown as UTC, without a zone.
const UTC: [&str; 2] = ["UTC", "+00:00"];

const DAY_MS: u64 = 86_400_000;
const HOUR_MS: u64 = 3_600_000;
const MINUTE_MS: u64 = 60_000;

/// Returns true for a type whose values are shown by [`trino_text`].
pub(crate) fn has_trino_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp(_, Some(zone)) => !UTC.contains(&zone.as_ref()),
        DataType::Duration(_) | DataType::Interval(IntervalUnit::YearMonth) => true,
        _ => false,
    }
}

/// Returns the values as Athena shows them: `2026-11-21 06:30:00.000 Europe/Berlin`, `1 02:00:00.000` and `1-2`.
///
/// # Errors
/// Returns an error if the type has no text.
pub(crate) fn trino_text(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let texts: StringArray = match column.data_type() {
        DataType::Duration(_) => {
            let as_ms = cast(column, &DataType::Duration(TimeUnit::Millisecond))?;
            let as_ms = cast(&as_ms, &DataType::Int64)?;
            let values = as_ms.as_primitive::<Int64Type>().iter();
            values.map(|ms| ms.map(day_to_second)).collect()
        }
        DataType::Interval(IntervalUnit::YearMonth) => {
            let values = column.as_primitive::<IntervalYearMonthType>().iter();
            values.map(|months| months.map(year_to_month)).collect()
        }
        DataType::Timestamp(_, Some(zone)) => {
            let format =
                FormatOptions::new().with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%.3f"));
            let formatter = ArrayFormatter::try_new(column, &format)?;
            let text = |row| format!("{} {zone}", formatter.value(row));
            (0..column.len())
                .map(|row| column.is_valid(row).then(|| text(row)))
                .collect()
        }
        other => return Err(ArrowError::CastError(format!("{other} has no text"))),
    };
    Ok(Arc::new(texts))
}

fn day_to_second(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    format!(
        "{sign}{} {:02}:{:02}:{:02}.{:03}",
        ms / DAY_MS,
        ms / HOUR_MS % 24,
        ms / MINUTE_MS % 60,
        ms / 1_000 % 60,
        ms % 1_000
    )
}

fn year_to_month(months: i32) -> String {
    let sign = if months < 0 { "-" } else { "" };
    let months = months.unsigned_abs();
    format!("{sign}{}-{}", months / 12, months % 12)
}
