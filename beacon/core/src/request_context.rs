//! Reads a hit from a request's parameters, and from what all hits of the request have in common.

use std::borrow::Cow;
use std::net::IpAddr;

use http::{HeaderMap, header};
use uuid::Uuid;

use crate::agent::{self, Agent};
use crate::campaign;
use crate::country::Country;
use crate::headers::SEC_GPC;
use crate::hit::Hit;
use crate::page::{EmbeddingPage, PageRef};
use crate::policy::Policy;
use crate::privacy::Privacy;
use crate::query_params::Parameters;
use crate::record;
use crate::referrer::Referrer;
use crate::request::Request;
use crate::schema::Schema;
use crate::text::lossy_text;
use crate::url_parts::UrlParts;
use crate::value::{KeptHeaders, KeptParameters, QueryString};
use crate::visitor::{Salt, Visitor};

/// The part of a hit that all hits of a request share.
pub(crate) struct RequestContext<'a> {
    request: &'a Request<'a>,
    policy: &'a Policy,
    format: &'static str,
    received_at_ms: u64,
    host: Cow<'a, str>,
    ip: Option<IpAddr>,
    /// The salt, and the address whose visitor it names; `None` where no hit of the request has one.
    visitor_from: Option<(&'a Salt, IpAddr)>,
    country: Option<Country>,
    language: Option<Cow<'a, str>>,
    agent: Agent<'a>,
    embedder: EmbeddingPage<'a>,
}

impl<'a> RequestContext<'a> {
    pub(crate) fn new(
        request: &'a Request<'a>,
        policy: &'a Policy,
        format: &'static str,
        received_at_ms: u64,
        salt: Option<&'a Salt>,
    ) -> RequestContext<'a> {
        let salt = salt
            .filter(|salt| salt.is_of(received_at_ms) && may_have_visitor(policy, request.headers));
        let is_full = policy.privacy.is_full();
        let has_ranges = policy.ranges.lookup.is_some();
        let address = if is_full || salt.is_some() || has_ranges {
            policy.trust.address(request.headers, request.peer)
        } else {
            None
        };
        RequestContext {
            request,
            policy,
            format,
            received_at_ms,
            host: policy.trust.host(request),
            ip: address.filter(|_| is_full),
            visitor_from: salt.zip(address),
            country: policy
                .countries
                .of(request.headers, request.peer, &policy.trust),
            language: request
                .headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| first_language(value.as_bytes())),
            agent: Agent::new(request, &policy.trust, &policy.ranges, address),
            embedder: EmbeddingPage::new(request.headers),
        }
    }

    pub(crate) fn privacy(&self) -> &'a Privacy {
        &self.policy.privacy
    }

    /// Appends the record of a hit, at most `limit_bytes` long. Returns false, and appends nothing, if the hit is not
    /// allowed.
    pub(crate) fn record(
        &self,
        hit: &Hit<'_>,
        schema: &Schema,
        limit_bytes: usize,
        out: &mut Vec<u8>,
    ) -> bool {
        if !self.allows(hit) {
            return false;
        }
        record::write(out, schema, hit, limit_bytes);
        true
    }

    /// Tells whether the hit may be counted: its site must be listed, and so must that of the page that sent it, where
    /// that page says so. An email is opened on whatever page the reader's mail program has, so an open names its site
    /// and no page is held against it.
    fn allows(&self, hit: &Hit<'_>) -> bool {
        let sites = &self.policy.sites;
        if sites.allow_all() {
            return true;
        }
        let is_listed = hit.site.as_deref().is_some_and(|site| sites.allow(site));
        let comes_from_listed = || {
            [&self.embedder.origin, &self.embedder.referer]
                .into_iter()
                .flatten()
                .all(|page: &UrlParts<'_>| sites.allow(page.host()))
        };
        is_listed && (hit.event.eq_ignore_ascii_case("open") || comes_from_listed())
    }

    /// Returns the visitor of `site` that the request comes from.
    fn visitor(&self, site: &str) -> Option<Visitor> {
        let (salt, address) = self.visitor_from?;
        let user_agent = self.request.headers.get(header::USER_AGENT);
        let user_agent = user_agent.map_or(&b""[..], |value| value.as_bytes());
        Some(salt.visitor(site, address, user_agent))
    }

    /// Reads a hit from its parameters, which are those of the request's query, or of an item of its body. `id` is
    /// called with the hit's site.
    pub(crate) fn hit(
        &'a self,
        parameters: &'a Parameters<'a>,
        query: &'a Parameters<'a>,
        id: impl FnOnce(Option<&str>) -> Uuid,
    ) -> Hit<'a> {
        let privacy = &self.policy.privacy;
        let kept = KeptParameters {
            all: parameters,
            privacy,
        };
        let page_ref = PageRef::new(parameters, &self.embedder, &self.host, &self.policy.sites);
        let referrer = Referrer::from_parameters(parameters, page_ref.site.as_deref());
        let mut utm = campaign::from_parameters(&kept);
        page_ref.add_campaign(&mut utm, privacy);
        let event = kept.get("event").unwrap_or(Cow::Borrowed("view"));
        let agent = self.agent.verdict(parameters, &event);
        let visitor = page_ref
            .site
            .as_deref()
            .filter(|_| agent::may_be_a_visitor(&agent))
            .and_then(|site| self.visitor(site));
        Hit {
            id: id(page_ref.site.as_deref()),
            received_at_ms: self.received_at_ms,
            site: page_ref.site,
            host: Cow::Borrowed(&self.host),
            path: self.request.path,
            agent,
            event,
            url: page_ref.url,
            page: page_ref.page,
            title: kept.get("title").or_else(|| kept.get("name")),
            referrer: referrer.text,
            referrer_host: referrer.source,
            utm,
            language: self.language.as_deref().map(Cow::Borrowed),
            ip: self.ip,
            visitor,
            country: self.country,
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

/// Tells whether hits of a request may have a visitor: the setting says so, and the visitor doesn't object where that
/// counts.
fn may_have_visitor(policy: &Policy, headers: &HeaderMap) -> bool {
    let objects = || {
        [SEC_GPC, header::DNT]
            .iter()
            .any(|name| headers.get(name).is_some_and(|value| value == "1"))
    };
    policy.visitors && !(policy.honour_gpc && objects())
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
        Some(lossy_text(tag))
    }
}
