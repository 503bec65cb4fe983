//! Trino's SQL on DataFusion: a statement is answered as Trino answers it, or refused with the place, the reason and
//! what works.
//!
//! DataFusion reads most of Trino's SQL, and means something else by part of it: `CAST(2.5 AS integer)` is 2 there and 3
//! in Trino, `concat('a', NULL)` is `a`, an overflow wraps, and text compares with numbers. This crate has an allow-list of
//! functions, operators, casts, literals and clauses. A statement is walked with the types of all its parts; what isn't
//! on the list is refused, and the rest is rewritten to functions of this crate.
//!
//! Suggested reading order: `types` → `function` → `allow_list` → `signature` → `check` → `signature_text` → `functions`, then
//! `dialect`, `source`, `parameters` and `refusal`.
//!
//! # Examples
//! ```
//! use std::collections::BTreeMap;
//!
//! use beacon_trino::{Type, check_and_rewrite, register_functions};
//! use datafusion::prelude::SessionContext;
//! use datafusion::sql::parser::Statement;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let context = SessionContext::new();
//! register_functions(&context);
//!
//! let sql = "SELECT CAST(2.5 AS integer) AS rounded, concat('a', NULL) AS joined";
//! let statement = check_and_rewrite(sql, &BTreeMap::new(), &[], &[])?;
//! let plan = context.state().statement_to_plan(Statement::Statement(Box::new(statement))).await?;
//! let rows = context.execute_logical_plan(plan).await?.collect().await?;
//! let text = datafusion::arrow::util::pretty::pretty_format_batches(&rows)?.to_string();
//! assert!(text.contains("| 3       |        |"));
//!
//! let refusal = check_and_rewrite("SELECT 'a' = 1", &BTreeMap::new(), &[], &[]).unwrap_err();
//! assert_eq!(
//!     refusal.to_string(),
//!     "line 1, column 8: varchar(1) can't be compared with integer: CAST(… AS integer)"
//! );
//! # Ok(())
//! # })
//! # }
//! ```

mod allow_list;
mod check;
mod dialect;
mod function;
mod functions;
mod parameters;
mod refusal;
mod signature;
mod signature_text;
mod source;
mod types;

#[cfg(test)]
mod judge;
#[cfg(test)]
mod page;
#[cfg(test)]
mod refusals;

use std::collections::BTreeMap;

use datafusion::prelude::SessionContext;
use datafusion::sql::sqlparser::ast::{Query, Statement};

pub use check::Tables;
pub use functions::{higher_order_functions, scalar_functions};
pub use refusal::Refusal;
pub use types::Type;

/// Registers the functions that rewritten statements call. Their names begin with `trino_`, and no other is replaced.
pub fn register_functions(context: &SessionContext) {
    for function in scalar_functions() {
        context.register_udf(function);
    }
    for function in higher_order_functions() {
        context.register_higher_order_function(function);
    }
}

/// Checks a query against the allow-list and rewrites it for DataFusion.
///
/// `tables` has the tables that the query may name, and `databases` the names that may stand in front of one, all in
/// lower case. `parameters` are the values of its `?` in order: each is a text, as a literal in its place would be.
///
/// # Errors
/// Returns a [`Refusal`] if the text is no query of Trino, or if a part of it isn't on the list.
pub fn check_and_rewrite(
    sql: &str,
    tables: &BTreeMap<String, Vec<(String, Type)>>,
    databases: &[&str],
    parameters: &[String],
) -> Result<Statement, Refusal> {
    let (rewritten, _) = rewritten(sql, tables, databases, parameters)?;
    Ok(Statement::Query(Box::new(rewritten)))
}

/// The rewritten query, and the types of its columns.
fn rewritten(
    sql: &str,
    tables: &Tables,
    databases: &[&str],
    parameters: &[String],
) -> Result<(Query, Vec<Type>), Refusal> {
    let mut query = source::read(sql)?;
    parameters::bind(&mut query, parameters)?;
    let mut checker = check::Checker::new(tables, databases);
    let (rewritten, outputs) = checker.query(&query, None)?;
    source::refuse_equal_names(&query, &outputs)?;
    let types = outputs.into_iter().map(|output| output.ty).collect();
    Ok((rewritten, types))
}
