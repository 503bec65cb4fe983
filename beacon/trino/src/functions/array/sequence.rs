//! Numbers and times from one to another, step by step.

use arrow::array::{Array, ArrayRef};
use chrono::{NaiveDateTime, TimeDelta};
use datafusion::common::Result;

use super::MAX_REPEATED;
use crate::functions::calendar::step::plus_months;
use crate::functions::interval::counts;
use crate::functions::kernel::{Call, Kernel, list_of};
use crate::signature_text::CallTypes;
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("sequence", sequence)];

/// Both ends belong to it.
fn sequence(call: &Call) -> Result<ArrayRef> {
    if call.ty(0).is_whole_number() {
        return arrays(call, numbers(call)?, |elements, all| {
            elements.wholes(|row| Ok(all.get(row).copied()))
        });
    }
    arrays(call, times(call)?, |elements, all| {
        elements.walls(|row| Ok(all.get(row).copied()))
    })
}

fn times(call: &Call) -> Result<Vec<Option<Vec<NaiveDateTime>>>> {
    let (starts, stops) = (call.times(0)?, call.times(1)?);
    let steps = match call.has(2) {
        true => Some(counts(call, 2)?),
        false => None,
    };
    let is_months = *call.ty(2) == Type::IntervalYearMonth;
    call.each(|row| {
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
    })
}

fn numbers(call: &Call) -> Result<Vec<Option<Vec<i64>>>> {
    let (starts, stops) = (call.whole(0)?, call.whole(1)?);
    let steps = match call.has(2) {
        true => Some(call.whole(2)?),
        false => None,
    };
    call.each(|row| {
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
    })
}

fn too_long() -> String {
    format!("a sequence has at most {MAX_REPEATED} elements")
}

/// Lays the elements of all rows out behind each other, as an Arrow array that `values_of` makes of them.
fn arrays<T>(
    call: &Call,
    rows: Vec<Option<Vec<T>>>,
    values_of: impl Fn(&Call, &[T]) -> Result<ArrayRef>,
) -> Result<ArrayRef> {
    let Type::Array(element) = &call.types.result else {
        return datafusion::common::exec_err!("the result is no array");
    };
    let mut all = Vec::new();
    let mut places = Vec::new();
    for row in rows {
        places.push(row.map(|row| {
            let from = all.len();
            all.extend(row);
            (from..all.len()).map(Some).collect()
        }));
    }
    let elements = Call {
        arguments: Vec::new(),
        rows: all.len(),
        types: CallTypes {
            tries: false,
            arguments: Vec::new(),
            result: element.as_ref().clone(),
        },
    };
    let values = values_of(&elements, &all)?;
    list_of(&values, places)
}
