//! Parts of URLs, as Java's `URI` has them.

use arrow::array::ArrayRef;
use datafusion::common::Result;

use super::kernel::{Call, Kernel, Outcome};
use super::text::value;

pub(crate) const KERNELS: &[(&str, Kernel)] = &[
    ("url_extract_protocol", |call| {
        part(call, |url| {
            Ok(Some(url.scheme.unwrap_or_default().to_owned()))
        })
    }),
    ("url_extract_host", |call| {
        part(call, |url| {
            Ok(Some(url.host.unwrap_or_default().to_owned()))
        })
    }),
    ("url_extract_path", |call| {
        part(call, |url| decoded(url.path).map(Some))
    }),
    ("url_extract_query", |call| {
        part(call, |url| decoded(url.query.unwrap_or_default()).map(Some))
    }),
    ("url_extract_fragment", |call| {
        part(call, |url| {
            decoded(url.fragment.unwrap_or_default()).map(Some)
        })
    }),
    ("url_extract_port", port),
    ("url_extract_parameter", parameter),
    ("url_decode", url_decode),
    ("url_encode", url_encode),
];

struct Url<'a> {
    scheme: Option<&'a str>,
    host: Option<&'a str>,
    port: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

/// Reads a URL, or finds that it isn't one; then Trino answers NULL.
fn read(text: &str) -> Option<Url<'_>> {
    let is_uri = text.chars().all(|character| {
        character.is_ascii_alphanumeric()
            || "-._~:/?#[]@!$&'()*+,;=%".contains(character)
            || (!character.is_ascii() && !character.is_whitespace() && !character.is_control())
    });
    if !is_uri || !has_whole_escapes(text) {
        return None;
    }
    let (rest, fragment) = match text.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (text, None),
    };
    if fragment.is_some_and(|fragment| fragment.contains('#')) {
        return None;
    }
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let (scheme, rest) = match rest.find([':', '/']) {
        Some(at) if rest[at..].starts_with(':') => {
            let scheme = &rest[..at];
            let begins = scheme
                .chars()
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic());
            let is_scheme = scheme
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || "+-.".contains(one));
            if !begins || !is_scheme || rest.len() == at + 1 {
                return None;
            }
            (Some(scheme), &rest[at + 1..])
        }
        _ => (None, rest),
    };
    let Some(behind) = rest.strip_prefix("//") else {
        // Something like mailto: has neither host nor path.
        let is_opaque = scheme.is_some() && !rest.starts_with('/');
        return Some(Url {
            scheme,
            host: None,
            port: None,
            path: if is_opaque { "" } else { rest },
            query: if is_opaque { None } else { query },
            fragment,
        });
    };
    let at = behind.find('/').unwrap_or(behind.len());
    let (authority, path) = behind.split_at(at);
    let server = authority
        .rsplit_once('@')
        .map_or(authority, |(_, server)| server);
    let (host, port) = match server.rsplit_once(':') {
        Some((host, port)) if !server.ends_with(']') => (host, Some(port)),
        _ => (server, None),
    };
    let is_host = is_host(host);
    let has_port = port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let is_server = is_host && has_port;
    Some(Url {
        scheme,
        host: is_server.then_some(host),
        port: port.filter(|_| is_server),
        path,
        query,
        fragment,
    })
}

/// Java's hosts: labels of letters, digits and inner hyphens, the last of which begins with a letter; or an address.
fn is_host(host: &str) -> bool {
    if host.starts_with('[') {
        return host.ends_with(']');
    }
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let is_address = labels.len() == 4 && labels.iter().all(|label| label.parse::<u8>().is_ok());
    let is_label = |label: &&str| {
        let inner = label
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '-');
        inner && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    };
    let begins_well = labels
        .last()
        .is_some_and(|last| last.starts_with(|one: char| one.is_ascii_alphabetic()));
    is_address || (labels.iter().all(is_label) && begins_well)
}

fn has_whole_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|behind| {
        let mut bytes = behind.bytes();
        [bytes.next(), bytes.next()]
            .into_iter()
            .all(|byte| byte.is_some_and(|byte| byte.is_ascii_hexdigit()))
    })
}

fn part(call: &Call, of: impl Fn(Url<'_>) -> Outcome<Option<String>>) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.texts(|row| match value(&texts, row).and_then(read) {
        Some(url) => of(url),
        None => Ok(None),
    })
}

fn port(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.wholes(|row| {
        let url = value(&texts, row).and_then(read);
        Ok(url.and_then(|url| url.port?.parse().ok()))
    })
}

fn parameter(call: &Call) -> Result<ArrayRef> {
    let (texts, names) = (call.text(0)?, call.text(1)?);
    call.texts(|row| {
        let (Some(url), Some(name)) = (value(&texts, row).and_then(read), value(&names, row))
        else {
            return Ok(None);
        };
        let Some(query) = url.query else {
            return Ok(None);
        };
        for pair in query.split('&') {
            let (key, value) = match pair.split_once('=') {
                Some((key, value)) => (key, value),
                None => (pair, ""),
            };
            if form_decoded(key)? == name {
                return form_decoded(value).map(Some);
            }
        }
        Ok(None)
    })
}

fn url_decode(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.texts(|row| match value(&texts, row) {
        None => Ok(None),
        Some(text) => form_decoded(text).map(Some),
    })
}

/// Decodes a form, in which `+` is a blank.
fn form_decoded(text: &str) -> Outcome<String> {
    if !has_whole_escapes(text) {
        return Err(format!("'{text}' has a % that begins no escape"));
    }
    decoded(&text.replace('+', " "))
}

fn decoded(text: &str) -> Outcome<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let escape = behind
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| format!("'{text}' has escapes that are no UTF-8"))
}

fn url_encode(call: &Call) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.texts(|row| {
        Ok(value(&texts, row).map(|text| {
            let mut encoded = String::new();
            for byte in text.bytes() {
                match byte {
                    b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' | b'*' => {
                        encoded.push(char::from(byte));
                    }
                    b' ' => encoded.push('+'),
                    byte => encoded.push_str(&format!("%{byte:02X}")),
                }
            }
            encoded
        }))
    })
}
