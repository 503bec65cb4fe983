//! The campaign of a link: `utm_source` and its siblings, with names in any case.

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

/// Fills from the query of a page's URL what the beacon's own parameters left open.
pub(crate) fn add_query<'a>(campaign: &mut Campaign<'a>, query: &'a str, privacy: &Privacy) {
    for pair in query.split('&') {
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let Some(column) = column_of(without_escapes(&decode(name))) else {
            continue;
        };
        if campaign[column].is_none() && !value.is_empty() {
            campaign[column] = Some(privacy.clean_owned(decode(value)));
        }
    }
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
