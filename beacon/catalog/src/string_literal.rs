//! Writes texts as string literals of SQL, for Athena's parameters and for a statement that runs as it stands.

use crate::sql_text::{Kind, renamed, tokens};
use beacon_core::schema::TABLE;

/// The line of a query's header that names its `?`.
const PARAMETERS_COMMENT: &str = "-- parameters:";

/// The longest value that Athena takes as a parameter, in characters: 1,024, two of which are the quotes. The shortest
/// has one.
/// <https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html>
pub const MAX_VALUE_CHARACTERS: usize = 1022;

/// Returns a text as a string literal of Trino, and so of Athena: in single quotes, each of its own doubled. No other
/// character has a meaning there.
///
/// ```
/// use beacon_catalog::string_literal;
///
/// assert_eq!(string_literal("o'brien.example"), "'o''brien.example'");
/// ```
pub fn string_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns a named query as it runs in Athena's editor, whichever database is selected there: with its table by its whole
/// name, and with `values` as literals in the place of its `?`.
///
/// ```
/// use beacon_catalog::with_literals;
///
/// let sql = "SELECT page -- which?\nFROM hits WHERE site = ?";
/// let runnable = with_literals(sql, "beacon", "hits", &["a.example".to_owned()]);
/// assert_eq!(runnable, "SELECT page -- which?\nFROM \"beacon\".\"hits\" WHERE site = 'a.example'");
/// ```
pub fn with_literals(sql: &str, database: &str, table: &str, values: &[String]) -> String {
    let sql = renamed(sql.trim_end(), |word| {
        (word == TABLE).then(|| format!("\"{database}\".\"{table}\""))
    });
    let mut text = String::with_capacity(sql.len());
    let mut values = values.iter();
    let mut is_after_removed = false;
    for token in tokens(&sql) {
        let is_removed = token.kind == Kind::Comment && token.text.starts_with(PARAMETERS_COMMENT);
        match token.kind {
            _ if is_removed => {}
            // The line break of a line that is gone.
            Kind::Space if is_after_removed => {
                text.push_str(token.text.strip_prefix('\n').unwrap_or(token.text));
            }
            Kind::Symbol if token.text == "?" => match values.next() {
                Some(value) => text.push_str(&string_literal(value)),
                None => text.push('?'),
            },
            _ => text.push_str(token.text),
        }
        is_after_removed = is_removed;
    }
    text
}

#[cfg(test)]
mod tests;
