//! Text: lengths and places are counted in characters.

use arrow::array::{Array, ArrayRef, StringViewArray};
use datafusion::common::Result;

use super::kernel::{Call, Kernel, Outcome};
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
    ("substr", substr),
    ("strpos", strpos),
    ("split_part", split_part),
    ("replace", replace),
    ("lpad", |call| padded(call, true)),
    ("rpad", |call| padded(call, false)),
    ("chr", chr),
    ("codepoint", codepoint),
    ("starts_with", starts_with),
    ("like", like),
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

fn substr(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    let starts = call.whole(1)?;
    let lengths = match call.has(2) {
        true => Some(call.whole(2)?),
        false => None,
    };
    call.texts(|row| {
        let Some(text) = value(&texts, row).filter(|_| starts.is_valid(row)) else {
            return Ok(None);
        };
        let length = match &lengths {
            Some(lengths) if lengths.is_null(row) => return Ok(None),
            Some(lengths) => lengths.value(row),
            None => i64::MAX,
        };
        Ok(Some(part(text, starts.value(row), length)))
    })
}

fn part(text: &str, start: i64, length: i64) -> &str {
    let total = if start < 0 {
        text.chars().count() as i64
    } else {
        0
    };
    let skipped = if start < 0 { total + start } else { start - 1 };
    if start == 0 || length <= 0 || skipped < 0 {
        return "";
    }
    let mut places = text
        .char_indices()
        .map(|(place, _)| place)
        .chain([text.len()]);
    let Some(from) = places.nth(usize::try_from(skipped).unwrap_or(usize::MAX)) else {
        return "";
    };
    let to = places
        .nth(usize::try_from(length - 1).unwrap_or(usize::MAX))
        .unwrap_or(text.len());
    &text[from..to]
}

fn strpos(call: &Call) -> Result<ArrayRef> {
    let (texts, parts) = (call.text(0)?, call.text(1)?);
    let instances = match call.has(2) {
        true => Some(call.whole(2)?),
        false => None,
    };
    call.wholes(|row| {
        let (Some(text), Some(part)) = (value(&texts, row), value(&parts, row)) else {
            return Ok(None);
        };
        let instance = match &instances {
            None => 1,
            Some(instances) if instances.is_null(row) => return Ok(None),
            Some(instances) => instances.value(row),
        };
        if instance == 0 {
            return Err("an instance of strpos is not 0".to_owned());
        }
        if part.is_empty() {
            return match instance {
                1 => Ok(Some(1)),
                _ => Err("the empty text has no instances".to_owned()),
            };
        }
        let mut found: Vec<usize> = text
            .char_indices()
            .map(|(place, _)| place)
            .filter(|place| text[*place..].starts_with(part))
            .collect();
        if instance < 0 {
            found.reverse();
        }
        let wanted = usize::try_from(instance.unsigned_abs() - 1).unwrap_or(usize::MAX);
        Ok(Some(match found.get(wanted) {
            Some(place) => text[..*place].chars().count() as i64 + 1,
            None => 0,
        }))
    })
}

fn split_part(call: &Call) -> Result<ArrayRef> {
    let (texts, delimiters, indices) = (call.text(0)?, call.text(1)?, call.whole(2)?);
    call.texts(|row| {
        let (Some(text), Some(delimiter)) = (value(&texts, row), value(&delimiters, row)) else {
            return Ok(None);
        };
        if indices.is_null(row) {
            return Ok(None);
        }
        let Some(index) = usize::try_from(indices.value(row))
            .ok()
            .and_then(|index| index.checked_sub(1))
        else {
            return Err("an index must be greater than zero".to_owned());
        };
        if delimiter.is_empty() {
            let place = text.char_indices().nth(index);
            return Ok(place.map(|(place, character)| &text[place..place + character.len_utf8()]));
        }
        Ok(text.split(delimiter).nth(index))
    })
}

fn replace(call: &Call) -> Result<ArrayRef> {
    let (texts, parts) = (call.text(0)?, call.text(1)?);
    let others = match call.has(2) {
        true => Some(call.text(2)?),
        false => None,
    };
    call.texts(|row| {
        let (Some(text), Some(part)) = (value(&texts, row), value(&parts, row)) else {
            return Ok(None);
        };
        let other = match &others {
            None => "",
            Some(others) => match value(others, row) {
                Some(other) => other,
                None => return Ok(None),
            },
        };
        Ok(Some(text.replace(part, other)))
    })
}

fn padded(call: &Call, is_left: bool) -> Result<ArrayRef> {
    let (texts, sizes, fills) = (call.text(0)?, call.whole(1)?, call.text(2)?);
    call.texts(|row| {
        let (Some(text), Some(fill)) = (value(&texts, row), value(&fills, row)) else {
            return Ok(None);
        };
        if sizes.is_null(row) {
            return Ok(None);
        }
        let size =
            usize::try_from(sizes.value(row)).map_err(|_| "a size is not negative".to_owned())?;
        if fill.is_empty() {
            return Err("the text to fill with is not empty".to_owned());
        }
        if size > MAX_PADDED {
            return Err(format!("{size} is more characters than are filled here"));
        }
        let length = text.chars().count();
        if length >= size {
            return Ok(Some(text.chars().take(size).collect()));
        }
        let filled: String = fill.chars().cycle().take(size - length).collect();
        Ok(Some(if is_left {
            filled + text
        } else {
            format!("{text}{filled}")
        }))
    })
}

/// Trino's limit of a filled text.
const MAX_PADDED: usize = i32::MAX as usize;

fn chr(call: &Call) -> Result<ArrayRef> {
    let codes = call.whole(0)?;
    call.texts(|row| {
        if codes.is_null(row) {
            return Ok(None);
        }
        let code = codes.value(row);
        match u32::try_from(code).ok().and_then(char::from_u32) {
            Some(character) => Ok(Some(character.to_string())),
            None => Err(format!("{code} is not a character")),
        }
    })
}

fn codepoint(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.wholes(|row| {
        let Some(text) = value(&texts, row) else {
            return Ok(None);
        };
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(one), None) => Ok(Some(i64::from(u32::from(one)))),
            _ => Err("codepoint takes one character".to_owned()),
        }
    })
}

fn starts_with(call: &Call) -> Result<ArrayRef> {
    let (texts, parts) = (call.text(0)?, call.text(1)?);
    call.booleans(|row| {
        let (Some(text), Some(part)) = (value(&texts, row), value(&parts, row)) else {
            return Ok(None);
        };
        Ok(Some(text.starts_with(part)))
    })
}

/// LIKE with an escape, or without any.
fn like(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    let escapes = match call.has(2) {
        true => Some(call.text(2)?),
        false => None,
    };
    call.booleans(|row| {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            return Ok(None);
        };
        let escape = match &escapes {
            None => None,
            Some(escapes) => {
                let Some(escape) = value(escapes, row) else {
                    return Ok(None);
                };
                let mut characters = escape.chars();
                match (characters.next(), characters.next()) {
                    (Some(one), None) => Some(one),
                    _ => return Err("an escape is one character".to_owned()),
                }
            }
        };
        let pattern = like_pattern(pattern, escape)?;
        let text: Vec<char> = text.chars().collect();
        Ok(Some(is_like(&text, &pattern)))
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Like {
    One(char),
    Any,
    Some,
}

fn like_pattern(pattern: &str, escape: Option<char>) -> Outcome<Vec<Like>> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if Some(character) == escape {
            match characters.next() {
                Some(next) if next == '%' || next == '_' || Some(next) == escape => {
                    parts.push(Like::One(next));
                }
                _ => return Err("an escape stands before %, _ or itself".to_owned()),
            }
            continue;
        }
        parts.push(match character {
            '%' => Like::Some,
            '_' => Like::Any,
            one => Like::One(one),
        });
    }
    Ok(parts)
}

/// Goes back to the last `%` at a mismatch, so that the time is the product of the lengths at worst.
fn is_like(text: &[char], pattern: &[Like]) -> bool {
    let (mut at, mut part) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(part) {
            Some(Like::Some) => {
                last = Some((part, at));
                part += 1;
                continue;
            }
            Some(Like::Any) => {
                at += 1;
                part += 1;
                continue;
            }
            Some(Like::One(one)) if *one == text[at] => {
                at += 1;
                part += 1;
                continue;
            }
            _ => {}
        }
        let Some((before, from)) = last else {
            return false;
        };
        last = Some((before, from + 1));
        at = from + 1;
        part = before + 1;
    }
    pattern[part..].iter().all(|part| *part == Like::Some)
}
