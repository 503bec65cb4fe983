//! Operators between two values.

use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr};

use super::rewrite::binary;
use super::scope::Scope;
use super::{Checked, Checker, Typed, place, unknown};
use crate::refusal::Refusal;
use crate::types::{MAX_DECIMAL_DIGITS, Type};

impl Checker<'_> {
    pub(crate) fn binary(
        &mut self,
        at: &Expr,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        scope: &Scope,
    ) -> Checked<Typed> {
        use BinaryOperator::*;
        match op {
            And | Or => {
                let before = self.fallible;
                let (left_sql, right_sql) =
                    (self.condition(left, scope)?, self.condition(right, scope)?);
                self.refuse_in_try(before, at, "AND or OR")?;
                Ok(Typed::new(
                    binary(left_sql, op.clone(), right_sql),
                    Type::Boolean,
                ))
            }
            Eq | NotEq | Lt | LtEq | Gt | GtEq => {
                let (left, right) = (
                    self.expression(left, scope)?,
                    self.expression(right, scope)?,
                );
                self.compare(left, op, right, at)
            }
            Plus | Minus | Multiply | Divide | Modulo => {
                let (left, right) = (
                    self.expression(left, scope)?,
                    self.expression(right, scope)?,
                );
                self.arithmetic(at, left, op, right)
            }
            StringConcat => {
                let (left, right) = (
                    self.expression(left, scope)?,
                    self.expression(right, scope)?,
                );
                self.joined(at, left, right)
            }
            other => Err(unknown(place(at), &format!("the operator {other}"))),
        }
    }

    /// `||` of texts or of arrays.
    pub(crate) fn joined(&mut self, at: &Expr, left: Typed, right: Typed) -> Checked<Typed> {
        use Type::*;
        match (&left.ty, &right.ty) {
            (Varchar(_) | Unknown, Varchar(_) | Unknown) => {
                let text = Varchar(None);
                let (left, right) = (self.coerce(left, &text), self.coerce(right, &text));
                Ok(Typed::new(
                    binary(left, BinaryOperator::StringConcat, right),
                    text,
                ))
            }
            (Array(_), Array(_)) => {
                let ty = self.common(&left.ty, &right.ty, at)?;
                let arguments = vec![
                    (self.coerce(left, &ty), ty.clone()),
                    (self.coerce(right, &ty), ty.clone()),
                ];
                Ok(Typed::new(
                    self.infallible("array_concat", arguments, ty.clone()),
                    ty,
                ))
            }
            (left, right) => Err(Refusal::new(
                place(at),
                format!("|| takes two texts or two arrays, not {left} and {right}"),
            )
            .instead("CAST(… AS varchar)")),
        }
    }

    pub(crate) fn arithmetic(
        &mut self,
        at: &Expr,
        left: Typed,
        op: &BinaryOperator,
        right: Typed,
    ) -> Checked<Typed> {
        let name = match op {
            BinaryOperator::Plus => "add",
            BinaryOperator::Minus => "subtract",
            BinaryOperator::Multiply => "multiply",
            BinaryOperator::Divide => "divide",
            _ => "modulus",
        };
        let (left, right) = match (&left.ty, &right.ty) {
            (Type::Unknown, ty) if ty.is_number() => {
                let ty = ty.clone();
                (Typed::new(self.coerce(left, &ty), ty), right)
            }
            (ty, Type::Unknown) if ty.is_number() => {
                let ty = ty.clone();
                (left, Typed::new(self.coerce(right, &ty), ty))
            }
            _ => (left, right),
        };
        if left.ty.is_number() && right.ty.is_number() {
            return self.number_arithmetic(at, left, op, name, right);
        }
        let Some((name, result)) = time_arithmetic(&left.ty, op, &right.ty) else {
            let refusal = Refusal::new(
                place(at),
                format!("{op} can't be taken of {} and {}", left.ty, right.ty),
            );
            return Err(match (&left.ty, &right.ty) {
                (Type::Varchar(_), _) | (_, Type::Varchar(_)) => {
                    refusal.instead("CAST(… AS bigint) or CAST(… AS double)")
                }
                (
                    Type::Date | Type::Timestamp(_) | Type::TimestampTz(_, _),
                    Type::Integer | Type::Bigint,
                ) => refusal.instead("+ INTERVAL '1' DAY, or date_add('day', 1, …)"),
                _ => refusal.instead("numbers, or a time and an INTERVAL"),
            });
        };
        // A count of intervals is a bigint on either side.
        let (mut left, mut right) = (left, right);
        for side in [&mut left, &mut right] {
            if side.ty == Type::Integer {
                let sql = self.coerce(side.clone(), &Type::Bigint);
                *side = Typed::new(sql, Type::Bigint);
            }
        }
        let arguments = vec![(left.sql, left.ty), (right.sql, right.ty)];
        Ok(Typed::new(
            self.kernel(name, arguments, result.clone()),
            result,
        ))
    }

    fn number_arithmetic(
        &mut self,
        at: &Expr,
        left: Typed,
        op: &BinaryOperator,
        name: &str,
        right: Typed,
    ) -> Checked<Typed> {
        if left.ty == Type::Double || right.ty == Type::Double {
            let (left, right) = (
                self.coerce(left, &Type::Double),
                self.coerce(right, &Type::Double),
            );
            let arguments = vec![(left, Type::Double), (right, Type::Double)];
            return Ok(Typed::new(
                self.infallible(name, arguments, Type::Double),
                Type::Double,
            ));
        }
        let result = if left.ty.is_whole_number() && right.ty.is_whole_number() {
            let ty = if left.ty == right.ty {
                left.ty.clone()
            } else {
                Type::Bigint
            };
            let arguments = vec![
                (self.coerce(left, &ty), ty.clone()),
                (self.coerce(right, &ty), ty.clone()),
            ];
            return Ok(Typed::new(self.kernel(name, arguments, ty.clone()), ty));
        } else {
            decimal_result(&left.ty, op, &right.ty).ok_or_else(|| {
                Refusal::new(
                    place(at),
                    format!(
                        "{op} of {} and {} has more than 38 digits",
                        left.ty, right.ty
                    ),
                )
                .instead("CAST(… AS double)")
            })?
        };
        let mut arguments = Vec::new();
        for side in [left, right] {
            let (precision, scale) = side.ty.as_decimal().unwrap_or((MAX_DECIMAL_DIGITS, 0));
            let ty = Type::Decimal(precision, scale);
            arguments.push((self.coerce(side, &ty), ty));
        }
        Ok(Typed::new(
            self.kernel(name, arguments, result.clone()),
            result,
        ))
    }
}

/// Trino's rules for the digits of a result.
fn decimal_result(left: &Type, op: &BinaryOperator, right: &Type) -> Option<Type> {
    let ((lp, ls), (rp, rs)) = (left.as_decimal()?, right.as_decimal()?);
    let scale = ls.max(rs);
    let whole = (lp - ls).max(rp - rs);
    let (precision, scale) = match op {
        BinaryOperator::Plus | BinaryOperator::Minus => (whole + scale + 1, scale),
        BinaryOperator::Multiply => (lp + rp, ls + rs),
        BinaryOperator::Divide => (lp + rs + rs.saturating_sub(ls), scale),
        _ => ((lp - ls).min(rp - rs) + scale, scale),
    };
    (scale <= MAX_DECIMAL_DIGITS).then_some(Type::Decimal(
        precision.clamp(scale.max(1), MAX_DECIMAL_DIGITS),
        scale,
    ))
}

/// Operators of times and intervals: this crate's function, and the result.
fn time_arithmetic(left: &Type, op: &BinaryOperator, right: &Type) -> Option<(&'static str, Type)> {
    use BinaryOperator::{Minus, Multiply, Plus};
    use Type::*;
    Some(match (left, op, right) {
        (Date | Timestamp(_) | TimestampTz(_, _), Plus, IntervalDayTime | IntervalYearMonth) => {
            ("time_plus", moved(left, right))
        }
        (Date | Timestamp(_) | TimestampTz(_, _), Minus, IntervalDayTime | IntervalYearMonth) => {
            ("time_minus", moved(left, right))
        }
        (IntervalDayTime | IntervalYearMonth, Plus, Date | Timestamp(_) | TimestampTz(_, _)) => {
            ("plus_time", moved(right, left))
        }
        (Date, Minus, Date)
        | (Timestamp(_), Minus, Timestamp(_))
        | (TimestampTz(_, _), Minus, TimestampTz(_, _)) => ("time_between", IntervalDayTime),
        (IntervalDayTime, Plus | Minus, IntervalDayTime)
        | (IntervalYearMonth, Plus | Minus, IntervalYearMonth) => {
            let name = if *op == Plus { "add" } else { "subtract" };
            (name, left.clone())
        }
        (IntervalDayTime | IntervalYearMonth, Multiply, Integer | Bigint) => {
            ("interval_times", left.clone())
        }
        (Integer | Bigint, Multiply, IntervalDayTime | IntervalYearMonth) => {
            ("times_interval", right.clone())
        }
        _ => return None,
    })
}

/// The type of a time that is moved by an interval: one of days to seconds has milliseconds.
fn moved(time: &Type, interval: &Type) -> Type {
    match (time, interval) {
        (Type::Timestamp(digits), Type::IntervalDayTime) => Type::Timestamp((*digits).max(3)),
        (Type::TimestampTz(digits, zone), Type::IntervalDayTime) => {
            Type::TimestampTz((*digits).max(3), zone.clone())
        }
        (time, _) => time.clone(),
    }
}
