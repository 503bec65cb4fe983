//! Casts from and to JSON.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, StringViewArray,
    new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{cast, concat};
use arrow::datatypes::Field;
use datafusion::common::{DataFusionError, Result};

use super::cast_text::{read_boolean, read_double, read_whole, texts};
use super::json::documents;
use super::json_document::{Json, write_text};
use super::kernel::{Call, Outcome, is_unanswered, map_of, span};
use crate::signature_text::CallTypes;
use crate::types::Type;

pub(crate) fn from_json(call: &Call) -> Result<ArrayRef> {
    let documents = documents(call)?;
    let mut rows = Vec::with_capacity(documents.len());
    for document in &documents {
        let one = match document {
            Some(json) => built(&[Some(json)], &call.types.result),
            None => Ok(new_null_array(&call.types.result.arrow(), 1)),
        };
        rows.push(match one {
            Ok(row) => row,
            Err(message) if call.types.tries && !is_unanswered(&message) => {
                new_null_array(&call.types.result.arrow(), 1)
            }
            Err(message) => return Err(DataFusionError::Execution(message)),
        });
    }
    if rows.is_empty() {
        return Ok(new_null_array(&call.types.result.arrow(), 0));
    }
    let rows: Vec<&dyn Array> = rows.iter().map(AsRef::as_ref).collect();
    Ok(concat(&rows)?)
}

/// Values of a type from JSON.
fn built(values: &[Option<&Json>], ty: &Type) -> Outcome<ArrayRef> {
    let broken = |error: arrow::error::ArrowError| error.to_string();
    match ty {
        Type::Varchar(_) => {
            let texts: Outcome<Vec<Option<String>>> = each(
                values,
                |json| match json {
                    Json::Text(text) | Json::Number(text) => Some(text.clone()),
                    Json::Boolean(value) => Some(value.to_string()),
                    _ => None,
                },
                ty,
            );
            Ok(Arc::new(StringViewArray::from_iter(texts?)))
        }
        Type::Boolean => {
            let booleans = each(
                values,
                |json| match json {
                    Json::Boolean(value) => Some(*value),
                    Json::Text(text) => read_boolean(text).ok(),
                    _ => None,
                },
                ty,
            )?;
            Ok(Arc::new(BooleanArray::from(booleans)))
        }
        Type::Integer | Type::Bigint => {
            let wholes = each(
                values,
                |json| match json {
                    Json::Number(digits) | Json::Text(digits) => read_whole(digits, ty).ok(),
                    Json::Boolean(value) => Some(i64::from(*value)),
                    _ => None,
                },
                ty,
            )?;
            let is_too_great = wholes
                .iter()
                .flatten()
                .any(|value| *ty == Type::Integer && i32::try_from(*value).is_err());
            if is_too_great {
                return Err(format!("JSON with a number out of the range of {ty}"));
            }
            let wholes: ArrayRef = Arc::new(Int64Array::from(wholes));
            cast(&wholes, &ty.arrow()).map_err(broken)
        }
        Type::Double => {
            let doubles = each(
                values,
                |json| match json {
                    Json::Number(digits) | Json::Text(digits) => read_double(digits).ok(),
                    Json::Boolean(value) => Some(f64::from(u8::from(*value))),
                    _ => None,
                },
                ty,
            )?;
            Ok(Arc::new(Float64Array::from(doubles)))
        }
        Type::Array(element) => {
            let lists = each(
                values,
                |json| match json {
                    Json::Array(items) => Some(items),
                    _ => None,
                },
                ty,
            )?;
            let items: Vec<Option<&Json>> = lists
                .iter()
                .flatten()
                .flat_map(|items| items.iter())
                .map(Some)
                .collect();
            let items = built(&items, element)?;
            let nulls: NullBuffer = lists.iter().map(Option::is_some).collect();
            let offsets =
                OffsetBuffer::from_lengths(lists.iter().map(|list| list.map_or(0, Vec::len)));
            let field = Arc::new(Field::new_list_field(element.arrow(), true));
            Ok(Arc::new(
                ListArray::try_new(field, offsets, items, Some(nulls)).map_err(broken)?,
            ))
        }
        Type::Map(key, value) => {
            let maps = each(
                values,
                |json| match json {
                    Json::Object(fields) => Some(fields),
                    _ => None,
                },
                ty,
            )?;
            let names: Vec<Json> = maps
                .iter()
                .flatten()
                .flat_map(|fields| fields.iter())
                .map(|(key, _)| Json::Text(key.clone()))
                .collect();
            let names: Vec<Option<&Json>> = names.iter().map(Some).collect();
            let items: Vec<Option<&Json>> = maps
                .iter()
                .flatten()
                .flat_map(|fields| fields.iter())
                .map(|(_, value)| Some(value))
                .collect();
            let nulls: NullBuffer = maps.iter().map(Option::is_some).collect();
            let offsets =
                OffsetBuffer::from_lengths(maps.iter().map(|map| map.map_or(0, Vec::len)));
            map_of(
                ty,
                built(&names, key)?,
                built(&items, value)?,
                offsets,
                Some(nulls),
            )
            .map_err(|error| error.to_string())
        }
        Type::Json => {
            let texts = each(
                values,
                |json| {
                    let mut text = String::new();
                    json.write(&mut text);
                    Some(text)
                },
                ty,
            )?;
            Ok(Arc::new(StringViewArray::from_iter(texts)))
        }
        other => Err(format!("json can't be cast to {other}")),
    }
}

fn each<'j, T>(
    values: &[Option<&'j Json>],
    of: impl Fn(&'j Json) -> Option<T>,
    ty: &Type,
) -> Outcome<Vec<Option<T>>> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        all.push(match value {
            None | Some(Json::Null) if *ty != Type::Json => None,
            None => None,
            Some(json) => match of(json) {
                Some(value) => Some(value),
                None => return Err(format!("a cast of this JSON to {ty} is not answered")),
            },
        });
    }
    Ok(all)
}

pub(crate) fn to_json(call: &Call) -> Result<ArrayRef> {
    let documents = json_texts(call)?;
    call.texts(|row| Ok(documents[row].clone()))
}

fn json_texts(call: &Call) -> Result<Vec<Option<String>>> {
    let part = |values: &ArrayRef, ty: &Type| -> Result<Vec<Option<String>>> {
        json_texts(&Call {
            arguments: vec![Arc::clone(values)],
            rows: values.len(),
            types: CallTypes {
                tries: false,
                arguments: vec![ty.clone()],
                result: Type::Json,
            },
        })
    };
    let or_null = |text: &Option<String>| text.clone().unwrap_or_else(|| "null".to_owned());
    match call.ty(0) {
        Type::Array(element) => {
            let list = call.list(0)?;
            let items = part(list.values(), element)?;
            Ok((0..call.rows)
                .map(|row| {
                    let items: Vec<String> = span(list.value_offsets(), row)
                        .map(|place| or_null(&items[place]))
                        .collect();
                    list.is_valid(row).then(|| format!("[{}]", items.join(",")))
                })
                .collect())
        }
        Type::Map(key, value) => {
            let maps = call.map(0)?;
            let (keys, values) = (part(maps.keys(), key)?, part(maps.values(), value)?);
            Ok((0..call.rows)
                .map(|row| {
                    let mut fields: Vec<(String, String)> = span(maps.value_offsets(), row)
                        .map(|place| (or_null(&keys[place]), or_null(&values[place])))
                        .collect();
                    fields.sort();
                    let fields: Vec<String> = fields
                        .into_iter()
                        .map(|(key, value)| format!("{key}:{value}"))
                        .collect();
                    maps.is_valid(row)
                        .then(|| format!("{{{}}}", fields.join(",")))
                })
                .collect())
        }
        ty => {
            let is_text = ty.is_text();
            let values = texts(call)?;
            Ok(values
                .into_iter()
                .map(|value| {
                    let value = value?;
                    if !is_text {
                        return Some(value);
                    }
                    let mut text = String::new();
                    write_text(&value, &mut text);
                    Some(text)
                })
                .collect())
        }
    }
}
