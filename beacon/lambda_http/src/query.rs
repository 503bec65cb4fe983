//! Queries that an event has as names and values, as one string again.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::event_fields::Pairs;

/// Every byte but the unreserved ones of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes the decoded names and values of a REST API's event into a query string.
pub(crate) fn encode(pairs: Pairs) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        push_separator(&mut query);
        query.extend(utf8_percent_encode(&name, ENCODED));
        query.push('=');
        query.extend(utf8_percent_encode(&value, ENCODED));
    }
    query
}

/// Joins the names and values of a load balancer's event, which are still encoded.
pub(crate) fn join(pairs: Pairs) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        push_separator(&mut query);
        query.push_str(&name);
        query.push('=');
        query.push_str(&value);
    }
    query
}

fn push_separator(query: &mut String) {
    if !query.is_empty() {
        query.push('&');
    }
}
