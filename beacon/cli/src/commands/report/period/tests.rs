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
        r#"from "2026-11-23" is after today, 2026-11-22, with which a range without an end ends"#,
    );
    let hint =
        "is not a valid time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)";
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
