//! Arrays in the order of their elements.

use arrow::array::{Array, ArrayRef};
use arrow::compute::SortOptions;
use datafusion::common::Result;

use crate::functions::kernel::{Call, Kernel, Outcome, span};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] =
    &[("array_sort", array_sort), ("percentile", percentile)];

/// NULL goes last.
fn array_sort(call: &Call) -> Result<ArrayRef> {
    let list = call.list(0)?;
    let options = SortOptions {
        descending: false,
        nulls_first: false,
    };
    let compare = arrow::array::make_comparator(list.values(), list.values(), options)?;
    call.lists(list.values(), |row| {
        let mut places: Vec<usize> = span(list.value_offsets(), row).collect();
        places.sort_by(|left, right| compare(*left, *right));
        Ok(list
            .is_valid(row)
            .then(|| places.into_iter().map(Some).collect()))
    })
}

/// The element at a share of a sorted array.
fn percentile(call: &Call) -> Result<ArrayRef> {
    let list = call.list(0)?;
    let place = |row: usize, share: f64| -> Outcome<Option<usize>> {
        if !(0.0..=1.0).contains(&share) {
            return Err("a percentile is between 0 and 1".to_owned());
        }
        let places = span(list.value_offsets(), row);
        if list.is_null(row) || places.is_empty() {
            return Ok(None);
        }
        let index = (share * places.len() as f64) as usize;
        Ok(Some(places.start + index.min(places.len() - 1)))
    };
    if *call.ty(1) == Type::Double {
        let shares = call.double(1)?;
        let places = call.each(|row| match shares.is_valid(row) {
            true => place(row, shares.value(row)),
            false => Err("a percentile is not NULL".to_owned()),
        })?;
        let places: arrow::array::UInt64Array = places
            .into_iter()
            .map(|place| place.map(|place| place as u64))
            .collect();
        return Ok(arrow::compute::take(list.values(), &places, None)?);
    }
    let shares = call.list(1)?;
    let numbers =
        arrow::array::AsArray::as_primitive::<arrow::datatypes::Float64Type>(shares.values())
            .clone();
    call.lists(list.values(), |row| {
        if list.is_null(row) || shares.is_null(row) || list.value_length(row) == 0 {
            return Ok(None);
        }
        let mut places = Vec::new();
        for index in span(shares.value_offsets(), row) {
            if numbers.is_null(index) {
                return Err("a percentile is not NULL".to_owned());
            }
            places.push(place(row, numbers.value(index))?);
        }
        Ok(Some(places))
    })
}
