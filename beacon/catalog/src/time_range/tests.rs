use super::*;

/// 2026-11-21 05:30 UTC
const NOW_MS: u64 = 1_795_239_000_000;

#[track_caller]
fn check_range(from: Option<&str>, to: Option<&str>, expected: &str) {
    let shown = match TimeRange::parse(from, to, NOW_MS) {
        Ok(range) => format!(
            "{} .. {}",
            &format_timestamp(range.from_ms)[..16],
            &format_timestamp(range.to_ms)[..16]
        ),
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected);
}

#[test]
fn days_are_whole_and_moments_are_ends() {
    check_range(
        Some("2026-11-01"),
        Some("2026-11-30"),
        "2026-11-01 00:00 .. 2026-12-01 00:00",
    );
    check_range(
        Some("2026-11-01 06:30"),
        Some("2026-11-30T18:00:00Z"),
        "2026-11-01 06:30 .. 2026-11-30 18:00",
    );
    check_range(
        Some("2024-02-29"),
        Some("2024-02-29"),
        "2024-02-29 00:00 .. 2024-03-01 00:00",
    );
}

#[test]
fn seven_days_are_the_default_today_with_them() {
    check_range(None, None, "2026-11-15 00:00 .. 2026-11-22 00:00");
    check_range(
        Some("2026-11-20"),
        None,
        "2026-11-20 00:00 .. 2026-11-22 00:00",
    );
    check_range(
        None,
        Some("2026-11-10"),
        "2026-11-04 00:00 .. 2026-11-11 00:00",
    );
    check_range(
        None,
        Some("2026-11-10 12:00"),
        "2026-11-04 00:00 .. 2026-11-10 12:00",
    );
}

#[test]
fn what_is_no_time_says_how_to_write_one() {
    let hint =
        "is not a valid time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)";
    for text in [
        "",
        "yesterday",
        "2026-13-01",
        "2026-02-30",
        "2026-11-30 25:00",
        "30.11.2026",
        "2026-11-30 18",
        "2026-11-3é",
    ] {
        check_range(Some(text), None, &format!("{text:?} {hint}"));
    }
}

#[test]
fn an_empty_time_quotes_only_what_was_given() {
    check_range(
        Some("2026-11-30"),
        Some("2026-11-29"),
        r#"nothing lies between from "2026-11-30" and to "2026-11-29": from must be the earlier"#,
    );
    check_range(
        Some("2026-11-30 10:00"),
        Some("2026-11-30T10:00Z"),
        r#"nothing lies between from "2026-11-30 10:00" and to "2026-11-30T10:00Z": from must be the earlier"#,
    );
    check_range(
        Some("2026-12-01"),
        None,
        r#"from "2026-12-01" is after today, 2026-11-21, with which a range without an end ends"#,
    );
    check_range(
        None,
        Some("1970-01-01 00:00"),
        r#"nothing lies before to "1970-01-01 00:00""#,
    );
}
