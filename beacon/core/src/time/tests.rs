use proptest::prelude::*;

use super::*;

/// Counts days one by one from 1970-01-01.
fn slow_date(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    loop {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let february = if leap { 29 } else { 28 };
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1..).zip(months) {
            if days < length {
                return (year, month, days + 1);
            }
            days -= length;
        }
        year += 1;
    }
}

fn slow_timestamp(ms: u64) -> String {
    let (year, month, day) = slow_date(ms / DAY_MS);
    let (second, ms) = (ms / 1_000 % 86_400, ms % 1_000);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{ms:03}")
}

#[track_caller]
fn check(ms: u64, expected: &str) {
    assert_eq!(format_timestamp(ms), expected);
    assert_eq!(parse_timestamp(expected), Some(ms));
    assert_eq!(slow_timestamp(ms), expected);
}

#[test]
fn known_moments() {
    check(0, "1970-01-01 00:00:00.000");
    check(951_782_400_000, "2000-02-29 00:00:00.000");
    check(1_709_164_799_999, "2024-02-28 23:59:59.999");
    check(1_735_689_599_999, "2024-12-31 23:59:59.999");
    check(1_795_237_867_089, "2026-11-21 05:11:07.089");
    check(4_107_542_400_000, "2100-03-01 00:00:00.000");
    check(MAX_MS, "9999-12-31 23:59:59.999");
}

#[test]
fn later_than_four_digits_is_the_last_moment() {
    assert_eq!(format_timestamp(u64::MAX), "9999-12-31 23:59:59.999");
    assert_eq!(Hour::from_ms(u64::MAX), Hour::from_ms(MAX_MS));
}

#[test]
fn other_forms_are_no_timestamp() {
    for text in [
        "",
        "2026-11-21 05:11:07",
        "2026-11-21T05:11:07.089",
        "2026-11-21 05:11:07.08é",
        "2026-11-21 05:11:07.0890",
        "2026-02-29 00:00:00.000",
        "2026-13-01 00:00:00.000",
        "2026-00-01 00:00:00.000",
        "2026-11-31 00:00:00.000",
        "2026-11-00 00:00:00.000",
        "2026-11-21 24:00:00.000",
        "2026-11-21 05:60:00.000",
        "2026-11-21 05:11:60.000",
        "1969-12-31 23:59:59.999",
        "+026-11-21 05:11:07.089",
    ] {
        assert_eq!(parse_timestamp(text), None, "{text}");
    }
}

#[test]
fn an_hour_is_a_partition() {
    let hour = Hour::from_ms(1_795_237_867_089);
    assert_eq!(hour.partition_path(), "year=2026/month=11/day=21/hour=05");
    assert_eq!(hour.to_string(), "2026-11-21-05");
    assert_eq!(Hour::new(2026, 11, 21, 5), Some(hour));
    assert_eq!(hour.start_ms(), 1_795_237_200_000);
}

proptest! {
    #[test]
    fn agrees_with_counting_days(ms in 0..=MAX_MS) {
        let text = format_timestamp(ms);
        prop_assert_eq!(&text, &slow_timestamp(ms));
        prop_assert_eq!(parse_timestamp(&text), Some(ms));
        let start_ms = Hour::from_ms(ms).start_ms();
        prop_assert!(start_ms <= ms && ms - start_ms < HOUR_MS);
        prop_assert_eq!(Hour::from_ms(start_ms), Hour::from_ms(ms));
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC{0,24}|[0-9 :.-]{23}") {
        if let Some(ms) = parse_timestamp(&text) {
            prop_assert_eq!(format_timestamp(ms), text);
        }
    }
}
