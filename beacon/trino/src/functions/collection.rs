//! Maps, subscripts of arrays and maps, and the rows that UNNEST makes of them.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, ListArray, MapArray, StructArray, UInt64Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Field};
use datafusion::common::Result;

use super::array_set::comparable;
use super::kernel::{Call, Kernel, Outcome, map_of, span};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("map", map),
    ("map_concat", map_concat),
    ("map_keys", |call| entries(call, true)),
    ("map_values", |call| entries(call, false)),
    ("element_at", |call| found(call, true)),
    ("subscript", |call| found(call, false)),
    ("zip", |call| zip(call, false, false)),
    ("zip_numbered", |call| zip(call, false, true)),
    ("zip_outer", |call| zip(call, true, false)),
    ("zip_outer_numbered", |call| zip(call, true, true)),
];

/// `MAP(keys, values)`.
fn map(call: &Call) -> Result<ArrayRef> {
    let (keys, values) = (call.list(0)?, call.list(1)?);
    let comparable_keys = comparable(keys.values())?;
    let rows = call.each(|row| {
        if keys.is_null(row) || values.is_null(row) {
            return Ok(None);
        }
        let (from, to) = (
            span(keys.value_offsets(), row),
            span(values.value_offsets(), row),
        );
        if from.len() != to.len() {
            return Err("the keys and the values of a map are as many".to_owned());
        }
        let mut seen = std::collections::HashSet::new();
        for key in from.clone() {
            if keys.values().is_null(key) {
                return Err("a key of a map is not NULL".to_owned());
            }
            if !seen.insert(comparable_keys.row(key)) {
                return Err("a key of a map is there once".to_owned());
            }
        }
        Ok(Some(from.zip(to).collect::<Vec<_>>()))
    })?;
    let nulls: NullBuffer = rows.iter().map(Option::is_some).collect();
    let offsets =
        OffsetBuffer::from_lengths(rows.iter().map(|row| row.as_ref().map_or(0, Vec::len)));
    let places = || rows.iter().flatten().flatten();
    let key_places: UInt64Array = places().map(|(key, _)| Some(*key as u64)).collect();
    let value_places: UInt64Array = places().map(|(_, value)| Some(*value as u64)).collect();
    map_of(
        &call.types.result,
        take(keys.values(), &key_places, None)?,
        take(values.values(), &value_places, None)?,
        offsets,
        Some(nulls),
    )
}

/// Of equal keys the last map's stays.
fn map_concat(call: &Call) -> Result<ArrayRef> {
    let mut maps = Vec::new();
    for index in 0..call.arguments.len() {
        maps.push(call.map(index)?);
    }
    let keys: Vec<&dyn Array> = maps.iter().map(|map| map.keys().as_ref()).collect();
    let values: Vec<&dyn Array> = maps.iter().map(|map| map.values().as_ref()).collect();
    let (keys, values) = (concat(&keys)?, concat(&values)?);
    let comparable_keys = comparable(&keys)?;
    let mut places: Vec<Option<u64>> = Vec::new();
    let mut lengths = Vec::new();
    let mut is_there = Vec::new();
    for row in 0..call.rows {
        let mut kept = HashMap::new();
        let mut order = Vec::new();
        let mut behind = 0;
        for map in &maps {
            for place in span(map.value_offsets(), row) {
                let key = comparable_keys.row(place + behind);
                if kept.insert(key, place + behind).is_none() {
                    order.push(key);
                }
            }
            behind += map.keys().len();
        }
        is_there.push(maps.iter().all(|map| map.is_valid(row)));
        lengths.push(order.len());
        places.extend(
            order
                .iter()
                .filter_map(|key| kept.get(key))
                .map(|place| Some(*place as u64)),
        );
    }
    let places = UInt64Array::from(places);
    map_of(
        &call.types.result,
        take(&keys, &places, None)?,
        take(&values, &places, None)?,
        OffsetBuffer::from_lengths(lengths),
        Some(NullBuffer::from(is_there)),
    )
}

fn entries(call: &Call, are_keys: bool) -> Result<ArrayRef> {
    let maps = call.map(0)?;
    let values = if are_keys { maps.keys() } else { maps.values() };
    let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    let list = ListArray::try_new(
        field,
        maps.offsets().clone(),
        Arc::clone(values),
        maps.nulls().cloned(),
    )?;
    Ok(Arc::new(list))
}

/// The element of a place or a key. Where it isn't there, `element_at` gives NULL and a subscript fails.
fn found(call: &Call, is_lenient: bool) -> Result<ArrayRef> {
    let places = match call.ty(0) {
        Type::Map(_, _) => return in_map(call, is_lenient),
        _ => {
            let (list, indices) = (call.list(0)?, call.whole(1)?);
            let places = call.each(|row| {
                if list.is_null(row) || indices.is_null(row) {
                    return Ok(None);
                }
                in_array(&list, row, indices.value(row), is_lenient)
            })?;
            (Arc::clone(list.values()), places)
        }
    };
    let (values, places) = places;
    let places: UInt64Array = places
        .into_iter()
        .map(|place| place.map(|place| place as u64))
        .collect();
    Ok(take(&values, &places, None)?)
}

fn in_array(list: &ListArray, row: usize, index: i64, is_lenient: bool) -> Outcome<Option<usize>> {
    let places = span(list.value_offsets(), row);
    let size = places.len() as i64;
    if index == 0 {
        return Err("the first element of an array is 1".to_owned());
    }
    let place = if index > 0 { index - 1 } else { size + index };
    match usize::try_from(place) {
        Ok(place) if place < places.len() && (index > 0 || is_lenient) => {
            Ok(Some(places.start + place))
        }
        _ if is_lenient => Ok(None),
        _ => Err(format!(
            "the array has {size} elements, and {index} is asked for: element_at gives NULL"
        )),
    }
}

fn in_map(call: &Call, is_lenient: bool) -> Result<ArrayRef> {
    let wanted = call.array(1)?;
    // A column's map is read as it is: only its keys are brought into form.
    let maps: MapArray = call.raw(0)?.as_map().clone();
    let keys = match maps.keys().data_type() == wanted.data_type() {
        true => Arc::clone(maps.keys()),
        false => arrow::compute::cast(maps.keys(), wanted.data_type())?,
    };
    let place_of: Box<dyn Fn(usize) -> Option<usize>> =
        match (keys.as_string_view_opt(), wanted.as_string_view_opt()) {
            (Some(keys), Some(wanted)) => {
                let (keys, wanted, maps) = (keys.clone(), wanted.clone(), maps.clone());
                Box::new(move |row| {
                    let wanted = wanted.value(row);
                    span(maps.value_offsets(), row).find(|place| keys.value(*place) == wanted)
                })
            }
            _ => {
                let (keys, wanted, maps) = (comparable(&keys)?, comparable(&wanted)?, maps.clone());
                Box::new(move |row| {
                    span(maps.value_offsets(), row)
                        .find(|place| keys.row(*place) == wanted.row(row))
                })
            }
        };
    let places = call.each(|row| {
        if maps.is_null(row) || wanted.is_null(row) {
            return Ok(None);
        }
        match place_of(row) {
            None if !is_lenient => {
                Err("the map doesn't have this key: element_at gives NULL".to_owned())
            }
            place => Ok(place),
        }
    })?;
    let places: UInt64Array = places
        .into_iter()
        .map(|place| place.map(|place| place as u64))
        .collect();
    let values = take(maps.values(), &places, None)?;
    Ok(arrow::compute::cast(&values, &call.types.result.arrow())?)
}

/// Arrays and maps side by side, as rows: what is shorter is filled with NULL.
fn zip(call: &Call, keeps_empty: bool, is_numbered: bool) -> Result<ArrayRef> {
    let mut columns: Vec<(ArrayRef, Vec<std::ops::Range<usize>>)> = Vec::new();
    for index in 0..call.arguments.len() {
        if matches!(call.ty(index), Type::Map(_, _)) {
            let maps = call.map(index)?;
            let spans: Vec<_> = (0..call.rows)
                .map(|row| {
                    if maps.is_valid(row) {
                        span(maps.value_offsets(), row)
                    } else {
                        0..0
                    }
                })
                .collect();
            columns.push((Arc::clone(maps.keys()), spans.clone()));
            columns.push((Arc::clone(maps.values()), spans));
        } else {
            let list = call.list(index)?;
            let spans = (0..call.rows).map(|row| {
                if list.is_valid(row) {
                    span(list.value_offsets(), row)
                } else {
                    0..0
                }
            });
            columns.push((Arc::clone(list.values()), spans.collect()));
        }
    }
    let mut lengths = Vec::new();
    for row in 0..call.rows {
        let longest = columns
            .iter()
            .map(|(_, spans)| spans[row].len())
            .max()
            .unwrap_or(0);
        lengths.push(if keeps_empty { longest.max(1) } else { longest });
    }
    let mut fields: Vec<ArrayRef> = Vec::new();
    for (values, spans) in &columns {
        let mut places: Vec<Option<u64>> = Vec::new();
        for (range, length) in spans.iter().zip(&lengths) {
            places.extend(
                (0..*length)
                    .map(|index| (index < range.len()).then_some((range.start + index) as u64)),
            );
        }
        fields.push(take(values, &UInt64Array::from(places), None)?);
    }
    if is_numbered {
        let mut numbers: Vec<Option<i64>> = Vec::new();
        for (row, length) in lengths.iter().enumerate() {
            let is_empty = columns.iter().all(|(_, spans)| spans[row].is_empty());
            numbers.extend((0..*length).map(|index| (!is_empty).then_some(index as i64 + 1)));
        }
        fields.push(Arc::new(Int64Array::from(numbers)));
    }
    let DataType::List(item) = call.types.result.arrow() else {
        return datafusion::common::exec_err!("the result is no array");
    };
    let DataType::Struct(types) = item.data_type() else {
        return datafusion::common::exec_err!("the result has no rows");
    };
    let rows = StructArray::try_new(types.clone(), fields, None)?;
    Ok(Arc::new(ListArray::try_new(
        item,
        OffsetBuffer::from_lengths(lengths),
        Arc::new(rows),
        None,
    )?))
}
