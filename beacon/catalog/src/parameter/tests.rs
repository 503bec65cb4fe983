use super::*;

/// 2026-11-21 05:30 UTC
const NOW_MS: u64 = 1_795_239_000_000;

#[test]
fn partitions_are_read_from_an_hour_before_to_a_day_after() {
    let scope = |from, to| Scope::new(TimeRange::parse(Some(from), Some(to), NOW_MS).unwrap());
    let november = scope("2026-11-01", "2026-11-30");
    assert_eq!(Parameter::HourFrom.value(&november, false), "2026103123");
    assert_eq!(Parameter::HourTo.value(&november, false), "2026120200");
    assert_eq!(Parameter::YearFrom.value(&november, false), "2026");
    assert_eq!(Parameter::YearTo.value(&november, false), "2026");
    let new_year = scope("2027-01-01 00:30", "2027-01-01 00:45");
    assert_eq!(Parameter::YearFrom.value(&new_year, false), "2026");
    assert_eq!(Parameter::YearTo.value(&new_year, false), "2027");
    let december = scope("2026-12-31", "2026-12-31");
    assert_eq!(Parameter::YearTo.value(&december, false), "2027");
    assert_eq!(Parameter::HourFrom.value(&new_year, false), "2026123123");
    assert_eq!(Parameter::HourTo.value(&new_year, false), "2027010300");
    let epoch = scope("1970-01-01", "1970-01-01");
    assert_eq!(Parameter::HourFrom.value(&epoch, false), "1970010100");
    let last = scope("2147-12-31", "9999-12-31");
    assert_eq!(Parameter::HourFrom.value(&last, false), "2147123023");
    assert_eq!(Parameter::HourTo.value(&last, false), "2147123123");
    assert!(Parameter::HourTo.value(&last, false).parse::<i32>().is_ok());
}

#[test]
fn whole_days_are_read_for_a_part_of_one() {
    let scope = |from, to| Scope::new(TimeRange::parse(Some(from), Some(to), NOW_MS).unwrap());
    let part = scope("2026-11-20 22:30", "2026-11-22 01:15");
    let value = |parameter: Parameter| parameter.value(&part, false);
    assert_eq!(value(Parameter::ReceivedFrom), "2026-11-20 22:30:00.000");
    assert_eq!(value(Parameter::ReceivedTo), "2026-11-22 01:15:00.000");
    assert_eq!(value(Parameter::DayFrom), "2026-11-20 00:00:00.000");
    assert_eq!(value(Parameter::DayTo), "2026-11-23 00:00:00.000");
    assert_eq!(value(Parameter::HourFrom), "2026111923");
    assert_eq!(value(Parameter::HourTo), "2026112400");
    let whole = scope("2026-11-20", "2026-11-20");
    assert_eq!(
        Parameter::DayTo.value(&whole, false),
        "2026-11-21 00:00:00.000"
    );
}

#[test]
fn every_event_counts_with_a_condition_on_the_event() {
    let scope = Scope::new(TimeRange {
        from_ms: 0,
        to_ms: 1,
    });
    assert_eq!(Parameter::CountedEvent.value(&scope, true), "*");
    assert_eq!(Parameter::CountedEvent.value(&scope, false), "view");
}
