//! Expressions with words between their parts: CAST, EXTRACT, AT TIME ZONE, POSITION, SUBSTRING and TRIM.

use datafusion::sql::sqlparser::ast::{
    CastKind, CeilFloorKind, DateTimeField, Expr, TrimWhereField, Value, ValueWithSpan,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::scope::Scope;
use super::{Checked, Checker, Typed, data_type, place, unknown};
use crate::functions::parse;
use crate::refusal::Refusal;
use crate::types::{Type, UTC};

impl Checker<'_> {
    pub(crate) fn special(&mut self, expr: &Expr, scope: &Scope) -> Checked<Typed> {
        match expr {
            Expr::Cast {
                kind: kind @ (CastKind::Cast | CastKind::TryCast),
                expr: value,
                data_type: written,
                array: false,
                format: None,
            } => {
                let target = data_type::read(written, place(expr))?;
                let before = self.tries;
                self.tries |= *kind == CastKind::TryCast;
                // TRY_CAST forgives the cast alone, not what fails inside it.
                let value = if *kind == CastKind::TryCast {
                    let tries = std::mem::replace(&mut self.tries, before);
                    let value = self.expression(value, scope);
                    self.tries = tries;
                    value
                } else {
                    self.expression(value, scope)
                };
                let cast = value.and_then(|value| self.cast(expr, value, target));
                self.tries = before;
                cast
            }
            Expr::AtTimeZone {
                timestamp,
                time_zone,
            } => {
                let value = self.expression(timestamp, scope)?;
                self.at_time_zone(value, time_zone, timestamp)
            }
            Expr::Extract {
                field, expr: value, ..
            } => {
                let name = match field {
                    DateTimeField::Year => "year",
                    DateTimeField::Quarter => "quarter",
                    DateTimeField::Month => "month",
                    DateTimeField::Week(None) => "week",
                    DateTimeField::Day => "day",
                    DateTimeField::DayOfWeek | DateTimeField::Dow => "day_of_week",
                    DateTimeField::DayOfYear | DateTimeField::Doy => "day_of_year",
                    DateTimeField::Hour => "hour",
                    DateTimeField::Minute => "minute",
                    DateTimeField::Second => "second",
                    DateTimeField::TimezoneHour => "timezone_hour",
                    DateTimeField::TimezoneMinute => "timezone_minute",
                    other => match other.to_string().to_lowercase().as_str() {
                        "day_of_month" => "day",
                        "day_of_week" => "day_of_week",
                        "day_of_year" => "day_of_year",
                        "year_of_week" | "yow" => "year_of_week",
                        _ => {
                            return Err(unknown(place(expr), &format!("extract({other} …)"))
                                .instead("YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_WEEK, DAY_OF_YEAR, YEAR_OF_WEEK, HOUR, MINUTE or SECOND"));
                        }
                    },
                };
                self.call(name, place(expr), &[value], scope)
            }
            Expr::Position { expr: part, r#in } => {
                self.call("strpos", place(expr), &[r#in, part], scope)
            }
            Expr::Substring {
                expr: value,
                substring_from: Some(from),
                substring_for,
                ..
            } => {
                let mut arguments: Vec<&Expr> = vec![value, from];
                arguments.extend(substring_for.as_deref());
                self.call("substr", place(expr), &arguments, scope)
            }
            Expr::Trim {
                trim_where,
                trim_what,
                expr: value,
                trim_characters: None,
            } => {
                let name = match trim_where {
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                    Some(TrimWhereField::Both) | None => "trim",
                };
                let mut arguments: Vec<&Expr> = vec![value];
                arguments.extend(trim_what.as_deref());
                self.call(name, place(expr), &arguments, scope)
            }
            Expr::Ceil {
                expr: value,
                field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime),
            } => self.call("ceil", place(expr), &[value], scope),
            Expr::Floor {
                expr: value,
                field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime),
            } => self.call("floor", place(expr), &[value], scope),
            other => Err(unknown(place(other), &format!("{other}"))),
        }
    }

    fn cast(&mut self, at: &Expr, value: Typed, target: Type) -> Checked<Typed> {
        if !can_cast(&value.ty, &target) {
            return Err(
                Refusal::new(place(at), format!("{} can't be cast to {target}", value.ty))
                    .instead(cast_advice(&value.ty, &target)),
            );
        }
        let is_same = value.ty == target
            || matches!(
                (&value.ty, &target),
                (Type::Varchar(_), Type::Varchar(None))
            );
        if is_same {
            return Ok(Typed::new(value.sql, target));
        }
        let always_works = matches!(
            (&value.ty, &target),
            (Type::Integer, Type::Bigint) | (Type::Integer | Type::Bigint, Type::Double)
        );
        if always_works && !self.tries {
            return Ok(Typed::new(self.coerce(value, &target), target));
        }
        let sql = self.kernel("cast", vec![(value.sql, value.ty)], target.clone());
        Ok(Typed::new(sql, target))
    }

    /// A time in a zone that is written out.
    pub(crate) fn at_time_zone(
        &mut self,
        value: Typed,
        time_zone: &Expr,
        at: &Expr,
    ) -> Checked<Typed> {
        let precision = match &value.ty {
            Type::Timestamp(precision) | Type::TimestampTz(precision, _) => *precision,
            other => {
                return Err(
                    Refusal::new(place(at), format!("a {other} has no time zone"))
                        .instead("CAST(… AS timestamp) AT TIME ZONE 'Europe/Berlin'"),
                );
            }
        };
        let zone = zone_of(time_zone)?;
        let ty = Type::TimestampTz(precision, zone);
        let sql = self.infallible("at_time_zone", vec![(value.sql, value.ty)], ty.clone());
        Ok(Typed::new(sql, ty))
    }
}

/// The zone that a literal names, in its own spelling.
fn zone_of(expr: &Expr) -> Checked<String> {
    let Expr::Value(ValueWithSpan {
        value: Value::SingleQuotedString(name),
        span,
    }) = expr
    else {
        return Err(Refusal::new(
            place(expr),
            "a time zone is a literal here, the same for all rows",
        )
        .instead("AT TIME ZONE 'Europe/Berlin'"));
    };
    zone(name, *span)
}

pub(crate) fn zone(name: &str, span: Span) -> Checked<String> {
    parse::zone(name).ok_or_else(|| {
        Refusal::new(span, format!("there is no time zone '{name}'"))
            .instead("a name such as 'Europe/Berlin', or an offset such as '+05:30'")
    })
}

/// Trino's casts, those of them that are answered.
fn can_cast(from: &Type, to: &Type) -> bool {
    use Type::*;
    match (from, to) {
        (Unknown, _) => true,
        (from, to) if from == to => true,
        (Boolean, Varchar(_) | Integer | Bigint | Double | Json) => true,
        (
            Integer | Bigint,
            Boolean | Integer | Bigint | Double | Decimal(_, _) | Varchar(_) | Json,
        ) => true,
        (Double, Boolean | Integer | Bigint | Varchar(_)) => true,
        (Decimal(_, _), Boolean | Integer | Bigint | Double | Decimal(_, _) | Varchar(_)) => true,
        (
            Varchar(_),
            Boolean
            | Integer
            | Bigint
            | Double
            | Decimal(_, _)
            | Varchar(_)
            | Char(_)
            | Date
            | Time
            | Timestamp(_)
            | Json
            | Uuid,
        ) => true,
        (Varchar(_), TimestampTz(_, zone)) => zone == UTC,
        (Char(_), Varchar(_) | Char(_)) => true,
        (Date, Varchar(_) | Timestamp(_) | TimestampTz(_, _)) => true,
        (Timestamp(_), Varchar(_) | Date | Time | Timestamp(_) | TimestampTz(_, _)) => true,
        (TimestampTz(_, _), Varchar(_) | Date | Time | Timestamp(_)) => true,
        (IntervalDayTime | IntervalYearMonth | Uuid, Varchar(_)) => true,
        (Json, Varchar(_) | Boolean | Integer | Bigint | Double) => true,
        (Json, Array(element)) => can_cast(&Json, element),
        (Json, Map(key, value)) => key.is_text() && can_cast(&Json, value),
        (Array(from), Array(to)) => can_cast(from, to),
        (Map(from_key, from_value), Map(key, value)) => {
            can_cast(from_key, key) && can_cast(from_value, value)
        }
        (Array(element), Json) => can_cast(element, &Json),
        (Map(key, value), Json) => key.is_text() && can_cast(value, &Json),
        _ => false,
    }
}

fn cast_advice(from: &Type, to: &Type) -> String {
    match (from, to) {
        (Type::Integer | Type::Bigint, Type::Timestamp(_) | Type::TimestampTz(_, _)) => {
            "from_unixtime(seconds)".to_owned()
        }
        (Type::Integer | Type::Bigint, Type::Date) => {
            "CAST(from_unixtime(seconds) AS date)".to_owned()
        }
        (
            Type::Timestamp(_) | Type::TimestampTz(_, _),
            Type::Integer | Type::Bigint | Type::Double,
        ) => "to_unixtime(…), seconds as a double".to_owned(),
        _ => format!("CAST(CAST(… AS varchar) AS {to}), where the text fits"),
    }
}
