//! Spells a filter in the two ways that rows can have: that of records now, and that of version 0.1.0, which kept sites
//! and pages as browsers send them.

use std::borrow::Cow;

use beacon_core::normalize;
use url::Host;

use crate::scope::ALL;
use crate::string_literal::MAX_VALUE_CHARACTERS;

/// The ASCII characters that a browser percent-encodes in a path.
/// <https://url.spec.whatwg.org/#path-percent-encode-set>
const ENCODED: &[u8] = b" \"<>`{}";

/// A value to be compared with `IN (?, ?)`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spellings {
    /// The spelling of records now.
    pub(crate) now: String,
    /// The value as given if that differs; otherwise the spelling of version 0.1.0.
    ///
    /// A row of version 0.1.0 is found by its own text this way.
    pub(crate) also: String,
}

/// Returns the spellings that rows can have of a site: that of records now, and that given or of version 0.1.0.
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
    // Neither engine binds an empty value.
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
    if before.is_empty() || before.chars().count() > MAX_VALUE_CHARACTERS {
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
