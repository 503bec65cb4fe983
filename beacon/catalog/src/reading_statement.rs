//! Reads a caller's SQL as far as needed to tell a statement that reads from others, before it is sent to Athena.
//!
//! This is for the message to whoever wrote it. What a statement can do is bounded by the caller's role, which neither
//! writes to the table nor changes the catalog.

use crate::sql_text::{Kind, is, tokens};

/// The words with which a statement begins that reads.
const READING: [&str; 8] = [
    "SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "DESCRIBE", "DESC", "SHOW",
];

/// Errors of [`reading_statement`]. Each message says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// There is nothing but blanks and comments.
    #[error(
        "there is no SQL to run: a query begins with one of {words}",
        words = READING.join(", ")
    )]
    Empty,
    /// There is more behind the first statement.
    #[error("one statement at a time, please: there is more than one here")]
    Several,
    /// The statement begins like one that does something else.
    #[error(
        "{word} is refused: SQL only reads here, and a query begins with one of {words}",
        words = READING.join(", ")
    )]
    OtherThanReading {
        /// The first word, in capitals.
        word: String,
    },
}

/// Returns the one statement of a caller's SQL without the `;` at its end, which Athena refuses.
///
/// ```
/// use beacon_catalog::reading_statement;
///
/// assert_eq!(reading_statement("SELECT ';' FROM hits; -- all"), Ok("SELECT ';' FROM hits"));
/// assert!(reading_statement("DROP TABLE hits").is_err());
/// ```
///
/// # Errors
/// Returns an error if there is no statement, if there are several, or if it begins with another word than those of
/// statements that read.
pub fn reading_statement(sql: &str) -> Result<&str, StatementError> {
    let mut first = None;
    let mut start = 0;
    let mut end = None;
    let mut at = 0;
    for token in tokens(sql) {
        let begins_at = at;
        at += token.text.len();
        if matches!(token.kind, Kind::Space | Kind::Comment) {
            continue;
        }
        if token.text == ";" {
            // Those before the statement are none of it.
            if first.is_some() {
                end = end.or(Some(begins_at));
            } else {
                start = at;
            }
            continue;
        }
        if end.is_some() {
            return Err(StatementError::Several);
        }
        if token.text != "(" {
            first = first.or(Some(token.text));
        }
    }
    let Some(word) = first else {
        return Err(StatementError::Empty);
    };
    if !is(word, &READING) {
        let word = word.to_uppercase();
        return Err(StatementError::OtherThanReading { word });
    }
    Ok(&sql[start..end.unwrap_or(sql.len())])
}

#[cfg(test)]
mod tests;
