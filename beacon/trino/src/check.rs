//! Walks a statement with the types of all its parts, and rewrites it as it goes: each name to a column, each call to
//! one of the functions of this crate, each change of type to a cast. What it doesn't know is refused.

pub(crate) mod aggregate;
pub(crate) mod aggregate_parts;
pub(crate) mod built;
pub(crate) mod call;
pub(crate) mod coerce;
pub(crate) mod compare;
pub(crate) mod conditional;
pub(crate) mod data_type;
pub(crate) mod expression;
pub(crate) mod from;
pub(crate) mod lambda;
pub(crate) mod literal;
pub(crate) mod operator;
pub(crate) mod order;
pub(crate) mod query;
pub(crate) mod rewrite;
pub(crate) mod scope;
pub(crate) mod select;
pub(crate) mod set_operation;
pub(crate) mod special;
pub(crate) mod subquery;
pub(crate) mod unnest;
pub(crate) mod window;

use std::collections::BTreeMap;
use std::rc::Rc;

use datafusion::sql::sqlparser::ast::{Expr, NamedWindowDefinition, Spanned};
use datafusion::sql::sqlparser::tokenizer::Span;

use crate::refusal::Refusal;
use crate::types::Type;

/// The tables of a database, by their names in lower case, with the names and types of their columns in order.
pub type Tables = BTreeMap<String, Vec<(String, Type)>>;

pub(crate) type Checked<T> = Result<T, Refusal>;

/// An expression of the rewritten statement, and its type.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub(crate) sql: Expr,
    pub(crate) ty: Type,
}

impl Typed {
    pub(crate) fn new(sql: Expr, ty: Type) -> Typed {
        Typed { sql, ty }
    }
}

/// A column of a query's answer.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    /// Its name in Trino, in lower case, where it has one.
    pub(crate) name: Option<String>,
    /// Its name in the rewritten statement.
    pub(crate) label: String,
    pub(crate) ty: Type,
}

pub(crate) struct Checker<'a> {
    pub(crate) tables: &'a Tables,
    /// The name in front of the tables' names that may be left out, such as `beacon`.
    pub(crate) databases: &'a [&'a str],
    pub(crate) queries: Vec<(String, Rc<Vec<Output>>)>,
    /// Number of relations that have got a name of ours.
    pub(crate) relations: usize,
    /// True if a failure gives NULL here.
    pub(crate) tries: bool,
    /// Number of calls so far that can fail.
    pub(crate) fallible: usize,
    pub(crate) windows: Vec<NamedWindowDefinition>,
    /// True if columns of the query around may be named here: in EXISTS.
    pub(crate) may_correlate: bool,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(tables: &'a Tables, databases: &'a [&'a str]) -> Checker<'a> {
        Checker {
            tables,
            databases,
            queries: Vec::new(),
            relations: 0,
            tries: false,
            fallible: 0,
            windows: Vec::new(),
            may_correlate: false,
        }
    }

    /// A name for a relation that has none in Trino.
    pub(crate) fn new_relation(&mut self) -> String {
        self.relations += 1;
        format!("_relation{}", self.relations)
    }
}

/// The place of a part, for a refusal.
pub(crate) fn place(part: &impl Spanned) -> Span {
    part.span()
}

/// Returns the refusal of a construct that isn't on the list.
pub(crate) fn unknown(span: Span, what: &str) -> Refusal {
    Refusal::new(
        span,
        format!("{what} is not on the list of what is answered as Trino answers it"),
    )
}
