//! What a statement is refused with.

use std::fmt;

use datafusion::common::utils::datafusion_strsim::levenshtein;
use datafusion::sql::sqlparser::tokenizer::Span;

/// Why a statement isn't answered: where, for which reason, and what works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line of the statement, from 1; 0 where the place isn't known.
    pub line: u64,
    /// The column in that line, in characters from 1; 0 where the place isn't known.
    pub column: u64,
    /// How many characters of that line are meant, at least 1.
    pub width: u64,
    /// The reason, in lower case and without a full stop.
    pub reason: String,
    /// Text that works in its place.
    pub instead: Option<String>,
    /// The name of the column that there is not, if that is the reason.
    pub unknown_column: Option<String>,
}

impl Refusal {
    pub(crate) fn new(span: Span, reason: impl Into<String>) -> Refusal {
        Refusal {
            line: span.start.line,
            column: span.start.column,
            width: width(span),
            reason: reason.into(),
            instead: None,
            unknown_column: None,
        }
    }

    pub(crate) fn instead(mut self, instead: impl Into<String>) -> Refusal {
        self.instead = Some(instead.into());
        self
    }
}

/// Returns the one of `names` that `word` is probably a misspelling of: at most a third of its letters differ.
pub(crate) fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let (distance, name) = names
        .iter()
        .map(|name| (levenshtein(&word, name), *name))
        .min()?;
    (distance * 3 <= name.chars().count().max(3)).then_some(name)
}

/// Of a part over several lines, the first character is meant.
fn width(span: Span) -> u64 {
    if span.start.line == span.end.line {
        span.end.column.saturating_sub(span.start.column).max(1)
    } else {
        1
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        f.write_str(&self.reason)?;
        match &self.instead {
            Some(instead) => write!(f, ": {instead}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}
