//! Queries: WITH, the body, ORDER BY and LIMIT.

use std::rc::Rc;

use datafusion::sql::sqlparser::ast::{Cte, Expr, Query, SetExpr, With};

use super::built::{alias, alias_columns, empty_query, query_of};
use super::order::Ordered;
use super::scope::{Column, Scope, quoted};
use super::{Checked, Checker, Output, place, unknown};
use crate::refusal::Refusal;
use crate::types::Type;

/// A query's body that has been checked.
pub(crate) struct Body {
    pub(crate) set: SetExpr,
    pub(crate) outputs: Vec<Output>,
    /// The expressions of SELECT, which ORDER BY may repeat.
    pub(crate) expressions: Vec<Expr>,
    /// Columns that ORDER BY sees beside the outputs.
    pub(crate) scope: Scope,
}

impl Checker<'_> {
    pub(crate) fn query(
        &mut self,
        query: &Query,
        outer: Option<&Rc<Scope>>,
    ) -> Checked<(Query, Vec<Output>)> {
        let span = place(query.body.as_ref());
        let is_plain = query.locks.is_empty()
            && query.for_clause.is_none()
            && query.settings.is_none()
            && query.format_clause.is_none()
            && query.pipe_operators.is_empty();
        if !is_plain {
            return Err(unknown(span, "a clause behind this query"));
        }
        let known = self.queries.len();
        let with = match &query.with {
            Some(with) => Some(self.with(with)?),
            None => None,
        };
        let windows = std::mem::take(&mut self.windows);
        let body = self.body(&query.body, outer);
        let ordered = body.and_then(|body| {
            let order_by = match &query.order_by {
                Some(order_by) => Some(self.order_by(
                    order_by,
                    &Ordered {
                        outputs: &body.outputs,
                        expressions: &body.expressions,
                        scope: &body.scope,
                    },
                )?),
                None => None,
            };
            Ok((body, order_by))
        });
        self.windows = windows;
        let (body, order_by) = ordered?;
        let limit_clause = self.limit(query)?;
        self.queries.truncate(known);
        let mut rewritten = empty_query();
        rewritten.with = with;
        *rewritten.body = body.set;
        rewritten.order_by = order_by;
        rewritten.limit_clause = limit_clause;
        Ok((rewritten, body.outputs))
    }

    fn with(&mut self, with: &With) -> Checked<With> {
        let mut tables = Vec::new();
        for table in &with.cte_tables {
            let name = table.alias.name.value.to_lowercase();
            let aliases = alias_columns(&table.alias);
            let is_recursive = with.recursive
                && matches!(table.query.body.as_ref(), SetExpr::SetOperation { .. })
                && mentions(&table.query, &name);
            let (query, outputs) = if is_recursive {
                self.recursive(table, &name, &aliases)?
            } else {
                let (query, outputs) = self.query(&table.query, None)?;
                if aliases.is_empty() {
                    (query, outputs)
                } else {
                    let at = table.alias.name.span;
                    let (set, outputs) = self.renamed(query, outputs, &aliases, at)?;
                    (query_of(set), outputs)
                }
            };
            tables.push(Cte {
                alias: alias(&name, &[]),
                query: Box::new(query),
                from: None,
                materialized: None,
                closing_paren_token: table.closing_paren_token.clone(),
            });
            self.queries.push((name, Rc::new(outputs)));
        }
        Ok(With {
            with_token: with.with_token.clone(),
            recursive: with.recursive,
            cte_tables: tables,
        })
    }

    /// `anchor UNION ALL step`, in which the step names the query itself, with the anchor's types.
    fn recursive(
        &mut self,
        table: &Cte,
        name: &str,
        aliases: &[String],
    ) -> Checked<(Query, Vec<Output>)> {
        use datafusion::sql::sqlparser::ast::{SetOperator, SetQuantifier};
        let span = table.alias.name.span;
        let SetExpr::SetOperation {
            left,
            op: op @ SetOperator::Union,
            set_quantifier: quantifier @ SetQuantifier::All,
            right,
        } = table.query.body.as_ref()
        else {
            return Err(Refusal::new(
                span,
                "a recursive query is one query UNION ALL another",
            ));
        };
        let anchor = self.body(left, None)?;
        let names: Vec<String> = match aliases {
            [] => {
                return Err(Refusal::new(span, "a recursive query names its columns")
                    .instead("WITH RECURSIVE name(column) AS (…)"));
            }
            names => names.to_vec(),
        };
        let (anchor, outputs) = self.renamed(query_of(anchor.set), anchor.outputs, &names, span)?;
        self.queries
            .push((name.to_owned(), Rc::new(outputs.clone())));
        let step = self.body(right, None);
        self.queries.pop();
        let step = step?;
        let types: Vec<Type> = outputs.iter().map(|output| output.ty.clone()).collect();
        let step = self.converted(step.set, step.outputs, &types, span)?;
        let set = SetExpr::SetOperation {
            left: Box::new(anchor),
            op: *op,
            set_quantifier: *quantifier,
            right: Box::new(step),
        };
        Ok((query_of(set), outputs))
    }

    pub(crate) fn body(&mut self, set: &SetExpr, outer: Option<&Rc<Scope>>) -> Checked<Body> {
        match set {
            SetExpr::Select(select) => self.select(select, outer),
            SetExpr::Query(inner) => {
                let (query, outputs) = self.query(inner, outer)?;
                Ok(of_outputs(SetExpr::Query(Box::new(query)), outputs))
            }
            SetExpr::SetOperation {
                left,
                op,
                set_quantifier,
                right,
            } => self.set_operation(left, *op, *set_quantifier, right, outer),
            SetExpr::Values(values) => self.values(values),
            other => Err(unknown(place(other), "this kind of query")),
        }
    }
}

/// Returns true if a query's text names a table; the parser has no names apart from the tree.
fn mentions(query: &Query, name: &str) -> bool {
    use datafusion::sql::sqlparser::ast::visit_relations;
    use std::ops::ControlFlow;
    visit_relations(query, |relation| {
        if relation.to_string().eq_ignore_ascii_case(name) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .is_break()
}

/// A body of which ORDER BY sees the outputs alone.
pub(crate) fn of_outputs(set: SetExpr, outputs: Vec<Output>) -> Body {
    let columns = outputs
        .iter()
        .map(|output| Column {
            relation: None,
            name: output.name.clone(),
            ty: output.ty.clone(),
            sql: Expr::Identifier(quoted(&output.label)),
        })
        .collect();
    Body {
        set,
        outputs,
        expressions: Vec::new(),
        scope: Scope {
            columns,
            ..Scope::default()
        },
    }
}
