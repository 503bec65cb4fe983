//! Reads the time that a named query covers, as people write it.

use beacon_core::time::{DAY_MS, format_timestamp, parse_timestamp};

/// A range of time, in milliseconds of Unix time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// The first millisecond of the range.
    pub from_ms: u64,
    /// The first millisecond after the range, which is later than `from_ms`.
    pub to_ms: u64,
}

/// Errors in a range of time as a person writes it. Each message quotes the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// The text is neither a day nor a moment.
    #[error(
        "{0:?} is not a valid time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)"
    )]
    NotATime(String),
    /// The range ends before it begins.
    #[error("nothing lies between from {from:?} and to {to:?}: from must be the earlier")]
    Empty {
        /// The first day or moment, as written.
        from: String,
        /// The last day or moment, as written.
        to: String,
    },
    /// The range begins after today, and has no end.
    #[error("from {from:?} is after today, {today}, with which a range without an end ends")]
    Future {
        /// The first day or moment, as written.
        from: String,
        /// Today, as 2026-11-30.
        today: String,
    },
    /// The range ends before the first moment of Unix time.
    #[error("nothing lies before to {to:?}")]
    First {
        /// The last day or moment, as written.
        to: String,
    },
}

impl RangeError {
    /// Returns the error for a range without a millisecond in it. Only a text that was given is quoted; `today` is the
    /// day, as 2026-11-30, with which a range ends that has no end.
    pub fn nothing_between(from: Option<&str>, to: Option<&str>, today: &str) -> RangeError {
        match (from, to) {
            (Some(from), Some(to)) => RangeError::Empty {
                from: from.to_owned(),
                to: to.to_owned(),
            },
            (Some(from), None) => RangeError::Future {
                from: from.to_owned(),
                today: today.to_owned(),
            },
            (None, to) => RangeError::First {
                to: to.unwrap_or_default().to_owned(),
            },
        }
    }
}

impl TimeRange {
    /// Reads a range from its first and last day, inclusive, or from its first moment and its end. All are UTC.
    ///
    /// Without `to`, the range ends with the day of `now_ms`, which is Unix time in milliseconds. Without `from`, it has
    /// seven days.
    ///
    /// # Errors
    /// Returns a [`RangeError`] if a text is neither a day nor a moment, or if the range is empty.
    pub fn parse(
        from: Option<&str>,
        to: Option<&str>,
        now_ms: u64,
    ) -> Result<TimeRange, RangeError> {
        let to_ms = match to {
            Some(text) => end_ms(text)?,
            None => now_ms - now_ms % DAY_MS + DAY_MS,
        };
        let from_ms = match from {
            Some(text) => parse_moment(text)?,
            None => to_ms.saturating_sub(1 + 6 * DAY_MS) / DAY_MS * DAY_MS,
        };
        if from_ms < to_ms {
            return Ok(TimeRange { from_ms, to_ms });
        }
        Err(RangeError::nothing_between(
            from,
            to,
            &format_timestamp(now_ms)[..10],
        ))
    }
}

/// Reads a moment such as `2026-11-30 18:30`, UTC, or the first one of a day, as Unix milliseconds.
///
/// A moment may leave out its seconds or milliseconds, have a `T` between its parts, and a `Z` at its end.
///
/// # Errors
/// Returns [`RangeError::NotATime`] if it is neither a day nor a moment.
pub fn parse_moment(text: &str) -> Result<u64, RangeError> {
    const REST: &str = "0000-00-00 00:00:00.000";
    let written = text.trim().replacen('T', " ", 1);
    let written = written.strip_suffix('Z').unwrap_or(&written);
    if !matches!(written.len(), 10 | 16 | 19 | 23) || !written.is_ascii() {
        return Err(RangeError::NotATime(text.to_owned()));
    }
    parse_timestamp(&format!("{written}{}", &REST[written.len()..]))
        .ok_or_else(|| RangeError::NotATime(text.to_owned()))
}

fn end_ms(text: &str) -> Result<u64, RangeError> {
    let is_day = text.trim().len() == 10;
    Ok(parse_moment(text)? + if is_day { DAY_MS } else { 0 })
}

#[cfg(test)]
mod tests;
