//! Characters and their numbers in Unicode.

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;

use super::value;
use crate::functions::kernel::{Call, Kernel};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("chr", chr), ("codepoint", codepoint)];

fn chr(call: &Call) -> Result<ArrayRef> {
    let codes = call.whole(0)?;
    call.texts(|row| {
        if codes.is_null(row) {
            return Ok(None);
        }
        let code = codes.value(row);
        match u32::try_from(code).ok().and_then(char::from_u32) {
            Some(character) => Ok(Some(character.to_string())),
            None => Err(format!("{code} is not a character")),
        }
    })
}

fn codepoint(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.wholes(|row| {
        let Some(text) = value(&texts, row) else {
            return Ok(None);
        };
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(one), None) => Ok(Some(i64::from(u32::from(one)))),
            _ => Err("codepoint takes one character".to_owned()),
        }
    })
}
