//! Literals: numbers, text, dates, times, timestamps and intervals.

use datafusion::sql::sqlparser::ast::{
    DataType, DateTimeField, Expr, Interval, TypedString, UnaryOperator, Value, ValueWithSpan,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::rewrite::{self, native_call, text};
use super::{Checked, Checker, Typed, data_type, place};
use crate::functions::parse;
use crate::refusal::Refusal;
use crate::types::{MAX_DECIMAL_DIGITS, Type};

const MONTHS_A_YEAR: i64 = 12;

impl Checker<'_> {
    pub(crate) fn value(&mut self, value: &ValueWithSpan) -> Checked<Typed> {
        let span = value.span;
        match &value.value {
            Value::Number(digits, false) => number(digits, span),
            Value::SingleQuotedString(value) => {
                let length = u32::try_from(value.chars().count()).ok();
                Ok(Typed::new(text(value.as_str()), Type::Varchar(length)))
            }
            Value::Boolean(value) => Ok(Typed::new(rewrite::boolean(*value), Type::Boolean)),
            Value::Null => Ok(Typed::new(rewrite::null(), Type::Unknown)),
            Value::UnicodeStringLiteral(value) => {
                Ok(Typed::new(text(value.as_str()), Type::Varchar(None)))
            }
            other => Err(Refusal::new(
                span,
                format!("{other} is no literal of Trino"),
            )),
        }
    }

    pub(crate) fn typed_string(&mut self, literal: &TypedString) -> Checked<Typed> {
        let span = literal.value.span;
        let Value::SingleQuotedString(written) = &literal.value.value else {
            return Err(Refusal::new(
                span,
                "a literal's value stands in single quotes",
            ));
        };
        let ty = match &literal.data_type {
            DataType::Date => Type::Date,
            DataType::Time(None, _) => Type::Time,
            DataType::Timestamp(None, datafusion::sql::sqlparser::ast::TimezoneInfo::None) => {
                return timestamp(written, span);
            }
            DataType::Decimal(_) => return number(written, span),
            other => {
                let name = data_type::read(other, span)?;
                return Err(Refusal::new(
                    span,
                    format!("a literal of type {name} is not answered"),
                )
                .instead(format!("CAST('{written}' AS {name})")));
            }
        };
        match ty {
            Type::Date => {
                if parse::date(written).is_none() {
                    return Err(Refusal::new(span, format!("'{written}' is not a date"))
                        .instead("DATE '2026-11-26'"));
                }
                let sql = native_call("arrow_cast", vec![text(written.trim()), text("Date32")]);
                Ok(Typed::new(sql, Type::Date))
            }
            _ => {
                if parse::time_ms(written).is_none() {
                    return Err(Refusal::new(span, format!("'{written}' is not a time"))
                        .instead("TIME '10:07:09'"));
                }
                let value = (text(written.as_str()), Type::Varchar(None));
                Ok(Typed::new(
                    self.infallible("cast", vec![value], Type::Time),
                    Type::Time,
                ))
            }
        }
    }

    pub(crate) fn interval(&mut self, interval: &Interval) -> Checked<Typed> {
        let span = place(interval.value.as_ref());
        let written = match interval.value.as_ref() {
            Expr::Value(ValueWithSpan {
                value: Value::SingleQuotedString(written),
                ..
            }) => written.clone(),
            _ => {
                return Err(Refusal::new(
                    span,
                    "an interval's value is a literal in single quotes",
                )
                .instead("INTERVAL '7' DAY"));
            }
        };
        let wrong = || {
            Refusal::new(span, format!("'{written}' is not an interval of that kind"))
                .instead("INTERVAL '7' DAY, INTERVAL '-1' MONTH or INTERVAL '1-2' YEAR TO MONTH")
        };
        if interval.leading_precision.is_some() || interval.fractional_seconds_precision.is_some() {
            return Err(Refusal::new(
                span,
                "an interval's fields have no precision here",
            ));
        }
        let field = interval.leading_field.as_ref().ok_or_else(wrong)?;
        let (sign, digits) = match written.trim().strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, written.trim().trim_start_matches('+')),
        };
        // A second sign, which a number's own reader would take.
        if digits.starts_with(['+', '-']) {
            return Err(wrong());
        }
        let days = |factor: i64, count: &str| -> Checked<Typed> {
            let count: i64 = count.parse().map_err(|_| wrong())?;
            let ms = count.checked_mul(factor * sign).ok_or_else(wrong)?;
            Ok(duration(ms))
        };
        match (field, &interval.last_field) {
            (DateTimeField::Second, None) => {
                let (seconds, fraction) = digits.split_once('.').unwrap_or((digits, ""));
                if fraction.len() > 3 {
                    return Err(wrong());
                }
                let ms = format!("{seconds}{fraction:0<3}");
                days(1, &ms)
            }
            (DateTimeField::Minute, None) => days(60_000, digits),
            (DateTimeField::Hour, None) => days(3_600_000, digits),
            (DateTimeField::Day, None) => days(86_400_000, digits),
            (DateTimeField::Week(None), None) => days(7 * 86_400_000, digits),
            (DateTimeField::Month, None) => {
                let months: i64 = digits.parse().map_err(|_| wrong())?;
                self.months(sign * months, wrong)
            }
            (DateTimeField::Year, None) => {
                let years: i64 = digits.parse().map_err(|_| wrong())?;
                self.months(sign * years.saturating_mul(MONTHS_A_YEAR), wrong)
            }
            (DateTimeField::Year, Some(DateTimeField::Month)) => {
                let (years, months) = digits.split_once('-').ok_or_else(wrong)?;
                let years: i64 = years.parse().map_err(|_| wrong())?;
                let months: i64 = months.parse().map_err(|_| wrong())?;
                self.months(sign * (years.saturating_mul(MONTHS_A_YEAR) + months), wrong)
            }
            _ => Err(wrong()),
        }
    }

    fn months(&mut self, months: i64, wrong: impl Fn() -> Refusal) -> Checked<Typed> {
        let months = i32::try_from(months).map_err(|_| wrong())?;
        let value = (rewrite::integer(&months.to_string()), Type::Integer);
        let sql = self.infallible("months", vec![value], Type::IntervalYearMonth);
        Ok(Typed::new(sql, Type::IntervalYearMonth))
    }

    /// A number with its sign, since the least `bigint` has no positive counterpart.
    pub(crate) fn signed_number(
        &mut self,
        op: &UnaryOperator,
        operand: &Expr,
    ) -> Option<Checked<Typed>> {
        let Expr::Value(ValueWithSpan {
            value: Value::Number(digits, false),
            span,
        }) = operand
        else {
            return None;
        };
        match op {
            UnaryOperator::Minus => Some(number(&format!("-{digits}"), *span)),
            UnaryOperator::Plus => Some(number(digits, *span)),
            _ => None,
        }
    }
}

/// An interval of days, hours, minutes and seconds, as milliseconds.
fn duration(ms: i64) -> Typed {
    let sql = native_call(
        "arrow_cast",
        vec![rewrite::number(ms), text("Duration(Millisecond)")],
    );
    Typed::new(sql, Type::IntervalDayTime)
}

fn number(written: &str, span: Span) -> Checked<Typed> {
    let is_too_long = || Refusal::new(span, format!("{written} has more digits than a number has"));
    if written.contains(['e', 'E']) {
        let value: f64 = written.parse().map_err(|_| is_too_long())?;
        if !value.is_finite() {
            return Err(is_too_long());
        }
        let sql = native_call("arrow_cast", vec![text(written), text("Float64")]);
        return Ok(Typed::new(sql, Type::Double));
    }
    if let Some((whole, fraction)) = written.split_once('.') {
        let whole = whole.trim_start_matches('-').trim_start_matches('0');
        let scale = fraction.len();
        let precision = (whole.len() + scale).max(1);
        if precision > usize::from(MAX_DECIMAL_DIGITS) {
            return Err(is_too_long());
        }
        let (precision, scale) = (precision as u8, scale as u8);
        let sql = rewrite::cast(text(written), rewrite::decimal_type(precision, scale));
        return Ok(Typed::new(sql, Type::Decimal(precision, scale)));
    }
    if written.parse::<i32>().is_ok() {
        return Ok(Typed::new(rewrite::integer(written), Type::Integer));
    }
    if written.parse::<i64>().is_ok() {
        return Ok(Typed::new(rewrite::number(written), Type::Bigint));
    }
    Err(is_too_long().instead(format!("CAST('{written}' AS decimal(38,0))")))
}

fn timestamp(written: &str, span: Span) -> Checked<Typed> {
    let Some(parsed) = parse::timestamp(written) else {
        return Err(Refusal::new(span, format!("'{written}' is not a timestamp")).instead(
            "TIMESTAMP '2026-11-26 10:07:09.250' or TIMESTAMP '2026-11-26 10:07:09 Europe/Berlin'",
        ));
    };
    if parsed.digits > 6 {
        return Err(Refusal::new(
            span,
            format!("'{written}' has more than 6 digits of a second"),
        )
        .instead("up to 6 digits"));
    }
    let ty = match &parsed.zone {
        None => Type::Timestamp(parsed.digits),
        Some(zone) => Type::TimestampTz(parsed.digits, zone.clone()),
    };
    let is_fine = parsed.digits > 3;
    let unit = if is_fine {
        "Microsecond"
    } else {
        "Millisecond"
    };
    let zone = match &parsed.zone {
        None => "None".to_owned(),
        Some(zone) => format!("Some(\"{zone}\")"),
    };
    let instant_us = parsed.instant_us().filter(|us| parsed.is_on_the_wall(*us));
    let Some(instant_us) = instant_us else {
        return Err(Refusal::new(
            span,
            format!("'{written}' is no time of that zone"),
        ));
    };
    let value = if is_fine {
        instant_us
    } else {
        instant_us.div_euclid(1_000)
    };
    let sql = native_call(
        "arrow_cast",
        vec![
            rewrite::number(value),
            text(format!("Timestamp({unit}, {zone})")),
        ],
    );
    Ok(Typed::new(sql, ty))
}
