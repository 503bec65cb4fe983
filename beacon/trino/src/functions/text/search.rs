//! Texts within a text: found and replaced.

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;

use super::value;
use crate::functions::kernel::{Call, Kernel};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("strpos", strpos),
    ("starts_with", starts_with),
    ("replace", replace),
];

fn strpos(call: &Call) -> Result<ArrayRef> {
    let (texts, parts) = (call.text(0)?, call.text(1)?);
    let instances = match call.has(2) {
        true => Some(call.whole(2)?),
        false => None,
    };
    call.wholes(|row| {
        let (Some(text), Some(part)) = (value(&texts, row), value(&parts, row)) else {
            return Ok(None);
        };
        let instance = match &instances {
            None => 1,
            Some(instances) if instances.is_null(row) => return Ok(None),
            Some(instances) => instances.value(row),
        };
        if instance == 0 {
            return Err("an instance of strpos is not 0".to_owned());
        }
        if part.is_empty() {
            return match instance {
                1 => Ok(Some(1)),
                _ => Err("the empty text has no instances".to_owned()),
            };
        }
        let mut found: Vec<usize> = text
            .char_indices()
            .map(|(place, _)| place)
            .filter(|place| text[*place..].starts_with(part))
            .collect();
        if instance < 0 {
            found.reverse();
        }
        let wanted = usize::try_from(instance.unsigned_abs() - 1).unwrap_or(usize::MAX);
        Ok(Some(match found.get(wanted) {
            Some(place) => text[..*place].chars().count() as i64 + 1,
            None => 0,
        }))
    })
}

fn starts_with(call: &Call) -> Result<ArrayRef> {
    let (texts, parts) = (call.text(0)?, call.text(1)?);
    call.booleans(|row| {
        let (Some(text), Some(part)) = (value(&texts, row), value(&parts, row)) else {
            return Ok(None);
        };
        Ok(Some(text.starts_with(part)))
    })
}

fn replace(call: &Call) -> Result<ArrayRef> {
    let (texts, parts) = (call.text(0)?, call.text(1)?);
    let others = match call.has(2) {
        true => Some(call.text(2)?),
        false => None,
    };
    call.texts(|row| {
        let (Some(text), Some(part)) = (value(&texts, row), value(&parts, row)) else {
            return Ok(None);
        };
        let other = match &others {
            None => "",
            Some(others) => match value(others, row) {
                Some(other) => other,
                None => return Ok(None),
            },
        };
        Ok(Some(text.replace(part, other)))
    })
}
