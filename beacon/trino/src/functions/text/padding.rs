//! Texts filled up to a length.

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;

use super::value;
use crate::functions::kernel::{Call, Kernel};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("lpad", |call| padded(call, true)),
    ("rpad", |call| padded(call, false)),
];

/// Trino's limit of a filled text.
const MAX_PADDED: usize = i32::MAX as usize;

fn padded(call: &Call, is_left: bool) -> Result<ArrayRef> {
    let (texts, sizes, fills) = (call.text(0)?, call.whole(1)?, call.text(2)?);
    call.texts(|row| {
        let (Some(text), Some(fill)) = (value(&texts, row), value(&fills, row)) else {
            return Ok(None);
        };
        if sizes.is_null(row) {
            return Ok(None);
        }
        let size =
            usize::try_from(sizes.value(row)).map_err(|_| "a size is not negative".to_owned())?;
        if fill.is_empty() {
            return Err("the text to fill with is not empty".to_owned());
        }
        if size > MAX_PADDED {
            return Err(format!("{size} is more characters than are filled here"));
        }
        let length = text.chars().count();
        if length >= size {
            return Ok(Some(text.chars().take(size).collect()));
        }
        let filled: String = fill.chars().cycle().take(size - length).collect();
        Ok(Some(if is_left {
            filled + text
        } else {
            format!("{text}{filled}")
        }))
    })
}
