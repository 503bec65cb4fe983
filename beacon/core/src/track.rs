//! JSON in the body of a POST: one object, or an array of them.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::json::{LossyStr, Members};
use crate::parameter_names::MAX_NAME_BYTES;
use crate::privacy::Privacy;
use crate::query_params::Parameters;

/// The most items of one POST: as many as one put to Firehose takes.
pub(crate) const MAX_ITEMS: usize = 500;

/// Objects and arrays nested deeper than this are left out, and `truncated` set.
const MAX_DEPTH: usize = 8;

/// The reason for refusing JSON as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemsError {
    NotJson,
    NotObjectOrArray,
    NoItems,
    TooManyItems,
}

impl ItemsError {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            ItemsError::NotJson => "body is not JSON",
            ItemsError::NotObjectOrArray => "body is neither a JSON object nor an array",
            ItemsError::NoItems => "array is empty",
            ItemsError::TooManyItems => "more than 500 items",
        }
    }
}

/// The reason for refusing one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemError {
    NotObject,
    EventNotText,
}

impl ItemError {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            ItemError::NotObject => "item is not a JSON object",
            ItemError::EventNotText => "event is not a text: leave it out to count a view",
        }
    }
}

/// Returns the items of a body, unread. `body` begins with `{` or `[`.
pub(crate) fn items(body: &str) -> Result<Vec<&RawValue>, ItemsError> {
    if body.starts_with('{') {
        let item = serde_json::from_str(body).map_err(|_| ItemsError::NotJson)?;
        return Ok(vec![item]);
    }
    let items: Vec<&RawValue> = serde_json::from_str(body).map_err(|_| ItemsError::NotJson)?;
    match items.len() {
        0 => Err(ItemsError::NoItems),
        1..=MAX_ITEMS => Ok(items),
        _ => Err(ItemsError::TooManyItems),
    }
}

/// Returns every scalar of an item, nested ones under dotted names: `{"a":{"b":[1]}}` is `a.b.0` = `1`. Numbers keep the
/// text they came in, `null` is left out. An `event` that is there and no text is a mistake of the caller's, who
/// meant no view.
pub(crate) fn parameters<'a>(
    item: &'a RawValue,
    privacy: &Privacy,
) -> Result<Parameters<'a>, ItemError> {
    if !item.get().starts_with('{') {
        return Err(ItemError::NotObject);
    }
    let mut parameters = Parameters::default();
    let Ok(Members(members)) = serde_json::from_str(item.get()) else {
        parameters.truncated = true;
        return Ok(parameters);
    };
    let is_wrong_event =
        |(LossyStr(name), value): &(LossyStr<'_>, &RawValue)| name == "event" && !is_text(value);
    if members.iter().any(is_wrong_event) {
        return Err(ItemError::EventNotText);
    }
    add_members(members, "", 1, &mut parameters, privacy);
    Ok(parameters)
}

/// Tells whether JSON is a string with more than blanks.
fn is_text(value: &RawValue) -> bool {
    value
        .get()
        .strip_prefix('"')
        .is_some_and(|text| !text.trim_end_matches('"').trim().is_empty())
}

/// Adds the scalars of an object or array. Returns false if there is no room for more, which ends the whole item: a
/// body of 1 MiB holds far more scalars than are kept, and each would cost a name.
fn flatten<'a>(
    json: &'a str,
    prefix: &str,
    depth: usize,
    parameters: &mut Parameters<'a>,
    privacy: &Privacy,
) -> bool {
    if depth > MAX_DEPTH {
        parameters.truncated = true;
        return true;
    }
    // The whole body was read as JSON before, so what fails here is at most a name that is not Unicode.
    match json.as_bytes().first() {
        Some(b'{') => {
            let Ok(Members(members)) = serde_json::from_str(json) else {
                parameters.truncated = true;
                return true;
            };
            add_members(members, prefix, depth, parameters, privacy)
        }
        _ => {
            let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json) else {
                parameters.truncated = true;
                return true;
            };
            items.into_iter().enumerate().all(|(index, value)| {
                let name = join(prefix, Cow::Owned(index.to_string()));
                add(name, value.get(), depth, parameters, privacy)
            })
        }
    }
}

/// Adds the members of an object. Returns false if there is no room for more.
fn add_members<'a>(
    members: Vec<(LossyStr<'a>, &'a RawValue)>,
    prefix: &str,
    depth: usize,
    parameters: &mut Parameters<'a>,
    privacy: &Privacy,
) -> bool {
    members.into_iter().all(|(LossyStr(name), value)| {
        add(join(prefix, name), value.get(), depth, parameters, privacy)
    })
}

fn join<'a>(prefix: &str, name: Cow<'a, str>) -> Cow<'a, str> {
    if prefix.is_empty() {
        name
    } else {
        Cow::Owned(format!("{prefix}.{name}"))
    }
}

/// Adds a value. Returns false if there is no room for more.
fn add<'a>(
    name: Cow<'a, str>,
    value: &'a str,
    depth: usize,
    parameters: &mut Parameters<'a>,
    privacy: &Privacy,
) -> bool {
    match value.as_bytes().first() {
        Some(b'{' | b'[') => {
            let prefix = cut_prefix(name, privacy);
            flatten(value, &prefix, depth + 1, parameters, privacy)
        }
        Some(b'"') => match serde_json::from_str(value) {
            Ok(LossyStr(text)) => parameters.push(name, text, privacy),
            Err(_) => {
                parameters.truncated = true;
                true
            }
        },
        Some(b'n') => true,
        _ => parameters.push(name, Cow::Borrowed(value), privacy),
    }
}

/// Returns as much of a long name as the names below it can show: each of them copies it. It is cleaned first, because
/// user info is known by the `@` behind it, which may be cut away. Up to the end of a character, so that the names are
/// cut where they would be without this.
fn cut_prefix<'a>(name: Cow<'a, str>, privacy: &Privacy) -> Cow<'a, str> {
    if name.len() <= MAX_NAME_BYTES {
        return name;
    }
    let name = privacy.clean_owned(name);
    let end = name.ceil_char_boundary(MAX_NAME_BYTES);
    Cow::Owned(name[..end].to_owned())
}
