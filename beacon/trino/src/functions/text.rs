//! Text: case, length and white space. Lengths and places are counted in characters.

pub(super) mod code_point;
pub(super) mod cut;
pub(super) mod like;
pub(super) mod padding;
pub(super) mod search;

use arrow::array::{Array, ArrayRef, StringViewArray};
use datafusion::common::Result;

use super::kernel::{Call, Kernel};
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("lower", |call| {
        mapped(call, |text| text.chars().map(lower).collect())
    }),
    ("upper", |call| {
        mapped(call, |text| text.chars().map(upper).collect())
    }),
    ("length", length),
    ("trim", |call| trimmed(call, true, true)),
    ("ltrim", |call| trimmed(call, true, false)),
    ("rtrim", |call| trimmed(call, false, true)),
];

/// Java's mapping of one character to one: ß has no capital.
fn upper(character: char) -> char {
    let mut mapped = character.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

fn lower(character: char) -> char {
    let mut mapped = character.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        // The only character of two: a capital I with a dot.
        _ => 'i',
    }
}

pub(crate) fn mapped(call: &Call, of: impl Fn(&str) -> String) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.texts(|row| Ok(value(&texts, row).map(&of)))
}

pub(crate) fn value(texts: &StringViewArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

fn length(call: &Call) -> Result<ArrayRef> {
    if *call.ty(0) == Type::Varbinary {
        let bytes = call.binary(0)?;
        return call.wholes(|row| Ok(bytes.is_valid(row).then(|| bytes.value(row).len() as i64)));
    }
    let texts = call.text(0)?;
    call.wholes(|row| Ok(value(&texts, row).map(|text| text.chars().count() as i64)))
}

/// Java's white space: the blanks that don't break a line don't count.
pub(crate) fn is_white_space(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{85}')
        || ('\u{1c}'..='\u{1f}').contains(&character)
}

fn trimmed(call: &Call, start: bool, end: bool) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    let sets = match call.has(1) {
        true => Some(call.text(1)?),
        false => None,
    };
    call.texts(|row| {
        let Some(mut text) = value(&texts, row) else {
            return Ok(None);
        };
        let set = match &sets {
            None => None,
            Some(sets) => match value(sets, row) {
                Some(set) => Some(set),
                None => return Ok(None),
            },
        };
        let goes = |character: char| match set {
            None => is_white_space(character),
            Some(set) => set.contains(character),
        };
        if start {
            text = text.trim_start_matches(goes);
        }
        if end {
            text = text.trim_end_matches(goes);
        }
        Ok(Some(text))
    })
}
