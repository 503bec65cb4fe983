//! The parts of a URL that a record needs, as slices of the text.
//!
//! Ours and not the `url` crate's. That one copies every URL into a serialization of its own and encodes it, where a
//! record keeps the readable form: for each URL of a hit an allocation, a pass to encode and one to decode. This one
//! borrows all that browsers send. It is more lenient, too: a name that DNS can't resolve may be a site of somebody's
//! network.

use std::borrow::Cow;

use crate::url_host;
use crate::url_path;
use crate::url_syntax::{
    begins_query, ends_authority, is_authority, split_before, split_fragment, without_port,
    without_user_info,
};

/// An absolute `http` or `https` URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlParts<'a> {
    /// The scheme as given.
    scheme: &'a str,
    /// The host as [`host`](crate::url_host::host) normalizes it.
    host: Cow<'a, str>,
    /// With its colon; empty where it is the scheme's own.
    port: &'a str,
    /// The path as given, from its `/`; empty if the URL ends with its authority.
    pub(crate) path: &'a str,
    /// The query as given, without `?`.
    pub(crate) query: &'a str,
    /// The fragment as given, without `#`.
    pub(crate) fragment: &'a str,
    /// The text up to its query, if scheme and authority are normalized as given.
    as_written: Option<&'a str>,
}

impl<'a> UrlParts<'a> {
    /// `None` for everything that is not an absolute `http` or `https` URL with a host.
    pub(crate) fn parse(text: &'a str) -> Option<UrlParts<'a>> {
        let text = text.trim_ascii();
        // The first colon of a web address ends its scheme; to look for it costs less than to look for `://`.
        let colon_at = text.bytes().position(|byte| byte == b':')?;
        let (scheme, rest) = text.split_at(colon_at);
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let rest = rest.strip_prefix("://")?;
        let (user_and_authority, path_and_more) = split_before(rest, ends_authority);
        let authority = without_user_info(user_and_authority);
        if !is_authority(authority) {
            return None;
        }
        let (path, query_and_fragment) = split_before(path_and_more, begins_query);
        let (query, fragment) = split_fragment(query_and_fragment);
        let name = without_port(authority);
        let host = url_host::host(name);
        if host.is_empty() {
            return None;
        }
        let port = port_to_tell(scheme, &authority[name.len()..]);
        let is_as_written = host.len() + port.len() == user_and_authority.len()
            && matches!(host, Cow::Borrowed(_))
            && !has_upper_case(scheme)
            && path.starts_with('/');
        Some(UrlParts {
            scheme,
            host,
            port,
            path,
            query,
            fragment,
            as_written: is_as_written.then(|| &text[..text.len() - query_and_fragment.len()]),
        })
    }

    /// Returns the normalized URL without query, fragment and user info; its path is at least `/`.
    pub(crate) fn url(&self) -> Cow<'a, str> {
        let path = self.page();
        match (self.as_written, &path) {
            (Some(url), Cow::Borrowed(_)) => Cow::Borrowed(url),
            _ => {
                let slash = if path.starts_with('/') { "" } else { "/" };
                Cow::Owned(format!(
                    "{}://{}{}{slash}{path}",
                    self.scheme.to_ascii_lowercase(),
                    self.host,
                    self.port
                ))
            }
        }
    }

    /// Returns the normalized path, at least `/`.
    pub(crate) fn page(&self) -> Cow<'a, str> {
        match self.path {
            "" => Cow::Borrowed("/"),
            path => url_path::path(path),
        }
    }

    /// Returns the normalized host without port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the normalized host without port.
    pub(crate) fn into_host(self) -> Cow<'a, str> {
        self.host
    }

    /// Tells whether the URL lies on this host, which is normalized and has a port if it names one.
    pub(crate) fn lies_on(&self, host: &str) -> bool {
        let name = without_port(host);
        *self.host == *name && self.port == port_to_tell(self.scheme, &host[name.len()..])
    }

    /// Tells whether the URL names more than an origin: then it is a page's.
    pub(crate) fn names_a_page(&self) -> bool {
        self.path.len() > 1 || !self.query.is_empty()
    }
}

/// `:8080` of `:8080`, nothing of `:443` behind `https` or of a colon alone.
fn port_to_tell<'a>(scheme: &str, port: &'a str) -> &'a str {
    let Some(number) = port.strip_prefix(':') else {
        return "";
    };
    if number.is_empty() || number.parse() == Ok(url_host::default_port(scheme)) {
        ""
    } else {
        port
    }
}

fn has_upper_case(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests;
