//! Which columns a place of the statement sees.

use std::rc::Rc;

use datafusion::sql::sqlparser::ast::{Expr, Ident};

use crate::types::Type;

/// A column that an expression can name.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// The table's name or alias, in lower case.
    pub(crate) relation: Option<String>,
    /// Its name, in lower case; an output without a name can't be named.
    pub(crate) name: Option<String>,
    pub(crate) ty: Type,
    /// Its name in the rewritten statement.
    pub(crate) sql: Expr,
}

/// The columns of a FROM clause, and those of the statement around it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) columns: Vec<Column>,
    pub(crate) outer: Option<Rc<Scope>>,
    /// Parameters of lambdas, the innermost last.
    pub(crate) variables: Vec<(String, Type)>,
}

/// The meaning of a name.
pub(crate) enum Found<'a> {
    Column(&'a Column),
    /// A column of the statement around.
    Outer(&'a Column),
    Ambiguous,
    Nothing,
}

impl Scope {
    /// Looks a name up, `relation` in lower case.
    pub(crate) fn find(&self, relation: Option<&str>, name: &str) -> Found<'_> {
        let fits = |column: &&Column| {
            column.name.as_deref() == Some(name)
                && relation.is_none_or(|relation| column.relation.as_deref() == Some(relation))
        };
        let mut found = self.columns.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(column), None) => Found::Column(column),
            (Some(_), Some(_)) => Found::Ambiguous,
            (None, _) => match self
                .outer
                .as_deref()
                .map(|outer| outer.find(relation, name))
            {
                Some(Found::Column(column) | Found::Outer(column)) => Found::Outer(column),
                Some(Found::Ambiguous) => Found::Ambiguous,
                Some(Found::Nothing) | None => Found::Nothing,
            },
        }
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&Type> {
        let mut variables = self.variables.iter().rev();
        variables
            .find(|(variable, _)| variable == name)
            .map(|(_, ty)| ty)
    }

    /// The names that a message may offer.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .filter_map(|column| column.name.as_deref())
    }
}

/// A name in the rewritten statement, quoted, so that nothing folds it.
pub(crate) fn quoted(name: &str) -> Ident {
    Ident::with_quote('"', name)
}

/// A column of a relation in the rewritten statement.
pub(crate) fn column_of(relation: &str, name: &str) -> Expr {
    Expr::CompoundIdentifier(vec![quoted(relation), quoted(name)])
}
