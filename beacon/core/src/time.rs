//! UTC time as records and partitions write it. There is no clock: callers bring Unix milliseconds.
//!
//! The calendar is the `time` crate's. Timestamps have one fixed form, which is written for every hit and read back for
//! every row: for that a formatter driven by a description would cost many times as much.

use std::fmt;

use time::{Date, Month};

/// 9999-12-31 23:59:59.999 in Unix milliseconds: the last moment whose year has four digits. Later times are written as
/// this one.
pub const MAX_MS: u64 = 253_402_300_799_999;

/// One hour in milliseconds.
pub const HOUR_MS: u64 = 3_600 * SECOND_MS;

/// One day in milliseconds.
pub const DAY_MS: u64 = 24 * HOUR_MS;

const SECOND_MS: u64 = 1_000;
/// The Julian day of 1970-01-01, where Unix time begins.
const JULIAN_DAY_OF_1970: i32 = 2_440_588;

/// Formats Unix milliseconds as `yyyy-MM-dd HH:mm:ss.SSS`, UTC.
///
/// Hive, OpenX and Firehose read that as a timestamp.
///
/// ```
/// assert_eq!(beacon_core::time::format_timestamp(0), "1970-01-01 00:00:00.000");
/// ```
pub fn format_timestamp(ms: u64) -> String {
    let mut text = Vec::with_capacity(TIMESTAMP_BYTES);
    write_timestamp(&mut text, ms);
    String::from_utf8(text).expect("digits and separators are ASCII")
}

/// The length of `yyyy-MM-dd HH:mm:ss.SSS`.
const TIMESTAMP_BYTES: usize = 23;

pub(crate) fn write_timestamp(out: &mut Vec<u8>, ms: u64) {
    let ms = ms.min(MAX_MS);
    let hour = Hour::from_ms(ms);
    let in_hour_ms = ms % HOUR_MS;
    let mut text = *b"yyyy-MM-dd HH:mm:ss.SSS";
    let (year, month, day) = hour.date.to_calendar_date();
    put_digits(&mut text[0..4], year.unsigned_abs().into());
    put_digits(&mut text[5..7], u8::from(month).into());
    put_digits(&mut text[8..10], day.into());
    put_digits(&mut text[11..13], u64::from(hour.hour));
    put_digits(&mut text[14..16], in_hour_ms / (60 * SECOND_MS));
    put_digits(&mut text[17..19], in_hour_ms / SECOND_MS % 60);
    put_digits(&mut text[20..23], in_hour_ms % SECOND_MS);
    out.extend_from_slice(&text);
}

fn put_digits(place: &mut [u8], mut number: u64) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Parses the form that [`format_timestamp`] writes into Unix milliseconds. `None` for any other form, and for a date
/// that the calendar does not have.
pub fn parse_timestamp(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    if bytes.len() != TIMESTAMP_BYTES {
        return None;
    }
    for (at, separator) in [
        (4, b'-'),
        (7, b'-'),
        (10, b' '),
        (13, b':'),
        (16, b':'),
        (19, b'.'),
    ] {
        if bytes[at] != separator {
            return None;
        }
    }
    let hour = Hour::new(
        u16::try_from(digits(&bytes[0..4])?).ok()?,
        u8::try_from(digits(&bytes[5..7])?).ok()?,
        u8::try_from(digits(&bytes[8..10])?).ok()?,
        u8::try_from(digits(&bytes[11..13])?).ok()?,
    )?;
    let minute = digits(&bytes[14..16])?;
    let second = digits(&bytes[17..19])?;
    if minute > 59 || second > 59 {
        return None;
    }
    Some(hour.start_ms() + (minute * 60 + second) * SECOND_MS + digits(&bytes[20..23])?)
}

fn digits(bytes: &[u8]) -> Option<u64> {
    let mut number = 0;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u64::from(byte - b'0');
    }
    Some(number)
}

/// One UTC hour, which is the partition of a hit. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour {
    date: Date,
    hour: u8,
}

impl Hour {
    /// Returns the hour that a Unix time in milliseconds lies in. Times after [`MAX_MS`] lie in the last one.
    pub fn from_ms(ms: u64) -> Hour {
        let ms = ms.min(MAX_MS);
        let date = Date::from_julian_day(JULIAN_DAY_OF_1970 + (ms / DAY_MS) as i32)
            .expect("a year of four digits has a date");
        Hour {
            date,
            hour: (ms / HOUR_MS % 24) as u8,
        }
    }

    /// Returns the hour of a date. `None` where the calendar has no such hour, before 1970, and after 9999.
    pub fn new(year: u16, month: u8, day: u8, hour: u8) -> Option<Hour> {
        if !(1970..=9999).contains(&year) || hour > 23 {
            return None;
        }
        let month = Month::try_from(month).ok()?;
        let date = Date::from_calendar_date(i32::from(year), month, day).ok()?;
        Some(Hour { date, hour })
    }

    /// Returns the hour's first millisecond, as Unix time.
    pub fn start_ms(self) -> u64 {
        let days = (self.date.to_julian_day() - JULIAN_DAY_OF_1970).unsigned_abs();
        u64::from(days) * DAY_MS + u64::from(self.hour) * HOUR_MS
    }

    /// Returns the year, from 1970 to 9999.
    pub fn year(self) -> u16 {
        self.date.year().unsigned_abs() as u16
    }

    /// Returns the month, from 1 to 12.
    pub fn month(self) -> u8 {
        u8::from(self.date.month())
    }

    /// Returns the day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.date.day()
    }

    /// Returns the hour of the day, from 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// Returns the Hive path of the partition, without slashes at its ends: `year=2026/month=11/day=21/hour=05`.
    pub fn partition_path(self) -> String {
        format!(
            "year={:04}/month={:02}/day={:02}/hour={:02}",
            self.year(),
            self.month(),
            self.day(),
            self.hour
        )
    }
}

/// Writes `2026-11-21-05`, the form of Firehose's object names.
impl fmt::Display for Hour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:04}-{:02}-{:02}-{:02}",
            self.year(),
            self.month(),
            self.day(),
            self.hour
        )
    }
}

#[cfg(test)]
mod tests;
