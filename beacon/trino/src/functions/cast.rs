//! Casts.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, new_null_array};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Field, i256};
use chrono::{DateTime, NaiveDateTime, Timelike};
use datafusion::common::{DataFusionError, Result};

use super::cast_text::{self, read_boolean, read_decimal, read_double, read_whole, texts};
use super::decimal::{Rounding, decimals, quotient};
use super::json_cast;
use super::kernel::{Call, Kernel, is_unanswered, map_of, span};
use super::parse;
use crate::signature_text::CallTypes;
use crate::types::{Type, UTC};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("cast", cast),
    ("same", |call| call.array(0)),
    ("date", cast),
];

pub(crate) fn cast(call: &Call) -> Result<ArrayRef> {
    let target = &call.types.result;
    let from = call.ty(0).clone();
    match (&from, target) {
        (Type::Unknown, _) => Ok(new_null_array(&target.arrow(), call.rows)),
        (from, to) if from == to => call.array(0),
        (Type::Json, to) if !to.is_text() || to.arrow() != DataType::Utf8View => {
            json_cast::from_json(call)
        }
        (Type::Json, Type::Varchar(_)) => json_cast::from_json(call),
        (_, Type::Json) => json_cast::to_json(call),
        (Type::Array(_) | Type::Map(_, _), _) => nested(call),
        (_, Type::Varchar(length)) => {
            let values = texts(call)?;
            let is_cut = from.is_text();
            call.texts(|row| {
                let Some(text) = &values[row] else {
                    return Ok(None);
                };
                let Some(length) = length.map(|length| length as usize) else {
                    return Ok(Some(text.clone()));
                };
                if text.chars().count() <= length {
                    return Ok(Some(text.clone()));
                }
                if is_cut {
                    return Ok(Some(text.chars().take(length).collect()));
                }
                Err(format!("'{text}' can't be cast to varchar({length})"))
            })
        }
        (_, Type::Char(length)) => {
            let values = texts(call)?;
            let length = *length as usize;
            call.texts(|row| {
                Ok(values[row].as_ref().map(|text| {
                    let cut: String = text.chars().take(length).collect();
                    format!("{cut:<length$}")
                }))
            })
        }
        (_, Type::Uuid) => {
            let values = texts(call)?;
            call.texts(|row| match &values[row] {
                Some(text) if is_uuid(text) => Ok(Some(text.to_lowercase())),
                Some(text) => Err(format!("'{text}' can't be cast to uuid")),
                None => Ok(None),
            })
        }
        (_, Type::Boolean) => to_boolean(call),
        (_, Type::Integer | Type::Bigint) => to_whole(call),
        (_, Type::Double) => to_double(call),
        (_, Type::Decimal(_, _)) => to_decimal(call),
        (_, Type::Date | Type::Timestamp(_) | Type::TimestampTz(_, _)) => to_time(call),
        (_, Type::Time) => to_time_of_day(call),
        (from, to) => Err(DataFusionError::Execution(format!(
            "{from} can't be cast to {to}"
        ))),
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(index, character)| match index {
            8 | 13 | 18 | 23 => character == '-',
            _ => character.is_ascii_hexdigit(),
        })
}

fn to_boolean(call: &Call) -> Result<ArrayRef> {
    if call.ty(0).is_text() {
        let values = texts(call)?;
        return call.booleans(|row| values[row].as_deref().map(read_boolean).transpose());
    }
    let values = call.double(0)?;
    call.booleans(|row| Ok(values.is_valid(row).then(|| values.value(row) != 0.0)))
}

fn to_whole(call: &Call) -> Result<ArrayRef> {
    let target = &call.types.result;
    match call.ty(0) {
        Type::Boolean => {
            let values = call.boolean(0)?;
            call.wholes(|row| Ok(values.is_valid(row).then(|| i64::from(values.value(row)))))
        }
        Type::Integer | Type::Bigint => {
            let values = call.whole(0)?;
            call.wholes(|row| Ok(values.is_valid(row).then(|| values.value(row))))
        }
        Type::Double => {
            let values = call.double(0)?;
            call.wholes(|row| {
                if values.is_null(row) {
                    return Ok(None);
                }
                let value = values.value(row).round();
                // The greatest whole number isn't a double, and the one above it is.
                if value.is_nan() || value < i64::MIN as f64 || value >= i64::MAX as f64 {
                    return Err(format!(
                        "{} can't be cast to {target}",
                        cast_text::double(values.value(row))
                    ));
                }
                Ok(Some(value as i64))
            })
        }
        Type::Decimal(_, scale) => {
            let values = call.decimal(0)?;
            let power = i256::from_i128(super::decimal::power_of_ten(*scale).unwrap_or(1));
            call.wholes(|row| {
                if values.is_null(row) {
                    return Ok(None);
                }
                let whole = quotient(i256::from_i128(values.value(row)), power, Rounding::HalfUp);
                match whole.and_then(|whole| i64::try_from(whole).ok()) {
                    Some(whole) => Ok(Some(whole)),
                    None => Err(format!(
                        "{} is out of the range of {target}",
                        cast_text::decimal(values.value(row), *scale)
                    )),
                }
            })
        }
        _ => {
            let values = texts(call)?;
            call.wholes(|row| {
                values[row]
                    .as_deref()
                    .map(|text| read_whole(text, target))
                    .transpose()
            })
        }
    }
}

fn to_double(call: &Call) -> Result<ArrayRef> {
    match call.ty(0) {
        Type::Boolean => {
            let values = call.boolean(0)?;
            call.doubles(|row| {
                Ok(values
                    .is_valid(row)
                    .then(|| f64::from(u8::from(values.value(row)))))
            })
        }
        Type::Varchar(_) | Type::Char(_) | Type::Decimal(_, _) => {
            let values = texts(call)?;
            call.doubles(|row| values[row].as_deref().map(read_double).transpose())
        }
        _ => {
            let values = call.double(0)?;
            call.doubles(|row| Ok(values.is_valid(row).then(|| values.value(row))))
        }
    }
}

fn to_decimal(call: &Call) -> Result<ArrayRef> {
    let Type::Decimal(precision, scale) = call.types.result else {
        return Err(DataFusionError::Execution(
            "the result is no decimal".to_owned(),
        ));
    };
    let values = texts(call)?;
    decimals(call, |row| {
        values[row]
            .as_deref()
            .map(|text| read_decimal(text, precision, scale))
            .transpose()
    })
}

fn to_time(call: &Call) -> Result<ArrayRef> {
    let target = &call.types.result;
    if !call.ty(0).is_text() {
        let times = call.times(0)?;
        let stays_moment = matches!(
            (call.ty(0), target),
            (Type::TimestampTz(_, _), Type::TimestampTz(_, _))
        );
        if stays_moment {
            return call.instants(|row| {
                let utc = times
                    .instant_us(row)
                    .and_then(DateTime::from_timestamp_micros);
                Ok(utc.map(|utc| {
                    rounded(utc.naive_utc(), target)
                        .and_utc()
                        .timestamp_micros()
                }))
            });
        }
        return call.walls(|row| Ok(times.wall(row).map(|wall| rounded(wall, target))));
    }
    let values = texts(call)?;
    call.walls(|row| {
        let Some(text) = values[row].as_deref() else {
            return Ok(None);
        };
        let wrong = || format!("'{text}' can't be cast to {target}");
        if *target == Type::Date {
            let day = parse::date(text).ok_or_else(wrong)?;
            return Ok(day.and_hms_opt(0, 0, 0));
        }
        let time = parse::timestamp(text).ok_or_else(wrong)?;
        match (&time.zone, target) {
            (None, _) => {}
            (Some(zone), Type::TimestampTz(_, _)) if zone == UTC => {}
            (Some(_), Type::TimestampTz(_, _)) => {
                return Err(format!("'{text}' has another time zone than UTC: each row's own zone is not answered here"));
            }
            // Trino drops the zone of a text that becomes a timestamp without one.
            (Some(_), _) => {}
        }
        Ok(Some(rounded(time.wall, target)))
    })
}

/// A time with the digits of a type, halves up.
fn rounded(wall: NaiveDateTime, ty: &Type) -> NaiveDateTime {
    let precision = match ty {
        Type::Timestamp(precision) | Type::TimestampTz(precision, _) => *precision,
        _ => return wall,
    };
    let step = 10_i64.pow(9 - u32::from(precision.min(9)));
    let past = i64::from(wall.nanosecond()) % step;
    let ahead = if past * 2 >= step && past > 0 {
        step - past
    } else {
        -past
    };
    wall + chrono::TimeDelta::nanoseconds(ahead)
}

fn to_time_of_day(call: &Call) -> Result<ArrayRef> {
    if call.ty(0).is_text() {
        let values = texts(call)?;
        let values = call.each(|row| match values[row].as_deref() {
            None => Ok(None),
            Some(text) => match parse::time_ms(text) {
                Some(ms) => Ok(Some(ms)),
                None => Err(format!("'{text}' can't be cast to time")),
            },
        })?;
        return Ok(cast_text::time_values(values));
    }
    let times = call.times(0)?;
    let values = call.each(|row| {
        Ok(times.wall(row).map(|wall| {
            i64::from(wall.num_seconds_from_midnight()) * 1_000
                + i64::from(wall.nanosecond() / 1_000_000)
        }))
    })?;
    Ok(cast_text::time_values(values))
}

/// Arrays and maps, part by part. Where failures give NULL, a row fails whole.
fn nested(call: &Call) -> Result<ArrayRef> {
    if !call.types.tries {
        return parts(call);
    }
    let strict = CallTypes {
        tries: false,
        ..call.types.clone()
    };
    let array = call.array(0)?;
    let mut rows = Vec::new();
    for row in 0..call.rows {
        let one = Call {
            arguments: vec![array.slice(row, 1)],
            types: strict.clone(),
            rows: 1,
        };
        rows.push(match parts(&one) {
            Ok(row) => row,
            Err(error) if is_unanswered(&error.to_string()) => return Err(error),
            Err(_) => new_null_array(&call.types.result.arrow(), 1),
        });
    }
    if rows.is_empty() {
        return Ok(new_null_array(&call.types.result.arrow(), 0));
    }
    let rows: Vec<&dyn Array> = rows.iter().map(AsRef::as_ref).collect();
    Ok(concat(&rows)?)
}

fn parts(call: &Call) -> Result<ArrayRef> {
    let part = |values: &ArrayRef, from: &Type, to: &Type| -> Result<ArrayRef> {
        cast(&Call {
            arguments: vec![Arc::clone(values)],
            rows: values.len(),
            types: CallTypes {
                tries: false,
                arguments: vec![from.clone()],
                result: to.clone(),
            },
        })
    };
    match (call.ty(0), &call.types.result) {
        (Type::Array(from), Type::Array(to)) => {
            let list = compact_list(&call.list(0)?)?;
            let values = part(list.values(), from, to)?;
            let field = Arc::new(Field::new_list_field(to.arrow(), true));
            Ok(Arc::new(ListArray::try_new(
                field,
                list.offsets().clone(),
                values,
                list.nulls().cloned(),
            )?))
        }
        (Type::Map(from_key, from_value), Type::Map(key, value)) => {
            let maps = call.map(0)?;
            let keys = part(maps.keys(), from_key, key)?;
            let values = part(maps.values(), from_value, value)?;
            map_of(
                &call.types.result,
                keys,
                values,
                maps.offsets().clone(),
                maps.nulls().cloned(),
            )
        }
        (from, to) => Err(DataFusionError::Execution(format!(
            "{from} can't be cast to {to}"
        ))),
    }
}

/// Returns the lists without values that belong to none of them: those must not be looked at.
pub(crate) fn compact_list(list: &ListArray) -> Result<ListArray> {
    let mut places = Vec::new();
    for row in 0..list.len() {
        if list.is_valid(row) {
            places.extend(span(list.value_offsets(), row).map(|place| place as u64));
        }
    }
    let lengths = (0..list.len()).map(|row| {
        if list.is_valid(row) {
            span(list.value_offsets(), row).len()
        } else {
            0
        }
    });
    let offsets = arrow::buffer::OffsetBuffer::from_lengths(lengths);
    let values = take(
        list.values(),
        &arrow::array::UInt64Array::from(places),
        None,
    )?;
    let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let compact = ListArray::try_new(field, offsets, values, list.nulls().cloned())?;
    let compact: ArrayRef = Arc::new(compact);
    Ok(compact.as_list().clone())
}
