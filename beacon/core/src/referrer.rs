//! The page or app that a visitor came from.

use std::borrow::Cow;

use crate::query_params::Parameters;
use crate::url_host;
use crate::url_parts::UrlParts;
use crate::url_syntax::{self, without_port};

/// The columns `referrer` and `referrer_host`.
#[derive(Default)]
pub(crate) struct Referrer<'a> {
    /// Without query, fragment and user info.
    pub(crate) text: Option<Cow<'a, str>>,
    /// The host without port, behind its scheme if it is not a web page's: `android-app://com.example`.
    pub(crate) source: Option<Cow<'a, str>>,
}

impl<'a> Referrer<'a> {
    /// Reads `ref`, else `referrer`. A `ref` that is there and empty says that there is none: then `referrer` is a
    /// property of that name and no referrer.
    pub(crate) fn from_parameters(
        parameters: &'a Parameters<'a>,
        site: Option<&str>,
    ) -> Referrer<'a> {
        let text = match parameters.first("ref") {
            Some(text) => text.trim_ascii(),
            None => match parameters.get("referrer") {
                Some(text) => text.trim_ascii(),
                None => return Referrer::default(),
            },
        };
        let mut referrer = Referrer::read(text);
        // A page of the site itself, `www.` aside, is written as the site is, so that no question counts it as another.
        if let (Some(source), Some(site)) = (&referrer.source, site)
            && **source != *site
            && url_host::is_same_but_for_www(source, site)
        {
            referrer.source = Some(Cow::Owned(site.to_owned()));
        }
        referrer
    }

    fn read(text: &'a str) -> Referrer<'a> {
        if let Some(address) = UrlParts::parse(text) {
            return Referrer {
                text: Some(address.url()),
                source: Some(address.into_host()),
            };
        }
        if is_none(text) {
            return Referrer::default();
        }
        let (before_query, _query) = url_syntax::split_query(text);
        Referrer {
            source: app(text).or_else(|| host_without_scheme(before_query)),
            text: Some(url_syntax::without_query(before_query)),
        }
    }
}

/// Tells whether text names no referrer: it is empty, stands for nothing in a script, or is a document without address.
fn is_none(text: &str) -> bool {
    const NOTHING: [&str; 4] = ["", "-", "null", "undefined"];
    const NO_ADDRESS: [&str; 7] = [
        "about",
        "blob",
        "data",
        "javascript",
        "mailto",
        "tel",
        "view-source",
    ];
    let scheme = text.split_once(':').map(|(scheme, _rest)| scheme);
    NOTHING
        .iter()
        .any(|nothing| nothing.eq_ignore_ascii_case(text))
        || scheme.is_some_and(|scheme| {
            NO_ADDRESS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(scheme))
        })
}

/// Returns the origin of any scheme but the web's, such as `android-app://com.example`.
fn app(text: &str) -> Option<Cow<'_, str>> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !is_scheme || is_web {
        return None;
    }
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = url_syntax::without_user_info(&rest[..end]);
    Some(Cow::Owned(
        format!("{scheme}://{authority}").to_ascii_lowercase(),
    ))
}

/// `news.example` of `//news.example/a` and of `news.example:8080/a`; `newsletter` is a name, no host.
fn host_without_scheme(text: &str) -> Option<Cow<'_, str>> {
    let (rest, is_marked) = match text.strip_prefix("//") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let end = rest.find(['/', '\\']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let name = without_port(if is_marked {
        url_syntax::without_user_info(authority)
    } else {
        authority
    });
    let is_host = if is_marked {
        url_syntax::is_authority(name)
    } else {
        is_domain(name)
    };
    is_host.then(|| url_host::host(name))
}

/// Tells whether text without a scheme can be nothing but a host: labels of which the last is no number and no file's
/// extension, or an IPv4 address.
fn is_domain(name: &str) -> bool {
    const EXTENSIONS: [&str; 6] = ["asp", "aspx", "htm", "html", "jsp", "php"];
    let name = name.strip_suffix('.').unwrap_or(name);
    let Some((_, last)) = name.rsplit_once('.') else {
        return false;
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || byte >= 0x80)
    };
    let has_letter = last
        .bytes()
        .any(|byte| byte.is_ascii_alphabetic() || byte >= 0x80);
    name.split('.').all(is_label)
        && (name.parse::<std::net::Ipv4Addr>().is_ok()
            || last.len() >= 2
                && has_letter
                && !EXTENSIONS
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(last)))
}
