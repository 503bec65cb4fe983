//! Builds parts of rewritten statements: aliases, queries around queries, and places that no text has.

use datafusion::sql::sqlparser::ast::{
    Query, Select, SetExpr, Statement, TableAlias, TableAliasColumnDef, TableFactor, TableWithJoins,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Span;

use super::scope::quoted;

pub(crate) fn alias_columns(alias: &TableAlias) -> Vec<String> {
    alias
        .columns
        .iter()
        .map(|column| column.name.value.to_lowercase())
        .collect()
}

pub(crate) fn alias(name: &str, columns: &[String]) -> TableAlias {
    TableAlias {
        explicit: true,
        name: quoted(name),
        columns: columns
            .iter()
            .map(|column| TableAliasColumnDef {
                name: quoted(column),
                data_type: None,
            })
            .collect(),
        at: None,
    }
}

pub(crate) fn query_of(set: SetExpr) -> Query {
    match set {
        SetExpr::Query(query) => *query,
        set => {
            let mut query = empty_query();
            *query.body = set;
            query
        }
    }
}

/// The shortest query, to be filled: the parser's types have many fields that stay as they are.
pub(crate) fn empty_query() -> Query {
    let mut statements = Parser::parse_sql(&GenericDialect {}, "SELECT 1").unwrap_or_default();
    match statements.pop() {
        Some(Statement::Query(query)) => *query,
        _ => unreachable!("the text is constant, and every test reads it"),
    }
}

pub(crate) fn empty_select() -> Select {
    match *empty_query().body {
        SetExpr::Select(select) => *select,
        _ => unreachable!("the text is constant, and every test reads it"),
    }
}

/// A table in FROM that is a query, with an alias.
pub(crate) fn derived(query: Query, alias: TableAlias) -> TableWithJoins {
    TableWithJoins {
        relation: TableFactor::Derived {
            lateral: false,
            subquery: Box::new(query),
            alias: Some(alias),
            sample: None,
        },
        joins: Vec::new(),
    }
}

pub(crate) fn nowhere() -> Span {
    Span::empty()
}
