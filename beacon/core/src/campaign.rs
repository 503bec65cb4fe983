//! The campaign of a link: `utm_source` and its siblings, else its `ref` or `source`, with names in any case.

use std::borrow::Cow;

use crate::form_encoding::decode;
use crate::parameter_names::without_escapes;
use crate::privacy::Privacy;
use crate::value::KeptParameters;

/// In the order of the columns.
const NAMES: [&str; 5] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
];

/// The place of `utm_source` among [`NAMES`].
const SOURCE: usize = 0;

/// The names by which a link without `utm_source` names its source, the better one first. Only in the URL of a page:
/// the beacon's own `ref` is the referrer.
const SOURCE_NAMES: [&str; 2] = ["ref", "source"];

/// The values of the columns `utm_source` to `utm_content`.
pub(crate) type Campaign<'a> = [Option<Cow<'a, str>>; NAMES.len()];

/// Reads it from the beacon's own parameters: the first of a name that has a value.
pub(crate) fn from_parameters<'a>(parameters: &KeptParameters<'a>) -> Campaign<'a> {
    let mut campaign = Campaign::default();
    for parameter in parameters.all.iter() {
        let Some(column) = column_of(&parameter.name) else {
            continue;
        };
        if campaign[column].is_none() && !parameter.value.is_empty() {
            let value = parameters
                .privacy
                .clean_value(&parameter.name, &parameter.value);
            campaign[column] = Some(value);
        }
    }
    campaign
}

/// Fills from the queries of a page's URL what the beacon's own parameters left open. An earlier query goes first.
pub(crate) fn add_queries<'a>(
    campaign: &mut Campaign<'a>,
    queries: [&'a str; 2],
    privacy: &Privacy,
) {
    for query in queries {
        for (name, value) in pairs(query) {
            let Some(column) = column_of(without_escapes(&name)) else {
                continue;
            };
            if campaign[column].is_none() {
                campaign[column] = Some(privacy.clean_owned(decode(value)));
            }
        }
    }
    if campaign[SOURCE].is_none() {
        campaign[SOURCE] = source(queries).map(|value| privacy.clean_owned(decode(value)));
    }
}

/// Returns the value of the first of [`SOURCE_NAMES`] that has one.
fn source(queries: [&str; 2]) -> Option<&str> {
    let value_of = |wanted: &str| {
        queries
            .into_iter()
            .flat_map(pairs)
            .find_map(|(name, value)| {
                without_escapes(&name)
                    .eq_ignore_ascii_case(wanted)
                    .then_some(value)
            })
    };
    SOURCE_NAMES.into_iter().find_map(value_of)
}

/// Splits a query into decoded names and values as they are, without those that are empty.
fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(_name, value)| !value.is_empty())
        .map(|(name, value)| (decode(name), value))
}

/// Returns the query in a fragment: behind the `?` of a route (`#/talks?utm_source=a`), or all of it
/// (`#utm_source=a`). Text without pairs does no harm.
pub(crate) fn query_of_fragment(fragment: &str) -> &str {
    match fragment.split_once('?') {
        Some((_route, query)) => query,
        None => fragment,
    }
}

fn column_of(name: &str) -> Option<usize> {
    const PREFIX: &[u8] = b"utm_";
    let start = name.as_bytes().get(..PREFIX.len())?;
    if !start.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    NAMES
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name))
}
