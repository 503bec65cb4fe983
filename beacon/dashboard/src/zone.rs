//! Time zones by name, and the days of their clocks.

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};

pub use chrono_tz::Tz;

/// Returns the day of a moment in the zone, or the last one of the calendar if that is later.
pub fn day_of(zone: Tz, at_ms: u64) -> NaiveDate {
    i64::try_from(at_ms)
        .ok()
        .and_then(|at_ms| zone.timestamp_millis_opt(at_ms).single())
        .map_or(NaiveDate::MAX, |moment| moment.date_naive())
}

/// Returns the first moment of a day: midnight, the first of two, or, where the clock jumps over it, the jump. `None`
/// before 1970 and past the calendar's end.
pub fn start_of(zone: Tz, day: NaiveDate) -> Option<u64> {
    let mut shown = day.and_time(NaiveTime::MIN);
    // A clock may leave out a whole day, as that of Apia did.
    let end = shown.checked_add_signed(TimeDelta::days(2))?;
    while shown < end {
        if let Some(moment) = zone.from_local_datetime(&shown).earliest() {
            return u64::try_from(moment.timestamp_millis()).ok();
        }
        shown += TimeDelta::minutes(1);
    }
    None
}

#[cfg(test)]
mod tests;
