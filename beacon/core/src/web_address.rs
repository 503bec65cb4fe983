//! The parts of a URL that a record needs, as slices of the text: no allocation for what browsers send.

use std::borrow::Cow;

use crate::spelling;

/// An absolute `http` or `https` URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebAddress<'a> {
    /// As given.
    scheme: &'a str,
    /// As [`spelling::host`] spells it.
    host: Cow<'a, str>,
    /// With its colon; empty where it is the scheme's own.
    port: &'a str,
    /// As given, from its `/`; empty where the URL ends with its authority.
    pub(crate) path: &'a str,
    /// As given, without `?`.
    pub(crate) query: &'a str,
    /// As given, without `#`.
    pub(crate) fragment: &'a str,
    /// The text up to its query, where scheme and authority are spelled as they should be.
    as_written: Option<&'a str>,
}

impl<'a> WebAddress<'a> {
    /// `None` for everything that is not an absolute `http` or `https` URL with a host.
    pub(crate) fn parse(text: &'a str) -> Option<WebAddress<'a>> {
        let text = text.trim_ascii();
        // The first colon of a web address ends its scheme; to look for it costs less than to look for `://`.
        let colon_at = text.bytes().position(|byte| byte == b':')?;
        let (scheme, rest) = text.split_at(colon_at);
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let rest = rest.strip_prefix("://")?;
        let (user_and_authority, path_and_more) = split_before(rest, ends_authority);
        let authority = without_user(user_and_authority);
        if !is_authority(authority) {
            return None;
        }
        let (path, query_and_fragment) = split_before(path_and_more, begins_query);
        let (query, fragment) = query_of(query_and_fragment);
        let name = without_port(authority);
        let host = spelling::host(name);
        if host.is_empty() {
            return None;
        }
        let port = port_to_tell(scheme, &authority[name.len()..]);
        let is_as_written = host.len() + port.len() == user_and_authority.len()
            && matches!(host, Cow::Borrowed(_))
            && !has_upper_case(scheme)
            && path.starts_with('/');
        Some(WebAddress {
            scheme,
            host,
            port,
            path,
            query,
            fragment,
            as_written: is_as_written.then(|| &text[..text.len() - query_and_fragment.len()]),
        })
    }

    /// Without query, fragment and user info, spelled as [`spelling`] says; the path is at least `/`.
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

    /// The path, spelled; at least `/`.
    pub(crate) fn page(&self) -> Cow<'a, str> {
        match self.path {
            "" => Cow::Borrowed("/"),
            path => spelling::path(path),
        }
    }

    /// The host, spelled, without port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The host, spelled, without port.
    pub(crate) fn into_host(self) -> Cow<'a, str> {
        self.host
    }

    /// Whether it lies on this host, spelled, with its port if it names one.
    pub(crate) fn lies_on(&self, host: &str) -> bool {
        let name = without_port(host);
        *self.host == *name && self.port == port_to_tell(self.scheme, &host[name.len()..])
    }

    /// Whether it names more than an origin: then it is a page's.
    pub(crate) fn names_a_page(&self) -> bool {
        self.path.len() > 1 || !self.query.is_empty()
    }
}

/// `:8080` of `:8080`, nothing of `:443` behind `https` or of a colon alone.
fn port_to_tell<'a>(scheme: &str, port: &'a str) -> &'a str {
    let Some(number) = port.strip_prefix(':') else {
        return "";
    };
    if number.is_empty() || number.parse() == Ok(spelling::default_port(scheme)) {
        ""
    } else {
        port
    }
}

fn ends_authority(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\' | b'?' | b'#')
}

fn begins_query(byte: u8) -> bool {
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

/// What stands before the query and the fragment of any URL, and its query without `?`.
pub(crate) fn split_query(text: &str) -> (&str, &str) {
    let (before, query, _fragment) = split_reference(text);
    (before, query)
}

/// What stands before the query and the fragment of any URL, its query without `?`, its fragment without `#`.
pub(crate) fn split_reference(text: &str) -> (&str, &str, &str) {
    let (before, query_and_fragment) = split_before(text, begins_query);
    let (query, fragment) = query_of(query_and_fragment);
    (before, query, fragment)
}

fn query_of(query_and_fragment: &str) -> (&str, &str) {
    let (query, fragment) = split_before(query_and_fragment, |byte| byte == b'#');
    (
        query.strip_prefix('?').unwrap_or_default(),
        fragment.strip_prefix('#').unwrap_or_default(),
    )
}

/// A URL of any scheme, or one that begins with `//`, without query, fragment and user info. All other text as it
/// is: an unknown parameter with a question mark in it is no URL.
pub(crate) fn without_query(text: &str) -> Cow<'_, str> {
    let Some(authority_at) = authority_of_any_url(text) else {
        return Cow::Borrowed(text);
    };
    let (kept, _query) = split_query(text);
    let Some(rest) = kept.get(authority_at..) else {
        return Cow::Borrowed(kept);
    };
    let (user_and_authority, path) = split_before(rest, ends_authority);
    let authority = without_user(user_and_authority);
    if authority.len() == user_and_authority.len() {
        return Cow::Borrowed(kept);
    }
    // What follows an empty host would be taken for another authority, user info and all.
    let path = if authority.is_empty() { "" } else { path };
    Cow::Owned(format!("{}{authority}{path}", &kept[..authority_at]))
}

/// Where the authority begins. Browsers take `https:/host`, `https:\\host` and `https:host` for URLs too, so
/// they are URLs here.
fn authority_of_any_url(text: &str) -> Option<usize> {
    let begin = text.len() - text.trim_start_matches(|letter: char| letter <= ' ').len();
    let rest = &text[begin..];
    if rest.starts_with("//") {
        return Some(begin + 2);
    }
    let scheme_bytes = rest
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)))?;
    let after_scheme = rest[scheme_bytes..].strip_prefix(':')?;
    let scheme = &rest[..scheme_bytes];
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !is_web && !after_scheme.starts_with("//") {
        return None;
    }
    let slashes = after_scheme
        .bytes()
        .take_while(|byte| matches!(byte, b'/' | b'\\'))
        .count();
    Some(begin + scheme_bytes + 1 + slashes)
}

pub(crate) fn without_user(authority: &str) -> &str {
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
fn split_before(text: &str, is_end: impl Fn(u8) -> bool) -> (&str, &str) {
    match text.bytes().position(is_end) {
        Some(at) => text.split_at(at),
        None => (text, ""),
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
        let address = WebAddress::parse(text);
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

    #[track_caller]
    fn check_cleaned(text: &str, expected: &str) {
        assert_eq!(without_query(text), expected);
    }

    #[test]
    fn cleans_urls_of_any_scheme_and_nothing_else() {
        check_cleaned("https://a.example/b?c=d#e", "https://a.example/b");
        check_cleaned("https://u:p@a.example/b?c", "https://a.example/b");
        check_cleaned("HTTPS://a.example?c", "HTTPS://a.example");
        check_cleaned("ftp://u@a.example/b#c", "ftp://a.example/b");
        check_cleaned("//u@a.example/b?c", "//a.example/b");
        check_cleaned("  https://a.example/b?c", "  https://a.example/b");
        check_cleaned("https:/a.example/b?c", "https:/a.example/b");
        check_cleaned("https:u@a.example?c", "https:a.example");
        check_cleaned("https:\\\\u@a.example\\b?c", "https:\\\\a.example\\b");
        check_cleaned("https://?c", "https://");
        check_cleaned("https:@//u:p@a.example", "https:");
        check_cleaned("http:", "http:");
        check_cleaned("why? because #1", "why? because #1");
        check_cleaned("/talks?x=1", "/talks?x=1");
        check_cleaned("a@b.example", "a@b.example");
        check_cleaned("12:30?", "12:30?");
    }

    proptest! {
        #[test]
        fn agrees_with_the_url_crate(
            text in "https?://([a-z]{1,5}(:[a-z]{0,4})?@)?[a-z]{1,8}(\\.[a-z]{2,5}){0,2}(:[1-9][0-9]{3})?(/[a-zA-Z0-9~_-]{1,5}){0,4}(\\?[a-z=&%0-9/?@:]{0,12})?(#[a-z?#]{0,5})?"
        ) {
            let slow = url::Url::parse(&text).unwrap();
            let address = WebAddress::parse(&text).unwrap();
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
        fn nothing_panics_and_no_cleaned_url_keeps_a_query(text in "(https?:|//|[@?#/\\\\:.]|\\PC){0,20}") {
            let cleaned = without_query(&text);
            if let Some(address) = WebAddress::parse(&text) {
                prop_assert!(!address.url().contains(['?', '#']));
                prop_assert!(!cleaned.contains(['?', '#']));
                prop_assert!(!address.host().contains('@'));
            }
            prop_assert_eq!(without_query(&cleaned), &*cleaned);
        }
    }
}
