//! Normalizes hosts. Plain ASCII in lower case, as nearly every host is, costs one look at its bytes.

use std::borrow::Cow;

use idna::AsciiDenyList;
use idna::uts46::{Hyphens, Uts46};

use crate::url_syntax;

/// The bytes of a host that has nothing to be normalized: a look into a table is cheaper than comparisons.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        plain[byte as usize] = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.');
        byte += 1;
    }
    plain
};

/// Normalizes a host without port: Unicode by UTS 46 where its labels allow that, lower case, no trailing dot.
///
/// ```
/// # use beacon_core::normalize;
/// assert_eq!(normalize::host("XN--MNCHEN-3YA.Example."), "münchen.example");
/// assert_eq!(normalize::host("MÜNCHEN。example"), "münchen.example");
/// assert_eq!(normalize::host("[2001:DB8::1]"), "[2001:db8::1]");
/// ```
pub fn host(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| PLAIN[usize::from(byte)]) && !text.ends_with('.') {
        return Cow::Borrowed(text);
    }
    let text = without_trailing_dot(text);
    let mut has_upper_case = false;
    let mut is_ascii = true;
    let mut has_hyphen = false;
    for byte in text.bytes() {
        has_upper_case |= byte.is_ascii_uppercase();
        is_ascii &= byte.is_ascii();
        has_hyphen |= byte == b'-';
    }
    if !is_ascii || has_hyphen && has_encoded_label(text) {
        return international(text);
    }
    if has_upper_case {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Puts at least into lower case what no rule reads: it may still be the name of a site.
fn international(text: &str) -> Cow<'_, str> {
    let (unicode, result) =
        Uts46::new().to_unicode(text.as_bytes(), AsciiDenyList::URL, Hyphens::Allow);
    let unicode = match result {
        Ok(()) if !unicode.is_empty() => unicode,
        _ => Cow::Owned(text.to_lowercase()),
    };
    // A full stop of another script has become a dot.
    match unicode {
        Cow::Borrowed(unicode) => Cow::Borrowed(without_trailing_dot(unicode)),
        Cow::Owned(mut unicode) => {
            unicode.truncate(without_trailing_dot(&unicode).len());
            Cow::Owned(unicode)
        }
    }
}

/// The root of the DNS is left out; what is nothing but dots is no host.
fn without_trailing_dot(text: &str) -> &str {
    text.trim_end_matches('.')
}

fn has_encoded_label(text: &str) -> bool {
    text.split('.').any(|label| {
        label
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
    })
}

/// Tells whether two normalized hosts name the same site, with or without `www.` in front.
pub(crate) fn is_same_but_for_www(left: &str, right: &str) -> bool {
    without_www(left) == without_www(right)
}

fn without_www(host: &str) -> &str {
    match host.strip_prefix("www.") {
        Some(rest) if !rest.is_empty() => rest,
        _ => host,
    }
}

/// Normalizes `host` or `host:port`; the port stays.
pub(crate) fn authority(text: &str) -> Cow<'_, str> {
    let name = url_syntax::without_port(text);
    let port = &text[name.len()..];
    match host(name) {
        Cow::Borrowed(host) if host.len() == name.len() => Cow::Borrowed(text),
        host => Cow::Owned(format!("{host}{port}")),
    }
}

/// Returns the default port of a scheme in any case.
pub(crate) fn default_port(scheme: &str) -> u16 {
    if scheme.eq_ignore_ascii_case("https") {
        443
    } else {
        80
    }
}
