//! A hit: what one request, or one item of a POST, says. Borrowed from the request; [`record`](crate::record)
//! writes it.

use std::borrow::Cow;
use std::net::IpAddr;

use http::{HeaderMap, HeaderName, header};
use uuid::Uuid;

use crate::campaign::{self, Campaign};
use crate::parameters::Parameters;
use crate::place::{Place, Sender};
use crate::privacy::Privacy;
use crate::referrer::Referrer;
use crate::request::Request;
use crate::settings::Settings;
use crate::web_address::WebAddress;

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
    pub(crate) utm: Campaign<'a>,
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
    /// Of the first parameter of this name, unless it is empty.
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
        let mut text = text_of(values.next()?.as_bytes());
        for value in values {
            let joined = text.to_mut();
            joined.push_str(", ");
            joined.push_str(&text_of(value.as_bytes()));
        }
        Some(self.privacy.clean_owned(text))
    }

    /// Shows every kept header once.
    pub(crate) fn for_each(&self, mut show: impl FnMut(&'a HeaderName, Cow<'a, str>)) {
        if self.all.len() > self.all.keys_len() {
            for name in self.all.keys() {
                if let Some(value) = self.get(name) {
                    show(name, value);
                }
            }
            return;
        }
        // No header is repeated, as nearly always: nothing to look up.
        for (name, value) in self.all {
            if self.privacy.keeps_header(name) {
                show(name, self.privacy.clean_owned(text_of(value.as_bytes())));
            }
        }
    }
}

/// What is not UTF-8 becomes U+FFFD.
pub(crate) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    // Much faster than `from_utf8_lossy` for what is UTF-8, as nearly everything is.
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// What all hits of one request share.
pub(crate) struct Shared<'a> {
    request: &'a Request<'a>,
    settings: &'a Settings,
    format: &'static str,
    received_at_ms: u64,
    host: Cow<'a, str>,
    ip: Option<IpAddr>,
    language: Option<Cow<'a, str>>,
    sender: Sender<'a>,
}

impl<'a> Shared<'a> {
    pub(crate) fn of(
        request: &'a Request<'a>,
        settings: &'a Settings,
        format: &'static str,
        received_at_ms: u64,
    ) -> Shared<'a> {
        Shared {
            request,
            settings,
            format,
            received_at_ms,
            host: settings.trust.host(request),
            ip: if settings.privacy.is_full() {
                settings.trust.address(request.headers, request.peer)
            } else {
                None
            },
            language: request
                .headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| first_language(value.as_bytes())),
            sender: Sender::of(request.headers),
        }
    }

    /// Whether the hit may be counted: its site must be listed, and so must that of the page that sent it, where that
    /// page says so. An email is opened on whatever page the reader's mail program has, so an open names its site
    /// and no page is held against it.
    pub(crate) fn allows(&self, hit: &Hit<'_>) -> bool {
        let sites = &self.settings.sites;
        if sites.allow_all() {
            return true;
        }
        let is_listed = hit.site.as_deref().is_some_and(|site| sites.allow(site));
        let comes_from_listed = || {
            [&self.sender.origin, &self.sender.referer]
                .into_iter()
                .flatten()
                .all(|page: &WebAddress<'_>| sites.allow(page.host()))
        };
        is_listed && (hit.event.eq_ignore_ascii_case("open") || comes_from_listed())
    }

    /// Reads a hit from its parameters, which are those of the request's query, or of an item of its body. `id` is
    /// called with the hit's site.
    pub(crate) fn hit(
        &'a self,
        parameters: &'a Parameters<'a>,
        query: &'a Parameters<'a>,
        id: impl FnOnce(Option<&str>) -> Uuid,
    ) -> Hit<'a> {
        let privacy = &self.settings.privacy;
        let kept = KeptParameters {
            all: parameters,
            privacy,
        };
        let place = Place::of(parameters, &self.sender, &self.host, &self.settings.sites);
        let referrer = Referrer::of(parameters, place.site.as_deref());
        let mut utm = campaign::of_parameters(&kept);
        place.add_campaign(&mut utm, privacy);
        Hit {
            id: id(place.site.as_deref()),
            received_at_ms: self.received_at_ms,
            site: place.site,
            host: Cow::Borrowed(&self.host),
            path: self.request.path,
            event: kept.get("event").unwrap_or(Cow::Borrowed("view")),
            url: place.url,
            page: place.page,
            title: kept.get("title").or_else(|| kept.get("name")),
            referrer: referrer.text,
            referrer_host: referrer.source,
            utm,
            language: self.language.as_deref().map(Cow::Borrowed),
            ip: self.ip,
            format: self.format,
            query_string: if privacy.is_full() && !query.had_tokens {
                QueryString::AsReceived(self.request.query)
            } else {
                QueryString::Cleaned(KeptParameters {
                    all: query,
                    privacy,
                })
            },
            parameters: kept,
            headers: KeptHeaders {
                all: self.request.headers,
                privacy,
            },
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
        Some(text_of(tag))
    }
}
