//! Times from text, by a pattern or by ISO 8601.

use arrow::array::{Array, ArrayRef};
use chrono::{NaiveDate, NaiveDateTime};
use datafusion::common::Result;

use super::kernel::{Call, Kernel, Outcome};
use super::parse::{self, read_zone};
use super::time_format::MONTHS;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("date_parse", date_parse),
    ("from_iso8601_timestamp", from_iso8601_timestamp),
    ("from_iso8601_date", from_iso8601_date),
];

fn date_parse(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    call.walls(|row| {
        if texts.is_null(row) || patterns.is_null(row) {
            return Ok(None);
        }
        let (text, pattern) = (texts.value(row), patterns.value(row));
        match mysql(text, pattern)? {
            Some(time) => Ok(Some(time)),
            None => Err(format!("'{text}' does not fit the pattern '{pattern}'")),
        }
    })
}

#[derive(Default)]
struct Fields {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    hour: Option<u32>,
    hour12: Option<u32>,
    is_afternoon: Option<bool>,
    minute: Option<u32>,
    second: Option<u32>,
    nanos: Option<u32>,
}

/// Reads MySQL's patterns. What is missing is that of 1970-01-01 00:00:00.
fn mysql(text: &str, pattern: &str) -> Outcome<Option<NaiveDateTime>> {
    let mut fields = Fields::default();
    let mut rest = text;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            match rest.strip_prefix(character) {
                Some(behind) => rest = behind,
                None => return Ok(None),
            }
            continue;
        }
        let Some(specifier) = characters.next() else {
            return Err("the pattern ends with %".to_owned());
        };
        if read_field(specifier, &mut rest, &mut fields)?.is_none() {
            return Ok(None);
        }
    }
    if !rest.is_empty() {
        return Ok(None);
    }
    Ok(time_of(&fields))
}

fn read_field(specifier: char, rest: &mut &str, fields: &mut Fields) -> Outcome<Option<()>> {
    let read = match specifier {
        'Y' => number(rest, 4).map(|year| fields.year = i32::try_from(year).ok()),
        'y' => number(rest, 2).map(|year| {
            let century = if year < 70 { 2_000 } else { 1_900 };
            fields.year = i32::try_from(century + year).ok();
        }),
        'm' | 'c' => number(rest, 2).map(|month| fields.month = Some(month)),
        'd' | 'e' => number(rest, 2).map(|day| fields.day = Some(day)),
        'H' | 'k' => number(rest, 2).map(|hour| fields.hour = Some(hour)),
        'h' | 'I' | 'l' => number(rest, 2).map(|hour| fields.hour12 = Some(hour)),
        'i' => number(rest, 2).map(|minute| fields.minute = Some(minute)),
        's' | 'S' => number(rest, 2).map(|second| fields.second = Some(second)),
        'f' => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count().min(9);
            let fraction = format!("{:0<9}", &rest[..digits]);
            *rest = &rest[digits..];
            (digits > 0).then(|| fields.nanos = parse::digits(&fraction))
        }
        'p' => {
            let half = rest.get(..2).map(str::to_ascii_uppercase);
            match half.as_deref() {
                Some("AM") => fields.is_afternoon = Some(false),
                Some("PM") => fields.is_afternoon = Some(true),
                _ => return Ok(None),
            }
            *rest = &rest[2..];
            Some(())
        }
        'b' | 'M' => month_name(rest, specifier == 'b').map(|month| fields.month = Some(month)),
        'T' => {
            for (index, specifier) in ['H', 'i', 's'].into_iter().enumerate() {
                if index > 0 {
                    match rest.strip_prefix(':') {
                        Some(behind) => *rest = behind,
                        None => return Ok(None),
                    }
                }
                if read_field(specifier, rest, fields)?.is_none() {
                    return Ok(None);
                }
            }
            Some(())
        }
        '%' => rest.strip_prefix('%').map(|behind| *rest = behind),
        other => {
            return Err(format!(
                "%{other} is not answered in the pattern of date_parse"
            ));
        }
    };
    Ok(read)
}

fn number(rest: &mut &str, most: usize) -> Option<u32> {
    let digits = rest
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count()
        .min(most);
    let (number, behind) = rest.split_at(digits);
    *rest = behind;
    parse::digits(number)
}

fn month_name(rest: &mut &str, is_short: bool) -> Option<u32> {
    for (index, name) in MONTHS.iter().enumerate() {
        let name = if is_short { &name[..3] } else { name };
        let begins = rest
            .get(..name.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        if begins {
            *rest = &rest[name.len()..];
            return u32::try_from(index + 1).ok();
        }
    }
    None
}

fn time_of(fields: &Fields) -> Option<NaiveDateTime> {
    let hour = match (fields.hour, fields.hour12) {
        (Some(hour), _) => hour,
        (None, Some(hour)) => {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour % 12
                + if fields.is_afternoon.unwrap_or(false) {
                    12
                } else {
                    0
                }
        }
        (None, None) => 0,
    };
    let date = NaiveDate::from_ymd_opt(
        fields.year.unwrap_or(1_970),
        fields.month.unwrap_or(1),
        fields.day.unwrap_or(1),
    )?;
    date.and_hms_nano_opt(
        hour,
        fields.minute.unwrap_or(0),
        fields.second.unwrap_or(0),
        fields.nanos.unwrap_or(0),
    )
}

/// Times of UTC: a row with another zone would give the answer two zones.
fn from_iso8601_timestamp(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.walls(|row| {
        if texts.is_null(row) {
            return Ok(None);
        }
        let text = texts.value(row);
        let wrong = || format!("'{text}' is not answered as a time of ISO 8601: 2026-11-26T10:07:09Z is");
        let (day, clock) = text.split_once('T').unwrap_or((text, ""));
        let (clock, zone) = match clock.find(['Z', '+', '-']) {
            Some(at) => (&clock[..at], Some(&clock[at..])),
            None => (clock, None),
        };
        let spaced = if clock.is_empty() { day.to_owned() } else { format!("{day} {clock}") };
        let parsed = parse::timestamp(&spaced).ok_or_else(wrong)?;
        if let Some(zone) = zone {
            let zone = parse::zone(zone).ok_or_else(wrong)?;
            if zone != crate::types::UTC || read_zone(&zone).is_none() {
                return Err(format!("'{text}' has another time zone than UTC: each row's own zone is not answered here"));
            }
        }
        Ok(Some(parsed.wall))
    })
}

fn from_iso8601_date(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.walls(|row| {
        if texts.is_null(row) {
            return Ok(None);
        }
        let text = texts.value(row);
        let day = parse::date(text).filter(|_| text.len() == 10);
        match day.and_then(|day| day.and_hms_opt(0, 0, 0)) {
            Some(day) => Ok(Some(day)),
            None => Err(format!(
                "'{text}' is not answered as a date: one of the form 2026-11-26 is"
            )),
        }
    })
}
