//! Gives every site, page and URL one spelling (RFC 3986 section 6, UTS 46). Records, filters, share links and settings
//! pass through the same functions, so they find each other.
//!
//! Hosts are readable Unicode (UTS 46), in lower case, without a trailing dot. Paths are readable too, as RFC 3987
//! section 3.2 has it. Every function returns its input where that is normalized already, and returns its own
//! result unchanged.

use std::borrow::Cow;

use crate::url_parts::UrlParts;
use crate::url_path;
use crate::url_syntax;

pub use crate::url_host::host;

/// Normalizes a site: a host as people write it, perhaps with a port or a path, or a whole URL.
///
/// ```
/// # use beacon_core::normalize;
/// assert_eq!(normalize::site("https://XN--Mnchen-3ya.example.:443/a"), "münchen.example");
/// assert_eq!(normalize::site("Blog.example:8080"), "blog.example");
/// assert_eq!(normalize::site("blog.example/en"), "blog.example");
/// ```
pub fn site(text: &str) -> Cow<'_, str> {
    if let Some(address) = UrlParts::parse(text) {
        return Cow::Owned(address.host().to_owned());
    }
    match url_syntax::without_query(text) {
        Cow::Borrowed(text) => host(host_alone(text)),
        Cow::Owned(text) => Cow::Owned(host(host_alone(&text)).into_owned()),
    }
}

/// `blog.example` of ` //blog.example:80/en `.
fn host_alone(text: &str) -> &str {
    let text = text.trim_ascii();
    let text = text.strip_prefix("//").unwrap_or(text);
    let end = text.find(['/', '\\', '?', '#']).unwrap_or(text.len());
    let mut host = &text[..end];
    // Once is enough for what people write; more keeps the result of any text the same when it is normalized again.
    loop {
        let bare = url_syntax::without_port(host.trim_ascii()).trim_end_matches('.');
        if bare == host {
            return host;
        }
        host = bare;
    }
}

/// Normalizes a page: a path, any name that the site gives it, or a URL, of which the path remains. Query and fragment
/// are dropped.
///
/// ```
/// # use beacon_core::normalize;
/// assert_eq!(normalize::page("/caf%c3%A9%20au%20lait?a=b"), "/café au lait");
/// assert_eq!(normalize::page("https://blog.example/%7Eme/a%2fb"), "/~me/a%2Fb");
/// assert_eq!(normalize::page("/100%"), "/100%25");
/// ```
pub fn page(text: &str) -> Cow<'_, str> {
    match UrlParts::parse(text) {
        Some(address) => address.page(),
        None => url_path::path(url_syntax::split_query(text).0),
    }
}

/// Normalizes an absolute `http` or `https` URL, and drops query, fragment and user info. Returns other text as it is.
///
/// ```
/// # use beacon_core::normalize;
/// assert_eq!(normalize::url("HTTPS://me@Blog.example:443/%61?b#c"), "https://blog.example/a");
/// ```
pub fn url(text: &str) -> Cow<'_, str> {
    match UrlParts::parse(text) {
        Some(address) => address.url(),
        None => Cow::Borrowed(text),
    }
}
