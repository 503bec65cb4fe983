//! The grammar of Firehose's S3 prefixes, such as `!{timestamp:yyyy}`, with Firehose's rules. One setting means the
//! same here and there: <https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html>.

mod grammar;

use object_store::path::PathPart;
use uuid::Uuid;

use self::grammar::{Part, Unit, parse_parts, parse_time};

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
/// Length of `!{firehose:random-string}`, in characters.
const RANDOM_CHARACTERS: usize = 11;
/// The time format that Firehose appends to a prefix that has none.
const DEFAULT_TIME: &str = "yyyy/MM/dd/HH/";

/// A prefix that keeps the rules. `tests/firehose_contract/prefix.rs` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    parts: Vec<Part>,
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

    /// Returns the directory of the table if the prefix is that and the four Hive partitions, which readers need.
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
mod tests;
