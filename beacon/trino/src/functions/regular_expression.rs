//! Regular expressions with Java's meaning. Those that mean something else in Rust's engine, or that it can't run, fail.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use datafusion::common::Result;
use regex::{Captures, Regex, RegexBuilder};

use super::kernel::{Call, Kernel, Outcome};
use super::text::value;
use super::text_more::text_lists;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("regexp_like", like),
    ("regexp_count", count),
    ("regexp_extract", extract),
    ("regexp_extract_all", extract_all),
    ("regexp_replace", replace),
    ("regexp_split", split),
];

/// Bytes that a compiled expression may take.
const MAX_COMPILED_BYTES: usize = 4 << 20;

/// The expressions of one batch.
#[derive(Default)]
pub(crate) struct Expressions {
    compiled: HashMap<String, Outcome<Arc<Expression>>>,
}

pub(crate) struct Expression {
    pub(crate) regex: Regex,
    /// True if `.` or `$` is in it, which treat the ends of lines in their own ways.
    sees_lines: bool,
}

impl Expressions {
    pub(crate) fn get(&mut self, pattern: &str, text: &str) -> Outcome<Arc<Expression>> {
        let expression = match self.compiled.get(pattern) {
            Some(expression) => expression.clone()?,
            None => {
                let compiled = compile(pattern).map(Arc::new);
                self.compiled.insert(pattern.to_owned(), compiled.clone());
                compiled?
            }
        };
        let has_line_ends = text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
        if expression.sees_lines && has_line_ends {
            return Err(format!(
                "'{pattern}' has . or $ in it, and a text of more than one line is not answered: [^\\n] and \\z have one meaning"
            ));
        }
        Ok(expression)
    }
}

fn compile(pattern: &str) -> Outcome<Expression> {
    let (translated, sees_lines) = translate(pattern)?;
    let regex = RegexBuilder::new(&translated)
        .size_limit(MAX_COMPILED_BYTES)
        .build()
        .map_err(|_| format!("'{pattern}' is not a regular expression that is answered"))?;
    Ok(Expression { regex, sees_lines })
}

/// Writes Java's expression for Rust's engine: `\d`, `\w` and `\s` are of ASCII there.
fn translate(pattern: &str) -> Outcome<(String, bool)> {
    let refused = |what: &str| {
        Err(format!(
            "{what} in the regular expression '{pattern}' is not answered"
        ))
    };
    let mut written = String::new();
    let mut sees_lines = false;
    let mut in_class = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let Some(escaped) = characters.next() else {
                    return refused("a \\ at the end");
                };
                match (escaped, in_class) {
                    ('d', false) => written.push_str("[0-9]"),
                    ('d', true) => written.push_str("0-9"),
                    ('D', false) => written.push_str("[^0-9]"),
                    ('w', false) => written.push_str("[A-Za-z0-9_]"),
                    ('w', true) => written.push_str("A-Za-z0-9_"),
                    ('W', false) => written.push_str("[^A-Za-z0-9_]"),
                    ('s', false) => written.push_str("[ \\t\\n\\x0B\\f\\r]"),
                    ('s', true) => written.push_str(" \\t\\n\\x0B\\f\\r"),
                    ('S', false) => written.push_str("[^ \\t\\n\\x0B\\f\\r]"),
                    ('b', false) => written.push_str("\\b"),
                    ('A', false) => written.push_str("\\A"),
                    ('z', false) => written.push_str("\\z"),
                    ('n' | 't' | 'r' | 'f', _) => {
                        written.push('\\');
                        written.push(escaped);
                    }
                    (other, _) if other.is_ascii_punctuation() => {
                        written.push('\\');
                        written.push(other);
                    }
                    (other, _) => return refused(&format!("\\{other}")),
                }
            }
            '[' if in_class => return refused("a class in a class"),
            '[' => {
                in_class = true;
                written.push('[');
                if characters.peek() == Some(&'^') {
                    characters.next();
                    written.push('^');
                }
                if characters.peek() == Some(&']') {
                    return refused("an empty class");
                }
            }
            ']' => {
                in_class = false;
                written.push(']');
            }
            '&' | '~' if in_class && characters.peek() == Some(&character) => {
                return refused("an operator in a class");
            }
            '-' if in_class && characters.peek() == Some(&'-') => return refused("-- in a class"),
            '(' if !in_class && characters.peek() == Some(&'?') => {
                characters.next();
                written.push_str("(?");
                match characters.peek() {
                    Some(':') => {}
                    Some('<') => {
                        characters.next();
                        if matches!(characters.peek(), Some('=' | '!')) {
                            return refused("a look behind");
                        }
                        written.push('<');
                    }
                    Some('i') => {
                        characters.next();
                        if !pattern.is_ascii() {
                            return refused("(?i) with letters beyond ASCII");
                        }
                        match characters.peek() {
                            Some(')' | ':') => written.push('i'),
                            _ => return refused("these flags"),
                        }
                    }
                    _ => return refused("a look ahead or a flag"),
                }
            }
            '.' | '$' if !in_class => {
                sees_lines = true;
                written.push(character);
            }
            '*' | '+' | '?' | '}' if !in_class => {
                written.push(character);
                if characters.peek() == Some(&'+') {
                    return refused("a possessive quantifier");
                }
            }
            other => written.push(other),
        }
    }
    Ok((written, sees_lines))
}

fn like(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    let mut expressions = Expressions::default();
    call.booleans(|row| {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            return Ok(None);
        };
        Ok(Some(expressions.get(pattern, text)?.regex.is_match(text)))
    })
}

fn count(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    let mut expressions = Expressions::default();
    call.wholes(|row| {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            return Ok(None);
        };
        Ok(Some(
            expressions
                .get(pattern, text)?
                .regex
                .find_iter(text)
                .count() as i64,
        ))
    })
}

/// The group that is asked for, which the expression must have.
fn group(call: &Call, row: usize, expression: &Expression) -> Outcome<Option<usize>> {
    if !call.has(2) {
        return Ok(Some(0));
    }
    let groups = call.whole(2).map_err(|error| error.to_string())?;
    if groups.is_null(row) {
        return Ok(None);
    }
    let group =
        usize::try_from(groups.value(row)).map_err(|_| "a group is not negative".to_owned())?;
    if group >= expression.regex.captures_len() {
        return Err(format!(
            "the expression has {} groups, and {group} is asked for",
            expression.regex.captures_len() - 1
        ));
    }
    Ok(Some(group))
}

fn extract(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    let mut expressions = Expressions::default();
    call.texts(|row| {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            return Ok(None);
        };
        let expression = expressions.get(pattern, text)?;
        let Some(group) = group(call, row, &expression)? else {
            return Ok(None);
        };
        let captures = expression.regex.captures(text);
        Ok(captures.and_then(|captures| Some(captures.get(group)?.as_str().to_owned())))
    })
}

fn extract_all(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    let mut expressions = Expressions::default();
    text_lists(call, |row| {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            return Ok(None);
        };
        let expression = expressions.get(pattern, text)?;
        let Some(group) = group(call, row, &expression)? else {
            return Ok(None);
        };
        let all = expression.regex.captures_iter(text);
        Ok(Some(
            all.map(|captures| Some(captures.get(group)?.as_str().to_owned()))
                .collect(),
        ))
    })
}

fn split(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    let mut expressions = Expressions::default();
    text_lists(call, |row| {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            return Ok(None);
        };
        let expression = expressions.get(pattern, text)?;
        if expression
            .regex
            .find_iter(text)
            .any(|found| found.is_empty())
        {
            return Err(format!(
                "'{pattern}' matches the empty text, and a split by it is not answered"
            ));
        }
        Ok(Some(
            expression
                .regex
                .split(text)
                .map(|part| Some(part.to_owned()))
                .collect(),
        ))
    })
}

fn replace(call: &Call) -> Result<ArrayRef> {
    let (texts, patterns) = (call.text(0)?, call.text(1)?);
    let others = match call.has(2) {
        true => Some(call.text(2)?),
        false => None,
    };
    let mut expressions = Expressions::default();
    call.texts(|row| {
        let (Some(text), Some(pattern)) = (value(&texts, row), value(&patterns, row)) else {
            return Ok(None);
        };
        let other = match &others {
            None => "",
            Some(others) => match value(others, row) {
                Some(other) => other,
                None => return Ok(None),
            },
        };
        let expression = expressions.get(pattern, text)?;
        let mut replaced = String::new();
        let mut from = 0;
        for captures in expression.regex.captures_iter(text) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            replaced.push_str(&text[from..whole.start()]);
            expand(other, &captures, &mut replaced)?;
            from = whole.end();
        }
        replaced.push_str(&text[from..]);
        Ok(Some(replaced))
    })
}

/// Java's replacement: `$1`, `${name}`, and `\` before a character that stands for itself.
fn expand(replacement: &str, captures: &Captures<'_>, written: &mut String) -> Outcome<()> {
    let mut characters = replacement.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(escaped) => written.push(escaped),
                None => return Err("a replacement doesn't end with \\".to_owned()),
            },
            '$' if characters.peek() == Some(&'{') => {
                characters.next();
                let name: String = characters
                    .by_ref()
                    .take_while(|character| *character != '}')
                    .collect();
                if captures.name(&name).is_none() {
                    return Err(format!("there is no group {name} that matched"));
                }
                written.push_str(captures.name(&name).map_or("", |group| group.as_str()));
            }
            '$' => {
                let Some(first) = characters.next().and_then(|digit| digit.to_digit(10)) else {
                    return Err(
                        "a $ in a replacement is followed by a group: \\$ is a $".to_owned()
                    );
                };
                let mut group = first as usize;
                if group >= captures.len() {
                    return Err(format!("there is no group {group}"));
                }
                // More digits belong to it as long as there is such a group.
                while let Some(digit) = characters.peek().and_then(|digit| digit.to_digit(10)) {
                    let longer = group * 10 + digit as usize;
                    if longer >= captures.len() {
                        break;
                    }
                    group = longer;
                    characters.next();
                }
                written.push_str(captures.get(group).map_or("", |group| group.as_str()));
            }
            other => written.push(other),
        }
    }
    Ok(())
}
