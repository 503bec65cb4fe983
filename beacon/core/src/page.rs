//! The page of a hit: its site, URL and path, and the queries that may hold a campaign.

use std::borrow::Cow;

use http::{HeaderMap, header};

use crate::campaign::{self, Campaign};
use crate::headers::SEC_FETCH_SITE;
use crate::normalize;
use crate::privacy::Privacy;
use crate::query_params::Parameters;
use crate::sites::Sites;
use crate::url_host;
use crate::url_parts::UrlParts;
use crate::url_path;
use crate::url_syntax;

/// The page that embeds the pixel or runs the script, as far as the request's headers tell.
pub(crate) struct EmbeddingPage<'a> {
    pub(crate) referer: Option<UrlParts<'a>>,
    pub(crate) origin: Option<UrlParts<'a>>,
    headers: &'a HeaderMap,
}

impl<'a> EmbeddingPage<'a> {
    pub(crate) fn new(headers: &'a HeaderMap) -> EmbeddingPage<'a> {
        let page = |name| {
            let value = headers.get(name)?;
            UrlParts::parse(str::from_utf8(value.as_bytes()).ok()?)
        };
        EmbeddingPage {
            referer: page(header::REFERER),
            origin: page(header::ORIGIN),
            headers,
        }
    }

    fn host(&self) -> Option<&str> {
        self.referer
            .as_ref()
            .or(self.origin.as_ref())
            .map(UrlParts::host)
    }

    /// Returns the host of the page whose script sent the request: a browser names the origin of no other. On a loopback
    /// address an app or a developer's machine hides the real one.
    fn script_host(&self) -> Option<&str> {
        let host = self.origin.as_ref()?.host();
        let is_loopback = host == "localhost"
            || host.ends_with(".localhost")
            || host.starts_with("127.")
            || host == "[::1]";
        (!is_loopback).then_some(host)
    }

    /// Tells whether the page lies on the host that the browser requested, whatever a proxy sends on.
    fn is_same_origin(&self) -> bool {
        self.headers
            .get(SEC_FETCH_SITE)
            .is_some_and(|site| site == "same-origin")
    }
}

/// The page of a hit. `None` stands for what nobody said.
#[derive(Default)]
pub(crate) struct PageRef<'a> {
    pub(crate) site: Option<Cow<'a, str>>,
    pub(crate) url: Option<Cow<'a, str>>,
    pub(crate) page: Option<Cow<'a, str>>,
    /// The query of the page's URL.
    query: &'a str,
    /// The query in the fragment of the page's URL.
    fragment_query: &'a str,
}

impl<'a> PageRef<'a> {
    /// Reads the page from the parameters, else from the embedding page. `host` is the beacon's own, with its port.
    pub(crate) fn new(
        parameters: &'a Parameters<'a>,
        embedder: &'a EmbeddingPage<'a>,
        host: &str,
        sites: &Sites,
    ) -> PageRef<'a> {
        let url = parameters.get("url");
        let page = parameters.get("page");
        let mut page_ref = PageRef::default();
        match (url, page) {
            (None, None) => page_ref.add_referer(embedder, host),
            // `page` comes second: given as a path, it is more exact than the path of `url`.
            _ => [url, page]
                .into_iter()
                .flatten()
                .for_each(|text| page_ref.add(text)),
        }
        if page_ref.query.is_empty() {
            page_ref.query = embedder
                .referer
                .as_ref()
                .map_or("", |referer| referer.query);
        }
        page_ref.site = match parameters.get("site").map(normalize::site) {
            Some(site) if !site.is_empty() => Some(site),
            _ => page_ref.site_of_page(embedder, sites),
        };
        page_ref
    }

    /// Adds `url` or `page`: an absolute URL, or a path, or any name that the site gives its page.
    fn add(&mut self, text: &'a str) {
        let Some(address) = UrlParts::parse(text) else {
            let (page, query, fragment) = url_syntax::split_reference(route(text));
            self.page = Some(normalized_page(page)).filter(|page| !page.is_empty());
            self.add_queries(query, fragment);
            return;
        };
        self.page = Some(address.page());
        self.add_queries(address.query, address.fragment);
        if self.url.is_none() {
            self.url = Some(address.url());
            self.site = Some(address.into_host());
        }
    }

    fn add_queries(&mut self, query: &'a str, fragment: &'a str) {
        if self.query.is_empty() {
            self.query = query;
        }
        if self.fragment_query.is_empty() {
            self.fragment_query = campaign::query_of_fragment(fragment);
        }
    }

    fn add_referer(&mut self, embedder: &'a EmbeddingPage<'a>, host: &str) {
        let Some(referer) = &embedder.referer else {
            return;
        };
        // To another origin browsers send no more than the page's own: then `/` may be any page. To the page's
        // own they send the whole URL, so there it is the page.
        if referer.names_a_page() || referer.lies_on(host) || embedder.is_same_origin() {
            self.url = Some(referer.url());
            self.page = Some(referer.page());
        }
    }

    /// The host of `url`, which may be a canonical link to another site's copy: a page lies where its script runs, and
    /// a site that may be counted is not given up for one that may not.
    fn site_of_page(
        &mut self,
        embedder: &'a EmbeddingPage<'a>,
        sites: &Sites,
    ) -> Option<Cow<'a, str>> {
        let Some(site) = self.site.take() else {
            return embedder.host().map(Cow::Borrowed);
        };
        if let Some(host) = embedder.script_host()
            && !url_host::is_same_but_for_www(host, &site)
        {
            return Some(Cow::Borrowed(host));
        }
        if !sites.allow_all()
            && !sites.allow(&site)
            && let Some(host) = embedder.host()
            && sites.allow(host)
        {
            return Some(Cow::Borrowed(host));
        }
        Some(site)
    }

    /// Fills what the beacon's own parameters left open.
    pub(crate) fn add_campaign(&self, campaign: &mut Campaign<'a>, privacy: &Privacy) {
        campaign::add_queries(campaign, [self.query, self.fragment_query], privacy);
    }
}

/// Strips the `#` from a route that a script gives as the page; returns other text as it is.
fn route(text: &str) -> &str {
    match text.strip_prefix('#') {
        Some(route) if route.starts_with('/') => route,
        Some(route) => route.strip_prefix('!').unwrap_or(text),
        None => text,
    }
}

/// Normalizes a page that is not a web URL; a URL of another scheme loses its user info.
fn normalized_page(text: &str) -> Cow<'_, str> {
    match url_syntax::without_query(text) {
        Cow::Borrowed(text) => match url_path::path(text) {
            // Resolved dot segments can bring forth two slashes at the start, and with them user info.
            Cow::Owned(page) => Cow::Owned(url_syntax::without_query(&page).into_owned()),
            page => page,
        },
        Cow::Owned(text) => Cow::Owned(url_path::path(&text).into_owned()),
    }
}
