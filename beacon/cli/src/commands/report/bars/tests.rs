use super::*;

const ZONE: Tz = chrono_tz::Europe::Berlin;

fn start(year: i32, month: u32, day: u32) -> u64 {
    start_of(ZONE, NaiveDate::from_ymd_opt(year, month, day).unwrap()).unwrap()
}

fn names(bars: &[ReportBar]) -> Vec<&str> {
    bars.iter().map(|bar| bar.name.as_str()).collect()
}

#[track_caller]
fn has_no_gap(bars: &[ReportBar], range: TimeRange) {
    assert_eq!(bars.first().unwrap().range.from_ms, range.from_ms);
    assert_eq!(bars.last().unwrap().range.to_ms, range.to_ms);
    for pair in bars.windows(2) {
        assert_eq!(pair[0].range.to_ms, pair[1].range.from_ms);
    }
}

#[test]
fn days_of_the_zone_are_bars_also_where_the_clock_changes() {
    let range = TimeRange {
        from_ms: start(2026, 10, 24),
        to_ms: start(2026, 10, 27),
    };
    let bars = bars(range, ZONE);
    assert_eq!(names(&bars), ["24 Oct 2026", "25 Oct 2026", "26 Oct 2026"]);
    let hours: Vec<_> = bars
        .iter()
        .map(|bar| (bar.range.to_ms - bar.range.from_ms) / 3_600_000)
        .collect();
    assert_eq!(hours, [24, 25, 24]);
    has_no_gap(&bars, range);
    assert_eq!(
        title(range, ZONE),
        "24 Oct 2026 – 26 Oct 2026, days in Europe/Berlin"
    );
}

#[test]
fn long_periods_have_months_and_may_cut_them() {
    let range = TimeRange {
        from_ms: start(2026, 10, 15) + 3_600_000,
        to_ms: start(2027, 2, 3),
    };
    let bars = bars(range, ZONE);
    assert_eq!(
        names(&bars),
        [
            "October 2026",
            "November 2026",
            "December 2026",
            "January 2027",
            "February 2027"
        ]
    );
    has_no_gap(&bars, range);
}

#[test]
fn part_of_a_day_is_one_bar() {
    let range = TimeRange {
        from_ms: start(2026, 11, 20) + 3_600_000,
        to_ms: start(2026, 11, 20) + 7_200_000,
    };
    assert_eq!(names(&bars(range, ZONE)), ["20 Nov 2026"]);
    assert_eq!(title(range, ZONE), "20 Nov 2026, days in Europe/Berlin");
}
