//! Functions with lambdas: a lambda is evaluated once over the elements of all rows.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, ListArray, StringViewBuilder, UInt64Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{cast, interleave, take};
use arrow::datatypes::{Field, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::LambdaArgument;

use super::cast::compact_list;
use super::kernel::{Call, list_of, map_of, span};
use super::regular_expression::Expressions;
use super::text::value;

pub(crate) struct Lambdas {
    pub(crate) call: Call,
    pub(crate) lambdas: Vec<LambdaArgument>,
}

impl Lambdas {
    /// Evaluates a lambda. `rows` has the outer row of each of its rows, for the columns that it captures.
    fn evaluate(&self, lambda: usize, parameters: &[ArrayRef], rows: &[usize]) -> Result<ArrayRef> {
        let Some(lambda) = self.lambdas.get(lambda) else {
            return exec_err!("a lambda is missing");
        };
        let closures: Vec<Box<dyn Fn() -> Result<ArrayRef>>> = parameters
            .iter()
            .map(|array| {
                let array = Arc::clone(array);
                Box::new(move || Ok(Arc::clone(&array))) as Box<dyn Fn() -> Result<ArrayRef>>
            })
            .collect();
        let closures: Vec<&dyn Fn() -> Result<ArrayRef>> =
            closures.iter().map(AsRef::as_ref).collect();
        let places: UInt64Array = rows.iter().map(|row| Some(*row as u64)).collect();
        let answer = lambda.evaluate(&closures, |captured| {
            let mut spread = Vec::with_capacity(captured.len());
            for array in captured {
                spread.push(take(array, &places, None)?);
            }
            Ok(spread)
        })?;
        answer.into_array(rows.len())
    }

    /// Evaluates a lambda over each element of the list.
    fn over(&self, list: &ListArray) -> Result<ArrayRef> {
        self.evaluate(
            0,
            &[Arc::clone(list.values())],
            &outer_rows(list.value_offsets(), list.len()),
        )
    }

    fn list(&self) -> Result<ListArray> {
        compact_list(&self.call.list(0)?)
    }
}

fn outer_rows(offsets: &[i32], rows: usize) -> Vec<usize> {
    (0..rows)
        .flat_map(|row| span(offsets, row).map(move |_| row))
        .collect()
}

pub(crate) fn transform(of: &Lambdas) -> Result<ArrayRef> {
    let list = of.list()?;
    let crate::types::Type::Array(element) = &of.call.types.result else {
        return exec_err!("the result is no array");
    };
    let values = cast(&of.over(&list)?, &element.arrow())?;
    let field = Arc::new(Field::new_list_field(element.arrow(), true));
    Ok(Arc::new(ListArray::try_new(
        field,
        list.offsets().clone(),
        values,
        list.nulls().cloned(),
    )?))
}

fn conditions(of: &Lambdas, list: &ListArray) -> Result<BooleanArray> {
    let conditions = of.over(list)?;
    match conditions.as_boolean_opt() {
        Some(conditions) => Ok(conditions.clone()),
        None => exec_err!("the lambda gives no boolean"),
    }
}

pub(crate) fn filter(of: &Lambdas) -> Result<ArrayRef> {
    let list = of.list()?;
    let conditions = conditions(of, &list)?;
    of.call.lists(list.values(), |row| {
        let kept = span(list.value_offsets(), row)
            .filter(|place| conditions.is_valid(*place) && conditions.value(*place));
        Ok(list.is_valid(row).then(|| kept.map(Some).collect()))
    })
}

/// Returns true if some element gives `wanted`, and NULL if none does and one gives NULL.
fn some(of: &Lambdas, wanted: bool, if_found: bool) -> Result<ArrayRef> {
    let list = of.list()?;
    let conditions = conditions(of, &list)?;
    of.call.booleans(|row| {
        if list.is_null(row) {
            return Ok(None);
        }
        let mut places = span(list.value_offsets(), row);
        if places
            .clone()
            .any(|place| conditions.is_valid(place) && conditions.value(place) == wanted)
        {
            return Ok(Some(if_found));
        }
        let has_null = places.any(|place| conditions.is_null(place));
        Ok((!has_null).then_some(!if_found))
    })
}

pub(crate) fn any_match(of: &Lambdas) -> Result<ArrayRef> {
    some(of, true, true)
}

pub(crate) fn all_match(of: &Lambdas) -> Result<ArrayRef> {
    some(of, false, false)
}

pub(crate) fn none_match(of: &Lambdas) -> Result<ArrayRef> {
    some(of, true, false)
}

/// Elements of an array that is sorted by a lambda, which is asked about each two of them.
const MAX_COMPARED: usize = 1_000;

pub(crate) fn array_sort_by(of: &Lambdas) -> Result<ArrayRef> {
    let list = of.list()?;
    let mut sorted = Vec::new();
    for row in 0..of.call.rows {
        if list.is_null(row) {
            sorted.push(None);
            continue;
        }
        let places: Vec<usize> = span(list.value_offsets(), row).collect();
        let size = places.len();
        if size > MAX_COMPARED {
            return exec_err!("array_sort with a lambda takes at most {MAX_COMPARED} elements");
        }
        let pairs = || {
            places
                .iter()
                .flat_map(|left| places.iter().map(move |right| (*left, *right)))
        };
        let lefts: UInt64Array = pairs().map(|(left, _)| Some(left as u64)).collect();
        let rights: UInt64Array = pairs().map(|(_, right)| Some(right as u64)).collect();
        let parameters = [
            take(list.values(), &lefts, None)?,
            take(list.values(), &rights, None)?,
        ];
        let answers = of.evaluate(0, &parameters, &vec![row; size * size])?;
        let answers = cast(&answers, &arrow::datatypes::DataType::Int64)?;
        let answers = answers.as_primitive::<Int64Type>();
        if answers.iter().any(|answer| !matches!(answer, Some(-1..=1))) {
            return exec_err!("the lambda of array_sort gives -1, 0 or 1");
        }
        // Each goes behind those that are not greater: a lambda may be no order, which a library's sort needs.
        let mut order: Vec<usize> = Vec::with_capacity(size);
        for next in 0..size {
            let at = order.iter().rposition(|before| {
                answers.value(before * size + next).cmp(&0) != Ordering::Greater
            });
            order.insert(at.map_or(0, |at| at + 1), next);
        }
        sorted.push(Some(
            order.into_iter().map(|index| Some(places[index])).collect(),
        ));
    }
    list_of(list.values(), sorted)
}

pub(crate) fn reduce(of: &Lambdas) -> Result<ArrayRef> {
    let list = of.list()?;
    let mut states = of.call.array(1)?;
    let longest = (0..list.len())
        .map(|row| span(list.value_offsets(), row).len())
        .max()
        .unwrap_or(0);
    for step in 0..longest {
        let active: Vec<usize> = (0..list.len())
            .filter(|row| span(list.value_offsets(), *row).len() > step)
            .collect();
        let rows: UInt64Array = active.iter().map(|row| Some(*row as u64)).collect();
        let places: UInt64Array = active
            .iter()
            .map(|row| Some((span(list.value_offsets(), *row).start + step) as u64))
            .collect();
        let parameters = [
            take(&states, &rows, None)?,
            take(list.values(), &places, None)?,
        ];
        let next = cast(&of.evaluate(0, &parameters, &active)?, states.data_type())?;
        let mut chosen: Vec<(usize, usize)> = (0..states.len()).map(|row| (0, row)).collect();
        for (index, row) in active.iter().enumerate() {
            chosen[*row] = (1, index);
        }
        states = interleave(&[states.as_ref(), next.as_ref()], &chosen)?;
    }
    let rows: Vec<usize> = (0..list.len()).collect();
    let answer = cast(
        &of.evaluate(1, &[states], &rows)?,
        &of.call.types.result.arrow(),
    )?;
    let places: UInt64Array = rows
        .iter()
        .map(|row| list.is_valid(*row).then_some(*row as u64))
        .collect();
    Ok(take(&answer, &places, None)?)
}

/// Keys, values and what the lambda gives for each entry.
fn over_entries(of: &Lambdas) -> Result<(arrow::array::MapArray, ArrayRef)> {
    let maps = of.call.map(0)?;
    let first = maps.value_offsets().first().copied().unwrap_or(0);
    let last = maps.value_offsets().last().copied().unwrap_or(0);
    if first != 0 || usize::try_from(last).ok() != Some(maps.keys().len()) {
        return exec_err!("a map that is a part of another can't be read here");
    }
    let rows = outer_rows(maps.value_offsets(), maps.len());
    let answer = of.evaluate(
        0,
        &[Arc::clone(maps.keys()), Arc::clone(maps.values())],
        &rows,
    )?;
    Ok((maps, answer))
}

pub(crate) fn map_filter(of: &Lambdas) -> Result<ArrayRef> {
    let (maps, answer) = over_entries(of)?;
    let Some(conditions) = answer.as_boolean_opt() else {
        return exec_err!("the lambda gives no boolean");
    };
    let mut places = Vec::new();
    let mut lengths = Vec::new();
    for row in 0..maps.len() {
        let before = places.len();
        let kept = span(maps.value_offsets(), row)
            .filter(|place| conditions.is_valid(*place) && conditions.value(*place));
        places.extend(kept.map(|place| place as u64));
        lengths.push(places.len() - before);
    }
    let places = UInt64Array::from(places);
    map_of(
        &of.call.types.result,
        take(maps.keys(), &places, None)?,
        take(maps.values(), &places, None)?,
        OffsetBuffer::from_lengths(lengths),
        maps.nulls().cloned(),
    )
}

pub(crate) fn transform_values(of: &Lambdas) -> Result<ArrayRef> {
    let (maps, answer) = over_entries(of)?;
    let crate::types::Type::Map(_, value) = &of.call.types.result else {
        return exec_err!("the result is no map");
    };
    let values = cast(&answer, &value.arrow())?;
    map_of(
        &of.call.types.result,
        Arc::clone(maps.keys()),
        values,
        maps.offsets().clone(),
        maps.nulls().cloned(),
    )
}

pub(crate) fn transform_keys(of: &Lambdas) -> Result<ArrayRef> {
    let (maps, answer) = over_entries(of)?;
    let crate::types::Type::Map(key, _) = &of.call.types.result else {
        return exec_err!("the result is no map");
    };
    let keys = cast(&answer, &key.arrow())?;
    let rows = super::array_set::comparable(&keys)?;
    for row in 0..maps.len() {
        let mut seen = std::collections::HashSet::new();
        if span(maps.value_offsets(), row)
            .any(|place| keys.is_null(place) || !seen.insert(rows.row(place)))
        {
            return exec_err!("a key of a map is there once, and is not NULL");
        }
    }
    map_of(
        &of.call.types.result,
        keys,
        Arc::clone(maps.values()),
        maps.offsets().clone(),
        maps.nulls().cloned(),
    )
}

/// The lambda gets the groups of each match, and gives what takes its place.
pub(crate) fn regexp_replace_by(of: &Lambdas) -> Result<ArrayRef> {
    let (texts, patterns) = (of.call.text(0)?, of.call.text(1)?);
    let mut expressions = Expressions::default();
    let mut groups = StringViewBuilder::new();
    let (mut lengths, mut rows, mut matches) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..of.call.rows {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            continue;
        };
        let expression = expressions
            .get(pattern, text)
            .map_err(DataFusionError::Execution)?;
        for captures in expression.regex.captures_iter(text) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            for group in captures.iter().skip(1) {
                groups.append_option(group.map(|group| group.as_str()));
            }
            lengths.push(captures.len() - 1);
            rows.push(row);
            matches.push((row, whole.range()));
        }
    }
    let field = Arc::new(Field::new_list_field(
        arrow::datatypes::DataType::Utf8View,
        true,
    ));
    let groups = ListArray::try_new(
        field,
        OffsetBuffer::from_lengths(lengths),
        Arc::new(groups.finish()),
        None::<NullBuffer>,
    )?;
    let replacements = cast(
        &of.evaluate(0, &[Arc::new(groups)], &rows)?,
        &arrow::datatypes::DataType::Utf8View,
    )?;
    let replacements = replacements.as_string_view();
    if replacements.null_count() > 0 {
        return exec_err!("NULL in place of a match is not answered");
    }
    let mut found = matches.into_iter().enumerate().peekable();
    let mut replaced = StringViewBuilder::new();
    for row in 0..of.call.rows {
        let (Some(text), Some(_)) = (value(&texts, row), value(&patterns, row)) else {
            replaced.append_null();
            continue;
        };
        let mut written = String::new();
        let mut from = 0;
        while let Some((index, (_, range))) = found.next_if(|(_, (of_row, _))| *of_row == row) {
            written.push_str(&text[from..range.start]);
            written.push_str(replacements.value(index));
            from = range.end;
        }
        written.push_str(&text[from..]);
        replaced.append_value(written);
    }
    Ok(Arc::new(replaced.finish()))
}
