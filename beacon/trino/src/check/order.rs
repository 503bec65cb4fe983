//! ORDER BY, and what follows it: NULLS LAST is Trino's way in either direction.

use datafusion::sql::sqlparser::ast::{
    Expr, LimitClause, Offset, OrderBy, OrderByExpr, OrderByKind, OrderByOptions, Query, Value,
    ValueWithSpan,
};

use super::scope::Scope;
use super::{Checked, Checker, Output, place, unknown};
use crate::refusal::Refusal;

/// The statement that an ORDER BY belongs to.
pub(crate) struct Ordered<'s> {
    /// The columns of the answer, with their expressions where those can be named otherwise.
    pub(crate) outputs: &'s [Output],
    pub(crate) expressions: &'s [Expr],
    /// Columns that an expression sees.
    pub(crate) scope: &'s Scope,
}

impl Checker<'_> {
    /// The keys of a window or an aggregate.
    pub(crate) fn sort_keys(
        &mut self,
        keys: &[OrderByExpr],
        scope: &Scope,
    ) -> Checked<Vec<OrderByExpr>> {
        let mut sorted = Vec::new();
        for key in keys {
            let value = self.expression(&key.expr, scope)?;
            if !value.ty.is_orderable() {
                return Err(Refusal::new(
                    place(&key.expr),
                    format!("{} has no order", value.ty),
                ));
            }
            sorted.push(with_direction(key, value.sql)?);
        }
        Ok(sorted)
    }

    pub(crate) fn order_by(&mut self, order_by: &OrderBy, of: &Ordered<'_>) -> Checked<OrderBy> {
        let OrderByKind::Expressions(keys) = &order_by.kind else {
            return Err(Refusal::new(
                datafusion::sql::sqlparser::tokenizer::Span::empty(),
                "Trino has no ORDER BY ALL",
            ));
        };
        let mut sorted = Vec::new();
        for key in keys {
            let expr = self.order_key(&key.expr, of)?;
            sorted.push(with_direction(key, expr)?);
        }
        Ok(OrderBy {
            kind: OrderByKind::Expressions(sorted),
            interpolate: None,
        })
    }

    fn order_key(&mut self, expr: &Expr, of: &Ordered<'_>) -> Checked<Expr> {
        let ordinal = |index: usize| super::rewrite::number(index + 1);
        let check = |index: usize| -> Checked<Expr> {
            match of.outputs.get(index) {
                Some(output) if output.ty.is_orderable() => Ok(ordinal(index)),
                Some(output) => Err(Refusal::new(
                    place(expr),
                    format!("{} has no order", output.ty),
                )),
                None => Err(Refusal::new(
                    place(expr),
                    format!("the answer has {} columns", of.outputs.len()),
                )),
            }
        };
        match expr {
            Expr::Value(ValueWithSpan {
                value: Value::Number(digits, false),
                ..
            }) => {
                let index: usize = digits.parse().unwrap_or(0);
                return match index.checked_sub(1) {
                    Some(index) => check(index),
                    None => Err(Refusal::new(
                        place(expr),
                        format!("the answer has {} columns", of.outputs.len()),
                    )),
                };
            }
            Expr::Identifier(name) => {
                let lower = name.value.to_lowercase();
                let mut found = of
                    .outputs
                    .iter()
                    .enumerate()
                    .filter(|(_, output)| output.name.as_deref() == Some(&lower));
                match (found.next(), found.next()) {
                    (Some((index, _)), None) => return check(index),
                    (Some(_), Some(_)) => {
                        return Err(Refusal::new(
                            name.span,
                            format!(
                                "{} is the name of more than one column of the answer",
                                name.value
                            ),
                        ));
                    }
                    (None, _) => {}
                }
            }
            _ => {}
        }
        // Inside an expression, too, an alias of the answer goes before a column.
        let mut scope = of.scope.clone();
        for (index, output) in of.outputs.iter().enumerate() {
            let (Some(name), Some(sql)) = (&output.name, of.expressions.get(index)) else {
                continue;
            };
            scope.columns.retain(|column| {
                column.relation.is_some() && column.name.as_ref() != Some(name)
                    || column.sql == *sql
            });
            if !scope
                .columns
                .iter()
                .any(|column| column.name.as_ref() == Some(name))
            {
                scope.columns.push(super::scope::Column {
                    relation: None,
                    name: Some(name.clone()),
                    ty: output.ty.clone(),
                    sql: sql.clone(),
                });
            }
        }
        let value = self.expression(expr, &scope)?;
        if !value.ty.is_orderable() {
            return Err(Refusal::new(
                place(expr),
                format!("{} has no order", value.ty),
            ));
        }
        match of
            .expressions
            .iter()
            .position(|output| *output == value.sql)
        {
            Some(index) => Ok(ordinal(index)),
            None => Ok(value.sql),
        }
    }

    /// OFFSET, LIMIT and FETCH FIRST as one limit.
    pub(crate) fn limit(&mut self, query: &Query) -> Checked<Option<LimitClause>> {
        let (mut limit, mut offset) = (None, None);
        match &query.limit_clause {
            None => {}
            Some(LimitClause::LimitOffset {
                limit: rows,
                offset: skipped,
                limit_by,
            }) if limit_by.is_empty() => {
                limit = rows.clone();
                offset = skipped.clone();
            }
            Some(_) => {
                return Err(Refusal::new(
                    place(query.body.as_ref()),
                    "LIMIT with a comma is not Trino's",
                )
                .instead("OFFSET 10 LIMIT 5"));
            }
        }
        if let (Some(limit), Some(offset)) = (&limit, &offset)
            && place(limit).start < place(&offset.value).start
        {
            return Err(
                Refusal::new(place(&offset.value), "OFFSET stands before LIMIT in Trino")
                    .instead("OFFSET 10 LIMIT 5"),
            );
        }
        if let Some(fetch) = &query.fetch {
            if fetch.with_ties || fetch.percent || limit.is_some() {
                return Err(unknown(
                    place(query.body.as_ref()),
                    "FETCH FIRST with ties, a percentage or beside LIMIT",
                )
                .instead("LIMIT 10"));
            }
            limit = Some(
                fetch
                    .quantity
                    .clone()
                    .unwrap_or_else(|| super::rewrite::number(1)),
            );
        }
        for count in [limit.as_ref(), offset.as_ref().map(|offset| &offset.value)]
            .into_iter()
            .flatten()
        {
            let is_count = matches!(
                count,
                Expr::Value(ValueWithSpan { value: Value::Number(digits, false), .. }) if digits.parse::<i64>().is_ok()
            );
            if !is_count {
                return Err(
                    Refusal::new(place(count), format!("{count} is not a count of rows"))
                        .instead("LIMIT 10"),
                );
            }
        }
        if limit.is_none() && offset.is_none() {
            return Ok(None);
        }
        Ok(Some(LimitClause::LimitOffset {
            limit,
            offset: offset.map(|offset| Offset {
                value: offset.value,
                rows: datafusion::sql::sqlparser::ast::OffsetRows::None,
            }),
            limit_by: Vec::new(),
        }))
    }
}

fn with_direction(key: &OrderByExpr, expr: Expr) -> Checked<OrderByExpr> {
    if key.with_fill.is_some() {
        return Err(unknown(place(&key.expr), "WITH FILL"));
    }
    Ok(OrderByExpr {
        expr,
        options: OrderByOptions {
            asc: Some(key.options.asc.unwrap_or(true)),
            nulls_first: Some(key.options.nulls_first.unwrap_or(false)),
        },
        with_fill: None,
    })
}
