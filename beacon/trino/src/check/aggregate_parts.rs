//! The parts of an aggregate beside its arguments: DISTINCT, ORDER BY, FILTER, OVER and NULLs.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArgumentClause, FunctionArguments,
    NullTreatment, OrderByExpr, OrderByOptions, WindowType,
};

use super::Typed;
use super::rewrite::{binary, is_not_null, native};

/// The parts of an aggregate beside its arguments, rewritten.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    pub(crate) distinct: bool,
    pub(crate) order_by: Vec<OrderByExpr>,
    pub(crate) filter: Option<Expr>,
    pub(crate) over: Option<WindowType>,
    pub(crate) null_treatment: Option<NullTreatment>,
}

pub(crate) fn finish(mut function: Function, parts: Parts) -> Expr {
    if let FunctionArguments::List(list) = &mut function.args {
        if parts.distinct {
            list.duplicate_treatment = Some(DuplicateTreatment::Distinct);
        }
        if !parts.order_by.is_empty() {
            list.clauses = vec![FunctionArgumentClause::OrderBy(parts.order_by)];
        }
    }
    function.filter = parts.filter.map(Box::new);
    function.over = parts.over;
    function.null_treatment = parts.null_treatment;
    Expr::Function(function)
}

/// Returns the parts limited to rows where `value` isn't NULL.
pub(crate) fn without_null(value: &Expr, mut parts: Parts) -> Parts {
    let condition = is_not_null(value.clone());
    parts.filter = Some(match parts.filter {
        None => condition,
        Some(filter) => binary(filter, BinaryOperator::And, condition),
    });
    parts
}

pub(crate) fn sort_key(expr: Expr, is_ascending: bool) -> OrderByExpr {
    OrderByExpr {
        expr,
        options: OrderByOptions {
            asc: Some(is_ascending),
            nulls_first: Some(false),
        },
        with_fill: None,
    }
}

/// All values of a group that aren't NULL, in order.
pub(crate) fn collected(value: &Typed, is_ascending: bool, parts: &Parts) -> Expr {
    let mut parts = without_null(&value.sql, parts.clone());
    parts.order_by = vec![sort_key(value.sql.clone(), is_ascending)];
    finish(native("array_agg", vec![value.sql.clone()]), parts)
}

pub(crate) fn first_value(value: Typed, by: Option<(&Typed, bool)>, parts: Parts) -> Expr {
    let parts = match by {
        None => without_null(&value.sql, parts),
        Some((by, is_ascending)) => {
            let mut parts = without_null(&by.sql, parts);
            parts.order_by = vec![sort_key(by.sql.clone(), is_ascending)];
            parts
        }
    };
    finish(native("first_value", vec![value.sql]), parts)
}
