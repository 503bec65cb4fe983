//! Fragments that are not routes. Identity providers return tokens behind a `#`, and a script that takes every fragment
//! for a route sends them as the page. They are no page, and no record keeps them.

use crate::parameter_names::names_page;

/// Names of what sign-ins leave in a fragment, by OAuth 2.0, OpenID Connect, SAML and the services built on them.
const CREDENTIALS: &[&str] = &[
    "access_token",
    "api_key",
    "apikey",
    "auth_token",
    "authuser",
    "client_info",
    "code",
    "code_verifier",
    "error",
    "error_code",
    "error_description",
    "expires_at",
    "expires_in",
    "id_token",
    "id_token_hint",
    "jwt",
    "login_hint",
    "nonce",
    "oauth_token",
    "oauth_verifier",
    "password",
    "provider_refresh_token",
    "provider_token",
    "recovery_token",
    "refresh_token",
    "relaystate",
    "samlart",
    "samlresponse",
    "secret",
    "session_id",
    "session_state",
    "sessionid",
    "sid",
    "state",
    "ticket",
    "token",
    "token_type",
];

/// Returns where the part of a parameter's value begins that no record keeps. Looks only into addresses of pages, and
/// into values that begin with `#`.
pub(crate) fn begins_in(name: &str, value: &str) -> Option<usize> {
    if names_page(name) || value.starts_with('#') {
        begins_at(value)
    } else {
        None
    }
}

/// Returns where the part of a page's address begins that no record keeps: 0 if all of it is a fragment that is not a
/// route, `None` if nothing is to be left out.
pub(crate) fn begins_at(address: &str) -> Option<usize> {
    let has = |text: &str, byte: u8| text.as_bytes().contains(&byte);
    // Most addresses have no pair, or one in their query alone, and no fragment: they cost a search or two.
    if !has(address, b'=') {
        return None;
    }
    if !has(address, b'#') {
        let path = &address[..address.find('?').unwrap_or(address.len())];
        return (has(path, b'=') && is_no_route(path)).then_some(0);
    }
    let route = address
        .strip_prefix("#!")
        .or_else(|| address.strip_prefix('#'))
        .unwrap_or(address);
    let end = route.find(['?', '#']).unwrap_or(route.len());
    let (path, rest) = route.split_at(end);
    if is_no_route(path) {
        return Some(0);
    }
    let fragment_at = rest.find('#')?;
    has_credentials(&rest[fragment_at..]).then(|| address.len() - rest.len() + fragment_at)
}

/// Tells whether text is not a route: a pair is not a page's name, and a path has no credentials in a segment.
fn is_no_route(path: &str) -> bool {
    is_pair(path) || has_credentials(path)
}

/// `name=value`: `https://a.example/b=c` is none, and neither is `/a=b`.
fn is_pair(text: &str) -> bool {
    match text.split_once('=') {
        Some((name, _value)) => {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte))
        }
        None => false,
    }
}

fn has_credentials(text: &str) -> bool {
    text.split(['/', '&', ';', '?', '#', '!']).any(|part| {
        part.split_once('=').is_some_and(|(name, _value)| {
            CREDENTIALS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        })
    })
}

#[cfg(test)]
mod tests;
