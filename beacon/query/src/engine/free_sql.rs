//! Free SQL, which people also take to Athena: answered as Athena answers it, or refused with the place and the reason.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use beacon_trino::{Type, check_and_rewrite};
use datafusion::logical_expr::{HigherOrderUDF, ScalarUDF};
use datafusion::sql::sqlparser::ast::Statement;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::names::{CATALOG, DATABASE};
use super::plan::check_parameters;
use super::sql_error::SqlError;
use super::statement::{self, ReadStatement};

/// The table and the views, with the types that Trino reads from their columns.
pub(crate) type Tables = std::collections::BTreeMap<String, Vec<(String, Type)>>;

/// Returns the columns of a table by the types that Trino reads from them. Those of other types can't be named.
pub(crate) fn columns(schema: &SchemaRef) -> Vec<(String, Type)> {
    schema
        .fields()
        .iter()
        .filter_map(|field| Some((field.name().clone(), Type::of_column(field.data_type())?)))
        .collect()
}

/// Returns the functions that rewritten statements call.
pub(crate) fn functions() -> (Vec<Arc<ScalarUDF>>, Vec<Arc<HigherOrderUDF>>) {
    let scalars = beacon_trino::scalar_functions();
    (
        scalars.into_iter().map(Arc::new).collect(),
        beacon_trino::higher_order_functions(),
    )
}

/// Reads one statement with Trino's meaning: its query is rewritten, with the parameters in their places. A statement
/// about a table, as `DESCRIBE hits` or `SHOW TABLES`, stays as it is.
///
/// # Errors
/// Returns an error if the statement is wrong or writes, or if a part of it isn't answered as Athena answers it.
pub(crate) fn read(
    sql: &str,
    tables: &Tables,
    parameters: &[String],
) -> Result<ReadStatement, SqlError> {
    let tokens = statement::read_tokens(sql)?;
    let Some(begin) = begin_of_query(&tokens) else {
        return statement::parse(sql);
    };
    check_parameters(statement::count_parameters(sql, &tokens)?, parameters)?;
    let (head, query) = split(sql, begin);
    let refused = |refusal| SqlError::from_refusal(sql, refusal);
    let checked = check_and_rewrite(&query, tables, &[CATALOG, DATABASE], parameters);
    let rewritten = checked.map_err(refused)?;
    let mut around = statement::parse(&format!("{head}SELECT 1"))?;
    match &mut around.tree {
        Statement::Explain { statement, .. } => **statement = rewritten,
        // Comments and blanks.
        query => *query = rewritten,
    }
    Ok(around)
}

/// Returns the place of the query behind `EXPLAIN ANALYZE` or `DESCRIBE`, if the statement has one.
fn begin_of_query(tokens: &[TokenWithSpan]) -> Option<Location> {
    for token in tokens {
        match &token.token {
            Token::Whitespace(_) => {}
            Token::LParen => return Some(token.span.start),
            Token::Word(word) => match word.keyword {
                Keyword::SELECT | Keyword::WITH | Keyword::VALUES => return Some(token.span.start),
                Keyword::SHOW => return None,
                _ => {}
            },
            _ => {}
        }
    }
    None
}

/// Returns what stands before a place, and the text with blanks instead, so that places in it stay the same.
fn split(sql: &str, begin: Location) -> (String, String) {
    let (mut line, mut column) = (1, 1);
    let (mut head, mut query) = (String::new(), String::new());
    for character in sql.chars() {
        let is_before = (line, column) < (begin.line, begin.column);
        if is_before {
            head.push(character);
        }
        query.push(if is_before && character != '\n' {
            ' '
        } else {
            character
        });
        if character == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    (head, query)
}
