//! Expressions: each kind goes to the file that knows it.

use datafusion::sql::sqlparser::ast::{AccessExpr, Expr, Ident, Subscript, UnaryOperator};

use super::rewrite::{binary, is_not_null, native_call, not};
use super::scope::{Found, Scope};
use super::{Checked, Checker, Typed, place, unknown};
use crate::refusal::{Refusal, nearest};
use crate::types::Type;

impl Checker<'_> {
    pub(crate) fn expression(&mut self, expr: &Expr, scope: &Scope) -> Checked<Typed> {
        match expr {
            Expr::Identifier(name) => self.name(None, name, scope),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [relation, name] => self.name(Some(relation), name, scope),
                _ => Err(unknown(place(expr), "a name of more than two parts")
                    .instead("table.column, or an alias of the table")),
            },
            Expr::Value(value) => self.value(value),
            Expr::TypedString(literal) => self.typed_string(literal),
            Expr::Interval(interval) => self.interval(interval),
            Expr::Nested(inner) => {
                let inner = self.expression(inner, scope)?;
                Ok(Typed::new(Expr::Nested(Box::new(inner.sql)), inner.ty))
            }
            Expr::UnaryOp { op, expr: operand } => self.unary(op, operand, scope),
            Expr::BinaryOp { left, op, right } => self.binary(expr, left, op, right, scope),
            Expr::IsNull(operand) => {
                let value = self.kept(operand, scope, "IS NULL")?;
                Ok(Typed::new(not(is_not_null(value.sql)), Type::Boolean))
            }
            Expr::IsNotNull(operand) => {
                let value = self.kept(operand, scope, "IS NOT NULL")?;
                Ok(Typed::new(is_not_null(value.sql), Type::Boolean))
            }
            Expr::IsDistinctFrom(left, right) => self.is_distinct(expr, left, right, true, scope),
            Expr::IsNotDistinctFrom(left, right) => {
                self.is_distinct(expr, left, right, false, scope)
            }
            Expr::Between {
                expr: value,
                negated,
                low,
                high,
            } => self.between(value, *negated, low, high, scope),
            Expr::InList {
                expr: value,
                list,
                negated,
            } => self.in_list(expr, value, list, *negated, scope),
            Expr::InSubquery {
                expr: value,
                subquery,
                negated,
            } => self.in_subquery(value, subquery, *negated, scope),
            Expr::AnyOp {
                left,
                compare_op,
                right,
                is_some: false,
            } => self.any(expr, left, compare_op, right, scope),
            Expr::Like {
                negated,
                any: false,
                expr: value,
                pattern,
                escape_char,
            } => self.like(*negated, value, pattern, escape_char.as_ref(), scope),
            Expr::ILike { pattern, .. } => {
                Err(Refusal::new(place(pattern.as_ref()), "Trino has no ILIKE")
                    .instead("lower(text) LIKE lower(pattern)"))
            }
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(
                operand.as_deref(),
                conditions,
                else_result.as_deref(),
                scope,
            ),
            Expr::Cast { .. }
            | Expr::AtTimeZone { .. }
            | Expr::Extract { .. }
            | Expr::Position { .. }
            | Expr::Substring { .. }
            | Expr::Ceil { .. }
            | Expr::Floor { .. }
            | Expr::Trim { .. } => self.special(expr, scope),
            Expr::Function(function) => self.function(function, scope),
            Expr::Array(array) if array.named => self.array(&array.elem, scope),
            Expr::Tuple(values) => self.row(values, scope),
            Expr::CompoundFieldAccess { root, access_chain } => {
                let mut value = self.expression(root, scope)?;
                for access in access_chain {
                    value = match access {
                        AccessExpr::Subscript(Subscript::Index { index }) => {
                            self.subscript(value, index, scope)?
                        }
                        _ => return Err(unknown(place(expr), "this way to read a part")),
                    };
                }
                Ok(value)
            }
            Expr::Exists { subquery, negated } => self.exists(subquery, *negated, scope),
            Expr::Subquery(query) => self.scalar_subquery(query, scope),
            Expr::Lambda(_) => Err(Refusal::new(
                place(expr),
                "a lambda stands only in a call that takes one",
            )
            .instead("transform(array, x -> x + 1)")),
            Expr::Wildcard(_) | Expr::QualifiedWildcard(_, _) => {
                Err(unknown(place(expr), "* in this place"))
            }
            Expr::IsTrue(_) | Expr::IsNotTrue(_) | Expr::IsFalse(_) | Expr::IsNotFalse(_) => {
                Err(Refusal::new(place(expr), "Trino has no IS TRUE")
                    .instead("the condition itself, or coalesce(condition, false)"))
            }
            other => Err(unknown(place(other), &format!("{other}"))),
        }
    }

    /// An expression that must be a condition.
    pub(crate) fn condition(&mut self, expr: &Expr, scope: &Scope) -> Checked<Expr> {
        let value = self.expression(expr, scope)?;
        match value.ty {
            Type::Boolean => Ok(value.sql),
            Type::Unknown => Ok(self.coerce(value, &Type::Boolean)),
            other => Err(Refusal::new(
                place(expr),
                format!("a condition is a boolean, and this is {other}"),
            )
            .instead("a comparison, such as <> 0")),
        }
    }

    fn name(&mut self, relation: Option<&Ident>, name: &Ident, scope: &Scope) -> Checked<Typed> {
        let lower = name.value.to_lowercase();
        if relation.is_none()
            && let Some(ty) = scope.variable(&lower)
        {
            let variable = Expr::Identifier(super::scope::quoted(&lower));
            return Ok(Typed::new(variable, ty.clone()));
        }
        if let Some(clock) = self.clock(relation, &lower) {
            return Ok(clock);
        }
        let relation = relation.map(|relation| relation.value.to_lowercase());
        match scope.find(relation.as_deref(), &lower) {
            Found::Column(column) => Ok(Typed::new(column.sql.clone(), column.ty.clone())),
            Found::Outer(column) if self.may_correlate => {
                Ok(Typed::new(column.sql.clone(), column.ty.clone()))
            }
            Found::Outer(_) => Err(Refusal::new(
                name.span,
                format!(
                    "{} is a column of the statement around this one",
                    name.value
                ),
            )
            .instead("a JOIN with the table, or EXISTS")),
            Found::Ambiguous => Err(Refusal::new(
                name.span,
                format!("{} is in more than one table", name.value),
            )
            .instead(format!(
                "table.{}, with the table's name or alias",
                name.value
            ))),
            Found::Nothing => Err(no_column(name, scope)),
        }
    }

    fn clock(&mut self, relation: Option<&Ident>, name: &str) -> Option<Typed> {
        if relation.is_some() {
            return None;
        }
        self.clock_function(name)
    }

    /// The functions that are written without parentheses.
    pub(crate) fn clock_function(&mut self, name: &str) -> Option<Typed> {
        let now = native_call("now", Vec::new());
        let cast =
            |ty: &str| native_call("arrow_cast", vec![now.clone(), super::rewrite::text(ty)]);
        match name {
            "current_timestamp" => Some(Typed::new(
                cast("Timestamp(Millisecond, Some(\"UTC\"))"),
                Type::TimestampTz(3, crate::types::UTC.to_owned()),
            )),
            "localtimestamp" => Some(Typed::new(
                cast("Timestamp(Millisecond, None)"),
                Type::Timestamp(3),
            )),
            "current_date" => Some(Typed::new(
                native_call(
                    "arrow_cast",
                    vec![
                        cast("Timestamp(Millisecond, None)"),
                        super::rewrite::text("Date32"),
                    ],
                ),
                Type::Date,
            )),
            _ => None,
        }
    }

    fn unary(&mut self, op: &UnaryOperator, operand: &Expr, scope: &Scope) -> Checked<Typed> {
        if let Some(number) = self.signed_number(op, operand) {
            return number;
        }
        match op {
            UnaryOperator::Not => {
                let condition = self.condition(operand, scope)?;
                Ok(Typed::new(not(condition), Type::Boolean))
            }
            UnaryOperator::Minus | UnaryOperator::Plus => {
                let value = self.expression(operand, scope)?;
                let can = value.ty.is_number()
                    || matches!(value.ty, Type::IntervalDayTime | Type::IntervalYearMonth);
                if !can {
                    return Err(Refusal::new(
                        place(operand),
                        format!("{op} takes a number, not {}", value.ty),
                    ));
                }
                if *op == UnaryOperator::Plus {
                    return Ok(value);
                }
                let ty = value.ty.clone();
                let sql = self.kernel("negate", vec![(value.sql, value.ty)], ty.clone());
                Ok(Typed::new(sql, ty))
            }
            other => Err(unknown(place(operand), &format!("the operator {other}"))),
        }
    }

    /// A value for something that isn't NULL for NULL: inside `try` it must not be able to fail.
    pub(crate) fn kept(&mut self, operand: &Expr, scope: &Scope, what: &str) -> Checked<Typed> {
        let before = self.fallible;
        let value = self.expression(operand, scope)?;
        self.refuse_in_try(before, operand, what)?;
        Ok(value)
    }

    pub(crate) fn refuse_in_try(&self, before: usize, part: &Expr, what: &str) -> Checked<()> {
        if self.tries && self.fallible > before {
            return Err(Refusal::new(
                place(part),
                format!("try around {what} of something that can fail is not answered"),
            )
            .instead("try around that part alone"));
        }
        Ok(())
    }

    fn array(&mut self, elements: &[Expr], scope: &Scope) -> Checked<Typed> {
        let before = self.fallible;
        let mut values = Vec::new();
        let mut element = Type::Unknown;
        for expr in elements {
            let value = self.expression(expr, scope)?;
            self.refuse_in_try(before, expr, "an array")?;
            element = self.common(&element, &value.ty, expr)?;
            values.push(value);
        }
        let arguments = values
            .into_iter()
            .map(|value| (self.coerce(value, &element), element.clone()))
            .collect();
        let ty = Type::Array(Box::new(element));
        Ok(Typed::new(
            self.infallible("array", arguments, ty.clone()),
            ty,
        ))
    }

    fn row(&mut self, elements: &[Expr], scope: &Scope) -> Checked<Typed> {
        let before = self.fallible;
        let mut arguments = Vec::new();
        for expr in elements {
            let value = self.expression(expr, scope)?;
            self.refuse_in_try(before, expr, "a row")?;
            arguments.push((value.sql, value.ty));
        }
        let ty = Type::Row(arguments.iter().map(|(_, ty)| ty.clone()).collect());
        Ok(Typed::new(
            self.infallible("row", arguments, ty.clone()),
            ty,
        ))
    }

    fn subscript(&mut self, value: Typed, index: &Expr, scope: &Scope) -> Checked<Typed> {
        let key = self.expression(index, scope)?;
        let (key_type, result) = match &value.ty {
            Type::Array(element) => (Type::Bigint, element.as_ref().clone()),
            Type::Map(key, value) => (key.as_ref().clone(), value.as_ref().clone()),
            other => {
                return Err(Refusal::new(
                    place(index),
                    format!("a subscript is for an array or a map, not for {other}"),
                ));
            }
        };
        if !key.ty.becomes(&key_type) {
            return Err(Refusal::new(
                place(index),
                format!("a subscript of {} is {key_type}, not {}", value.ty, key.ty),
            ));
        }
        let key = self.coerce(key, &key_type);
        let arguments = vec![(value.sql, value.ty), (key, key_type)];
        Ok(Typed::new(
            self.kernel("subscript", arguments, result.clone()),
            result,
        ))
    }

    pub(crate) fn and(&self, left: Expr, right: Expr) -> Expr {
        binary(
            left,
            datafusion::sql::sqlparser::ast::BinaryOperator::And,
            right,
        )
    }
}

/// Columns that a message names.
const MAX_NAMES: usize = 60;

fn no_column(name: &Ident, scope: &Scope) -> Refusal {
    let mut refusal = Refusal::new(name.span, format!("there is no column {}", name.value));
    refusal.unknown_column = Some(name.value.clone());
    let names: Vec<&str> = scope.names().take(MAX_NAMES).collect();
    match (nearest(&name.value, &names), name.quote_style) {
        (Some(near), _) => refusal.instead(format!("did you mean {near}?")),
        (None, Some(_)) => {
            let text = name.value.replace('\'', "''");
            refusal.instead(format!(
                "text stands in single quotes, '{text}'; double quotes are for names"
            ))
        }
        (None, None) if names.is_empty() => refusal,
        (None, None) => refusal.instead(format!(
            "the columns here are {}; an alias of SELECT can be named in ORDER BY only, text stands in single quotes",
            names.join(", ")
        )),
    }
}
