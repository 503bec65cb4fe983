//! `BEACON_TRUST`: whose word counts for the visitor's address and the host.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, header};

use crate::headers::{ORIGIN_SECRET, ORIGINAL_HOST, VIEWER_ADDRESS, X_FORWARDED_FOR};
use crate::request::Request;
use crate::settings::error::SettingsError;
use crate::text::lossy_text;
use crate::url_host;

/// More proxies than that in a row are a typing error.
const MAX_PROXIES: usize = 16;

#[derive(Clone)]
pub(crate) enum Trust {
    /// Only the connection.
    None,
    /// CloudFront's headers, where the secret is right.
    CloudFront { secret: Vec<u8> },
    /// The number of trusted proxies, each of which adds its peer at the right of X-Forwarded-For.
    Proxies(usize),
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trust::None => formatter.write_str("none"),
            Trust::CloudFront { .. } => formatter.write_str("cloudfront (secret not shown)"),
            Trust::Proxies(count) => write!(formatter, "proxies={count}"),
        }
    }
}

impl Trust {
    pub(crate) fn parse(
        setting: Option<&str>,
        secret: Option<String>,
    ) -> Result<Trust, SettingsError> {
        let value = setting.unwrap_or("none");
        match value {
            "none" => Ok(Trust::None),
            "cloudfront" => {
                let secret = secret.ok_or(SettingsError::OriginSecretMissing)?;
                Ok(Trust::CloudFront {
                    secret: secret_bytes(secret)?,
                })
            }
            other => {
                let count = other
                    .strip_prefix("proxies=")
                    .and_then(|count| count.parse().ok());
                match count {
                    Some(count) if (1..=MAX_PROXIES).contains(&count) => Ok(Trust::Proxies(count)),
                    _ => Err(SettingsError::Trust {
                        value: value.to_owned(),
                    }),
                }
            }
        }
    }

    /// Tells whether a request came through the edge, which has proven itself by the secret.
    pub(crate) fn is_edge(&self, headers: &HeaderMap) -> bool {
        matches!(self, Trust::CloudFront { secret } if knows_secret(headers, secret))
    }

    /// Returns the client's address from a trusted proxy, otherwise `peer`, the other end of the connection.
    pub(crate) fn address(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
        match self {
            Trust::None => peer,
            Trust::CloudFront { .. } if self.is_edge(headers) => headers
                .get(VIEWER_ADDRESS)?
                .to_str()
                .ok()
                .and_then(parse_address_and_port),
            Trust::CloudFront { .. } => peer,
            Trust::Proxies(count) => nth_forwarded_from_right(headers, *count),
        }
    }

    /// Returns the host that the visitor requested, in lower case, with its port if it names one; empty if unknown.
    pub(crate) fn host<'a>(&self, request: &Request<'a>) -> Cow<'a, str> {
        if self.is_edge(request.headers)
            && let Some(host) = request.headers.get(ORIGINAL_HOST)
        {
            return normalized_host(host.as_bytes());
        }
        match request.headers.get(header::HOST) {
            Some(host) => normalized_host(host.as_bytes()),
            None => Cow::Borrowed(""),
        }
    }
}

/// Refuses requests that went round the edge, if `BEACON_REQUIRE_ORIGIN_SECRET` is on.
#[derive(Clone)]
pub(crate) enum Gate {
    /// Everybody is.
    Open,
    /// Who knows the secret is.
    Closed { secret: Vec<u8> },
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Gate::Open => formatter.write_str("open"),
            Gate::Closed { .. } => formatter.write_str("closed (secret not shown)"),
        }
    }
}

impl Gate {
    pub(crate) fn new(is_closed: bool, secret: Option<String>) -> Result<Gate, SettingsError> {
        if !is_closed {
            return Ok(Gate::Open);
        }
        let secret = secret.ok_or(SettingsError::RequiredSecretMissing)?;
        Ok(Gate::Closed {
            secret: secret_bytes(secret)?,
        })
    }

    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        match self {
            Gate::Open => true,
            Gate::Closed { secret } => knows_secret(headers, secret),
        }
    }
}

fn secret_bytes(secret: String) -> Result<Vec<u8>, SettingsError> {
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SettingsError::OriginSecretForm);
    }
    Ok(secret.into_bytes())
}

fn knows_secret(headers: &HeaderMap, secret: &[u8]) -> bool {
    headers
        .get(ORIGIN_SECRET)
        .is_some_and(|given| equal_in_constant_time(given.as_bytes(), secret))
}

/// Compares in constant time, so that a secret can't be guessed byte by byte.
fn equal_in_constant_time(left: &[u8], right: &[u8]) -> bool {
    let mut difference = u8::from(left.len() != right.len());
    for (left, right) in left.iter().zip(right) {
        difference |= std::hint::black_box(left ^ right);
    }
    difference == 0
}

fn nth_forwarded_from_right(headers: &HeaderMap, count: usize) -> Option<IpAddr> {
    let mut left = count;
    let lines = headers.get_all(X_FORWARDED_FOR).iter().collect::<Vec<_>>();
    for line in lines.into_iter().rev() {
        for entry in line.to_str().ok()?.rsplit(',') {
            left -= 1;
            if left == 0 {
                return parse_address(entry.trim());
            }
        }
    }
    None
}

/// Parses an entry of X-Forwarded-For: an address, which some proxies write with its port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    match bare.parse::<IpAddr>() {
        Ok(address) => Some(address),
        Err(_) => text.parse::<SocketAddr>().ok().map(|address| address.ip()),
    }
}

/// CloudFront writes the port behind every address, and an IPv6 address without brackets: what stands behind the
/// last colon is never part of the address.
fn parse_address_and_port(text: &str) -> Option<IpAddr> {
    let (address, _port) = text.rsplit_once(':')?;
    let bare = address
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(address);
    bare.parse().ok()
}

fn normalized_host(bytes: &[u8]) -> Cow<'_, str> {
    match lossy_text(bytes) {
        Cow::Borrowed(text) => url_host::authority(text),
        Cow::Owned(text) => Cow::Owned(url_host::authority(&text).into_owned()),
    }
}

#[cfg(test)]
mod tests;
