//! Says who sent a hit: the request as the rules for agents see it.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::net::IpAddr;

use beacon_agents::{Class, Verdict, classify_cached};
use http::{Method, header};

use crate::hints::Hints;
use crate::query_params::Parameters;
use crate::ranges::{AgentRanges, RangeRule};
use crate::request::Request;
use crate::text::lossy_text;
use crate::trust::Trust;

/// The events of beacon's own; all others are custom.
const OWN_EVENTS: [&str; 3] = ["view", "open", "click"];

/// The headers of a request that tell who sent it, and the verdicts on its hits.
pub(crate) struct Agent<'a> {
    user_agent: Option<Cow<'a, str>>,
    hints: Hints<'a>,
    /// True if the hits come in a POST, as events that a server reports do.
    is_post: bool,
    /// By what a hit itself says: the items of a POST differ in nothing else.
    known: [Cell<Option<Verdict<'static>>>; 8],
    ranges: &'a AgentRanges,
    /// The client's address, where there are ranges.
    address: Option<IpAddr>,
    /// The rule of the address, once a hit has needed it.
    range: OnceCell<Option<RangeRule>>,
}

impl<'a> Agent<'a> {
    /// Reads the headers of a request. `address` is the client's, which is kept no longer than the request.
    pub(crate) fn new(
        request: &'a Request<'a>,
        trust: &Trust,
        ranges: &'a AgentRanges,
        address: Option<IpAddr>,
    ) -> Agent<'a> {
        let headers = request.headers;
        Agent {
            user_agent: headers
                .get(header::USER_AGENT)
                .map(|value| lossy_text(value.as_bytes())),
            hints: Hints::read(headers, trust),
            is_post: *request.method == Method::POST,
            known: Default::default(),
            ranges,
            address,
            range: OnceCell::new(),
        }
    }

    /// Returns who sent a hit with these parameters and this event.
    pub(crate) fn verdict(&self, parameters: &Parameters<'_>, event: &str) -> Verdict<'_> {
        let verdict = self.verdict_on_headers(parameters, event);
        match self.range() {
            Some(range) if verdict.yields_to_ranges() => Verdict {
                class: range.class,
                rule: &range.rule,
                client: verdict.client,
            },
            _ => verdict,
        }
    }

    /// Returns the rule of the range that the client's address lies in.
    fn range(&self) -> Option<&RangeRule> {
        let lookup = self.ranges.lookup.as_ref()?;
        let found = self.range.get_or_init(|| lookup(self.address?));
        found.as_ref()
    }

    /// Returns the verdict without regard to the client's address.
    fn verdict_on_headers(&self, parameters: &Parameters<'_>, event: &str) -> Verdict<'static> {
        let touch = parameters.get("touch") == Some("1");
        let webdriver = parameters.get("webdriver") == Some("1");
        let is_own_event = || {
            OWN_EVENTS
                .iter()
                .any(|name| event.eq_ignore_ascii_case(name))
        };
        let is_custom_event = self.is_post && !is_own_event();
        let known = &self.known
            [usize::from(touch) | usize::from(webdriver) << 1 | usize::from(is_custom_event) << 2];
        if let Some(verdict) = known.get() {
            return verdict;
        }
        let hints = self.hints;
        let verdict = classify_cached(&beacon_agents::Request {
            user_agent: self.user_agent.as_deref(),
            sec_purpose: hints.sec_purpose,
            purpose: hints.purpose,
            x_moz: hints.x_moz,
            x_purpose: hints.x_purpose,
            sec_ch_ua: hints.sec_ch_ua,
            sec_ch_ua_platform: hints.sec_ch_ua_platform,
            sec_fetch_site: hints.sec_fetch_site,
            is_whole: hints.is_whole,
            webdriver,
            touch,
            is_custom_event,
        });
        known.set(Some(verdict));
        verdict
    }
}

/// Tells whether a hit of this sender may have a visitor. Machines are none, and a mail proxy or a server asks for many
/// people from one address.
pub(crate) fn may_be_a_visitor(verdict: &Verdict<'_>) -> bool {
    let is_counted = matches!(verdict.class, Class::Human | Class::Unknown);
    is_counted && !verdict.is_server()
}
