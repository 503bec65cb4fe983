//! Types as a statement writes them, in CAST and in literals.

use datafusion::sql::sqlparser::ast::{
    ArrayElemTypeDef, CharacterLength, DataType, ExactNumberInfo, TimezoneInfo,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::Checked;
use crate::refusal::Refusal;
use crate::types::{MAX_DECIMAL_DIGITS, Type, UTC};

/// The types that a CAST may name, for messages.
const CASTS: &str = "boolean, integer, bigint, double, decimal(p,s), varchar, char(n), date, time, timestamp(p), \
                     timestamp(p) with time zone, varbinary, json, uuid, array(…) and map(…, …) work";

/// The digits of a second that are answered.
const MAX_PRECISION: u64 = 6;

pub(crate) fn read(written: &DataType, span: Span) -> Checked<Type> {
    Ok(match written {
        DataType::Boolean => Type::Boolean,
        DataType::Int(None) | DataType::Integer(None) => Type::Integer,
        DataType::BigInt(None) => Type::Bigint,
        DataType::Double(ExactNumberInfo::None) | DataType::DoublePrecision => Type::Double,
        DataType::Decimal(info) => decimal(info, written, span)?,
        DataType::Varchar(None) => Type::Varchar(None),
        DataType::Varchar(Some(length)) => Type::Varchar(Some(characters(length, written, span)?)),
        DataType::Char(None) => Type::Char(1),
        DataType::Char(Some(length)) => Type::Char(characters(length, written, span)?),
        DataType::Varbinary(None) => Type::Varbinary,
        DataType::Date => Type::Date,
        DataType::Time(None | Some(3), TimezoneInfo::None) => Type::Time,
        DataType::Timestamp(precision, zone) => {
            let precision = precision.unwrap_or(3);
            if precision > MAX_PRECISION {
                return Err(Refusal::new(
                    span,
                    format!("{written} has more digits than are kept here"),
                )
                .instead("up to timestamp(6)"));
            }
            let precision = u8::try_from(precision).unwrap_or(u8::MAX);
            match zone {
                TimezoneInfo::None => Type::Timestamp(precision),
                TimezoneInfo::WithTimeZone => Type::TimestampTz(precision, UTC.to_owned()),
                _ => return Err(unknown(written, span)),
            }
        }
        DataType::JSON => Type::Json,
        DataType::Uuid => Type::Uuid,
        DataType::Array(ArrayElemTypeDef::Parenthesis(element)) => {
            Type::Array(Box::new(read(element, span)?))
        }
        DataType::Map(key, value) => {
            Type::Map(Box::new(read(key, span)?), Box::new(read(value, span)?))
        }
        _ => return Err(unknown(written, span)),
    })
}

fn unknown(written: &DataType, span: Span) -> Refusal {
    Refusal::new(span, format!("the type {written} is not answered here")).instead(CASTS)
}

fn decimal(info: &ExactNumberInfo, written: &DataType, span: Span) -> Checked<Type> {
    let (precision, scale) = match info {
        ExactNumberInfo::None => (u64::from(MAX_DECIMAL_DIGITS), 0),
        ExactNumberInfo::Precision(precision) => (*precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (*precision, *scale),
    };
    let (Ok(precision), Ok(scale)) = (u8::try_from(precision), u8::try_from(scale)) else {
        return Err(unknown(written, span));
    };
    if precision == 0 || precision > MAX_DECIMAL_DIGITS || scale > precision {
        return Err(unknown(written, span));
    }
    Ok(Type::Decimal(precision, scale))
}

fn characters(length: &CharacterLength, written: &DataType, span: Span) -> Checked<u32> {
    match length {
        CharacterLength::IntegerLength { length, unit: None } => {
            u32::try_from(*length).map_err(|_| unknown(written, span))
        }
        _ => Err(unknown(written, span)),
    }
}
