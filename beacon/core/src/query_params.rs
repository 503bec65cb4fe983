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

    /// The first value of a name, if it is not empty: for a column, an empty value is none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.first(name).filter(|value| !value.is_empty())
    }

    /// The first value of a name, empty or not.
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn full() -> Privacy {
        Privacy::parse(Some("full"), "").unwrap()
    }

    fn pairs(query: &str) -> Vec<(String, String)> {
        let parameters = Parameters::from_query(query, &full());
        parameters
            .iter()
            .map(|parameter| (parameter.name.to_string(), parameter.value.to_string()))
            .collect()
    }

    #[track_caller]
    fn check(query: &str, expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(pairs(query), expected);
    }

    #[test]
    fn reads_what_browsers_and_people_write() {
        check("", &[]);
        check("a=1&b=2", &[("a", "1"), ("b", "2")]);
        check("a", &[("a", "")]);
        check("a=", &[("a", "")]);
        check("=1", &[("", "1")]);
        check("&&a=1&", &[("a", "1")]);
        check("a=1=2", &[("a", "1=2")]);
        check("a+b=c+d%2B", &[("a b", "c d+")]);
        check("a=%C3%A9%f0%9f%8e%89", &[("a", "é🎉")]);
        check("a=%FF%C3", &[("a", "\u{fffd}\u{fffd}")]);
        check(
            "a=100%&b=%zz&c=%1",
            &[("a", "100%"), ("b", "%zz"), ("c", "%1")],
        );
        check("a=%00%0a%22", &[("a", "\0\n\"")]);
        check("a=é", &[("a", "é")]);
    }

    #[test]
    fn an_escape_that_was_left_is_no_part_of_a_name() {
        check("a=1&amp;b=2", &[("a", "1"), ("b", "2")]);
        check("amp;a=1&AMP;amp;b=2", &[("a", "1"), ("b", "2")]);
        check("a=1&amp%3Bb=2", &[("a", "1"), ("b", "2")]);
        check("a=b&amp;c", &[("a", "b"), ("c", "")]);
        check("amp=1&amps=2", &[("amp", "1"), ("amps", "2")]);
    }

    #[test]
    fn the_first_of_a_name_is_known() {
        let parameters = Parameters::from_query("a=1&b=2&a=3", &full());
        let firsts: Vec<bool> = parameters
            .iter()
            .map(|parameter| parameter.is_first)
            .collect();
        assert_eq!(firsts, [true, true, false]);
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("c"), None);
    }

    #[test]
    fn more_than_the_limit_is_said() {
        let names = |count: usize| {
            (0..count)
                .map(|n| format!("p{n}="))
                .collect::<Vec<_>>()
                .join("&")
        };
        let fitting = Parameters::from_query(&names(MAX_PARAMETERS), &full()).truncated;
        assert!(!fitting);
        let more = Parameters::from_query(&names(MAX_PARAMETERS + 1), &full()).truncated;
        assert!(more);
    }

    #[test]
    fn names_that_become_equal_are_one() {
        let long = "é".repeat(MAX_NAME_BYTES);
        let query = format!("{long}1=a&{long}2=b");
        let parameters = Parameters::from_query(&query, &full());
        assert!(parameters.truncated);
        assert_eq!(
            parameters
                .iter()
                .filter(|parameter| parameter.is_first)
                .count(),
            1
        );
    }

    proptest! {
        #[test]
        fn agrees_with_the_url_crate(query in "([a-c=&+%]|%[0-9a-fA-F]{2}|\\PC){0,60}") {
            let slow: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            prop_assert_eq!(pairs(&query), slow);
        }

    }
}
