//! The time that a question is about: from what a person writes to two moments.

use beacon_core::time::{DAY_MS, format_timestamp, parse_timestamp};

/// From a moment on, and before another: Unix time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// The first millisecond in it.
    pub from_ms: u64,
    /// The first millisecond behind it.
    pub to_ms: u64,
}

/// Why a range of time can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// Neither a date nor a timestamp.
    #[error(
        "{0:?} is not a time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)"
    )]
    NotATime(String),
    /// Nothing lies between the two.
    #[error("nothing lies between from {from:?} and to {to:?}: from must be the earlier")]
    Empty {
        /// The first day or moment, as written.
        from: String,
        /// The last day or moment, as written.
        to: String,
    },
    /// It begins after today, and no end is given.
    #[error(
        "from {from:?} is after today, {today}, with which the time ends where no end is given"
    )]
    Future {
        /// The first day or moment, as written.
        from: String,
        /// The day.
        today: String,
    },
    /// It ends with the first moment that there is.
    #[error("nothing lies before to {to:?}")]
    First {
        /// The last day or moment, as written.
        to: String,
    },
}

impl TimeRange {
    /// The range between two texts, both UTC: of days, the last one is in it; of moments, it is the end. What is
    /// not given makes it the last seven days, today with them.
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
        // Only what was given is quoted.
        Err(match (from, to) {
            (Some(from), Some(to)) => RangeError::Empty {
                from: from.to_owned(),
                to: to.to_owned(),
            },
            (Some(from), None) => RangeError::Future {
                from: from.to_owned(),
                today: format_timestamp(now_ms)[..10].to_owned(),
            },
            (None, to) => RangeError::First {
                to: to.unwrap_or_default().to_owned(),
            },
        })
    }
}

/// Returns the moment that a text names, in UTC; of a day its first.
///
/// # Errors
/// Returns [`RangeError::NotATime`] if it is neither a day nor a moment.
pub fn parse_moment(text: &str) -> Result<u64, RangeError> {
    // A moment may leave out its end: `2026-11-30`, `2026-11-30 18:30`, `2026-11-30T18:30:00Z`.
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
