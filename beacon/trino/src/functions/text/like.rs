//! LIKE: whether a text matches a pattern.

use arrow::array::ArrayRef;
use datafusion::common::Result;

use super::value;
use crate::functions::kernel::{Call, Kernel, Outcome};

pub(crate) const KERNELS: &[(&str, Kernel)] = &[("like", like)];

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
