//! The bars of a report's chart without JavaScript, and its period in words.

use beacon_catalog::TimeRange;
use beacon_dashboard::report::ReportBar;
use beacon_dashboard::zone::{day_of, start_of};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

/// Periods of more days have a bar for each month.
const MAX_DAYS: i64 = 62;

/// Returns the bars of a period: days of the zone, or months where there are many days. The period may cut the first and
/// the last.
pub(super) fn bars(range: TimeRange, zone: Tz) -> Vec<ReportBar> {
    let first = day_of(zone, range.from_ms);
    let has_days = (day_of(zone, range.to_ms) - first).num_days() <= MAX_DAYS;
    let mut bars = Vec::new();
    let (mut day, mut from_ms) = (first, range.from_ms);
    while from_ms < range.to_ms {
        let next = if has_days {
            day.succ_opt()
        } else {
            next_month(day)
        };
        let end_ms = next.and_then(|next| start_of(zone, next));
        let to_ms = end_ms.unwrap_or(range.to_ms).clamp(from_ms, range.to_ms);
        let format = if has_days { "%-d %b %Y" } else { "%B %Y" };
        bars.push(ReportBar {
            name: day.format(format).to_string(),
            range: TimeRange { from_ms, to_ms },
        });
        let Some(next) = next else { break };
        (day, from_ms) = (next, to_ms);
    }
    bars
}

/// Returns the first and the last day of a period, with the zone.
pub(super) fn title(range: TimeRange, zone: Tz) -> String {
    let text = |at_ms| day_of(zone, at_ms).format("%-d %b %Y").to_string();
    let (first, last) = (text(range.from_ms), text(range.to_ms - 1));
    let days = if first == last {
        first
    } else {
        format!("{first} – {last}")
    };
    format!("{days}, days in {}", zone.name())
}

fn next_month(day: NaiveDate) -> Option<NaiveDate> {
    let (year, month) = match day.month() {
        12 => (day.year() + 1, 1),
        month => (day.year(), month + 1),
    };
    NaiveDate::from_ymd_opt(year, month, 1)
}

#[cfg(test)]
mod tests;
