//! Units of time: their names, and how long they are.

use crate::functions::kernel::{DAY_US, Outcome};

/// A unit of `date_trunc`, `date_add` and `date_diff`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Unit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    pub(crate) fn read(text: &str, is_date: bool) -> Outcome<Unit> {
        let unit = match text.to_ascii_lowercase().as_str() {
            "millisecond" => Unit::Millisecond,
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            _ => return Err(format!("'{text}' is not a valid unit of time")),
        };
        let is_of_day = matches!(
            unit,
            Unit::Millisecond | Unit::Second | Unit::Minute | Unit::Hour
        );
        if is_date && is_of_day {
            return Err(format!("'{text}' is not a valid unit for a date"));
        }
        Ok(unit)
    }

    pub(crate) fn fixed_us(self) -> Option<i64> {
        Some(match self {
            Unit::Millisecond => 1_000,
            Unit::Second => 1_000_000,
            Unit::Minute => 60_000_000,
            Unit::Hour => 3_600_000_000,
            Unit::Day => DAY_US,
            Unit::Week => 7 * DAY_US,
            Unit::Month | Unit::Quarter | Unit::Year => return None,
        })
    }

    pub(crate) fn months(self) -> i64 {
        match self {
            Unit::Quarter => 3,
            Unit::Year => 12,
            _ => 1,
        }
    }

    /// Returns true if a step is one on the wall and not of elapsed time: a local day may have 23 hours.
    pub(crate) fn is_of_calendar(self) -> bool {
        !matches!(
            self,
            Unit::Millisecond | Unit::Second | Unit::Minute | Unit::Hour
        )
    }
}
