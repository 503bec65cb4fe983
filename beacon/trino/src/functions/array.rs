//! Arrays: made, joined, read and cut.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, StructArray, new_null_array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{SortOptions, concat, interleave};
use arrow::datatypes::{DataType, Field};
use chrono::TimeDelta;
use datafusion::common::Result;

use super::calendar::plus_months;
use super::cast_text::texts;
use super::interval::counts;
use super::kernel::{Call, Kernel, list_of, span};
use super::text::value;
use crate::signature_text::CallTypes;
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("array", array),
    ("row", row),
    ("array_concat", array_concat),
    ("array_join", array_join),
    ("reverse", reverse),
    ("slice", slice),
    ("first_n", first_n),
    ("flatten", flatten),
    ("repeat", repeat),
    ("sequence", sequence),
    ("array_sort", array_sort),
    ("percentile", percentile),
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

/// The texts of the values of a list.
fn element_texts(list: &ListArray, element: &Type) -> Result<Vec<Option<String>>> {
    texts(&Call {
        arguments: vec![Arc::clone(list.values())],
        rows: list.values().len(),
        types: CallTypes {
            tries: false,
            arguments: vec![element.clone()],
            result: Type::Varchar(None),
        },
    })
}

fn array_join(call: &Call) -> Result<ArrayRef> {
    let list = call.list(0)?;
    let Type::Array(element) = call.ty(0) else {
        return datafusion::common::exec_err!("array_join takes an array");
    };
    let elements = element_texts(&list, element)?;
    let separators = call.text(1)?;
    let fills = match call.has(2) {
        true => Some(call.text(2)?),
        false => None,
    };
    call.texts(|row| {
        let Some(separator) = value(&separators, row).filter(|_| list.is_valid(row)) else {
            return Ok(None);
        };
        let fill = match &fills {
            None => None,
            Some(fills) => match value(fills, row) {
                Some(fill) => Some(fill),
                None => return Ok(None),
            },
        };
        let parts: Vec<&str> = span(list.value_offsets(), row)
            .filter_map(|place| elements[place].as_deref().or(fill))
            .collect();
        Ok(Some(parts.join(separator)))
    })
}

fn reverse(call: &Call) -> Result<ArrayRef> {
    if call.ty(0).is_text() {
        return super::text::mapped(call, |text| text.chars().rev().collect());
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
const MAX_REPEATED: usize = 10_000;

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

/// Both ends belong to it.
fn sequence(call: &Call) -> Result<ArrayRef> {
    let is_time = !call.ty(0).is_whole_number();
    let too_long = || format!("a sequence has at most {MAX_REPEATED} elements");
    let mut all: Vec<i64> = Vec::new();
    let mut walls = Vec::new();
    let mut rows: Vec<Option<usize>> = Vec::new();
    if is_time {
        let (starts, stops) = (call.times(0)?, call.times(1)?);
        let steps = match call.has(2) {
            true => Some(counts(call, 2)?),
            false => None,
        };
        let is_months = *call.ty(2) == Type::IntervalYearMonth;
        let found = call.each(|row| {
            let (Some(start), Some(stop)) = (starts.wall(row), stops.wall(row)) else {
                return Ok(None);
            };
            let step = match &steps {
                None if start > stop => -86_400_000,
                None => 86_400_000,
                Some(steps) if steps.is_null(row) => return Ok(None),
                Some(steps) => steps.value(row),
            };
            if step == 0 || (step > 0 && start > stop) || (step < 0 && start < stop) {
                return Err("the step of a sequence leads from its start to its end".to_owned());
            }
            let mut times = Vec::new();
            for index in 0.. {
                let time = match is_months {
                    true => plus_months(start, step * index)?,
                    false => start + TimeDelta::milliseconds(step * index),
                };
                if (step > 0 && time > stop) || (step < 0 && time < stop) {
                    break;
                }
                if times.len() == MAX_REPEATED {
                    return Err(too_long());
                }
                times.push(time);
            }
            Ok(Some(times))
        })?;
        for row in found {
            rows.push(row.as_ref().map(Vec::len));
            walls.extend(row.into_iter().flatten());
        }
    } else {
        let (starts, stops) = (call.whole(0)?, call.whole(1)?);
        let steps = match call.has(2) {
            true => Some(call.whole(2)?),
            false => None,
        };
        let found = call.each(|row| {
            if starts.is_null(row) || stops.is_null(row) {
                return Ok(None);
            }
            let (start, stop) = (starts.value(row), stops.value(row));
            let step = match &steps {
                None if start > stop => -1,
                None => 1,
                Some(steps) if steps.is_null(row) => return Ok(None),
                Some(steps) => steps.value(row),
            };
            if step == 0 || (step > 0 && start > stop) || (step < 0 && start < stop) {
                return Err("the step of a sequence leads from its start to its end".to_owned());
            }
            let mut numbers = Vec::new();
            let mut next = Some(start);
            while let Some(number) = next {
                if (step > 0 && number > stop) || (step < 0 && number < stop) {
                    break;
                }
                if numbers.len() == MAX_REPEATED {
                    return Err(too_long());
                }
                numbers.push(number);
                next = number.checked_add(step);
            }
            Ok(Some(numbers))
        })?;
        for row in found {
            rows.push(row.as_ref().map(Vec::len));
            all.extend(row.into_iter().flatten());
        }
    }
    let Type::Array(element) = &call.types.result else {
        return datafusion::common::exec_err!("the result is no array");
    };
    let count = if is_time { walls.len() } else { all.len() };
    let elements = Call {
        arguments: Vec::new(),
        rows: count,
        types: CallTypes {
            tries: false,
            arguments: Vec::new(),
            result: element.as_ref().clone(),
        },
    };
    let values = match is_time {
        true => elements.walls(|row| Ok(walls.get(row).copied()))?,
        false => elements.wholes(|row| Ok(all.get(row).copied()))?,
    };
    let mut next = 0;
    let places = rows.into_iter().map(|length| {
        length.map(|length| {
            let from = next;
            next += length;
            (from..next).map(Some).collect()
        })
    });
    let places = places.collect();
    list_of(&values, places)
}

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
    let place = |row: usize, share: f64| -> super::kernel::Outcome<Option<usize>> {
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
