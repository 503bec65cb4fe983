//! Parts of a text: by their places, or by the delimiters around them.

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;

use super::value;
use crate::functions::kernel::{Call, Kernel};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("substr", substr), ("split_part", split_part)];

fn substr(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    let starts = call.whole(1)?;
    let lengths = match call.has(2) {
        true => Some(call.whole(2)?),
        false => None,
    };
    call.texts(|row| {
        let Some(text) = value(&texts, row).filter(|_| starts.is_valid(row)) else {
            return Ok(None);
        };
        let length = match &lengths {
            Some(lengths) if lengths.is_null(row) => return Ok(None),
            Some(lengths) => lengths.value(row),
            None => i64::MAX,
        };
        Ok(Some(part(text, starts.value(row), length)))
    })
}

fn part(text: &str, start: i64, length: i64) -> &str {
    let total = if start < 0 {
        text.chars().count() as i64
    } else {
        0
    };
    let skipped = if start < 0 { total + start } else { start - 1 };
    if start == 0 || length <= 0 || skipped < 0 {
        return "";
    }
    let mut places = text
        .char_indices()
        .map(|(place, _)| place)
        .chain([text.len()]);
    let Some(from) = places.nth(usize::try_from(skipped).unwrap_or(usize::MAX)) else {
        return "";
    };
    let to = places
        .nth(usize::try_from(length - 1).unwrap_or(usize::MAX))
        .unwrap_or(text.len());
    &text[from..to]
}

fn split_part(call: &Call) -> Result<ArrayRef> {
    let (texts, delimiters, indices) = (call.text(0)?, call.text(1)?, call.whole(2)?);
    call.texts(|row| {
        let (Some(text), Some(delimiter)) = (value(&texts, row), value(&delimiters, row)) else {
            return Ok(None);
        };
        if indices.is_null(row) {
            return Ok(None);
        }
        let Some(index) = usize::try_from(indices.value(row))
            .ok()
            .and_then(|index| index.checked_sub(1))
        else {
            return Err("an index must be greater than zero".to_owned());
        };
        if delimiter.is_empty() {
            let place = text.char_indices().nth(index);
            return Ok(place.map(|(place, character)| &text[place..place + character.len_utf8()]));
        }
        Ok(text.split(delimiter).nth(index))
    })
}
