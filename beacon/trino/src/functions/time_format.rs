//! Times as text, by a pattern.

use arrow::array::{Array, ArrayRef};
use chrono::{Datelike, NaiveDateTime, Timelike};
use datafusion::common::Result;

use super::kernel::{Call, Kernel, Outcome};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("date_format", date_format),
    ("format_datetime", format_datetime),
    ("to_iso8601", to_iso8601),
];

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

pub(crate) fn month_name(time: NaiveDateTime) -> &'static str {
    MONTHS[time.month0() as usize]
}

fn weekday_name(time: NaiveDateTime) -> &'static str {
    WEEKDAYS[time.weekday().num_days_from_monday() as usize]
}

fn half(time: NaiveDateTime) -> &'static str {
    if time.hour() < 12 { "AM" } else { "PM" }
}

fn date_format(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    let patterns = call.text(1)?;
    call.texts(|row| {
        let Some(time) = times.wall(row).filter(|_| patterns.is_valid(row)) else {
            return Ok(None);
        };
        mysql(time, patterns.value(row)).map(Some)
    })
}

/// MySQL's patterns, as Trino has them.
fn mysql(time: NaiveDateTime, pattern: &str) -> Outcome<String> {
    let mut text = String::new();
    let mut characters = pattern.chars();
    let hour12 = time.hour12().1;
    while let Some(character) = characters.next() {
        if character != '%' {
            text.push(character);
            continue;
        }
        let Some(specifier) = characters.next() else {
            return Err("the pattern ends with %".to_owned());
        };
        match specifier {
            'a' => text.push_str(&weekday_name(time)[..3]),
            'b' => text.push_str(&month_name(time)[..3]),
            'c' => text.push_str(&time.month().to_string()),
            'd' => text.push_str(&format!("{:02}", time.day())),
            'e' => text.push_str(&time.day().to_string()),
            'f' => text.push_str(&format!("{:06}", time.nanosecond() / 1_000)),
            'H' => text.push_str(&format!("{:02}", time.hour())),
            'h' | 'I' => text.push_str(&format!("{hour12:02}")),
            'i' => text.push_str(&format!("{:02}", time.minute())),
            'j' => text.push_str(&format!("{:03}", time.ordinal())),
            'k' => text.push_str(&time.hour().to_string()),
            'l' => text.push_str(&hour12.to_string()),
            'M' => text.push_str(month_name(time)),
            'm' => text.push_str(&format!("{:02}", time.month())),
            'p' => text.push_str(half(time)),
            'r' => text.push_str(&format!(
                "{hour12:02}:{:02}:{:02} {}",
                time.minute(),
                time.second(),
                half(time)
            )),
            'S' | 's' => text.push_str(&format!("{:02}", time.second())),
            'T' => text.push_str(&format!(
                "{:02}:{:02}:{:02}",
                time.hour(),
                time.minute(),
                time.second()
            )),
            'v' => text.push_str(&format!("{:02}", time.iso_week().week())),
            'W' => text.push_str(weekday_name(time)),
            'x' => text.push_str(&format!("{:04}", time.iso_week().year())),
            'Y' => text.push_str(&format!("{:04}", time.year())),
            'y' => text.push_str(&format!("{:02}", time.year().rem_euclid(100))),
            'D' | 'U' | 'u' | 'V' | 'w' | 'X' => {
                return Err(format!(
                    "%{specifier} is not supported in the pattern of a date"
                ));
            }
            other => text.push(other),
        }
    }
    Ok(text)
}

fn format_datetime(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    let patterns = call.text(1)?;
    call.texts(|row| {
        let Some(time) = times.wall(row).filter(|_| patterns.is_valid(row)) else {
            return Ok(None);
        };
        joda(time, patterns.value(row)).map(Some)
    })
}

/// Joda's patterns, those of their letters that have one meaning in every place.
fn joda(time: NaiveDateTime, pattern: &str) -> Outcome<String> {
    let mut text = String::new();
    let characters: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    while let Some(&letter) = characters.get(at) {
        if letter == '\'' {
            at += 1;
            if characters.get(at) == Some(&'\'') {
                text.push('\'');
                at += 1;
                continue;
            }
            while let Some(&quoted) = characters.get(at) {
                at += 1;
                if quoted == '\'' {
                    if characters.get(at) == Some(&'\'') {
                        at += 1;
                        text.push('\'');
                        continue;
                    }
                    break;
                }
                text.push(quoted);
            }
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            text.push(letter);
            at += 1;
            continue;
        }
        let count = characters[at..]
            .iter()
            .take_while(|next| **next == letter)
            .count();
        at += count;
        let number = |value: u32| format!("{value:0count$}");
        match letter {
            'y' | 'Y' if count == 2 => {
                text.push_str(&format!("{:02}", time.year().rem_euclid(100)));
            }
            'y' | 'Y' => text.push_str(&format!("{:0count$}", time.year())),
            'M' if count == 3 => text.push_str(&month_name(time)[..3]),
            'M' if count > 3 => text.push_str(month_name(time)),
            'M' => text.push_str(&number(time.month())),
            'd' => text.push_str(&number(time.day())),
            'D' => text.push_str(&number(time.ordinal())),
            'e' => text.push_str(&number(time.weekday().number_from_monday())),
            'E' if count > 3 => text.push_str(weekday_name(time)),
            'E' => text.push_str(&weekday_name(time)[..3]),
            'w' => text.push_str(&number(time.iso_week().week())),
            'x' => text.push_str(&format!("{:0count$}", time.iso_week().year())),
            'H' => text.push_str(&number(time.hour())),
            'h' => text.push_str(&number(time.hour12().1)),
            'm' => text.push_str(&number(time.minute())),
            's' => text.push_str(&number(time.second())),
            'S' if count <= 3 => {
                let ms = format!("{:03}", time.nanosecond() / 1_000_000);
                text.push_str(&ms[..count]);
            }
            'a' => text.push_str(half(time)),
            other => {
                return Err(format!(
                    "{other} in a pattern is not answered here: date_format has other patterns"
                ));
            }
        }
    }
    Ok(text)
}

fn to_iso8601(call: &Call) -> Result<ArrayRef> {
    let times = call.times(0)?;
    let ty = call.ty(0).clone();
    call.texts(|row| {
        let Some(wall) = times.wall(row) else {
            return Ok(None);
        };
        Ok(Some(match &ty {
            Type::Date => wall.format("%Y-%m-%d").to_string(),
            Type::Timestamp(precision) => clock(wall, 'T', *precision),
            Type::TimestampTz(precision, _) => {
                let offset = match times.offset_s(row) {
                    Some(0) | None => "Z".to_owned(),
                    Some(seconds) => offset_text(seconds),
                };
                format!("{}{offset}", clock(wall, 'T', *precision))
            }
            other => return Err(format!("to_iso8601 does not take {other}")),
        }))
    })
}

pub(crate) fn offset_text(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Date and time with the digits that the type has.
pub(crate) fn clock(wall: NaiveDateTime, between: char, precision: u8) -> String {
    let mut text = wall
        .format(&format!("%Y-%m-%d{between}%H:%M:%S"))
        .to_string();
    if precision > 0 {
        let digits = format!("{:09}", wall.nanosecond());
        text.push('.');
        text.push_str(&digits[..usize::from(precision)]);
    }
    text
}
