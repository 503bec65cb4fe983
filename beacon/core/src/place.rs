//! Where a hit happened: its site, the page's URL and path, and the campaign in that URL.

use std::borrow::Cow;

use crate::parameters::{Parameters, decode};
use crate::privacy::Privacy;
use crate::spelling;
use crate::web_address::{self, WebAddress};

/// The page that sent a request, as far as its headers tell.
pub(crate) struct Sender<'a> {
    pub(crate) referer: Option<WebAddress<'a>>,
    pub(crate) origin: Option<WebAddress<'a>>,
}

impl Sender<'_> {
    fn host(&self) -> Option<&str> {
        self.referer
            .as_ref()
            .or(self.origin.as_ref())
            .map(WebAddress::host)
    }
}

/// Where a hit happened. What nobody said is `None`.
pub(crate) struct Place<'a> {
    pub(crate) site: Option<Cow<'a, str>>,
    pub(crate) url: Option<Cow<'a, str>>,
    pub(crate) page: Option<Cow<'a, str>>,
    /// The query of the page's URL.
    query: &'a str,
}

impl<'a> Place<'a> {
    /// As the parameters say, else as the sender does. `host` is the beacon's own, with its port.
    pub(crate) fn of(
        parameters: &'a Parameters<'a>,
        sender: &'a Sender<'a>,
        host: &str,
    ) -> Place<'a> {
        let url = parameters.get("url");
        let page = parameters.get("page");
        let mut place = Place {
            site: None,
            url: None,
            page: None,
            query: "",
        };
        match (url, page) {
            (None, None) => place.add_referer(sender, host),
            // `page` comes second: given as a path, it is more exact than the path of `url`.
            _ => [url, page]
                .into_iter()
                .flatten()
                .for_each(|text| place.add(text)),
        }
        if place.query.is_empty() {
            place.query = sender.referer.as_ref().map_or("", |referer| referer.query);
        }
        place.site = match parameters.get("site") {
            Some(site) => Some(spelling::site(site)),
            None => place.site.or_else(|| sender.host().map(Cow::Borrowed)),
        };
        place
    }

    /// Adds `url` or `page`: an absolute URL, or a path, or any name that the site gives its page.
    fn add(&mut self, text: &'a str) {
        let Some(address) = WebAddress::parse(text) else {
            let (page, query) = web_address::split_query(text);
            self.page = Some(spelled_page(page)).filter(|page| !page.is_empty());
            self.add_query(query);
            return;
        };
        self.page = Some(address.page());
        self.add_query(address.query);
        if self.url.is_none() {
            self.site = Some(Cow::Owned(address.host().to_owned()));
            self.url = Some(address.url());
        }
    }

    fn add_query(&mut self, query: &'a str) {
        if self.query.is_empty() {
            self.query = query;
        }
    }

    fn add_referer(&mut self, sender: &'a Sender<'a>, host: &str) {
        let Some(referer) = &sender.referer else {
            return;
        };
        // To another origin browsers send no more than the page's own: then `/` may be any page. To the page's
        // own host they send the whole URL, so there it is the page.
        if referer.names_a_page() || referer.lies_on(host) {
            self.url = Some(referer.url());
            self.page = Some(referer.page());
        }
    }

    /// Fills those of [`UTM_PARAMETERS`] that the beacon's own parameters left open.
    pub(crate) fn add_campaign(&self, utm: &mut [Option<Cow<'a, str>>; 5], privacy: &Privacy) {
        if self.query.is_empty() || !self.query.contains("utm_") {
            return;
        }
        for pair in self.query.split('&') {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let Some(index) = UTM_PARAMETERS.iter().position(|utm_name| *utm_name == name) else {
                continue;
            };
            if utm[index].is_none() && !value.is_empty() {
                utm[index] = Some(privacy.clean_owned(decode(value)));
            }
        }
    }
}

/// What a campaign's links carry, in the order of the columns.
pub(crate) const UTM_PARAMETERS: [&str; 5] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
];

/// A page that is no web address: without user info, should it be a URL of another scheme.
fn spelled_page(text: &str) -> Cow<'_, str> {
    match web_address::without_query(text) {
        Cow::Borrowed(text) => match spelling::path(text) {
            // Resolved dot segments can bring forth two slashes at the start, and with them user info.
            Cow::Owned(page) => Cow::Owned(web_address::without_query(&page).into_owned()),
            page => page,
        },
        Cow::Owned(text) => Cow::Owned(spelling::path(&text).into_owned()),
    }
}
