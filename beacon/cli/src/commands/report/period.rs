//! The period of a report and the one that it is compared with, in days of a zone.

use beacon_catalog::{RangeError, TimeRange, parse_moment};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::zone::{day_of, start_of};

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
    // Only what was given is quoted.
    Err(match (from, to) {
        (Some(from), Some(to)) => RangeError::Empty {
            from: from.to_owned(),
            to: to.to_owned(),
        },
        (Some(from), None) => RangeError::Future {
            from: from.to_owned(),
            today: today.to_string(),
        },
        (None, to) => RangeError::First {
            to: to.unwrap_or_default().to_owned(),
        },
    })
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
mod tests {
    use beacon_core::time::{format_timestamp, parse_timestamp};

    use super::super::zone::parse;
    use super::*;

    fn at(text: &str) -> u64 {
        parse_timestamp(&format!("{text}:00.000")).unwrap()
    }

    fn shown(range: TimeRange) -> String {
        let minute = |ms| format_timestamp(ms)[..16].to_owned();
        format!("{} .. {}", minute(range.from_ms), minute(range.to_ms))
    }

    #[track_caller]
    fn check_last(days: u64, zone: &str, now: &str, expected: &str) {
        let range = last(days, parse(zone).unwrap(), at(now)).unwrap();
        assert_eq!(shown(range), expected);
    }

    #[test]
    fn the_last_days_are_those_of_the_zone() {
        let now = "2026-11-21 23:30";
        check_last(7, "UTC", now, "2026-11-15 00:00 .. 2026-11-22 00:00");
        // In Berlin it is the 22nd already.
        check_last(
            7,
            "Europe/Berlin",
            now,
            "2026-11-15 23:00 .. 2026-11-22 23:00",
        );
        check_last(
            1,
            "America/New_York",
            now,
            "2026-11-21 05:00 .. 2026-11-22 05:00",
        );
        check_last(
            1,
            "Asia/Kathmandu",
            now,
            "2026-11-21 18:15 .. 2026-11-22 18:15",
        );
        // Days of 25 and of 23 hours.
        check_last(
            7,
            "Europe/Berlin",
            "2026-10-28 12:00",
            "2026-10-21 22:00 .. 2026-10-28 23:00",
        );
        check_last(
            7,
            "Europe/Berlin",
            "2026-03-30 12:00",
            "2026-03-23 23:00 .. 2026-03-30 22:00",
        );
        check_last(
            2,
            "Australia/Lord_Howe",
            "2026-10-04 12:00",
            "2026-10-02 13:30 .. 2026-10-04 13:00",
        );
    }

    #[track_caller]
    fn check_between(from: Option<&str>, to: Option<&str>, expected: &str) {
        let berlin = parse("Europe/Berlin").unwrap();
        let said = match between(from, to, berlin, at("2026-11-21 23:30")) {
            Ok(range) => shown(range),
            Err(error) => error.to_string(),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn days_are_the_zones_and_moments_are_utc() {
        check_between(
            Some("2026-10-01"),
            Some("2026-10-31"),
            "2026-09-30 22:00 .. 2026-10-31 23:00",
        );
        check_between(
            Some("2026-10-31 23:00"),
            Some("2026-11-30T23:00:00Z"),
            "2026-10-31 23:00 .. 2026-11-30 23:00",
        );
        check_between(None, None, "2026-11-15 23:00 .. 2026-11-22 23:00");
        check_between(
            Some("2026-11-20"),
            None,
            "2026-11-19 23:00 .. 2026-11-22 23:00",
        );
        check_between(
            None,
            Some("2026-10-28"),
            "2026-10-21 22:00 .. 2026-10-28 23:00",
        );
        check_between(
            Some("2026-11-30"),
            Some("2026-11-29"),
            r#"nothing lies between from "2026-11-30" and to "2026-11-29": from must be the earlier"#,
        );
        // In Berlin it is the 22nd.
        check_between(
            Some("2026-11-23"),
            None,
            r#"from "2026-11-23" is after today, 2026-11-22, with which the time ends where no end is given"#,
        );
        let hint =
            "is not a time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)";
        for text in ["", "yesterday", "2026-13-01", "2026-02-30", "30.11.2026"] {
            check_between(Some(text), None, &format!("{text:?} {hint}"));
        }
    }

    #[track_caller]
    fn check_before(zone: &str, from: &str, to: &str, now: &str, expected: &str) {
        let range = TimeRange {
            from_ms: at(from),
            to_ms: at(to),
        };
        let before = before(range, parse(zone).unwrap(), at(now)).unwrap();
        assert_eq!(shown(before), expected);
    }

    #[test]
    fn as_many_days_before_whatever_the_clock_did() {
        let later = "2027-05-01 00:00";
        check_before(
            "UTC",
            "2026-11-15 00:00",
            "2026-11-22 00:00",
            later,
            "2026-11-08 00:00 .. 2026-11-15 00:00",
        );
        // The week has 169 hours, the one before 168.
        check_before(
            "Europe/Berlin",
            "2026-10-21 22:00",
            "2026-10-28 23:00",
            later,
            "2026-10-14 22:00 .. 2026-10-21 22:00",
        );
        // The week before has them.
        check_before(
            "Europe/Berlin",
            "2026-10-25 23:00",
            "2026-11-01 23:00",
            later,
            "2026-10-18 22:00 .. 2026-10-25 23:00",
        );
        check_before(
            "Asia/Kathmandu",
            "2026-11-20 18:15",
            "2026-11-21 18:15",
            later,
            "2026-11-19 18:15 .. 2026-11-20 18:15",
        );
        // Hours are no days of the zone.
        check_before(
            "Europe/Berlin",
            "2026-11-21 00:00",
            "2026-11-21 06:00",
            later,
            "2026-11-20 18:00 .. 2026-11-21 00:00",
        );
    }

    #[test]
    fn what_goes_on_is_compared_as_far_as_it_has_come() {
        let week = ("2026-11-15 00:00", "2026-11-22 00:00");
        let check = |now, expected| check_before("UTC", week.0, week.1, now, expected);
        check("2026-11-21 01:02", "2026-11-08 00:00 .. 2026-11-14 01:15");
        check("2026-11-22 00:00", "2026-11-08 00:00 .. 2026-11-15 00:00");
        // One that has not begun.
        check("2026-08-01 00:00", "2026-11-08 00:00 .. 2026-11-08 00:15");
        let epoch = TimeRange {
            from_ms: 0,
            to_ms: QUARTER_MS,
        };
        assert_eq!(before(epoch, Tz::UTC, at(week.0)), None);
    }
}
