//! Trino's types, how they are written, and the Arrow type that holds the values of each.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, IntervalUnit, TimeUnit};

/// The largest precision of a decimal.
pub(crate) const MAX_DECIMAL_DIGITS: u8 = 38;

/// A type of Trino.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Type {
    /// The type of a bare NULL.
    Unknown,
    /// `boolean`.
    Boolean,
    /// `integer`, 32 bits.
    Integer,
    /// `bigint`, 64 bits.
    Bigint,
    /// `double`.
    Double,
    /// `decimal(precision, scale)`.
    Decimal(u8, u8),
    /// `varchar`, with its largest length in characters where it has one.
    Varchar(Option<u32>),
    /// `char(length)`, filled with blanks.
    Char(u32),
    /// `varbinary`.
    Varbinary,
    /// `date`.
    Date,
    /// `time(3)`.
    Time,
    /// `timestamp(precision)`, 0 to 6 digits of a second.
    Timestamp(u8),
    /// `timestamp(precision) with time zone`. The zone is the same for all rows, and known before the statement runs.
    TimestampTz(u8, String),
    /// `interval day to second`.
    IntervalDayTime,
    /// `interval year to month`.
    IntervalYearMonth,
    /// `json`.
    Json,
    /// `uuid`.
    Uuid,
    /// `array(element)`.
    Array(Box<Type>),
    /// `map(key, value)`.
    Map(Box<Type>, Box<Type>),
    /// `row(field, …)`.
    Row(Vec<Type>),
}

/// The zone of a session.
pub(crate) const UTC: &str = "UTC";

impl Type {
    /// Returns the Arrow type that holds the values.
    pub fn arrow(&self) -> DataType {
        match self {
            Type::Unknown => DataType::Null,
            Type::Boolean => DataType::Boolean,
            Type::Integer => DataType::Int32,
            Type::Bigint => DataType::Int64,
            Type::Double => DataType::Float64,
            Type::Decimal(precision, scale) => {
                DataType::Decimal128(*precision, i8::try_from(*scale).unwrap_or(i8::MAX))
            }
            Type::Varchar(_) | Type::Char(_) | Type::Json | Type::Uuid => DataType::Utf8View,
            Type::Varbinary => DataType::Binary,
            Type::Date => DataType::Date32,
            Type::Time => DataType::Time32(TimeUnit::Millisecond),
            Type::Timestamp(precision) => DataType::Timestamp(unit(*precision), None),
            Type::TimestampTz(precision, zone) => {
                DataType::Timestamp(unit(*precision), Some(zone.as_str().into()))
            }
            Type::IntervalDayTime => DataType::Duration(TimeUnit::Millisecond),
            Type::IntervalYearMonth => DataType::Interval(IntervalUnit::YearMonth),
            Type::Array(element) => DataType::new_list(element.arrow(), true),
            Type::Map(key, value) => {
                let entry = vec![
                    Field::new("key", key.arrow(), false),
                    Field::new("value", value.arrow(), true),
                ];
                let entries = Field::new("entries", DataType::Struct(Fields::from(entry)), false);
                DataType::Map(Arc::new(entries), false)
            }
            Type::Row(fields) => {
                let fields = fields.iter().enumerate();
                let fields =
                    fields.map(|(index, ty)| Field::new(format!("f{index}"), ty.arrow(), true));
                DataType::Struct(fields.collect())
            }
        }
    }

    /// Returns the type that Trino reads from a column of this Arrow type, where there is one.
    pub fn of_column(arrow: &DataType) -> Option<Type> {
        Some(match arrow {
            DataType::Null => Type::Unknown,
            DataType::Boolean => Type::Boolean,
            DataType::Int32 => Type::Integer,
            DataType::Int64 => Type::Bigint,
            DataType::Float64 => Type::Double,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Type::Varchar(None),
            DataType::Dictionary(_, value) => Type::of_column(value)?,
            DataType::Date32 => Type::Date,
            DataType::Decimal128(precision, scale) => {
                Type::Decimal(*precision, u8::try_from(*scale).ok()?)
            }
            DataType::Timestamp(unit, None) => Type::Timestamp(digits(*unit)?),
            DataType::Timestamp(unit, Some(zone)) => {
                Type::TimestampTz(digits(*unit)?, zone.to_string())
            }
            DataType::List(item) => Type::Array(Box::new(Type::of_column(item.data_type())?)),
            DataType::Map(entries, _) => {
                let DataType::Struct(entry) = entries.data_type() else {
                    return None;
                };
                let [key, value] = entry.as_ref() else {
                    return None;
                };
                let key = Type::of_column(key.data_type())?;
                Type::Map(Box::new(key), Box::new(Type::of_column(value.data_type())?))
            }
            _ => return None,
        })
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Type::Varchar(_) | Type::Char(_))
    }

    pub(crate) fn is_whole_number(&self) -> bool {
        matches!(self, Type::Integer | Type::Bigint)
    }

    pub(crate) fn is_number(&self) -> bool {
        self.is_whole_number() || matches!(self, Type::Double | Type::Decimal(_, _))
    }

    /// Returns true if values have an order.
    pub(crate) fn is_orderable(&self) -> bool {
        match self {
            Type::Json | Type::Map(_, _) => false,
            Type::Array(element) => element.is_orderable(),
            Type::Row(fields) => fields.iter().all(Type::is_orderable),
            _ => true,
        }
    }

    /// The decimal that holds all values of a whole number.
    pub(crate) fn as_decimal(&self) -> Option<(u8, u8)> {
        match self {
            Type::Integer => Some((10, 0)),
            Type::Bigint => Some((19, 0)),
            Type::Decimal(precision, scale) => Some((*precision, *scale)),
            _ => None,
        }
    }

    /// Returns the type that both become without a cast, where there is one.
    pub(crate) fn common(left: &Type, right: &Type) -> Option<Type> {
        use Type::*;
        if left == right {
            return Some(left.clone());
        }
        Some(match (left, right) {
            (Unknown, other) | (other, Unknown) => other.clone(),
            (Varchar(_), Varchar(_)) => Varchar(None),
            (Varchar(_), Char(_)) | (Char(_), Varchar(_)) => return None,
            (Integer, Bigint) | (Bigint, Integer) => Bigint,
            (Double, other) | (other, Double) if other.is_number() => Double,
            (left, right) if left.as_decimal().is_some() && right.as_decimal().is_some() => {
                let (left, right) = (left.as_decimal()?, right.as_decimal()?);
                let scale = left.1.max(right.1);
                let whole = (left.0 - left.1).max(right.0 - right.1);
                Decimal((whole + scale).min(MAX_DECIMAL_DIGITS), scale)
            }
            (Date, Timestamp(precision)) | (Timestamp(precision), Date) => Timestamp(*precision),
            (Date, TimestampTz(precision, zone)) | (TimestampTz(precision, zone), Date)
                if zone == UTC =>
            {
                TimestampTz(*precision, zone.clone())
            }
            (Timestamp(left), Timestamp(right)) => Timestamp(*left.max(right)),
            (Timestamp(left), TimestampTz(right, zone))
            | (TimestampTz(right, zone), Timestamp(left))
                if zone == UTC =>
            {
                TimestampTz(*left.max(right), zone.clone())
            }
            (TimestampTz(left, zone), TimestampTz(right, other)) if zone == other => {
                TimestampTz(*left.max(right), zone.clone())
            }
            (Array(left), Array(right)) => Array(Box::new(Type::common(left, right)?)),
            (Map(key, value), Map(other_key, other_value)) => Map(
                Box::new(Type::common(key, other_key)?),
                Box::new(Type::common(value, other_value)?),
            ),
            _ => return None,
        })
    }

    /// Returns true if a value becomes `target` without a cast.
    pub(crate) fn becomes(&self, target: &Type) -> bool {
        Type::common(self, target).as_ref() == Some(target)
            || matches!((self, target), (Type::Char(_), Type::Varchar(None)))
    }
}

fn unit(precision: u8) -> TimeUnit {
    if precision <= 3 {
        TimeUnit::Millisecond
    } else {
        TimeUnit::Microsecond
    }
}

fn digits(unit: TimeUnit) -> Option<u8> {
    match unit {
        TimeUnit::Second => None,
        TimeUnit::Millisecond => Some(3),
        TimeUnit::Microsecond => Some(6),
        TimeUnit::Nanosecond => None,
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Unknown => f.write_str("unknown"),
            Type::Boolean => f.write_str("boolean"),
            Type::Integer => f.write_str("integer"),
            Type::Bigint => f.write_str("bigint"),
            Type::Double => f.write_str("double"),
            Type::Decimal(precision, scale) => write!(f, "decimal({precision},{scale})"),
            Type::Varchar(None) => f.write_str("varchar"),
            Type::Varchar(Some(length)) => write!(f, "varchar({length})"),
            Type::Char(length) => write!(f, "char({length})"),
            Type::Varbinary => f.write_str("varbinary"),
            Type::Date => f.write_str("date"),
            Type::Time => f.write_str("time(3)"),
            Type::Timestamp(precision) => write!(f, "timestamp({precision})"),
            Type::TimestampTz(precision, _) => write!(f, "timestamp({precision}) with time zone"),
            Type::IntervalDayTime => f.write_str("interval day to second"),
            Type::IntervalYearMonth => f.write_str("interval year to month"),
            Type::Json => f.write_str("json"),
            Type::Uuid => f.write_str("uuid"),
            Type::Array(element) => write!(f, "array({element})"),
            Type::Map(key, value) => write!(f, "map({key}, {value})"),
            Type::Row(fields) => {
                let fields: Vec<String> = fields.iter().map(Type::to_string).collect();
                write!(f, "row({})", fields.join(", "))
            }
        }
    }
}
