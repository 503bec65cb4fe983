//! What a statement is refused with.

use std::fmt;

use datafusion::sql::sqlparser::tokenizer::Span;

/// Why a statement isn't answered: where, for which reason, and what works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line of the statement, from 1; 0 where the place isn't known.
    pub line: u64,
    /// The column in that line, in characters from 1; 0 where the place isn't known.
    pub column: u64,
    /// The reason, in lower case and without a full stop.
    pub reason: String,
    /// Text that works in its place.
    pub instead: Option<String>,
}

impl Refusal {
    pub(crate) fn new(span: Span, reason: impl Into<String>) -> Refusal {
        Refusal {
            line: span.start.line,
            column: span.start.column,
            reason: reason.into(),
            instead: None,
        }
    }

    pub(crate) fn instead(mut self, instead: impl Into<String>) -> Refusal {
        self.instead = Some(instead.into());
        self
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
