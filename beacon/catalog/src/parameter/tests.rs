use super::*;

/// 2026-11-21 05:30 UTC
const NOW_MS: u64 = 1_795_239_000_000;

#[test]
fn partitions_are_read_from_an_hour_before_to_a_day_after() {
    let scope = |from, to| Scope::new(TimeRange::parse(Some(from), Some(to), NOW_MS).unwrap());
    let november = scope("2026-11-01", "2026-11-30");
    assert_eq!(Parameter::HourFrom.value(&november), "2026103123");
    assert_eq!(Parameter::HourTo.value(&november), "2026120200");
    assert_eq!(Parameter::YearFrom.value(&november), "2026");
    assert_eq!(Parameter::YearTo.value(&november), "2026");
    let new_year = scope("2027-01-01 00:30", "2027-01-01 00:45");
    assert_eq!(Parameter::YearFrom.value(&new_year), "2026");
    assert_eq!(Parameter::YearTo.value(&new_year), "2027");
    let december = scope("2026-12-31", "2026-12-31");
    assert_eq!(Parameter::YearTo.value(&december), "2027");
    assert_eq!(Parameter::HourFrom.value(&new_year), "2026123123");
    assert_eq!(Parameter::HourTo.value(&new_year), "2027010200");
    let epoch = scope("1970-01-01", "1970-01-01");
    assert_eq!(Parameter::HourFrom.value(&epoch), "1970010100");
    let last = scope("2147-12-31", "9999-12-31");
    assert_eq!(Parameter::HourFrom.value(&last), "2147123023");
    assert_eq!(Parameter::HourTo.value(&last), "2147123123");
    assert!(Parameter::HourTo.value(&last).parse::<i32>().is_ok());
}
