//! The periods of the dashboard's address, as days of a time zone.

use beacon_catalog::{TimeRange, parse_moment};
use chrono::{Datelike, Days, Months, NaiveDate};

use crate::zone::{Tz, day_of, start_of};

/// The years that an address may name, as the page has them.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// A period of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Today,
    Yesterday,
    /// That many days, today the last.
    Days(u64),
    /// From the 1st of this month to today.
    Month,
    LastMonth,
    /// From 1 January to today.
    Year,
    /// This calendar month and the eleven before.
    TwelveMonths,
    /// From the first hit to today.
    All,
    /// From the first day to the last, both inclusive.
    Between(NaiveDate, NaiveDate),
    /// From the first moment to the one after the last, as a click on a bar of an hour chooses.
    Moments(TimeRange),
}

impl Period {
    /// The periods that have a name in the address.
    pub(crate) const NAMED: [(&str, Period); 10] = [
        ("today", Period::Today),
        ("yesterday", Period::Yesterday),
        ("7d", Period::Days(7)),
        ("30d", Period::Days(30)),
        ("90d", Period::Days(90)),
        ("month", Period::Month),
        ("last-month", Period::LastMonth),
        ("year", Period::Year),
        ("12m", Period::TwelveMonths),
        ("all", Period::All),
    ];

    /// Returns the period of an address that names none.
    pub(crate) const DEFAULT: Period = Period::Days(7);

    /// Returns the period with this name, or `None` if there is none.
    pub(crate) fn named(name: &str) -> Option<Period> {
        let mut named = Period::NAMED.into_iter();
        named.find_map(|(known, period)| (known == name).then_some(period))
    }

    /// Reads `from` and `to`: two days, such as `2026-11-01`, or two moments, such as `2026-11-20T13:00Z`. Returns `None`
    /// unless `from` is the earlier; days may be the same.
    pub(crate) fn between(from: &str, to: &str) -> Option<Period> {
        if let (Some(first), Some(last)) = (day(from), day(to)) {
            return (first <= last).then_some(Period::Between(first, last));
        }
        let (from_ms, to_ms) = (moment(from)?, moment(to)?);
        (from_ms < to_ms).then_some(Period::Moments(TimeRange { from_ms, to_ms }))
    }

    /// Returns the time from the first instant of the period to the one after its last, in a zone. Returns `None` if the
    /// calendar doesn't have it.
    pub(crate) fn range(self, zone: Tz, now_ms: u64) -> Option<TimeRange> {
        let today = day_of(zone, now_ms);
        let (first, last) = match self {
            Period::Moments(range) => return Some(range),
            Period::All => {
                let to_ms = start_of(zone, today.succ_opt()?)?;
                return Some(TimeRange { from_ms: 0, to_ms });
            }
            Period::Today => (today, today),
            Period::Yesterday => (today.pred_opt()?, today.pred_opt()?),
            Period::Days(days) => (today.checked_sub_days(Days::new(days - 1))?, today),
            Period::Month => (today.with_day(1)?, today),
            Period::LastMonth => {
                let first = today.with_day(1)?;
                (first.checked_sub_months(Months::new(1))?, first.pred_opt()?)
            }
            Period::Year => (NaiveDate::from_ymd_opt(today.year(), 1, 1)?, today),
            Period::TwelveMonths => {
                let first = today.with_day(1)?;
                (first.checked_sub_months(Months::new(11))?, today)
            }
            Period::Between(first, last) => (first, last),
        };
        Some(TimeRange {
            from_ms: start_of(zone, first)?,
            to_ms: start_of(zone, last.succ_opt()?)?,
        })
    }
}

/// Reads a day as it is written in an address, with all its digits.
fn day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    (YEARS.contains(&day.year()) && day.to_string() == text).then_some(day)
}

/// Reads a moment as it is written in an address, `2026-11-20T13:00Z`.
fn moment(text: &str) -> Option<u64> {
    let is_minute = text.len() == "2026-11-20T13:00Z".len()
        && text.ends_with('Z')
        && text.as_bytes().get(10) == Some(&b'T');
    is_minute.then(|| parse_moment(text).ok()).flatten()
}

#[cfg(test)]
mod tests;
