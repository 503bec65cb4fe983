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
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str, &str, &str)>) {
        let address = UrlParts::parse(text);
        let parts = address.as_ref().map(|address| {
            (
                address.url().into_owned(),
                address.host().to_owned(),
                address.path,
                address.query,
            )
        });
        let expected =
            expected.map(|(url, host, path, query)| (url.to_owned(), host.to_owned(), path, query));
        assert_eq!(parts, expected);
    }

    #[test]
    fn splits_urls() {
        check(
            "https://a.example/b?c=d#e",
            Some(("https://a.example/b", "a.example", "/b", "c=d")),
        );
        check(
            "https://a.example",
            Some(("https://a.example/", "a.example", "", "")),
        );
        check(
            "https://a.example?c",
            Some(("https://a.example/", "a.example", "", "c")),
        );
        check(
            "https://a.example#c?d",
            Some(("https://a.example/", "a.example", "", "")),
        );
        check(
            "HTTP://A.Example:80/B",
            Some(("http://a.example/B", "a.example", "/B", "")),
        );
        check(
            "https://u:p@a.example/b",
            Some(("https://a.example/b", "a.example", "/b", "")),
        );
        check(
            "https://u@v@a.example/b@c",
            Some(("https://a.example/b@c", "a.example", "/b@c", "")),
        );
        check(
            "http://[2001:db8::1]:8080/",
            Some(("http://[2001:db8::1]:8080/", "[2001:db8::1]", "/", "")),
        );
        check(
            "http://[2001:db8::1]/",
            Some(("http://[2001:db8::1]/", "[2001:db8::1]", "/", "")),
        );
        check(
            " https://a.example/b \n",
            Some(("https://a.example/b", "a.example", "/b", "")),
        );
        check(
            "https://münchen.example/ü",
            Some(("https://münchen.example/ü", "münchen.example", "/ü", "")),
        );
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "/",
            "a",
            "https:",
            "https://",
            "https:///a",
            "https://?a",
            "https://:80/",
            "ftp://a.example/",
            "android-app://com.example/",
            "//a.example/",
            "about:blank",
            "javascript:alert(1)",
            "null",
            "https://a b/",
            "http://%41/",
            "://",
            "https://u:p@",
        ] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_url_crate(
            text in "https?://([a-z]{1,5}(:[a-z]{0,4})?@)?[a-z]{1,8}(\\.[a-z]{2,5}){0,2}(:[1-9][0-9]{3})?(/[a-zA-Z0-9~_-]{1,5}){0,4}(\\?[a-z=&%0-9/?@:]{0,12})?(#[a-z?#]{0,5})?"
        ) {
            let slow = url::Url::parse(&text).unwrap();
            let address = UrlParts::parse(&text).unwrap();
            prop_assert_eq!(Some(address.host()), slow.host_str());
            prop_assert_eq!(if address.path.is_empty() { "/" } else { address.path }, slow.path());
            prop_assert_eq!(address.query, slow.query().unwrap_or_default());
            let mut bare = slow.clone();
            bare.set_query(None);
            bare.set_fragment(None);
            bare.set_username("").unwrap();
            bare.set_password(None).unwrap();
            prop_assert_eq!(&*address.url(), bare.as_str());
        }

        #[test]
        fn nothing_panics_and_no_url_keeps_a_query(text in "(https?:|//|[@?#/\\\\:.]|\\PC){0,20}") {
            if let Some(address) = UrlParts::parse(&text) {
                prop_assert!(!address.url().contains(['?', '#']));
                prop_assert!(!address.host().contains('@'));
            }
        }
    }
}
