//! A hit: what one request, or one item of a POST, says. Borrowed from the request; [`record`](crate::record)
//! writes it.

use std::borrow::Cow;
use std::net::IpAddr;

use http::{HeaderMap, HeaderName, header};
use uuid::Uuid;

use crate::parameters::{Parameters, decode};
use crate::privacy::Privacy;
use crate::request::Request;
use crate::settings::Settings;
use crate::web_address::{self, WebAddress, without_port};

/// The values of a record that need reading; [`schema`](crate::schema) says which column shows which.
pub(crate) struct Hit<'a> {
    pub(crate) id: Uuid,
    pub(crate) received_at_ms: u64,
    pub(crate) site: Option<Cow<'a, str>>,
    pub(crate) host: Cow<'a, str>,
    pub(crate) path: &'a str,
    pub(crate) event: Cow<'a, str>,
    pub(crate) url: Option<Cow<'a, str>>,
    pub(crate) page: Option<Cow<'a, str>>,
    pub(crate) title: Option<Cow<'a, str>>,
    pub(crate) referrer: Option<Cow<'a, str>>,
    pub(crate) referrer_host: Option<Cow<'a, str>>,
    /// In the order of [`UTM_PARAMETERS`].
    pub(crate) utm: [Option<Cow<'a, str>>; 5],
    pub(crate) language: Option<Cow<'a, str>>,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) format: &'static str,
    pub(crate) query_string: QueryString<'a>,
    pub(crate) parameters: KeptParameters<'a>,
    pub(crate) headers: KeptHeaders<'a>,
}

/// What a column's cell holds.
pub(crate) enum Value<'h> {
    Null,
    Id(Uuid),
    Timestamp(u64),
    Text(&'h str),
    Address(Option<IpAddr>),
    /// Whether the record was cut, which is known only when it is written.
    Truncated,
    /// What is cut first when a record is too long.
    Long(Long<'h>),
}

#[derive(Clone, Copy)]
pub(crate) enum Long<'h> {
    QueryString(&'h QueryString<'h>),
    Parameters(&'h KeptParameters<'h>),
    Headers(&'h KeptHeaders<'h>),
}

impl<'h> Value<'h> {
    pub(crate) fn text(text: &'h Option<Cow<'_, str>>) -> Value<'h> {
        match text {
            Some(text) => Value::Text(text),
            None => Value::Null,
        }
    }
}

pub(crate) enum QueryString<'a> {
    AsReceived(&'a str),
    /// To be built from these.
    Cleaned(KeptParameters<'a>),
}

/// The parameters as the privacy setting lets them be seen.
#[derive(Clone, Copy)]
pub(crate) struct KeptParameters<'a> {
    pub(crate) all: &'a Parameters<'a>,
    pub(crate) privacy: &'a Privacy,
}

impl<'a> KeptParameters<'a> {
    /// Of the first parameter of this name that has a value.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.all
            .get(name)
            .map(|value| self.privacy.clean_value(name, value))
    }
}

/// The headers as the privacy setting lets them be seen.
#[derive(Clone, Copy)]
pub(crate) struct KeptHeaders<'a> {
    pub(crate) all: &'a HeaderMap,
    pub(crate) privacy: &'a Privacy,
}

impl<'a> KeptHeaders<'a> {
    /// `None` where the header is absent or not kept. Repeated ones are joined by `, `.
    pub(crate) fn get(&self, name: &HeaderName) -> Option<Cow<'a, str>> {
        if !self.privacy.keeps_header(name) {
            return None;
        }
        let mut values = self.all.get_all(name).iter();
        let mut text = String::from_utf8_lossy(values.next()?.as_bytes());
        for value in values {
            let joined = text.to_mut();
            joined.push_str(", ");
            joined.push_str(&String::from_utf8_lossy(value.as_bytes()));
        }
        Some(self.privacy.clean_owned(text))
    }
}

const UTM_PARAMETERS: [&str; 5] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
];

/// What all hits of one request share.
pub(crate) struct Shared<'a> {
    request: &'a Request<'a>,
    settings: &'a Settings,
    format: &'static str,
    host: Cow<'a, str>,
    ip: Option<IpAddr>,
    language: Option<Cow<'a, str>>,
    referer: Option<WebAddress<'a>>,
    origin: Option<WebAddress<'a>>,
}

impl<'a> Shared<'a> {
    pub(crate) fn of(
        request: &'a Request<'a>,
        settings: &'a Settings,
        format: &'static str,
    ) -> Shared<'a> {
        let web_address = |name| {
            request
                .headers
                .get(name)?
                .to_str()
                .ok()
                .and_then(WebAddress::parse)
        };
        Shared {
            request,
            settings,
            format,
            host: settings.trust.host(request),
            ip: if settings.privacy.is_full() {
                settings.trust.address(request)
            } else {
                None
            },
            language: request
                .headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| first_language(value.as_bytes())),
            referer: web_address(header::REFERER),
            origin: web_address(header::ORIGIN),
        }
    }

    /// Whether the page that sent the request lies on a site that may be counted. A page that hides where it lies
    /// is judged by the `site` of its hits alone.
    pub(crate) fn comes_from_allowed_page(&self) -> bool {
        let sites = &self.settings.sites;
        sites.allow_all()
            || [&self.origin, &self.referer]
                .into_iter()
                .flatten()
                .all(|page| sites.allow(page.host()))
    }

    /// Reads a hit from its parameters. `id` is called with the hit's site.
    pub(crate) fn hit(
        &'a self,
        parameters: &'a Parameters<'a>,
        received_at_ms: u64,
        id: impl FnOnce(Option<&str>) -> Uuid,
    ) -> Hit<'a> {
        let privacy = &self.settings.privacy;
        let kept = KeptParameters {
            all: parameters,
            privacy,
        };
        let place = self.place(parameters);
        let site = match parameters.get("site") {
            Some(site) => Some(site_of_parameter(site)),
            None => place.site,
        };
        let referrer = parameters.get("ref").or_else(|| parameters.get("referrer"));
        let referrer_address = referrer.and_then(WebAddress::parse);
        let mut utm = UTM_PARAMETERS.map(|name| kept.get(name));
        add_from_page_query(&mut utm, place.query);
        Hit {
            id: id(site.as_deref()),
            received_at_ms,
            site,
            host: Cow::Borrowed(&self.host),
            path: self.request.path,
            event: kept.get("event").unwrap_or(Cow::Borrowed("view")),
            url: place.url,
            page: place.page,
            title: kept.get("title").or_else(|| kept.get("name")),
            referrer_host: referrer_address
                .as_ref()
                .map(|address| Cow::Owned(address.host().to_owned())),
            referrer: match referrer_address {
                Some(address) => Some(address.url),
                None => referrer.map(|text| Cow::Borrowed(web_address::before_query(text))),
            },
            utm,
            language: self.language.as_deref().map(Cow::Borrowed),
            ip: self.ip,
            format: self.format,
            query_string: match privacy {
                Privacy::Full => QueryString::AsReceived(self.request.query),
                Privacy::Anonymous { .. } => QueryString::Cleaned(kept),
            },
            parameters: kept,
            headers: KeptHeaders {
                all: self.request.headers,
                privacy,
            },
        }
    }

    /// Where the hit happened: as its parameters say, else as the Referer says.
    fn place(&'a self, parameters: &'a Parameters<'a>) -> Place<'a> {
        let url = parameters.get("url");
        let page = parameters.get("page");
        let from_referer = self
            .referer
            .as_ref()
            .map(|referer| Cow::Borrowed(referer.host()));
        if url.is_none() && page.is_none() {
            return self.place_of_referer();
        }
        let mut place = Place {
            site: None,
            url: None,
            page: None,
            query: "",
        };
        // `page` comes second: as a path it is more exact than the path of `url`.
        for text in [url, page].into_iter().flatten() {
            let Some(address) = WebAddress::parse(text) else {
                let (path, query) = text.split_once('?').unwrap_or((text, ""));
                place.page = Some(Cow::Borrowed(web_address::before_query(path)))
                    .filter(|page| !page.is_empty());
                if place.query.is_empty() {
                    place.query = web_address::before_query(query);
                }
                continue;
            };
            place.page = Some(Cow::Borrowed(if address.path.is_empty() {
                "/"
            } else {
                address.path
            }));
            if place.url.is_none() {
                place.site = Some(Cow::Owned(address.host().to_owned()));
                place.url = Some(address.url);
            }
            if place.query.is_empty() {
                place.query = address.query;
            }
        }
        place.site = place.site.or(from_referer);
        place
    }

    fn place_of_referer(&'a self) -> Place<'a> {
        let Some(referer) = &self.referer else {
            let origin = self
                .origin
                .as_ref()
                .map(|origin| Cow::Borrowed(origin.host()));
            return Place {
                site: origin,
                url: None,
                page: None,
                query: "",
            };
        };
        // Browsers send another origin no more than the page's own: then `/` may be any page. To the page's own
        // host they send the whole URL, so there it is the page.
        let is_page = referer.names_a_page() || *referer.authority == *self.host;
        Place {
            site: Some(Cow::Borrowed(referer.host())),
            url: is_page.then(|| Cow::Borrowed(&*referer.url)),
            page: is_page.then(|| {
                Cow::Borrowed(if referer.path.is_empty() {
                    "/"
                } else {
                    referer.path
                })
            }),
            query: referer.query,
        }
    }
}

struct Place<'a> {
    site: Option<Cow<'a, str>>,
    url: Option<Cow<'a, str>>,
    page: Option<Cow<'a, str>>,
    /// The query of the page's URL.
    query: &'a str,
}

/// `site` as people write it: a host, perhaps with a port, perhaps a whole URL.
fn site_of_parameter(site: &str) -> Cow<'_, str> {
    match WebAddress::parse(site) {
        Some(address) => Cow::Owned(address.host().to_owned()),
        None => web_address::lower_case(without_port(web_address::before_query(site.trim_ascii()))),
    }
}

fn add_from_page_query<'a>(utm: &mut [Option<Cow<'a, str>>; 5], query: &'a str) {
    if !query.contains("utm_") {
        return;
    }
    for pair in query.split('&') {
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let Some(index) = UTM_PARAMETERS.iter().position(|utm_name| *utm_name == name) else {
            continue;
        };
        if utm[index].is_none() && !value.is_empty() {
            utm[index] = Some(decode(value));
        }
    }
}

/// `de-CH` of `de-CH,de;q=0.9`.
fn first_language(accepted: &[u8]) -> Option<Cow<'_, str>> {
    let end = accepted
        .iter()
        .position(|byte| matches!(byte, b',' | b';'))
        .unwrap_or(accepted.len());
    let tag = accepted[..end].trim_ascii();
    if tag.is_empty() || tag == b"*" {
        None
    } else {
        Some(String::from_utf8_lossy(tag))
    }
}
