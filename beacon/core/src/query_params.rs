//! The parameters of a hit, from a query string or a JSON item. Values are slices of the request wherever decoding
//! changes nothing.

use std::borrow::Cow;

use crate::form_encoding::{decode, decode_address};
use crate::fragment;
use crate::parameter_names::{MAX_NAME_BYTES, names_page, without_escapes};
use crate::privacy::Privacy;

/// More parameters than this are left out, and `truncated` set.
pub(crate) const MAX_PARAMETERS: usize = 256;

/// Parameters in the order of the request, repeated ones included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters<'a> {
    entries: Vec<Parameter<'a>>,
    pub(crate) truncated: bool,
    /// True if a value lost a fragment that no record keeps.
    pub(crate) had_tokens: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Cow<'a, str>,
    /// True for the first parameter of its name.
    pub(crate) is_first: bool,
}

impl<'a> Parameters<'a> {
    /// Reads a query string as a browser's form would write it: `+` is a space, an invalid byte becomes U+FFFD, a
    /// name may be empty, a missing `=` means an empty value, and nothing between two `&` is no parameter. Where
    /// HTML's `&amp;` was left in the URL, the name begins behind it.
    pub(crate) fn from_query(query: &'a str, privacy: &Privacy) -> Parameters<'a> {
        let mut parameters = Parameters::default();
        if query.is_empty() {
            return parameters;
        }
        parameters.entries.reserve(8);
        for pair in query.split('&') {
            if pair.is_empty() {
                continue;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = without_escapes_owned(decode(name));
            let value = if names_page(&name) {
                decode_address(value)
            } else {
                decode(value)
            };
            if !parameters.push(name, value, privacy) {
                break;
            }
        }
        parameters
    }

    /// Adds a parameter. Returns false if there is no room, and sets `truncated`.
    pub(crate) fn push(
        &mut self,
        name: Cow<'a, str>,
        value: Cow<'a, str>,
        privacy: &Privacy,
    ) -> bool {
        if self.entries.len() == MAX_PARAMETERS {
            self.truncated = true;
            return false;
        }
        // Names get their final form here, because a map must not have one twice: Trino refuses the whole file.
        let name = privacy.clean_owned(name);
        let name = self.cut_name(name);
        let is_first = !self.entries.iter().any(|earlier| earlier.name == name);
        let value = self.without_tokens(&name, value);
        self.entries.push(Parameter {
            name,
            value,
            is_first,
        });
        true
    }

    /// Adds those of a POST's query behind those of its item.
    pub(crate) fn add_all(&mut self, others: &Parameters<'a>, privacy: &Privacy) {
        self.truncated |= others.truncated;
        for other in others.iter() {
            if !self.push(other.name.clone(), other.value.clone(), privacy) {
                break;
            }
        }
    }

    /// Here, where every value comes by once, so that nothing behind sees a token.
    fn without_tokens(&mut self, name: &str, value: Cow<'a, str>) -> Cow<'a, str> {
        let Some(at) = fragment::begins_in(name, &value) else {
            return value;
        };
        self.had_tokens = true;
        match value {
            Cow::Borrowed(value) => Cow::Borrowed(&value[..at]),
            Cow::Owned(mut value) => {
                value.truncate(at);
                Cow::Owned(value)
            }
        }
    }

    fn cut_name(&mut self, name: Cow<'a, str>) -> Cow<'a, str> {
        if name.len() <= MAX_NAME_BYTES {
            return name;
        }
        self.truncated = true;
        let end = name.floor_char_boundary(MAX_NAME_BYTES);
        Cow::Owned(name[..end].to_owned())
    }

    /// Returns the first value of a name, if it isn't empty: for a column, an empty value is none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.first(name).filter(|value| !value.is_empty())
    }

    /// Returns the first value of a name, empty or not.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.entries
            .iter()
            .find(|parameter| parameter.name == name)
            .map(|parameter| &*parameter.value)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Parameter<'a>> {
        self.entries.iter()
    }
}

fn without_escapes_owned(name: Cow<'_, str>) -> Cow<'_, str> {
    let escape_bytes = name.len() - without_escapes(&name).len();
    if escape_bytes == 0 {
        return name;
    }
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(&name[escape_bytes..]),
        Cow::Owned(name) => Cow::Owned(name[escape_bytes..].to_owned()),
    }
}

#[cfg(test)]
mod tests;
