//! Slices of a URL of any form, as given: nothing is decoded or normalized here.

use std::borrow::Cow;

pub(crate) fn ends_authority(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\' | b'?' | b'#')
}

pub(crate) fn begins_query(byte: u8) -> bool {
    matches!(byte, b'?' | b'#')
}

/// `host:port` or `[address]:port` without the port.
pub(crate) fn without_port(authority: &str) -> &str {
    // An authority is short: a loop over its bytes costs less than a search.
    match authority.bytes().rposition(|byte| byte == b':') {
        Some(at)
            if authority
                .bytes()
                .skip(at + 1)
                .all(|byte| byte.is_ascii_digit())
                && !is_inside_brackets(&authority[..at]) =>
        {
            &authority[..at]
        }
        _ => authority,
    }
}

fn is_inside_brackets(host: &str) -> bool {
    host.starts_with('[') && !host.ends_with(']')
}

/// Splits any URL into the part before query and fragment, and the query without `?`.
pub(crate) fn split_query(text: &str) -> (&str, &str) {
    let (before, query, _fragment) = split_reference(text);
    (before, query)
}

/// Splits any URL into the part before the query, the query, and the fragment, without `?` and `#`.
pub(crate) fn split_reference(text: &str) -> (&str, &str, &str) {
    let (before, query_and_fragment) = split_before(text, begins_query);
    let (query, fragment) = split_fragment(query_and_fragment);
    (before, query, fragment)
}

pub(crate) fn split_fragment(query_and_fragment: &str) -> (&str, &str) {
    let (query, fragment) = split_before(query_and_fragment, |byte| byte == b'#');
    (
        query.strip_prefix('?').unwrap_or_default(),
        fragment.strip_prefix('#').unwrap_or_default(),
    )
}

/// Strips query, fragment and user info from a URL of any scheme, or one that begins with `//`. Returns all other text
/// as it is: an unknown parameter with a question mark in it is no URL.
pub(crate) fn without_query(text: &str) -> Cow<'_, str> {
    let Some(authority_at) = authority_of_any_url(text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let (kept, _query) = split_query(text);
    let Some(rest) = kept.get(authority_at..) else {
        return Cow::Borrowed(kept);
    };
    let (user_and_authority, path) = split_before(rest, ends_authority);
    let authority = without_user_info(user_and_authority);
    if authority.len() == user_and_authority.len() {
        return Cow::Borrowed(kept);
    }
    // Text behind an empty host would be taken for another authority, user info and all.
    let path = if authority.is_empty() { "" } else { path };
    Cow::Owned(format!("{}{authority}{path}", &kept[..authority_at]))
}

/// Returns where the authority begins, if this is a URL. Browsers take `https:/host`, `https:\\\\host` and `https:host`
/// for URLs too, so they are URLs here.
pub(crate) fn authority_of_any_url(text: &[u8]) -> Option<usize> {
    let begin = text.iter().position(|byte| *byte > b' ')?;
    let rest = &text[begin..];
    let scheme_bytes = rest
        .iter()
        .position(|byte| !IN_SCHEME[usize::from(*byte)])?;
    let (scheme, rest) = rest.split_at(scheme_bytes);
    if scheme.is_empty() && rest.starts_with(b"//") {
        return Some(begin + 2);
    }
    let after_scheme = rest.strip_prefix(b":")?;
    let is_web = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    if !is_web && !after_scheme.starts_with(b"//") {
        return None;
    }
    let slashes = after_scheme
        .iter()
        .take_while(|byte| matches!(byte, b'/' | b'\\'))
        .count();
    Some(begin + scheme_bytes + 1 + slashes)
}

/// The bytes that a scheme may have: a look into a table is cheaper than comparisons.
static IN_SCHEME: [bool; 256] = {
    let mut in_scheme = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        in_scheme[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        byte += 1;
    }
    in_scheme
};

pub(crate) fn without_user_info(authority: &str) -> &str {
    match authority.bytes().rposition(|byte| byte == b'@') {
        Some(at) => &authority[at + 1..],
        None => authority,
    }
}

/// Lenient: what DNS will not resolve may still be the name of a site on somebody's network.
pub(crate) fn is_authority(authority: &str) -> bool {
    let is_host_byte = |byte: u8| {
        !matches!(
            byte,
            0..=b' ' | 0x7f | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' | b'%'
        )
    };
    !authority.is_empty() && !authority.starts_with(':') && authority.bytes().all(is_host_byte)
}

/// Cuts before the first byte that `is_end` knows. All of these are ASCII, so the cut is on a character boundary.
pub(crate) fn split_before(text: &str, is_end: impl Fn(u8) -> bool) -> (&str, &str) {
    match text.bytes().position(is_end) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests;
