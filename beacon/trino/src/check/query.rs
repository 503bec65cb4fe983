//! Queries: WITH, the body, ORDER BY and LIMIT; and queries inside expressions.

use std::rc::Rc;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Cte, Expr, Query, Select, SetExpr, Statement, TableAlias, TableAliasColumnDef,
    TableFactor, TableWithJoins, With,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Span;

use super::order::Ordered;
use super::scope::{Column, Scope, quoted};
use super::{Checked, Checker, Output, Typed, place, unknown};
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

    pub(crate) fn exists(&mut self, query: &Query, negated: bool, scope: &Scope) -> Checked<Typed> {
        let before = std::mem::replace(&mut self.may_correlate, is_plain(query));
        let checked = self.query(query, Some(&Rc::new(scope.clone())));
        self.may_correlate = before;
        let (query, _) = checked?;
        let sql = Expr::Exists {
            subquery: Box::new(query),
            negated,
        };
        Ok(Typed::new(sql, Type::Boolean))
    }

    pub(crate) fn in_subquery(
        &mut self,
        value: &Expr,
        query: &Query,
        negated: bool,
        scope: &Scope,
    ) -> Checked<Typed> {
        let checked = self.kept(value, scope, "IN")?;
        let (query, outputs) = self.query(query, None)?;
        let [output] = outputs.as_slice() else {
            return Err(Refusal::new(
                place(value),
                format!(
                    "IN takes a query of one column, and it has {}",
                    outputs.len()
                ),
            ));
        };
        let common = self.common(&checked.ty, &output.ty, value)?;
        let is_answered = matches!(
            common,
            Type::Integer
                | Type::Bigint
                | Type::Varchar(_)
                | Type::Date
                | Type::Timestamp(_)
                | Type::Boolean
        );
        if !is_answered {
            return Err(unknown(place(value), &format!("IN of a query of {common}")));
        }
        let at = place(value);
        let set = self.converted(
            SetExpr::Query(Box::new(query)),
            outputs,
            std::slice::from_ref(&common),
            at,
        )?;
        let sql = Expr::InSubquery {
            expr: Box::new(self.coerce(checked, &common)),
            subquery: Box::new(query_of(set)),
            negated,
        };
        Ok(Typed::new(Expr::Nested(Box::new(sql)), Type::Boolean))
    }

    /// `= ANY (query)` is IN.
    pub(crate) fn any(
        &mut self,
        at: &Expr,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        scope: &Scope,
    ) -> Checked<Typed> {
        match (op, right) {
            (BinaryOperator::Eq, Expr::Subquery(query)) => {
                self.in_subquery(left, query, false, scope)
            }
            _ => {
                Err(unknown(place(at), "ANY with anything but = and a query")
                    .instead("IN, or EXISTS"))
            }
        }
    }

    /// A query in place of a value; one that may have several rows is refused, since the engine doesn't count them.
    pub(crate) fn scalar_subquery(&mut self, query: &Query, _scope: &Scope) -> Checked<Typed> {
        let span = place(query.body.as_ref());
        let is_one_row = matches!(query.body.as_ref(), SetExpr::Select(select) if is_aggregate(select))
            || {
                let one = super::rewrite::number(1).to_string();
                matches!(
                    &query.limit_clause,
                    Some(datafusion::sql::sqlparser::ast::LimitClause::LimitOffset { limit: Some(limit), .. }) if limit.to_string() == one
                )
            };
        if !is_one_row {
            return Err(Refusal::new(
                span,
                "a query in place of a value must have one row, whatever is in the table",
            )
            .instead("an aggregate without GROUP BY, such as max(…), or LIMIT 1"));
        }
        let (query, outputs) = self.query(query, None)?;
        let [output] = outputs.as_slice() else {
            return Err(Refusal::new(
                span,
                format!(
                    "a query in place of a value has one column, and this has {}",
                    outputs.len()
                ),
            ));
        };
        Ok(Typed::new(
            Expr::Subquery(Box::new(query)),
            output.ty.clone(),
        ))
    }
}

/// Returns true if a query only filters rows, so that one with columns of the query around is a join.
fn is_plain(query: &Query) -> bool {
    use datafusion::sql::sqlparser::ast::{GroupByExpr, SelectItem};
    let SetExpr::Select(select) = query.body.as_ref() else {
        return false;
    };
    let is_ungrouped =
        matches!(&select.group_by, GroupByExpr::Expressions(items, _) if items.is_empty());
    let has_no_call = select.projection.iter().all(|item| match item {
        SelectItem::UnnamedExpr(expr) => matches!(
            expr,
            Expr::Value(_) | Expr::Identifier(_) | Expr::CompoundIdentifier(_)
        ),
        SelectItem::Wildcard(_) => true,
        _ => false,
    });
    is_ungrouped
        && has_no_call
        && select.having.is_none()
        && query.with.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none()
}

fn is_aggregate(select: &Select) -> bool {
    use datafusion::sql::sqlparser::ast::{GroupByExpr, SelectItem};
    let is_ungrouped =
        matches!(&select.group_by, GroupByExpr::Expressions(items, _) if items.is_empty());
    let [SelectItem::UnnamedExpr(item) | SelectItem::ExprWithAlias { expr: item, .. }] =
        select.projection.as_slice()
    else {
        return false;
    };
    let Expr::Function(function) = item else {
        return false;
    };
    let name = function.name.to_string().to_lowercase();
    is_ungrouped
        && select.having.is_none()
        && function.over.is_none()
        && crate::allow_list::kind(&name) == Some(crate::function::Kind::Aggregate)
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
