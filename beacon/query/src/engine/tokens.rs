//! The tokens of a statement, in the dialect that the engine reads.

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{TokenWithSpan, Tokenizer, TokenizerError};

/// Splits `sql` into tokens with their places, comments and blanks included.
///
/// # Errors
/// Returns the tokenizer's error, such as a string without an end.
pub(crate) fn tokens(sql: &str) -> Result<Vec<TokenWithSpan>, TokenizerError> {
    Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location()
}
