//! Queries inside expressions: EXISTS, IN, and in place of a value.

use std::rc::Rc;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, GroupByExpr, LimitClause, Query, Select, SelectItem, SetExpr,
};

use super::built::query_of;
use super::rewrite::number;
use super::scope::Scope;
use super::{Checked, Checker, Typed, place, unknown};
use crate::refusal::Refusal;
use crate::types::Type;

impl Checker<'_> {
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
                let one = number(1).to_string();
                matches!(
                    &query.limit_clause,
                    Some(LimitClause::LimitOffset { limit: Some(limit), .. }) if limit.to_string() == one
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
