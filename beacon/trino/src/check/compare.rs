//! Comparisons: both sides become one type, or the statement is refused.

use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, Value, ValueWithSpan};

use super::rewrite::{binary, not};
use super::scope::Scope;
use super::{Checked, Checker, Typed, place, unknown};
use crate::refusal::Refusal;
use crate::types::{Type, UTC};

impl Checker<'_> {
    /// The type that both sides of a comparison, or two branches, have in common.
    pub(crate) fn common(&self, left: &Type, right: &Type, at: &Expr) -> Checked<Type> {
        if let Some(common) = Type::common(left, right) {
            return Ok(common);
        }
        Err(Refusal::new(
            place(at),
            format!("{right} and {left} have no type in common"),
        )
        .instead(advice(left, right)))
    }

    /// Both sides of a comparison as one type.
    fn sides(
        &mut self,
        left: Typed,
        right: Typed,
        at: &Expr,
        needs_order: bool,
    ) -> Checked<(Expr, Expr, Type)> {
        use Type::TimestampTz;
        // Times with a zone compare as moments, whatever their zones.
        let moment = |ty: &Type| match ty {
            TimestampTz(precision, _) => TimestampTz(*precision, UTC.to_owned()),
            other => other.clone(),
        };
        let common = Type::common(&moment(&left.ty), &moment(&right.ty)).ok_or_else(|| {
            Refusal::new(
                place(at),
                format!("{} can't be compared with {}", left.ty, right.ty),
            )
            .instead(advice(&left.ty, &right.ty))
        })?;
        let is_refused = match &common {
            Type::Char(_) => true,
            ty if needs_order => !ty.is_orderable(),
            _ => false,
        };
        if is_refused {
            return Err(unknown(place(at), &format!("a comparison of {common}")));
        }
        let left = self.coerce(left, &common);
        let right = self.coerce(right, &common);
        Ok((left, right, common))
    }

    pub(crate) fn compare(
        &mut self,
        left: Typed,
        op: &BinaryOperator,
        right: Typed,
        at: &Expr,
    ) -> Checked<Typed> {
        let needs_order = !matches!(op, BinaryOperator::Eq | BinaryOperator::NotEq);
        let (left, right, common) = self.sides(left, right, at, needs_order)?;
        let name = match op {
            BinaryOperator::Eq => "equal",
            BinaryOperator::NotEq => "not_equal",
            BinaryOperator::Lt => "less",
            BinaryOperator::LtEq => "less_or_equal",
            BinaryOperator::Gt => "greater",
            BinaryOperator::GtEq => "greater_or_equal",
            other => return Err(unknown(place(at), &format!("the operator {other}"))),
        };
        // The engine's order of doubles is total: NaN is equal to itself, and -0 is less than 0. Of nested values
        // it says NULL or not in its own way.
        let sql = match &common {
            Type::Double => {
                let arguments = vec![(left, common.clone()), (right, common)];
                self.infallible(name, arguments, Type::Boolean)
            }
            Type::Array(_) | Type::Map(_, _) | Type::Row(_) | Type::Json => {
                return Err(unknown(place(at), &format!("a comparison of {common}")));
            }
            _ => binary(left, op.clone(), right),
        };
        Ok(Typed::new(sql, Type::Boolean))
    }

    pub(crate) fn is_distinct(
        &mut self,
        at: &Expr,
        left: &Expr,
        right: &Expr,
        is_distinct: bool,
        scope: &Scope,
    ) -> Checked<Typed> {
        let left = self.kept(left, scope, "IS DISTINCT FROM")?;
        let right = self.kept(right, scope, "IS DISTINCT FROM")?;
        let (left, right, common) = self.sides(left, right, at, false)?;
        if matches!(
            common,
            Type::Double | Type::Array(_) | Type::Map(_, _) | Type::Row(_) | Type::Json
        ) {
            return Err(unknown(place(at), &format!("IS DISTINCT FROM of {common}")));
        }
        let (left, right) = (Box::new(left), Box::new(right));
        let sql = if is_distinct {
            Expr::IsDistinctFrom(left, right)
        } else {
            Expr::IsNotDistinctFrom(left, right)
        };
        Ok(Typed::new(Expr::Nested(Box::new(sql)), Type::Boolean))
    }

    pub(crate) fn between(
        &mut self,
        value: &Expr,
        negated: bool,
        low: &Expr,
        high: &Expr,
        scope: &Scope,
    ) -> Checked<Typed> {
        let checked = self.kept(value, scope, "BETWEEN")?;
        let low_value = self.kept(low, scope, "BETWEEN")?;
        let high_value = self.kept(high, scope, "BETWEEN")?;
        let from = self.compare(checked.clone(), &BinaryOperator::GtEq, low_value, low)?;
        let to = self.compare(checked, &BinaryOperator::LtEq, high_value, high)?;
        let both = self.and(from.sql, to.sql);
        let sql = if negated { not(both) } else { both };
        Ok(Typed::new(sql, Type::Boolean))
    }

    pub(crate) fn in_list(
        &mut self,
        at: &Expr,
        value: &Expr,
        list: &[Expr],
        negated: bool,
        scope: &Scope,
    ) -> Checked<Typed> {
        let value = self.kept(value, scope, "IN")?;
        let mut items = Vec::new();
        let mut common = value.ty.clone();
        for expr in list {
            let item = self.kept(expr, scope, "IN")?;
            common = Type::common(&common, &item.ty).ok_or_else(|| {
                Refusal::new(
                    place(expr),
                    format!("{} can't be compared with {}", value.ty, item.ty),
                )
                .instead(advice(&value.ty, &item.ty))
            })?;
            items.push(item);
        }
        match &common {
            Type::Double => {
                let mut any: Option<Expr> = None;
                for item in items {
                    let one = self.compare(value.clone(), &BinaryOperator::Eq, item, at)?;
                    any = Some(match any {
                        None => one.sql,
                        Some(before) => binary(before, BinaryOperator::Or, one.sql),
                    });
                }
                let any = any.ok_or_else(|| unknown(place(at), "an empty list"))?;
                let sql = if negated { not(any) } else { any };
                Ok(Typed::new(sql, Type::Boolean))
            }
            Type::Array(_) | Type::Map(_, _) | Type::Row(_) | Type::Json | Type::Char(_) => {
                Err(unknown(place(at), &format!("IN of {common}")))
            }
            _ => {
                let expr = Box::new(self.coerce(value, &common));
                let list = items
                    .into_iter()
                    .map(|item| self.coerce(item, &common))
                    .collect();
                let sql = Expr::InList {
                    expr,
                    list,
                    negated,
                };
                Ok(Typed::new(Expr::Nested(Box::new(sql)), Type::Boolean))
            }
        }
    }

    pub(crate) fn like(
        &mut self,
        negated: bool,
        value: &Expr,
        pattern: &Expr,
        escape: Option<&ValueWithSpan>,
        scope: &Scope,
    ) -> Checked<Typed> {
        let text = Type::Varchar(None);
        let mut arguments = Vec::new();
        for part in [value, pattern] {
            let value = self.expression(part, scope)?;
            if !matches!(value.ty, Type::Varchar(_) | Type::Unknown) {
                return Err(Refusal::new(
                    place(part),
                    format!("LIKE takes varchar, not {}", value.ty),
                )
                .instead("CAST(… AS varchar) LIKE …"));
            }
            arguments.push((self.coerce(value, &text), text.clone()));
        }
        // The engine's own LIKE has an escape without being told, and reads only what begins alike.
        let is_plain = matches!(
            pattern,
            Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(pattern), .. })
                if escape.is_none() && !pattern.contains('\\')
        );
        let sql = if is_plain {
            let mut arguments = arguments.into_iter().map(|(sql, _)| Box::new(sql));
            let (Some(expr), Some(pattern)) = (arguments.next(), arguments.next()) else {
                return Err(unknown(place(value), "LIKE"));
            };
            let like = Expr::Like {
                negated,
                any: false,
                expr,
                pattern,
                escape_char: None,
            };
            return Ok(Typed::new(Expr::Nested(Box::new(like)), Type::Boolean));
        } else {
            if let Some(escape) = escape {
                let escape_text = self.value(escape)?;
                arguments.push((escape_text.sql, text));
            }
            self.kernel("like", arguments, Type::Boolean)
        };
        let sql = if negated { not(sql) } else { sql };
        Ok(Typed::new(sql, Type::Boolean))
    }
}

/// Returns a cast or a literal that makes two sides comparable.
fn advice(left: &Type, right: &Type) -> String {
    let (other, _) = match (left, right) {
        (Type::Varchar(_), other) => (other, left),
        (other, _) => (other, right),
    };
    match other {
        Type::Timestamp(_) => "TIMESTAMP '2026-11-26 10:00:00', or CAST(… AS timestamp)".to_owned(),
        Type::TimestampTz(_, _) => {
            "TIMESTAMP '2026-11-26 10:00:00 UTC', or from_iso8601_timestamp(…)".to_owned()
        }
        Type::Date => "DATE '2026-11-26', or CAST(… AS date)".to_owned(),
        other => format!("CAST(… AS {other})"),
    }
}
