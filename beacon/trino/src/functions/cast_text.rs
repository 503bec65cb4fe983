//! Values as text, and numbers from text.

use arrow::array::Array;
use datafusion::common::Result;

use super::decimal::power_of_ten;
use super::interval::counts;
use super::kernel::{Call, Outcome};
use super::time_format::clock;
use crate::types::Type;

/// The text of each row of the first argument.
pub(crate) fn texts(call: &Call) -> Result<Vec<Option<String>>> {
    let rows = 0..call.rows;
    Ok(match call.ty(0) {
        Type::Boolean => {
            let values = call.boolean(0)?;
            rows.map(|row| values.is_valid(row).then(|| values.value(row).to_string()))
                .collect()
        }
        Type::Integer | Type::Bigint => {
            let values = call.whole(0)?;
            rows.map(|row| values.is_valid(row).then(|| values.value(row).to_string()))
                .collect()
        }
        Type::Double => {
            let values = call.double(0)?;
            rows.map(|row| values.is_valid(row).then(|| double(values.value(row))))
                .collect()
        }
        Type::Decimal(_, scale) => {
            let values = call.decimal(0)?;
            rows.map(|row| {
                values
                    .is_valid(row)
                    .then(|| decimal(values.value(row), *scale))
            })
            .collect()
        }
        Type::Date | Type::Timestamp(_) | Type::TimestampTz(_, _) => {
            let times = call.times(0)?;
            let ty = call.ty(0);
            rows.map(|row| {
                let wall = times.wall(row)?;
                Some(match ty {
                    Type::Timestamp(precision) => clock(wall, ' ', *precision),
                    Type::TimestampTz(precision, zone) => {
                        format!("{} {zone}", clock(wall, ' ', *precision))
                    }
                    _ => wall.format("%Y-%m-%d").to_string(),
                })
            })
            .collect()
        }
        Type::IntervalDayTime | Type::IntervalYearMonth => {
            let counts = counts(call, 0)?;
            let is_months = *call.ty(0) == Type::IntervalYearMonth;
            rows.map(|row| {
                let count = counts.is_valid(row).then(|| counts.value(row))?;
                Some(if is_months {
                    months(count)
                } else {
                    duration(count)
                })
            })
            .collect()
        }
        _ => {
            let values = call.text(0)?;
            rows.map(|row| values.is_valid(row).then(|| values.value(row).to_owned()))
                .collect()
        }
    })
}

/// `1 02:30:00.000`.
pub(crate) fn duration(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    format!(
        "{sign}{days} {:02}:{:02}:{:02}.{:03}",
        rest / 3_600_000,
        rest / 60_000 % 60,
        rest / 1_000 % 60,
        rest % 1_000
    )
}

fn months(count: i64) -> String {
    let sign = if count < 0 { "-" } else { "" };
    let count = count.unsigned_abs();
    format!("{sign}{}-{}", count / 12, count % 12)
}

/// The shortest digits that are this number, with an exponent: `1.5E0`.
pub(crate) fn double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if value == 0.0 {
        return if value.is_sign_negative() {
            "-0E0"
        } else {
            "0E0"
        }
        .to_owned();
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => text,
    }
}

pub(crate) fn decimal(value: i128, scale: u8) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = value.unsigned_abs().to_string();
    let scale = usize::from(scale);
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

pub(crate) fn read_boolean(text: &str) -> Outcome<bool> {
    match text.to_ascii_lowercase().as_str() {
        "t" | "true" | "1" => Ok(true),
        "f" | "false" | "0" => Ok(false),
        _ => Err(format!("'{text}' can't be cast to boolean")),
    }
}

pub(crate) fn read_whole(text: &str, ty: &Type) -> Outcome<i64> {
    let trimmed = text.trim_matches(super::text::is_white_space);
    refuse_foreign_digits(trimmed)?;
    trimmed
        .parse()
        .map_err(|_| format!("'{text}' can't be cast to {ty}"))
}

pub(crate) fn read_double(text: &str) -> Outcome<f64> {
    let trimmed = text.trim_matches(|one: char| one <= ' ');
    let wrong = || format!("'{text}' can't be cast to double");
    let unsigned = trimmed.trim_start_matches(['+', '-']);
    match unsigned {
        "Infinity" | "NaN" => {}
        digits if digits.starts_with(|one: char| one.is_ascii_digit() || one == '.') => {}
        _ => return Err(wrong()),
    }
    refuse_foreign_digits(trimmed)?;
    // Java's letter behind a number, which says that it is a double or a float.
    let number = trimmed
        .strip_suffix(['d', 'D', 'f', 'F'])
        .unwrap_or(trimmed);
    number.parse().map_err(|_| wrong())
}

/// Digits of other scripts are digits to Java.
fn refuse_foreign_digits(text: &str) -> Outcome<()> {
    if text.is_ascii() || !text.chars().any(char::is_numeric) {
        return Ok(());
    }
    Err(format!(
        "'{text}' has digits that are not answered: 0 to 9 are"
    ))
}

/// Digits with a point, rounded to the scale.
pub(crate) fn read_decimal(text: &str, precision: u8, scale: u8) -> Outcome<i128> {
    let wrong = || format!("'{text}' can't be cast to decimal({precision},{scale})");
    let (is_negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    refuse_foreign_digits(unsigned)?;
    let is_scientific = unsigned.contains(['e', 'E']) && unsigned.parse::<f64>().is_ok();
    if is_scientific {
        return Err(format!(
            "'{text}' as a decimal is not answered: digits without an exponent are"
        ));
    }
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
        return Err(wrong());
    }
    let kept = usize::from(scale);
    let padded = format!("{fraction:0<kept$}");
    let (kept_digits, dropped) = padded.split_at(kept);
    let mut value: i128 = match format!("{whole}{kept_digits}").as_str() {
        "" => 0,
        digits => digits.parse().map_err(|_| wrong())?,
    };
    if dropped.bytes().next().is_some_and(|digit| digit >= b'5') {
        value += 1;
    }
    if power_of_ten(precision).is_some_and(|limit| value >= limit) {
        return Err(wrong());
    }
    Ok(if is_negative { -value } else { value })
}

/// Milliseconds of a time of day.
pub(crate) fn time_values(values: Vec<Option<i64>>) -> arrow::array::ArrayRef {
    let ms: arrow::array::Time32MillisecondArray = values
        .into_iter()
        .map(|value| value.and_then(|value| i32::try_from(value).ok()))
        .collect();
    std::sync::Arc::new(ms)
}
