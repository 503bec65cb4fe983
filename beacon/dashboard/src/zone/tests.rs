use beacon_core::time::format_timestamp;

use super::*;

#[track_caller]
fn check_start(zone: &str, day: &str, expected: &str) {
    let zone = zone.parse().unwrap();
    let start_ms = start_of(zone, day.parse().unwrap()).unwrap();
    assert_eq!(&format_timestamp(start_ms)[..16], expected, "{zone} {day}");
    let shown = day_of(zone, start_ms).to_string();
    assert!(shown.as_str() >= day, "{shown}");
    assert!(day_of(zone, start_ms - 1).to_string().as_str() < day);
}

#[test]
fn days_begin_when_the_clock_shows_them() {
    check_start("UTC", "2026-11-21", "2026-11-21 00:00");
    check_start("Europe/Berlin", "2026-10-25", "2026-10-24 22:00");
    check_start("Europe/Berlin", "2026-10-26", "2026-10-25 23:00");
    check_start("Asia/Kathmandu", "2026-11-21", "2026-11-20 18:15");
    check_start("America/St_Johns", "2026-11-01", "2026-11-01 02:30");
    check_start("America/St_Johns", "2026-11-02", "2026-11-02 03:30");
    check_start("Australia/Lord_Howe", "2026-10-05", "2026-10-04 13:00");
    // The clock jumps over midnight, shows it twice, and leaves out a day.
    check_start("Asia/Beirut", "2026-03-29", "2026-03-28 22:00");
    check_start("America/Havana", "2026-11-01", "2026-11-01 04:00");
    check_start("Pacific/Apia", "2011-12-30", "2011-12-30 10:00");
}

#[test]
fn time_before_1970_has_no_day() {
    assert_eq!(start_of(Tz::UTC, NaiveDate::MIN), None);
    assert_eq!(start_of(Tz::UTC, "1969-12-31".parse().unwrap()), None);
    assert_eq!(start_of(Tz::UTC, "1970-01-01".parse().unwrap()), Some(0));
}
