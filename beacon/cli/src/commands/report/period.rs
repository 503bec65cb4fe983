//! The period of a report and the one that it is compared with, in days of a zone.

use beacon_catalog::{RangeError, TimeRange, parse_moment};
use beacon_dashboard::zone::{day_of, start_of};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

/// Days of a report whose first is not given.
const DEFAULT_DAYS: u64 = 7;

const QUARTER_MS: u64 = 15 * 60 * 1000;

/// Returns the range of the last `days`, today with them.
pub(super) fn last(days: u64, zone: Tz, now_ms: u64) -> Result<TimeRange, RangeError> {
    ending_with(day_of(zone, now_ms), days, zone)
}

/// Returns the range between two texts: days are the zone's, and the last one is in it; moments are UTC, and the last
/// one is the end. What is not given makes it seven days.
pub(super) fn between(
    from: Option<&str>,
    to: Option<&str>,
    zone: Tz,
    now_ms: u64,
) -> Result<TimeRange, RangeError> {
    let today = day_of(zone, now_ms);
    let to_ms = match to {
        None => start(zone, next(today))?,
        Some(text) => match day(text) {
            Some(day) => start(zone, next(day))?,
            None => parse_moment(text)?,
        },
    };
    let from_ms = match from {
        None => {
            let last_day = day_of(zone, to_ms.saturating_sub(1));
            start(zone, earlier(last_day, DEFAULT_DAYS - 1))?
        }
        Some(text) => match day(text) {
            Some(day) => start(zone, day)?,
            None => parse_moment(text)?,
        },
    };
    if from_ms < to_ms {
        return Ok(TimeRange { from_ms, to_ms });
    }
    Err(RangeError::nothing_between(from, to, &today.to_string()))
}

/// Returns as long a time right before, in days of the zone where the range is made of them. Of a range that is still
/// going on, only as much as has passed of it is compared, up to the next quarter of an hour, so that a morning isn't
/// held against a whole day. `None` before 1970.
pub(super) fn before(range: TimeRange, zone: Tz, now_ms: u64) -> Option<TimeRange> {
    let TimeRange { from_ms, to_ms } = range;
    let passed_to_ms = now_ms
        .next_multiple_of(QUARTER_MS)
        .max(from_ms + QUARTER_MS)
        .min(to_ms);
    let (first, end) = (day_of(zone, from_ms), day_of(zone, to_ms));
    let has_days = start_of(zone, first) == Some(from_ms) && start_of(zone, end) == Some(to_ms);
    if !has_days {
        let length_ms = to_ms - from_ms;
        return Some(TimeRange {
            from_ms: from_ms.checked_sub(length_ms)?,
            to_ms: passed_to_ms - length_ms,
        });
    }
    let days = u64::try_from((end - first).num_days()).ok()?;
    let before_from_ms = start_of(zone, earlier(first, days))?;
    let passed_day = day_of(zone, passed_to_ms);
    let into_day_ms = passed_to_ms - start_of(zone, passed_day)?;
    Some(TimeRange {
        from_ms: before_from_ms,
        to_ms: (start_of(zone, earlier(passed_day, days))? + into_day_ms).min(from_ms),
    })
}

fn ending_with(last: NaiveDate, days: u64, zone: Tz) -> Result<TimeRange, RangeError> {
    Ok(TimeRange {
        from_ms: start(zone, earlier(last, days - 1))?,
        to_ms: start(zone, next(last))?,
    })
}

/// `None` for what is no day, but may be a moment.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let is_day = text.len() == "2026-11-30".len();
    is_day.then(|| text.parse().ok()).flatten()
}

fn start(zone: Tz, day: NaiveDate) -> Result<u64, RangeError> {
    start_of(zone, day).ok_or_else(|| RangeError::NotATime(day.to_string()))
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

fn earlier(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days))
        .unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests;
