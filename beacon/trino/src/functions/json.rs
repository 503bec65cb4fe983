//! Functions over JSON.

use arrow::array::ArrayRef;
use datafusion::common::Result;

use super::json_document::Json;
use super::json_path::at_path;
use super::kernel::{Call, Kernel};
use super::text::value;
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("json_extract_scalar", extract_scalar),
    ("json_extract", extract),
    ("json_parse", parse),
    ("json_format", |call| call.array(0)),
    ("json_array_length", array_length),
    ("json_size", size),
];

fn extract_scalar(call: &Call) -> Result<ArrayRef> {
    let (texts, paths) = (call.text(0)?, call.text(1)?);
    call.texts(|row| {
        let (Some(text), Some(path)) = (value(&texts, row), value(&paths, row)) else {
            return Ok(None);
        };
        Ok(match at_path(text, path)? {
            Some(Json::Text(text) | Json::Number(text)) => Some(text),
            Some(Json::Boolean(value)) => Some(value.to_string()),
            _ => None,
        })
    })
}

fn extract(call: &Call) -> Result<ArrayRef> {
    let (texts, paths) = (call.text(0)?, call.text(1)?);
    call.texts(|row| {
        let (Some(text), Some(path)) = (value(&texts, row), value(&paths, row)) else {
            return Ok(None);
        };
        let Some(json) = at_path(text, path)? else {
            return Ok(None);
        };
        json.check_numbers()?;
        let mut text = String::new();
        json.write(&mut text);
        Ok(Some(text))
    })
}

fn parse(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.texts(|row| {
        let Some(text) = value(&texts, row) else {
            return Ok(None);
        };
        let json = Json::read(text).ok_or_else(|| format!("'{text}' is not JSON"))?;
        let mut text = String::new();
        json.sorted()?.write(&mut text);
        Ok(Some(text))
    })
}

fn array_length(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.wholes(|row| {
        let Some(text) = value(&texts, row) else {
            return Ok(None);
        };
        Ok(match at_path(text, "$")? {
            Some(Json::Array(items)) => Some(items.len() as i64),
            _ => None,
        })
    })
}

fn size(call: &Call) -> Result<ArrayRef> {
    let (texts, paths) = (call.text(0)?, call.text(1)?);
    call.wholes(|row| {
        let (Some(text), Some(path)) = (value(&texts, row), value(&paths, row)) else {
            return Ok(None);
        };
        Ok(at_path(text, path)?.map(|json| match json {
            Json::Array(items) => items.len() as i64,
            Json::Object(fields) => fields.len() as i64,
            _ => 0,
        }))
    })
}

/// The JSON of each row of an argument of type `json`.
pub(crate) fn documents(call: &Call) -> Result<Vec<Option<Json>>> {
    debug_assert_eq!(*call.ty(0), Type::Json);
    let texts = call.text(0)?;
    Ok((0..call.rows)
        .map(|row| Json::read(value(&texts, row)?))
        .collect())
}
