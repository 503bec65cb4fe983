//! Dates, times, timestamps and zones as Trino reads them from text.

use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};
use chrono_tz::Tz;

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Zone {
    Named(Tz),
    Offset(FixedOffset),
}

/// A timestamp from a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timestamp {
    pub(crate) wall: NaiveDateTime,
    /// Digits of a second.
    pub(crate) digits: u8,
    /// Its zone, as Trino spells it.
    pub(crate) zone: Option<String>,
}

impl Timestamp {
    /// Returns true if clocks of the zone show this time at that moment; in spring they leave out an hour.
    pub(crate) fn is_on_the_wall(&self, instant_us: i64) -> bool {
        let Some(utc) = DateTime::from_timestamp_micros(instant_us) else {
            return false;
        };
        match self.zone.as_deref().and_then(read_zone) {
            None => true,
            Some(Zone::Named(zone)) => utc.with_timezone(&zone).naive_local() == self.wall,
            Some(Zone::Offset(offset)) => utc.with_timezone(&offset).naive_local() == self.wall,
        }
    }

    pub(crate) fn instant_us(&self) -> Option<i64> {
        let zone = match &self.zone {
            None => None,
            Some(zone) => Some(read_zone(zone)?),
        };
        instant_us(self.wall, zone.as_ref()).ok()
    }
}

/// Reads `2026-11-26`, with blanks around it.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.trim().splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() < 4 || month.is_empty() || day.is_empty() || month.len() > 2 || day.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(digits(year)?.try_into().ok()?, digits(month)?, digits(day)?)
}

/// Reads `2026-11-26 10:07:09.250 Europe/Berlin`; time and zone may be missing.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let mut parts = text.trim().splitn(3, ' ');
    let day = date(parts.next()?)?;
    let Some(clock) = parts.next() else {
        return Some(Timestamp {
            wall: day.and_hms_opt(0, 0, 0)?,
            digits: 0,
            zone: None,
        });
    };
    // An offset may stand right behind the time.
    let (clock, attached) = match clock.find(['+', '-']) {
        Some(at) => (&clock[..at], Some(&clock[at..])),
        None => (clock, None),
    };
    let (time, digits) = clock_time(clock)?;
    let zone_text = match (parts.next(), attached) {
        (Some(_), Some(_)) => return None,
        (Some(zone), None) | (None, Some(zone)) => Some(zone),
        (None, None) => None,
    };
    let zone = match zone_text {
        Some(text) => Some(zone(text)?),
        None => None,
    };
    Some(Timestamp {
        wall: day.and_time(time),
        digits,
        zone,
    })
}

/// Reads a time of day as milliseconds.
pub(crate) fn time_ms(text: &str) -> Option<i64> {
    let (time, digits) = clock_time(text.trim())?;
    if digits > 3 {
        return None;
    }
    let since = time.signed_duration_since(NaiveTime::MIN);
    Some(since.num_milliseconds())
}

fn clock_time(text: &str) -> Option<(NaiveTime, u8)> {
    let mut parts = text.splitn(3, ':');
    let (hour, minute) = (part(parts.next()?)?, part(parts.next()?)?);
    let Some(seconds) = parts.next() else {
        return Some((NaiveTime::from_hms_opt(hour, minute, 0)?, 0));
    };
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let second = part(second)?;
    if fraction.len() > 9 || (seconds.contains('.') && fraction.is_empty()) {
        return None;
    }
    let nanos = match fraction {
        "" => 0,
        fraction => digits(&format!("{fraction:0<9}"))?,
    };
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    Some((time, u8::try_from(fraction.len()).ok()?))
}

fn part(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 2 {
        return None;
    }
    digits(text)
}

pub(crate) fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Finds a zone by its name or offset, and returns Trino's spelling of it.
pub(crate) fn zone(text: &str) -> Option<String> {
    match text.to_ascii_uppercase().as_str() {
        "UTC" | "Z" | "GMT" | "UT" | "+00:00" | "-00:00" => return Some("UTC".to_owned()),
        _ => {}
    }
    if text.starts_with(['+', '-']) {
        let offset = offset(text)?;
        let total = offset.local_minus_utc();
        let sign = if total < 0 { '-' } else { '+' };
        let minutes = total.abs() / 60;
        return Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
    }
    let zone: Tz = text.parse().ok()?;
    Some(zone.name().to_owned())
}

pub(crate) fn read_zone(name: &str) -> Option<Zone> {
    if name.starts_with(['+', '-']) {
        return Some(Zone::Offset(offset(name)?));
    }
    Some(Zone::Named(name.parse().ok()?))
}

fn offset(text: &str) -> Option<FixedOffset> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (part(hours)?, part(minutes)?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
    Some(
        FixedOffset::east_opt(sign * seconds)?
            .offset_from_utc_datetime(&NaiveDateTime::default())
            .fix(),
    )
}

/// The moment of a time on the wall: the first of two, and behind the gap where there is none.
pub(crate) fn instant_us(wall: NaiveDateTime, zone: Option<&Zone>) -> Result<i64, String> {
    let utc: DateTime<Utc> = match zone {
        None => wall.and_utc(),
        Some(Zone::Offset(offset)) => match offset.from_local_datetime(&wall) {
            LocalResult::Single(time) => time.with_timezone(&Utc),
            _ => return Err(format!("{wall} is out of range")),
        },
        Some(Zone::Named(zone)) => match zone.from_local_datetime(&wall) {
            LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time.with_timezone(&Utc),
            LocalResult::None => {
                // An hour is more than most gaps have, and the offset before one tells how far to go.
                let before = zone.from_utc_datetime(&(wall - TimeDelta::days(1)));
                let offset = before.naive_local() - before.naive_utc();
                (wall - offset).and_utc()
            }
        },
    };
    Ok(utc.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_read_as_trino_reads_them() {
        let digits = |text| timestamp(text).map(|time| (time.digits, time.zone));
        assert_eq!(digits("2026-11-26 10:07:09.25"), Some((2, None)));
        assert_eq!(digits("2026-11-26"), Some((0, None)));
        assert_eq!(
            digits("2026-11-26 10:07:09 Asia/Kolkata"),
            Some((0, Some("Asia/Kolkata".to_owned())))
        );
        assert_eq!(
            digits("2026-11-26 10:07:09+05:30"),
            Some((0, Some("+05:30".to_owned())))
        );
        assert_eq!(digits("2026-11-26T10:07:09"), None);
        assert_eq!(digits("26.11.2026"), None);
    }
}
