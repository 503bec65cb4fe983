//! `format`, with those of Java's conversions that are answered.

use arrow::array::ArrayRef;
use datafusion::common::Result;

use super::cast_text::texts;
use super::kernel::{Call, Kernel, Outcome};
use crate::signature_text::CallTypes;
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("format", format)];

fn format(call: &Call) -> Result<ArrayRef> {
    let mut columns = Vec::new();
    for (index, array) in call.arguments.iter().enumerate() {
        let one = Call {
            arguments: vec![array.clone()],
            rows: call.rows,
            types: CallTypes {
                tries: false,
                arguments: vec![call.ty(index).clone()],
                result: Type::Varchar(None),
            },
        };
        columns.push(texts(&one)?);
    }
    let Some((patterns, values)) = columns.split_first() else {
        return call.texts(|_| Ok(None::<String>));
    };
    let types = call.types.arguments.get(1..).unwrap_or_default();
    call.texts(|row| {
        let Some(pattern) = &patterns[row] else {
            return Ok(None);
        };
        let mut arguments = values
            .iter()
            .map(|column| column[row].as_deref())
            .zip(types);
        let mut written = String::new();
        let mut rest = pattern.as_str();
        while let Some(at) = rest.find('%') {
            written.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let end = rest.find(|one: char| one.is_ascii_alphabetic() || one == '%');
            let Some(end) = end else {
                return Err(format!("the format '{pattern}' ends within a conversion"));
            };
            let (flags, conversion) = (&rest[..end], rest.as_bytes()[end]);
            rest = &rest[end + 1..];
            if conversion == b'%' && flags.is_empty() {
                written.push('%');
                continue;
            }
            let Some((value, ty)) = arguments.next() else {
                return Err(format!(
                    "the format '{pattern}' has more conversions than values"
                ));
            };
            written.push_str(&converted(value, ty, flags, conversion)?);
        }
        written.push_str(rest);
        Ok(Some(written))
    })
}

fn converted(value: Option<&str>, ty: &Type, flags: &str, conversion: u8) -> Outcome<String> {
    let refused = || {
        Err(format!(
            "%{flags}{} of {ty} is not answered",
            char::from(conversion)
        ))
    };
    let Some(value) = value else {
        return if flags.is_empty() {
            Ok("null".to_owned())
        } else {
            refused()
        };
    };
    match (conversion, ty) {
        (
            b's',
            Type::Varchar(_) | Type::Integer | Type::Bigint | Type::Boolean | Type::Decimal(_, _),
        ) => match flags.parse::<usize>() {
            _ if flags.is_empty() => Ok(value.to_owned()),
            Ok(width) if !flags.starts_with('0') => Ok(format!("{value:>width$}")),
            _ => refused(),
        },
        (b'd', Type::Integer | Type::Bigint) => match flags {
            "" => Ok(value.to_owned()),
            "," => Ok(grouped(value)),
            flags => match (
                flags.strip_prefix('0').map(str::parse::<usize>),
                flags.parse::<usize>(),
            ) {
                (Some(Ok(width)), _) if !value.starts_with('-') => Ok(format!("{value:0>width$}")),
                (None, Ok(width)) => Ok(format!("{value:>width$}")),
                _ => refused(),
            },
        },
        (b'f', Type::Double | Type::Decimal(_, _)) => {
            let (flags, digits) = flags.split_once('.').unwrap_or((flags, "6"));
            let Ok(digits) = digits.parse::<u8>() else {
                return refused();
            };
            if digits > 15 || !matches!(flags, "" | ",") {
                return refused();
            }
            let fixed = half_up(value, digits)?;
            Ok(if flags == "," { grouped(&fixed) } else { fixed })
        }
        _ => refused(),
    }
}

/// The digits of the number's shortest text, rounded half up, as Java does.
fn half_up(value: &str, digits: u8) -> Outcome<String> {
    let (number, exponent) = value.split_once('E').unwrap_or((value, "0"));
    let exponent: i32 = exponent
        .parse()
        .map_err(|_| format!("{value} is not answered in a format"))?;
    let plain = plain_digits(number, exponent)?;
    let value = super::cast_text::read_decimal(&plain, 38, digits)?;
    let text = super::cast_text::decimal(value, digits);
    // A negative number that rounds to zero keeps its sign.
    Ok(if value == 0 && plain.starts_with('-') {
        format!("-{text}")
    } else {
        text
    })
}

fn plain_digits(number: &str, exponent: i32) -> Outcome<String> {
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", number),
    };
    if number.contains(|one: char| one.is_ascii_alphabetic()) || exponent.abs() > 30 {
        return Err(format!("{sign}{number} is not answered in a format"));
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).unwrap_or(0) + exponent;
    Ok(if point <= 0 {
        format!("{sign}0.{}{all}", "0".repeat(point.unsigned_abs() as usize))
    } else {
        let point = point as usize;
        let padded = format!("{all:0<point$}");
        format!("{sign}{}.{}", &padded[..point], &padded[point..])
    })
}

fn grouped(number: &str) -> String {
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", number),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (number, String::new()),
    };
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}{fraction}")
}
