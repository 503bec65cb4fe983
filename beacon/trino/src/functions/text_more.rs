//! More of text: texts taken apart and put together.

use std::collections::HashSet;

use arrow::array::{Array, ArrayRef, MapBuilder, StringViewBuilder};
use arrow::compute::cast;
use datafusion::common::{DataFusionError, Result};

use super::kernel::{Call, Kernel};
use super::text::value;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("split", split),
    ("split_to_map", split_to_map),
    ("concat_ws", concat_ws),
    ("levenshtein_distance", levenshtein_distance),
    ("translate", translate),
];

/// Lists of texts.
pub(crate) fn text_lists(
    call: &Call,
    mut row: impl FnMut(usize) -> super::kernel::Outcome<Option<Vec<Option<String>>>>,
) -> Result<ArrayRef> {
    let rows = call.each(&mut row)?;
    let mut values = StringViewBuilder::new();
    let mut places = Vec::with_capacity(rows.len());
    let mut next = 0;
    for row in rows {
        places.push(row.map(|texts| {
            let from = next;
            next += texts.len();
            for text in texts {
                values.append_option(text);
            }
            (from..next).map(Some).collect()
        }));
    }
    let values: ArrayRef = std::sync::Arc::new(values.finish());
    super::kernel::list_of(&values, places)
}

fn split(call: &Call) -> Result<ArrayRef> {
    let (texts, delimiters) = (call.text(0)?, call.text(1)?);
    let limits = match call.has(2) {
        true => Some(call.whole(2)?),
        false => None,
    };
    text_lists(call, |row| {
        let (Some(text), Some(delimiter)) = (value(&texts, row), value(&delimiters, row)) else {
            return Ok(None);
        };
        if delimiter.is_empty() {
            return Err("the delimiter may not be the empty text".to_owned());
        }
        let parts: Vec<&str> = match &limits {
            None => text.split(delimiter).collect(),
            Some(limits) if limits.is_null(row) => return Ok(None),
            Some(limits) => match usize::try_from(limits.value(row)) {
                Ok(limit) if limit > 0 => text.splitn(limit, delimiter).collect(),
                _ => return Err("a limit is greater than zero".to_owned()),
            },
        };
        Ok(Some(
            parts
                .into_iter()
                .map(|part| Some(part.to_owned()))
                .collect(),
        ))
    })
}

fn split_to_map(call: &Call) -> Result<ArrayRef> {
    let (texts, entries, pairs) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let rows = call.each(|row| {
        let (Some(text), Some(entry), Some(pair)) =
            (value(&texts, row), value(&entries, row), value(&pairs, row))
        else {
            return Ok(None);
        };
        if entry.is_empty() || pair.is_empty() || entry == pair {
            return Err("the delimiters are not empty and differ".to_owned());
        }
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        let parts = text.split(entry).filter(|_| !text.is_empty());
        for part in parts {
            if part.is_empty() {
                continue;
            }
            let Some((key, value)) = part.split_once(pair) else {
                return Err(format!("'{part}' has no '{pair}' in it"));
            };
            if value.contains(pair) {
                return Err(format!("'{part}' has '{pair}' in it twice"));
            }
            if !seen.insert(key) {
                return Err(format!("the key '{key}' is there twice"));
            }
            all.push((key.to_owned(), value.to_owned()));
        }
        Ok(Some(all))
    })?;
    text_maps(call, rows)
}

/// Maps of texts to texts.
fn text_maps(call: &Call, rows: Vec<Option<Vec<(String, String)>>>) -> Result<ArrayRef> {
    let mut builder = MapBuilder::new(None, StringViewBuilder::new(), StringViewBuilder::new());
    for row in rows {
        let is_there = row.is_some();
        for (key, value) in row.into_iter().flatten() {
            builder.keys().append_value(key);
            builder.values().append_value(value);
        }
        builder
            .append(is_there)
            .map_err(|error| DataFusionError::ArrowError(Box::new(error), None))?;
    }
    let maps = builder.finish();
    Ok(cast(&maps, &call.types.result.arrow())?)
}

fn concat_ws(call: &Call) -> Result<ArrayRef> {
    let mut texts = Vec::new();
    for index in 0..call.arguments.len() {
        texts.push(call.text(index)?);
    }
    call.texts(|row| {
        let Some((separators, texts)) = texts.split_first() else {
            return Ok(None);
        };
        let Some(separator) = value(separators, row) else {
            return Ok(None);
        };
        let parts: Vec<&str> = texts.iter().filter_map(|texts| value(texts, row)).collect();
        Ok(Some(parts.join(separator)))
    })
}

fn levenshtein_distance(call: &Call) -> Result<ArrayRef> {
    let (lefts, rights) = (call.text(0)?, call.text(1)?);
    call.wholes(|row| {
        let (Some(left), Some(right)) = (value(&lefts, row), value(&rights, row)) else {
            return Ok(None);
        };
        let left: Vec<char> = left.chars().collect();
        let right: Vec<char> = right.chars().collect();
        let mut distances: Vec<usize> = (0..=right.len()).collect();
        for (row, one) in left.iter().enumerate() {
            let mut diagonal = distances[0];
            distances[0] = row + 1;
            for (column, other) in right.iter().enumerate() {
                let above = distances[column + 1];
                let changed = diagonal + usize::from(one != other);
                distances[column + 1] = changed.min(above + 1).min(distances[column] + 1);
                diagonal = above;
            }
        }
        Ok(Some(distances[right.len()] as i64))
    })
}

fn translate(call: &Call) -> Result<ArrayRef> {
    let (texts, found, put) = (call.text(0)?, call.text(1)?, call.text(2)?);
    call.texts(|row| {
        let (Some(text), Some(from), Some(to)) =
            (value(&texts, row), value(&found, row), value(&put, row))
        else {
            return Ok(None);
        };
        let to: Vec<char> = to.chars().collect();
        let translated = text.chars().filter_map(|character| {
            match from.chars().position(|one| one == character) {
                Some(index) => to.get(index).copied(),
                None => Some(character),
            }
        });
        Ok(Some(translated.collect::<String>()))
    })
}
