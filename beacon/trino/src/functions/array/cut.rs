//! Parts of an array, by their places, and its elements from the last to the first.

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;

use crate::functions::kernel::{Call, Kernel, span};
use crate::functions::text::mapped;

pub(crate) const KERNELS: &[(&str, Kernel)] =
    &[("reverse", reverse), ("slice", slice), ("first_n", first_n)];

fn reverse(call: &Call) -> Result<ArrayRef> {
    if call.ty(0).is_text() {
        return mapped(call, |text| text.chars().rev().collect());
    }
    let list = call.list(0)?;
    call.lists(list.values(), |row| {
        let places = span(list.value_offsets(), row).rev().map(Some);
        Ok(list.is_valid(row).then(|| places.collect()))
    })
}

fn slice(call: &Call) -> Result<ArrayRef> {
    let (list, starts, lengths) = (call.list(0)?, call.whole(1)?, call.whole(2)?);
    call.lists(list.values(), |row| {
        if list.is_null(row) || starts.is_null(row) || lengths.is_null(row) {
            return Ok(None);
        }
        let (start, length) = (starts.value(row), lengths.value(row));
        let Ok(length) = usize::try_from(length) else {
            return Err("the length of a slice is not negative".to_owned());
        };
        if start == 0 {
            return Err("the first element of an array is 1".to_owned());
        }
        let places = span(list.value_offsets(), row);
        let size = places.len() as i64;
        let skipped = if start > 0 { start - 1 } else { size + start };
        let Ok(skipped) = usize::try_from(skipped) else {
            return Ok(Some(Vec::new()));
        };
        Ok(Some(places.skip(skipped).take(length).map(Some).collect()))
    })
}

/// The first of a sorted array.
fn first_n(call: &Call) -> Result<ArrayRef> {
    let (list, counts) = (call.list(0)?, call.whole(1)?);
    call.lists(list.values(), |row| {
        if list.is_null(row) || counts.is_null(row) || list.value_length(row) == 0 {
            return Ok(None);
        }
        match usize::try_from(counts.value(row)) {
            Ok(count) if count > 0 => Ok(Some(
                span(list.value_offsets(), row)
                    .take(count)
                    .map(Some)
                    .collect(),
            )),
            _ => Err("the count of an aggregate is greater than zero".to_owned()),
        }
    })
}
