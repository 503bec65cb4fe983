//! JSON as text: read with each number as it was written, which a common reader would change.

use std::collections::BTreeMap;

use arrow::array::ArrayRef;
use datafusion::common::Result;

use super::kernel::{Call, Kernel, Outcome};
use super::text::value;
use crate::types::Type;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("json_extract_scalar", extract_scalar),
    ("json_extract", extract),
    ("json_parse", parse),
    ("json_format", |call| call.array(0)),
    ("json_array_length", array_length),
    ("json_size", size),
];

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    /// The digits as they stand.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

const MAX_DEPTH: usize = 200;

impl Json {
    pub(crate) fn read(text: &str) -> Option<Json> {
        let mut reader = Reader { rest: text };
        let json = reader.json(0)?;
        reader.skip_blanks();
        reader.rest.is_empty().then_some(json)
    }

    pub(crate) fn write(&self, text: &mut String) {
        match self {
            Json::Null => text.push_str("null"),
            Json::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
            Json::Number(digits) => text.push_str(digits),
            Json::Text(value) => write_text(value, text),
            Json::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    item.write(text);
                }
                text.push(']');
            }
            Json::Object(fields) => {
                text.push('{');
                for (index, (key, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    write_text(key, text);
                    text.push(':');
                    value.write(text);
                }
                text.push('}');
            }
        }
    }

    /// Refuses numbers that Trino would write otherwise.
    fn check_numbers(&self) -> Outcome<()> {
        match self {
            Json::Number(digits) => plain_number(digits).map(|_| ()),
            Json::Array(items) => items.iter().try_for_each(Json::check_numbers),
            Json::Object(fields) => fields
                .iter()
                .try_for_each(|(_, value)| value.check_numbers()),
            _ => Ok(()),
        }
    }

    /// Returns the value with its keys in order, the last of equal ones, as `json_parse` has them.
    fn sorted(self) -> Outcome<Json> {
        Ok(match self {
            Json::Number(digits) => Json::Number(plain_number(&digits)?),
            Json::Array(items) => {
                let items: Outcome<Vec<Json>> = items.into_iter().map(Json::sorted).collect();
                Json::Array(items?)
            }
            Json::Object(fields) => {
                let mut sorted = BTreeMap::new();
                for (key, value) in fields {
                    sorted.insert(key, value.sorted()?);
                }
                Json::Object(sorted.into_iter().collect())
            }
            other => other,
        })
    }
}

/// A number that is written as Java writes it; others would change.
fn plain_number(digits: &str) -> Outcome<String> {
    let is_whole = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-')
        && digits != "-0";
    if is_whole {
        return Ok(digits.to_owned());
    }
    let value: f64 = digits
        .parse()
        .map_err(|_| format!("{digits} is not a number"))?;
    let is_plain = (1e-3..1e7).contains(&value.abs()) && format!("{value:?}") == digits;
    if is_plain {
        return Ok(digits.to_owned());
    }
    Err(format!(
        "the number {digits} in JSON is not answered: json_extract_scalar gives it as it is"
    ))
}

pub(crate) fn write_text(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if control < ' ' => text.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn skip(&mut self, token: &str) -> Option<()> {
        self.skip_blanks();
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn json(&mut self, depth: usize) -> Option<Json> {
        self.skip_blanks();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.rest.bytes().next()? {
            b'n' => self.skip("null").map(|()| Json::Null),
            b't' => self.skip("true").map(|()| Json::Boolean(true)),
            b'f' => self.skip("false").map(|()| Json::Boolean(false)),
            b'"' => self.text().map(Json::Text),
            b'[' => {
                self.skip("[")?;
                let mut items = Vec::new();
                while self.skip("]").is_none() {
                    if !items.is_empty() {
                        self.skip(",")?;
                    }
                    items.push(self.json(depth + 1)?);
                }
                Some(Json::Array(items))
            }
            b'{' => {
                self.skip("{")?;
                let mut fields = Vec::new();
                while self.skip("}").is_none() {
                    if !fields.is_empty() {
                        self.skip(",")?;
                        self.skip_blanks();
                    }
                    let key = self.text()?;
                    self.skip(":")?;
                    fields.push((key, self.json(depth + 1)?));
                }
                Some(Json::Object(fields))
            }
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Option<Json> {
        let end = self
            .rest
            .find(|one: char| !one.is_ascii_digit() && !"+-.eE".contains(one))
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let unsigned = digits.strip_prefix('-').unwrap_or(digits);
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
            None => (unsigned, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let all_digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = all_digits(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && fraction.is_none_or(all_digits)
            && exponent.is_none_or(|exponent| {
                all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
            });
        self.rest = rest;
        is_number.then(|| Json::Number(digits.to_owned()))
    }

    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest.strip_prefix('"')?.char_indices();
        let start = self.rest.len() - characters.as_str().len();
        while let Some((place, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[start + place + 1..];
                    return Some(text);
                }
                '\\' => {
                    let (_, escaped) = characters.next()?;
                    text.push(match escaped {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        '"' | '\\' | '/' => escaped,
                        'u' => {
                            let first = four_digits(&mut characters)?;
                            match char::from_u32(first) {
                                Some(character) => character,
                                None => {
                                    let behind = (characters.next()?.1, characters.next()?.1);
                                    let second = four_digits(&mut characters)
                                        .filter(|_| behind == ('\\', 'u'))?;
                                    let low =
                                        second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                                    let high =
                                        first.checked_sub(0xd800).filter(|high| *high < 0x400)?;
                                    char::from_u32(0x10000 + (high << 10) + low)?
                                }
                            }
                        }
                        _ => return None,
                    });
                }
                control if control < ' ' => return None,
                other => text.push(other),
            }
        }
        None
    }
}

fn four_digits(characters: &mut std::str::CharIndices<'_>) -> Option<u32> {
    let mut value = 0;
    for _ in 0..4 {
        value = value * 16 + characters.next()?.1.to_digit(16)?;
    }
    Some(value)
}

/// A step of a path.
#[derive(Debug, PartialEq)]
enum Step {
    Field(String),
    Index(usize),
}

/// Reads `$.name`, `$['name']` and `$[0]`, one behind the other.
fn read_path(path: &str) -> Outcome<Vec<Step>> {
    let wrong =
        || format!("the JSON path '{path}' is not answered: $.name, $[\"name\"] and $[0] are");
    let mut rest = path.strip_prefix('$').ok_or_else(wrong)?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('.') {
            let end = behind.find(['.', '[']).unwrap_or(behind.len());
            let name = &behind[..end];
            let is_name =
                !name.is_empty() && name.chars().all(|one| one.is_alphanumeric() || one == '_');
            if !is_name {
                return Err(wrong());
            }
            steps.push(Step::Field(name.to_owned()));
            rest = &behind[end..];
        } else {
            let inner = rest.strip_prefix('[').ok_or_else(wrong)?;
            let (inner, behind) = inner.split_once(']').ok_or_else(wrong)?;
            let quoted = inner
                .strip_prefix('"')
                .and_then(|inner| inner.strip_suffix('"'));
            let quoted = quoted.filter(|name| !name.contains(['\\', '"']));
            steps.push(match (quoted, inner.parse()) {
                (Some(name), _) => Step::Field(name.to_owned()),
                (None, Ok(index)) => Step::Index(index),
                _ => return Err(wrong()),
            });
            rest = behind;
        }
    }
    Ok(steps)
}

/// Returns the value at a path. Of a broken document Trino reads as far as it needs, which is not done here.
fn at_path(text: &str, path: &str) -> Outcome<Option<Json>> {
    let steps = read_path(path)?;
    let Some(mut json) = Json::read(text) else {
        let text = text.trim_start();
        let begins = text.starts_with(['{', '[', '"', '-'])
            || text.starts_with(|one: char| one.is_ascii_digit());
        let is_word = ["true", "false", "null"]
            .iter()
            .any(|word| text.starts_with(word));
        if begins || is_word {
            return Err(format!(
                "broken JSON is not answered: {}",
                text.chars().take(60).collect::<String>()
            ));
        }
        return Ok(None);
    };
    for step in steps {
        let next = match (step, json) {
            (Step::Field(name), Json::Object(fields)) => {
                let mut found = fields.into_iter().filter(|(key, _)| *key == name);
                let first = found.next();
                if found.next().is_some() {
                    return Err(format!("JSON with the key {name} twice is not answered"));
                }
                first.map(|(_, value)| value)
            }
            (Step::Index(index), Json::Array(mut items)) if index < items.len() => {
                Some(items.swap_remove(index))
            }
            _ => None,
        };
        match next {
            Some(next) => json = next,
            None => return Ok(None),
        }
    }
    Ok(Some(json))
}

fn extract_scalar(call: &Call) -> Result<ArrayRef> {
    let (texts, paths) = (call.text(0)?, call.text(1)?);
    call.texts(|row| {
        let (Some(text), Some(path)) = (value(&texts, row), value(&paths, row)) else {
            return Ok(None);
        };
        Ok(match at_path(text, path)? {
            Some(Json::Text(text) | Json::Number(text)) => Some(text),
            Some(Json::Boolean(value)) => Some(value.to_string()),
            _ => None,
        })
    })
}

fn extract(call: &Call) -> Result<ArrayRef> {
    let (texts, paths) = (call.text(0)?, call.text(1)?);
    call.texts(|row| {
        let (Some(text), Some(path)) = (value(&texts, row), value(&paths, row)) else {
            return Ok(None);
        };
        let Some(json) = at_path(text, path)? else {
            return Ok(None);
        };
        json.check_numbers()?;
        let mut text = String::new();
        json.write(&mut text);
        Ok(Some(text))
    })
}

fn parse(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.texts(|row| {
        let Some(text) = value(&texts, row) else {
            return Ok(None);
        };
        let json = Json::read(text).ok_or_else(|| format!("'{text}' is not JSON"))?;
        let mut text = String::new();
        json.sorted()?.write(&mut text);
        Ok(Some(text))
    })
}

fn array_length(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.wholes(|row| {
        let Some(text) = value(&texts, row) else {
            return Ok(None);
        };
        Ok(match at_path(text, "$")? {
            Some(Json::Array(items)) => Some(items.len() as i64),
            _ => None,
        })
    })
}

fn size(call: &Call) -> Result<ArrayRef> {
    let (texts, paths) = (call.text(0)?, call.text(1)?);
    call.wholes(|row| {
        let (Some(text), Some(path)) = (value(&texts, row), value(&paths, row)) else {
            return Ok(None);
        };
        Ok(at_path(text, path)?.map(|json| match json {
            Json::Array(items) => items.len() as i64,
            Json::Object(fields) => fields.len() as i64,
            _ => 0,
        }))
    })
}

/// The JSON of each row of an argument of type `json`.
pub(crate) fn documents(call: &Call) -> Result<Vec<Option<Json>>> {
    debug_assert_eq!(*call.ty(0), Type::Json);
    let texts = call.text(0)?;
    Ok((0..call.rows)
        .map(|row| Json::read(value(&texts, row)?))
        .collect())
}
