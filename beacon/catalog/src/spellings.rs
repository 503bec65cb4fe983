//! A filter in the two spellings that rows can have: the one that records have now, and the one of 0.1.0, which kept
//! sites and pages as browsers send them.

use std::borrow::Cow;

use beacon_core::normalize;
use url::Host;

use crate::scope::ALL;

/// The longest text that is bound: what Athena takes with quotes around it.
const MAX_CHARACTERS: usize = 1022;

/// What a browser's URL has percent-encoded in a path, of ASCII.
const ENCODED: &[u8] = b" \"<>`{}";

/// A value to be compared with `IN (?, ?)`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spellings {
    /// As a record has it now.
    pub(crate) now: String,
    /// As given where that is something else, so that a row of 0.1.0 is found by its own text; else as 0.1.0 had it.
    pub(crate) also: String,
}

/// Returns how rows can spell a site that a person gives: as records have it now, and as given or as 0.1.0 had it.
pub fn site_spellings(given: &str) -> [String; 2] {
    let spellings = site(given);
    [spellings.now, spellings.also]
}

pub(crate) fn site(given: &str) -> Spellings {
    spellings(given, normalize::site(given), punycode)
}

pub(crate) fn page(given: &str) -> Spellings {
    spellings(given, normalize::page(given), percent_encoded)
}

fn spellings(given: &str, now: Cow<'_, str>, before: fn(&str) -> String) -> Spellings {
    let same = |text: &str| Spellings {
        now: text.to_owned(),
        also: text.to_owned(),
    };
    // No spelling may be empty: neither engine binds that.
    if given == ALL || now.is_empty() {
        return same(given);
    }
    if now != given {
        return Spellings {
            also: given.to_owned(),
            now: now.into_owned(),
        };
    }
    let before = before(given);
    if before.is_empty() || before.chars().count() > MAX_CHARACTERS {
        return same(given);
    }
    Spellings {
        now: given.to_owned(),
        also: before,
    }
}

fn punycode(host: &str) -> String {
    if host.is_ascii() {
        return host.to_owned();
    }
    match Host::parse(host) {
        Ok(host) => host.to_string(),
        Err(_) => host.to_owned(),
    }
}

fn percent_encoded(page: &str) -> String {
    let mut encoded = String::with_capacity(page.len());
    for byte in page.bytes() {
        if byte.is_ascii() && !ENCODED.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
