//! Parses the text of a prefix into its parts.

use std::fmt::Write as _;

use beacon_core::time::Hour;

/// Maximum length of the setting, in characters.
/// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html>
const MAX_SETTING_CHARACTERS: usize = 1024;

/// One part of a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Time(Unit),
    RandomString,
    ErrorOutputType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

pub(super) fn parse_parts(text: &str) -> Result<Vec<Part>, String> {
    let characters = text.chars().count();
    if characters > MAX_SETTING_CHARACTERS {
        return Err(format!(
            "it has {characters} characters, at most {MAX_SETTING_CHARACTERS} are allowed"
        ));
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("!{") {
        push_text(before, &mut parts);
        let Some((expression, after)) = after.split_once('}') else {
            return Err(format!("!{{{after} has no closing brace"));
        };
        rest = after;
        let Some((namespace, value)) = expression.split_once(':') else {
            return Err(format!(
                "!{{{expression}}} is not of the form !{{namespace:value}}"
            ));
        };
        match (namespace, value) {
            ("timestamp", "") => {
                return Err("!{timestamp:} names no format; write !{timestamp:yyyy}".to_owned());
            }
            ("timestamp", format) => parse_time(format, &mut parts)?,
            ("firehose", "random-string") => parts.push(Part::RandomString),
            ("firehose", "error-output-type") => parts.push(Part::ErrorOutputType),
            ("firehose", other) => {
                return Err(format!(
                    "!{{firehose:{other}}} is unknown; there are random-string and error-output-type"
                ));
            }
            ("partitionKeyFromQuery" | "partitionKeyFromLambda", _) => {
                return Err(format!(
                    "!{{{expression}}} needs dynamic partitioning, which is not used here; partition by time"
                ));
            }
            (other, _) => {
                return Err(format!(
                    "{other} is not a namespace; there are timestamp and firehose"
                ));
            }
        }
    }
    push_text(rest, &mut parts);
    Ok(parts)
}

/// Reads a pattern of Java's `DateTimeFormatter`.
pub(super) fn parse_time(format: &str, parts: &mut Vec<Part>) -> Result<(), String> {
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            rest = parse_quoted(&rest[1..], parts)
                .ok_or_else(|| format!("a quote in {format} is not closed"))?;
            continue;
        }
        let same = rest.len() - rest.trim_start_matches(first).len();
        let (run, after) = rest.split_at(same);
        rest = after;
        if !first.is_ascii_alphabetic() {
            if "#[]{}".contains(first) {
                return Err(format!(
                    "{first} is reserved in a time format; put it in single quotes"
                ));
            }
            push_text(run, parts);
            continue;
        }
        parts.push(Part::Time(unit(run)?));
    }
    Ok(())
}

/// Returns the text up to the closing quote, and the rest. Two quotes are one.
fn parse_quoted<'a>(text: &'a str, parts: &mut Vec<Part>) -> Option<&'a str> {
    if let Some(after) = text.strip_prefix('\'') {
        push_text("'", parts);
        return Some(after);
    }
    let mut rest = text;
    loop {
        let (literal, after) = rest.split_once('\'')?;
        push_text(literal, parts);
        let Some(again) = after.strip_prefix('\'') else {
            return Some(after);
        };
        push_text("'", parts);
        rest = again;
    }
}

fn unit(letters: &str) -> Result<Unit, String> {
    let fix = match letters {
        "yyyy" => return Ok(Unit::Year),
        "MM" => return Ok(Unit::Month),
        "dd" => return Ok(Unit::Day),
        "HH" => return Ok(Unit::Hour),
        "mm" => return Ok(Unit::Minute),
        "ss" => return Ok(Unit::Second),
        "YYYY" => "YYYY is the year of the week, wrong around New Year; write yyyy".to_owned(),
        "DD" | "DDD" => format!("{letters} is the day of the year; write dd"),
        "hh" => "hh is the hour of half a day; write HH".to_owned(),
        _ => format!("{letters} is not supported; there are yyyy, MM, dd, HH, mm and ss"),
    };
    Err(fix)
}

fn push_text(text: &str, parts: &mut Vec<Part>) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(Part::Text(last)) => last.push_str(text),
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

impl Unit {
    pub(super) fn write(self, ms: u64, out: &mut String) {
        let hour = Hour::from_ms(ms);
        let seconds = ms / 1000;
        let written = match self {
            Unit::Year => write!(out, "{:04}", hour.year()),
            Unit::Month => write!(out, "{:02}", hour.month()),
            Unit::Day => write!(out, "{:02}", hour.day()),
            Unit::Hour => write!(out, "{:02}", hour.hour()),
            Unit::Minute => write!(out, "{:02}", seconds / 60 % 60),
            Unit::Second => write!(out, "{:02}", seconds % 60),
        };
        written.expect("writing to a String never fails");
    }
}
