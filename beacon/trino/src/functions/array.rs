//! Arrays and rows made of values, and arrays made of arrays.

pub(super) mod cut;
pub(super) mod join;
pub(super) mod order;
pub(super) mod sequence;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, StructArray, new_null_array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{concat, interleave};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;

use super::kernel::{Call, Kernel, list_of, span};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("array", array),
    ("row", row),
    ("array_concat", array_concat),
    ("flatten", flatten),
    ("repeat", repeat),
];

/// `ARRAY[…]`: each argument is an element.
fn array(call: &Call) -> Result<ArrayRef> {
    let Type::Array(element) = &call.types.result else {
        return datafusion::common::exec_err!("the result is no array");
    };
    let width = call.arguments.len();
    if width == 0 {
        let empty = new_null_array(&element.arrow(), 0);
        return list_of(&empty, vec![Some(Vec::new()); call.rows]);
    }
    let mut columns = Vec::new();
    for index in 0..width {
        columns.push(call.array(index)?);
    }
    let places: Vec<(usize, usize)> = (0..call.rows)
        .flat_map(|row| (0..width).map(move |column| (column, row)))
        .collect();
    let columns: Vec<&dyn Array> = columns.iter().map(AsRef::as_ref).collect();
    let values = interleave(&columns, &places)?;
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(width, call.rows));
    let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    Ok(Arc::new(ListArray::try_new(field, offsets, values, None)?))
}

fn row(call: &Call) -> Result<ArrayRef> {
    let DataType::Struct(fields) = call.types.result.arrow() else {
        return datafusion::common::exec_err!("the result is no row");
    };
    let mut columns = Vec::new();
    for index in 0..call.arguments.len() {
        columns.push(call.array(index)?);
    }
    Ok(Arc::new(StructArray::try_new(fields, columns, None)?))
}

fn array_concat(call: &Call) -> Result<ArrayRef> {
    let (left, right) = (call.list(0)?, call.list(1)?);
    let values = concat(&[left.values().as_ref(), right.values().as_ref()])?;
    let behind = left.values().len();
    call.lists(&values, |row| {
        if left.is_null(row) || right.is_null(row) {
            return Ok(None);
        }
        let first = span(left.value_offsets(), row).map(Some);
        let second = span(right.value_offsets(), row).map(|place| Some(place + behind));
        Ok(Some(first.chain(second).collect()))
    })
}

fn flatten(call: &Call) -> Result<ArrayRef> {
    let outer = call.list(0)?;
    let inner: ListArray = arrow::array::AsArray::as_list::<i32>(outer.values()).clone();
    call.lists(inner.values(), |row| {
        if outer.is_null(row) {
            return Ok(None);
        }
        let lists = span(outer.value_offsets(), row).filter(|list| inner.is_valid(*list));
        Ok(Some(
            lists
                .flat_map(|list| span(inner.value_offsets(), list))
                .map(Some)
                .collect(),
        ))
    })
}

/// Elements of one array.
pub(super) const MAX_REPEATED: usize = 10_000;

fn repeat(call: &Call) -> Result<ArrayRef> {
    let (values, counts) = (call.array(0)?, call.whole(1)?);
    call.lists(&values, |row| {
        if counts.is_null(row) {
            return Ok(None);
        }
        let count = usize::try_from(counts.value(row)).unwrap_or(0);
        if count > MAX_REPEATED {
            return Err(format!("repeat gives at most {MAX_REPEATED} elements"));
        }
        Ok(Some(vec![Some(row); count]))
    })
}
