//! The grammar of Firehose's S3 prefixes, such as `!{timestamp:yyyy}`, with Firehose's rules. One setting means the
//! same here and there: <https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html>.

use std::fmt::Write as _;

use beacon_core::time::Hour;
use object_store::path::PathPart;
use uuid::Uuid;

/// The default prefix of hits below the lake.
pub const DEFAULT_PREFIX: &str =
    "hits/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";
/// The default prefix of records that could not be converted.
pub const DEFAULT_ERROR_PREFIX: &str = "errors/!{firehose:error-output-type}/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

/// The only kind of error that a lake has: a line that does not fit the table.
const ERROR_OUTPUT_TYPE: &str = "format-conversion-failed";
/// Maximum length of an evaluated prefix, in characters.
/// <https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html>
const MAX_EVALUATED_CHARACTERS: usize = 512;
/// Maximum length of the setting, in characters.
/// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html>
const MAX_SETTING_CHARACTERS: usize = 1024;
/// Length of `!{firehose:random-string}`, in characters.
const RANDOM_CHARACTERS: usize = 11;
/// The time format that Firehose appends to a prefix that has none.
const DEFAULT_TIME: &str = "yyyy/MM/dd/HH/";

/// A prefix that keeps the rules. `tests/firehose_contract/prefix.rs` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Time(Unit),
    RandomString,
    ErrorOutputType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// The error of a prefix that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the prefix {prefix:?} cannot be used: {reason}")]
pub struct PrefixError {
    /// The prefix as given.
    pub prefix: String,
    /// The rule it breaks, and what to write instead.
    pub reason: String,
}

impl Prefix {
    /// Parses the prefix of hits. A prefix without a time gets `yyyy/MM/dd/HH/` appended.
    ///
    /// # Errors
    /// Returns a [`PrefixError`] for anything that Firehose refuses, and for formats that mislead, such as `YYYY`.
    pub fn parse(text: &str) -> Result<Prefix, PrefixError> {
        let refused = |reason: String| PrefixError {
            prefix: text.to_owned(),
            reason,
        };
        let mut prefix = Prefix {
            parts: parse_parts(text).map_err(refused)?,
        };
        if prefix.parts.contains(&Part::ErrorOutputType) {
            let reason = "!{firehose:error-output-type} belongs into the error prefix";
            return Err(refused(reason.to_owned()));
        }
        if !prefix
            .parts
            .iter()
            .any(|part| matches!(part, Part::Time(_)))
        {
            parse_time(DEFAULT_TIME, &mut prefix.parts).map_err(refused)?;
        }
        prefix.check_length().map_err(refused)?;
        Ok(prefix)
    }

    /// Parses the prefix of error objects.
    ///
    /// # Errors
    /// Returns the errors of [`Prefix::parse`], and one for a prefix with an expression but without
    /// `!{firehose:error-output-type}`.
    pub fn parse_error_prefix(text: &str) -> Result<Prefix, PrefixError> {
        let refused = |reason: String| PrefixError {
            prefix: text.to_owned(),
            reason,
        };
        let prefix = Prefix {
            parts: parse_parts(text).map_err(refused)?,
        };
        let plain = prefix
            .parts
            .iter()
            .all(|part| matches!(part, Part::Text(_)));
        if !plain && !prefix.parts.contains(&Part::ErrorOutputType) {
            let reason =
                "an error prefix with an expression must contain !{firehose:error-output-type}";
            return Err(refused(reason.to_owned()));
        }
        prefix.check_length().map_err(refused)?;
        Ok(prefix)
    }

    /// Evaluates the prefix for one object.
    ///
    /// `start_ms` is the arrival of its oldest line in Unix milliseconds. Random strings derive from `id`, so that a
    /// second try at the same object finds the same name.
    pub fn evaluate(&self, start_ms: u64, id: Uuid) -> String {
        let mut out = String::new();
        for (at, part) in self.parts.iter().enumerate() {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Time(unit) => unit.write(start_ms, &mut out),
                Part::RandomString => write_random_string(id, at, &mut out),
                Part::ErrorOutputType => out.push_str(ERROR_OUTPUT_TYPE),
            }
        }
        out
    }

    /// The directory of the table, where the prefix is it and the four Hive partitions: the only layout whose
    /// partitions a reader finds again.
    pub(crate) fn hive_root(&self) -> Option<&str> {
        let text = |text: &str| Part::Text(text.to_owned());
        let [Part::Text(first), rest @ ..] = self.parts.as_slice() else {
            return None;
        };
        let expected = [
            Part::Time(Unit::Year),
            text("/month="),
            Part::Time(Unit::Month),
            text("/day="),
            Part::Time(Unit::Day),
            text("/hour="),
            Part::Time(Unit::Hour),
            text("/"),
        ];
        if rest != expected {
            return None;
        }
        let root = first.strip_suffix("/year=")?;
        (!root.is_empty()).then_some(root)
    }

    /// Checks that a lake in a directory and one in an object store make the same key of it, below the lake: the one
    /// joins it as it is, the other percent-encodes its parts.
    pub(crate) fn check_directories(&self) -> Result<(), String> {
        // No expression has a slash or a character that would matter, so any moment will do.
        let evaluated = self.evaluate(0, Uuid::nil());
        // The part behind the last slash begins the object's name, and may be empty.
        let directories = evaluated.strip_suffix('/').unwrap_or(&evaluated);
        let is_usable = |part: &&str| !part.is_empty() && PathPart::from(*part).as_ref() == *part;
        let wrong = directories.split('/').find(|part| !is_usable(part));
        match wrong.filter(|_| !evaluated.is_empty()) {
            Some(part) => Err(format!(
                "{part:?} can't be a directory of the lake; write names of ASCII letters, digits, spaces and \
                 !$&'()+,-.:;=@_ (not . or .. alone), with one / behind each and none in front"
            )),
            None => Ok(()),
        }
    }

    fn check_length(&self) -> Result<(), String> {
        // Every expression has one length, so any moment will do.
        let characters = self.evaluate(0, Uuid::nil()).chars().count();
        if characters > MAX_EVALUATED_CHARACTERS {
            return Err(format!(
                "it evaluates to {characters} characters, at most {MAX_EVALUATED_CHARACTERS} are allowed"
            ));
        }
        Ok(())
    }
}

fn parse_parts(text: &str) -> Result<Vec<Part>, String> {
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
                    "{other} is no namespace; there are timestamp and firehose"
                ));
            }
        }
    }
    push_text(rest, &mut parts);
    Ok(parts)
}

/// Reads a pattern of Java's `DateTimeFormatter`.
fn parse_time(format: &str, parts: &mut Vec<Part>) -> Result<(), String> {
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

/// The text up to the closing quote, and what follows it. Two quotes are one.
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
    fn write(self, ms: u64, out: &mut String) {
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
        written.expect("a string takes everything");
    }
}

fn write_random_string(id: Uuid, occurrence: usize, out: &mut String) {
    const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut number = Uuid::new_v5(&id, &occurrence.to_le_bytes()).as_u128();
    for _ in 0..RANDOM_CHARACTERS {
        out.push(char::from(
            LETTERS[(number % LETTERS.len() as u128) as usize],
        ));
        number /= LETTERS.len() as u128;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hive_partitions_can_be_read_back() {
        let root = |text: &str| Prefix::parse(text).unwrap().hive_root().map(str::to_owned);
        assert_eq!(root(DEFAULT_PREFIX), Some("hits".to_owned()));
        assert_eq!(
            root(&format!("a/{DEFAULT_PREFIX}")),
            Some("a/hits".to_owned())
        );
        assert_eq!(root("hits/!{timestamp:yyyy/MM/dd/HH}/"), None);
        assert_eq!(root("hits/"), None);
    }

    #[test]
    fn directories_are_below_the_lake_and_the_same_for_all() {
        let wrong = |text: &str| {
            let checked = Prefix::parse_error_prefix(text)
                .unwrap()
                .check_directories();
            checked.err().map(|reason| {
                let part = reason
                    .split(" can't be a directory of the lake; write names of")
                    .next();
                part.unwrap().to_owned()
            })
        };
        for good in [
            "",
            "errors",
            "errors/",
            "my errors/x-",
            "a=b/!$&'()+,-.:;=@_/..x/",
        ] {
            assert_eq!(wrong(good), None, "{good}");
        }
        for (bad, part) in [
            ("/errors/", ""),
            ("/", ""),
            ("a//b/", ""),
            ("a/../b/", ".."),
            ("./a/", "."),
            ("a/..", ".."),
            ("my~lake/", "my~lake"),
            ("é/", "é"),
            ("a/x{", "x{"),
            ("50%/", "50%"),
        ] {
            assert_eq!(wrong(bad), Some(format!("{part:?}")), "{bad}");
        }
    }
}
