//! `BEACON_PRIVACY` and `BEACON_KEEP_HEADERS`: the parts of a request that a record may keep.

use std::borrow::Cow;

use http::{HeaderName, header};

use crate::headers::{HINTS, ORIGIN_SECRET};
use crate::parameter_names::{names_click, names_page};
use crate::settings::error::SettingsError;
use crate::url_syntax;

/// The rule of an installation for what its records keep.
#[derive(Clone, Debug)]
pub(crate) enum Privacy {
    /// No address; headers by allow-list and `keep_headers`; URLs without query and user info.
    Anonymous { keep_headers: Vec<HeaderName> },
    /// Everything that the request carried, without what `keep_headers` doesn't name of credentials and of headers that
    /// the edge has joined: those stand beside.
    Full { keep_headers: Vec<HeaderName> },
}

impl Privacy {
    pub(crate) fn parse(
        setting: Option<&str>,
        keep_headers: &str,
    ) -> Result<Privacy, SettingsError> {
        let keep = |may_keep| parse_keep_headers(keep_headers, may_keep);
        match setting.unwrap_or("anonymous") {
            "anonymous" => Ok(Privacy::Anonymous {
                keep_headers: keep(is_harmless_to_keep)?,
            }),
            "full" => Ok(Privacy::Full {
                keep_headers: keep(is_no_secret)?,
            }),
            other => Err(SettingsError::Privacy {
                value: other.to_owned(),
            }),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        matches!(self, Privacy::Full { .. })
    }

    /// Tells whether a header is kept. Its name comes from a header map, so it is in lower case.
    pub(crate) fn keeps_header(&self, name: &HeaderName) -> bool {
        match self {
            Privacy::Full { keep_headers } => {
                is_harmless(name.as_str())
                    || !is_credential(name.as_str()) && *name != HINTS
                    || keep_headers.contains(name)
            }
            Privacy::Anonymous { keep_headers } => {
                is_harmless(name.as_str()) || keep_headers.contains(name)
            }
        }
    }

    /// Cleans a parameter's name or value, or a header's value. In `anonymous` mode a URL loses query, fragment and
    /// user info, whatever the parameter is called.
    pub(crate) fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            Privacy::Full { .. } => Cow::Borrowed(text),
            Privacy::Anonymous { .. } => url_syntax::without_query(text),
        }
    }

    /// Tells whether [`Privacy::clean`] changes nothing of this text.
    pub(crate) fn keeps_whole(&self, text: &[u8]) -> bool {
        self.is_full() || url_syntax::authority_of_any_url(text).is_none()
    }

    /// Does the same as [`Privacy::clean`] for text that may be owned.
    pub(crate) fn clean_owned<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        match text {
            Cow::Borrowed(text) => self.clean(text),
            Cow::Owned(text) => match self.clean(&text) {
                Cow::Borrowed(cleaned) if cleaned.len() == text.len() => Cow::Owned(text),
                cleaned => Cow::Owned(cleaned.into_owned()),
            },
        }
    }

    /// Returns the value of a parameter as it is kept. In `anonymous` mode, that of a click id is empty, and a relative
    /// URL loses its query too if the parameter names a page.
    pub(crate) fn clean_value<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        if self.is_full() {
            return Cow::Borrowed(value);
        }
        if names_click(name) {
            return Cow::Borrowed("");
        }
        match self.clean(value) {
            Cow::Borrowed(cleaned) if names_page(name) => {
                Cow::Borrowed(url_syntax::split_query(cleaned).0)
            }
            cleaned => cleaned,
        }
    }
}

/// Headers that say what a browser can and wants, not who uses it. Exact names rather than `sec-*`, because
/// session identifiers (`Sec-Session-Id`) begin so too.
fn is_harmless(name: &str) -> bool {
    let name_is_harmless = matches!(
        name,
        "user-agent"
            | "accept"
            | "accept-charset"
            | "accept-encoding"
            | "accept-language"
            | "cache-control"
            | "content-length"
            | "content-type"
            | "device-memory"
            | "dnt"
            | "host"
            | "origin"
            | "pragma"
            | "priority"
            | "purpose"
            | "referer"
            | "save-data"
            | "sec-gpc"
            | "sec-purpose"
            | "upgrade-insecure-requests"
            | "x-moz"
            | "x-purpose"
    );
    name_is_harmless || name.starts_with("sec-ch-") || name.starts_with("sec-fetch-")
}

/// A reader of the lake could act as the visitor with a credential, so `full` keeps one only if it is named.
/// Most are a site's own and have any name; these words tell.
fn is_credential(name: &str) -> bool {
    CREDENTIAL_WORDS.iter().any(|word| name.contains(word))
}

pub(crate) const CREDENTIAL_WORDS: [&str; 15] = [
    "api-key",
    "apikey",
    "assertion",
    "auth-key",
    "authorization",
    "cookie",
    "credential",
    "csrf",
    "jwt",
    "oidc-data",
    "passw",
    "secret",
    "session",
    "token",
    "xsrf",
];

type MayKeep = fn(&str, &HeaderName) -> Result<(), SettingsError>;

fn is_harmless_to_keep(entry: &str, name: &HeaderName) -> Result<(), SettingsError> {
    if identifies(name) {
        return Err(SettingsError::KeepIdentifyingHeader {
            value: entry.to_owned(),
        });
    }
    Ok(())
}

fn is_no_secret(entry: &str, name: &HeaderName) -> Result<(), SettingsError> {
    if *name == ORIGIN_SECRET {
        return Err(SettingsError::KeepOriginSecret {
            value: entry.to_owned(),
        });
    }
    Ok(())
}

/// The rules of [`is_harmless`] and [`identifies`] as patterns of whole names in lower case.
///
/// Checks of settings elsewhere, such as those of the templates, use them.
pub(crate) const HARMLESS: &str = "user-agent|accept|accept-charset|accept-encoding|accept-language|cache-control|content-length|content-type|\
    device-memory|dnt|host|origin|pragma|priority|purpose|referer|save-data|sec-gpc|sec-purpose|upgrade-insecure-requests|x-moz|x-purpose|\
    sec-(?:ch|fetch)-[\\s\\S]*";
pub(crate) const IDENTIFYING: &str = "authorization|cookie|forwarded|from|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|\
    proxy-authorization|via|x-beacon-origin-secret|cloudfront-viewer-address|true-client-ip|cf-connecting-ip|fastly-client-ip|\
    x-real-ip|(?:x-forwarded-|x-amz-)[\\s\\S]*|[\\s\\S]*client-ip";

fn parse_keep_headers(setting: &str, may_keep: MayKeep) -> Result<Vec<HeaderName>, SettingsError> {
    let mut kept = Vec::new();
    for entry in setting
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let Ok(name) = HeaderName::from_bytes(entry.as_bytes()) else {
            return Err(SettingsError::KeepHeader {
                value: entry.to_owned(),
            });
        };
        may_keep(entry, &name)?;
        kept.push(name);
    }
    Ok(kept)
}

/// Addresses, credentials, cookies, and validators, which are cookies by another name. `anonymous` mode keeps
/// them for no setting.
fn identifies(name: &HeaderName) -> bool {
    let exact = [
        header::AUTHORIZATION,
        header::COOKIE,
        header::FORWARDED,
        header::FROM,
        header::IF_MATCH,
        header::IF_MODIFIED_SINCE,
        header::IF_NONE_MATCH,
        header::IF_RANGE,
        header::IF_UNMODIFIED_SINCE,
        header::PROXY_AUTHORIZATION,
        header::VIA,
        ORIGIN_SECRET,
    ];
    let others = [
        "cloudfront-viewer-address",
        "true-client-ip",
        "cf-connecting-ip",
        "fastly-client-ip",
        "x-real-ip",
    ];
    exact.contains(name)
        || others.contains(&name.as_str())
        || name.as_str().starts_with("x-forwarded-")
        || name.as_str().starts_with("x-amz-")
        || name.as_str().ends_with("client-ip")
}
