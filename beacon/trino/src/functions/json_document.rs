//! JSON as a document: read with each number as it was written, which a common reader would change.

use std::collections::BTreeMap;

use super::kernel::Outcome;

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
    pub(crate) fn check_numbers(&self) -> Outcome<()> {
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
    pub(crate) fn sorted(self) -> Outcome<Json> {
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
