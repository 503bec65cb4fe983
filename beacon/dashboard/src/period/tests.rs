use beacon_core::time::{format_timestamp, parse_timestamp};

use super::*;

/// Periods by name, zone and moment, calculated by hand: offsets from the zones' rules, days from a calendar.
const REFERENCE: [(&str, &str, &str, &str); 36] = [
    // A Saturday, UTC.
    (
        "today",
        "UTC",
        "2026-11-21 05:30",
        "2026-11-21 00:00 .. 2026-11-22 00:00",
    ),
    (
        "yesterday",
        "UTC",
        "2026-11-21 05:30",
        "2026-11-20 00:00 .. 2026-11-21 00:00",
    ),
    (
        "7d",
        "UTC",
        "2026-11-21 05:30",
        "2026-11-15 00:00 .. 2026-11-22 00:00",
    ),
    (
        "30d",
        "UTC",
        "2026-11-21 05:30",
        "2026-10-23 00:00 .. 2026-11-22 00:00",
    ),
    (
        "90d",
        "UTC",
        "2026-11-21 05:30",
        "2026-08-24 00:00 .. 2026-11-22 00:00",
    ),
    (
        "month",
        "UTC",
        "2026-11-21 05:30",
        "2026-11-01 00:00 .. 2026-11-22 00:00",
    ),
    (
        "last-month",
        "UTC",
        "2026-11-21 05:30",
        "2026-10-01 00:00 .. 2026-11-01 00:00",
    ),
    (
        "year",
        "UTC",
        "2026-11-21 05:30",
        "2026-01-01 00:00 .. 2026-11-22 00:00",
    ),
    (
        "12m",
        "UTC",
        "2026-11-21 05:30",
        "2025-12-01 00:00 .. 2026-11-22 00:00",
    ),
    (
        "all",
        "UTC",
        "2026-11-21 05:30",
        "1970-01-01 00:00 .. 2026-11-22 00:00",
    ),
    // The first instant of a day, a month and a year, and the last one before.
    (
        "today",
        "UTC",
        "2027-01-01 00:00",
        "2027-01-01 00:00 .. 2027-01-02 00:00",
    ),
    (
        "month",
        "UTC",
        "2027-01-01 00:00",
        "2027-01-01 00:00 .. 2027-01-02 00:00",
    ),
    (
        "year",
        "UTC",
        "2027-01-01 00:00",
        "2027-01-01 00:00 .. 2027-01-02 00:00",
    ),
    (
        "last-month",
        "UTC",
        "2027-01-01 00:00",
        "2026-12-01 00:00 .. 2027-01-01 00:00",
    ),
    (
        "12m",
        "UTC",
        "2027-01-01 00:00",
        "2026-02-01 00:00 .. 2027-01-02 00:00",
    ),
    (
        "year",
        "UTC",
        "2026-12-31 23:59",
        "2026-01-01 00:00 .. 2027-01-01 00:00",
    ),
    // Months that are shorter, and a leap year.
    (
        "last-month",
        "UTC",
        "2026-03-31 12:00",
        "2026-02-01 00:00 .. 2026-03-01 00:00",
    ),
    (
        "last-month",
        "UTC",
        "2028-03-30 12:00",
        "2028-02-01 00:00 .. 2028-03-01 00:00",
    ),
    (
        "12m",
        "UTC",
        "2028-02-29 12:00",
        "2027-03-01 00:00 .. 2028-03-01 00:00",
    ),
    (
        "yesterday",
        "UTC",
        "2028-03-01 12:00",
        "2028-02-29 00:00 .. 2028-03-01 00:00",
    ),
    // In Berlin it is the next day already; in New York still the day before.
    (
        "today",
        "Europe/Berlin",
        "2026-11-21 23:30",
        "2026-11-21 23:00 .. 2026-11-22 23:00",
    ),
    (
        "today",
        "America/New_York",
        "2026-11-21 04:30",
        "2026-11-20 05:00 .. 2026-11-21 05:00",
    ),
    (
        "month",
        "Pacific/Auckland",
        "2026-10-31 12:00",
        "2026-10-31 11:00 .. 2026-11-01 11:00",
    ),
    (
        "last-month",
        "America/Los_Angeles",
        "2026-12-01 05:00",
        "2026-10-01 07:00 .. 2026-11-01 07:00",
    ),
    // Days of 25 and of 23 hours, in Berlin and New York.
    (
        "today",
        "Europe/Berlin",
        "2026-10-25 12:00",
        "2026-10-24 22:00 .. 2026-10-25 23:00",
    ),
    (
        "yesterday",
        "Europe/Berlin",
        "2026-03-30 12:00",
        "2026-03-28 23:00 .. 2026-03-29 22:00",
    ),
    (
        "7d",
        "Europe/Berlin",
        "2026-10-28 12:00",
        "2026-10-21 22:00 .. 2026-10-28 23:00",
    ),
    (
        "year",
        "Europe/Berlin",
        "2026-07-01 12:00",
        "2025-12-31 23:00 .. 2026-07-01 22:00",
    ),
    (
        "last-month",
        "America/New_York",
        "2026-04-10 12:00",
        "2026-03-01 05:00 .. 2026-04-01 04:00",
    ),
    (
        "month",
        "America/New_York",
        "2026-11-10 12:00",
        "2026-11-01 04:00 .. 2026-11-11 05:00",
    ),
    // Offsets of quarters and halves of an hour, and a change by half an hour.
    (
        "today",
        "Asia/Kathmandu",
        "2026-11-21 18:20",
        "2026-11-21 18:15 .. 2026-11-22 18:15",
    ),
    (
        "today",
        "Asia/Kolkata",
        "2026-11-21 18:20",
        "2026-11-20 18:30 .. 2026-11-21 18:30",
    ),
    (
        "today",
        "Australia/Lord_Howe",
        "2026-10-04 12:00",
        "2026-10-03 13:30 .. 2026-10-04 13:00",
    ),
    // The clock jumps over midnight, and shows it twice.
    (
        "today",
        "Asia/Beirut",
        "2026-03-29 12:00",
        "2026-03-28 22:00 .. 2026-03-29 21:00",
    ),
    (
        "today",
        "America/Havana",
        "2026-11-01 12:00",
        "2026-11-01 04:00 .. 2026-11-02 05:00",
    ),
    // A zone whose days are the first.
    (
        "today",
        "Pacific/Kiritimati",
        "2026-11-21 10:00",
        "2026-11-21 10:00 .. 2026-11-22 10:00",
    ),
];

fn at(text: &str) -> u64 {
    parse_timestamp(&format!("{text}:00.000")).unwrap()
}

fn shown(range: TimeRange) -> String {
    let minute = |ms| format_timestamp(ms)[..16].to_owned();
    format!("{} .. {}", minute(range.from_ms), minute(range.to_ms))
}

#[test]
fn named_periods_are_those_of_the_reference() {
    for (name, zone, now, expected) in REFERENCE {
        let period = Period::named(name).unwrap();
        let range = period.range(zone.parse().unwrap(), at(now)).unwrap();
        assert_eq!(shown(range), expected, "{name} in {zone} at {now}");
    }
    let covered = |name| REFERENCE.iter().any(|(covered, ..)| *covered == name);
    assert!(Period::NAMED.iter().all(|(name, _)| covered(*name)));
    assert_eq!(Period::named("8d"), None);
}

#[test]
fn days_are_those_of_the_zone_and_moments_are_utc() {
    #[track_caller]
    fn check(from: &str, to: &str, zone: &str, expected: Option<&str>) {
        let period = Period::between(from, to);
        let range = period.map(|period| period.range(zone.parse().unwrap(), 0).unwrap());
        assert_eq!(range.map(shown).as_deref(), expected, "{from} to {to}");
    }
    check(
        "2026-11-01",
        "2026-11-30",
        "UTC",
        Some("2026-11-01 00:00 .. 2026-12-01 00:00"),
    );
    check(
        "2026-10-25",
        "2026-10-25",
        "Europe/Berlin",
        Some("2026-10-24 22:00 .. 2026-10-25 23:00"),
    );
    check(
        "2026-11-20T13:00Z",
        "2026-11-20T14:00Z",
        "Europe/Berlin",
        Some("2026-11-20 13:00 .. 2026-11-20 14:00"),
    );
    for (from, to) in [
        ("2026-11-02", "2026-11-01"),
        ("2026-11-20T13:00Z", "2026-11-20T13:00Z"),
        ("2026-11-01", "2026-11-20T13:00Z"),
        ("2026-02-29", "2026-03-01"),
        ("2026-11-1", "2026-11-30"),
        ("+2026-11-01", "2026-11-30"),
        ("1999-11-01", "2026-11-30"),
        ("2026-11-01", "2200-01-01"),
        ("2026-11-20 13:00", "2026-11-20 14:00"),
        ("2026-11-20T13:00:00Z", "2026-11-20T14:00:00Z"),
        ("2026-11-20T25:00Z", "2026-11-20T26:00Z"),
        ("", ""),
    ] {
        check(from, to, "UTC", None);
    }
}
