//! Arrays by what is in them.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, UInt64Array};
use arrow::compute::{SortOptions, concat, take};
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::common::Result;

use super::kernel::{Call, Kernel, span};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("array_distinct", array_distinct),
    ("array_except", |call| combined(call, |is_in, _| !is_in)),
    ("array_intersect", |call| combined(call, |is_in, _| is_in)),
    ("array_union", array_union),
    ("arrays_overlap", arrays_overlap),
    ("array_position", array_position),
    ("array_remove", array_remove),
    ("contains", contains),
    ("array_max", |call| extreme(call, true)),
    ("array_min", |call| extreme(call, false)),
    ("cardinality", cardinality),
];

/// Values in a form in which equal ones have equal bytes.
pub(crate) fn comparable(values: &ArrayRef) -> Result<Rows> {
    let converter = RowConverter::new(vec![SortField::new(values.data_type().clone())])?;
    Ok(converter.convert_columns(&[Arc::clone(values)])?)
}

fn array_distinct(call: &Call) -> Result<ArrayRef> {
    let list = call.list(0)?;
    let rows = comparable(list.values())?;
    call.lists(list.values(), |row| {
        let mut seen = HashSet::new();
        let places = span(list.value_offsets(), row);
        Ok(list.is_valid(row).then(|| {
            places
                .filter(|place| seen.insert(rows.row(*place)))
                .map(Some)
                .collect()
        }))
    })
}

/// The distinct elements of the first that are, or are not, in the second.
fn combined(call: &Call, keeps: fn(bool, bool) -> bool) -> Result<ArrayRef> {
    let (left, right) = (call.list(0)?, call.list(1)?);
    let behind = left.values().len();
    let all = concat(&[left.values().as_ref(), right.values().as_ref()])?;
    let rows = comparable(&all)?;
    call.lists(&all, |row| {
        if left.is_null(row) || right.is_null(row) {
            return Ok(None);
        }
        let others: HashSet<_> = span(right.value_offsets(), row)
            .map(|place| rows.row(place + behind))
            .collect();
        let mut seen = HashSet::new();
        let places = span(left.value_offsets(), row);
        let kept = places.filter(|place| {
            let value = rows.row(*place);
            keeps(others.contains(&value), true) && seen.insert(value)
        });
        Ok(Some(kept.map(Some).collect()))
    })
}

fn array_union(call: &Call) -> Result<ArrayRef> {
    let (left, right) = (call.list(0)?, call.list(1)?);
    let behind = left.values().len();
    let all = concat(&[left.values().as_ref(), right.values().as_ref()])?;
    let rows = comparable(&all)?;
    call.lists(&all, |row| {
        if left.is_null(row) || right.is_null(row) {
            return Ok(None);
        }
        let mut seen = HashSet::new();
        let first = span(left.value_offsets(), row);
        let second = span(right.value_offsets(), row).map(|place| place + behind);
        Ok(Some(
            first
                .chain(second)
                .filter(|place| seen.insert(rows.row(*place)))
                .map(Some)
                .collect(),
        ))
    })
}

fn arrays_overlap(call: &Call) -> Result<ArrayRef> {
    let (left, right) = (call.list(0)?, call.list(1)?);
    let (left_rows, right_rows) = (comparable(left.values())?, comparable(right.values())?);
    call.booleans(|row| {
        if left.is_null(row) || right.is_null(row) {
            return Ok(None);
        }
        let (lefts, rights) = (
            span(left.value_offsets(), row),
            span(right.value_offsets(), row),
        );
        let others: HashSet<_> = rights
            .clone()
            .filter(|place| right.values().is_valid(*place))
            .map(|place| right_rows.row(place))
            .collect();
        let is_there = lefts
            .clone()
            .any(|place| left.values().is_valid(place) && others.contains(&left_rows.row(place)));
        if is_there {
            return Ok(Some(true));
        }
        let has_null = (lefts.clone().any(|place| left.values().is_null(place))
            || rights.clone().any(|place| right.values().is_null(place)))
            && !lefts.is_empty()
            && !rights.is_empty();
        Ok((!has_null).then_some(false))
    })
}

fn array_position(call: &Call) -> Result<ArrayRef> {
    let (list, wanted) = (call.list(0)?, call.array(1)?);
    let (rows, wanted_rows) = (comparable(list.values())?, comparable(&wanted)?);
    call.wholes(|row| {
        if list.is_null(row) || wanted.is_null(row) {
            return Ok(None);
        }
        let mut places = span(list.value_offsets(), row);
        let found = places.position(|place| rows.row(place) == wanted_rows.row(row));
        Ok(Some(found.map_or(0, |index| index as i64 + 1)))
    })
}

fn array_remove(call: &Call) -> Result<ArrayRef> {
    let (list, wanted) = (call.list(0)?, call.array(1)?);
    let (rows, wanted_rows) = (comparable(list.values())?, comparable(&wanted)?);
    call.lists(list.values(), |row| {
        if list.is_null(row) || wanted.is_null(row) {
            return Ok(None);
        }
        let places = span(list.value_offsets(), row);
        Ok(Some(
            places
                .filter(|place| rows.row(*place) != wanted_rows.row(row))
                .map(Some)
                .collect(),
        ))
    })
}

fn contains(call: &Call) -> Result<ArrayRef> {
    let (list, wanted) = (call.list(0)?, call.array(1)?);
    let (rows, wanted_rows) = (comparable(list.values())?, comparable(&wanted)?);
    call.booleans(|row| {
        if list.is_null(row) || wanted.is_null(row) {
            return Ok(None);
        }
        let places = span(list.value_offsets(), row);
        if places
            .clone()
            .any(|place| rows.row(place) == wanted_rows.row(row))
        {
            return Ok(Some(true));
        }
        let has_null = places.into_iter().any(|place| list.values().is_null(place));
        Ok((!has_null).then_some(false))
    })
}

/// NULL if an element is.
fn extreme(call: &Call, is_greatest: bool) -> Result<ArrayRef> {
    let list = call.list(0)?;
    let compare =
        arrow::array::make_comparator(list.values(), list.values(), SortOptions::default())?;
    let places: UInt64Array = (0..call.rows)
        .map(|row| {
            let places = span(list.value_offsets(), row);
            let has_null = places.clone().any(|place| list.values().is_null(place));
            if list.is_null(row) || has_null {
                return None;
            }
            let best = match is_greatest {
                true => places.max_by(|left, right| compare(*left, *right)),
                false => places.min_by(|left, right| compare(*left, *right)),
            };
            best.map(|place| place as u64)
        })
        .collect();
    Ok(take(list.values(), &places, None)?)
}

fn cardinality(call: &Call) -> Result<ArrayRef> {
    if matches!(call.ty(0), crate::types::Type::Map(_, _)) {
        let maps = call.map(0)?;
        return call.wholes(|row| {
            Ok(maps
                .is_valid(row)
                .then(|| span(maps.value_offsets(), row).len() as i64))
        });
    }
    let list = call.list(0)?;
    call.wholes(|row| {
        Ok(list
            .is_valid(row)
            .then(|| span(list.value_offsets(), row).len() as i64))
    })
}
