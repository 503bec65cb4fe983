//! From the headers of a request to a verdict, in the order in which the rules are asked.

use crate::class::Class;
use crate::client::{self, Client};
use crate::folded::Folded;
use crate::request::Request;
use crate::texts::{Kind, rule};
use crate::{contradictions, mail, prefetch, shapes, texts, tokens};

/// The rules of requests on which no other decided: with a browser's name, and without.
const BROWSER: &str = rule!("browser");
const OTHER: &str = rule!("other");

/// The class of who sent a request, and the rule that decided.
///
/// A verdict of [`classify`] names one of the rules that this crate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict<'r> {
    /// The class
    pub class: Class,
    /// Version of the rules and name of the one that decided, such as `2026.11/ai.training.gptbot`.
    pub rule: &'r str,
    /// Browser, system and device
    pub client: Client,
}

impl Verdict<'_> {
    /// Tells whether a server sent the request, to report what somebody did elsewhere.
    #[must_use]
    pub fn is_server(&self) -> bool {
        let name = self
            .rule
            .split_once('/')
            .map_or(self.rule, |(_version, name)| name);
        name.starts_with("server.")
    }

    /// Tells whether only the user agent's browser, or nothing at all, decided: then the range of the address counts.
    #[must_use]
    pub fn yields_to_ranges(&self) -> bool {
        self.rule == BROWSER || self.rule == OTHER
    }
}

/// Returns who sent `request`. Any text may come in; the first [`MOST_BYTES`](crate::MOST_BYTES) of a user agent count.
#[must_use]
pub fn classify(request: &Request<'_>) -> Verdict<'static> {
    let user_agent = Folded::new(request.user_agent.unwrap_or_default());
    let words = tokens::of(user_agent.folded());
    let client = client::read(words, request);
    let (class, rule) = decide(request, &user_agent, words, &client);
    Verdict {
        class,
        rule,
        client,
    }
}

fn decide(
    request: &Request<'_>,
    user_agent: &Folded<'_>,
    words: u128,
    client: &Client,
) -> (Class, &'static str) {
    let text = texts::find(user_agent);
    if let Some(found) = mail::find(user_agent, text, request.sec_ch_ua) {
        return found;
    }
    if let Some(rule) = prefetch::find(request) {
        return (Class::Prefetch, rule);
    }
    if user_agent.folded().is_empty() {
        return (Class::Bot, rule!("generic.bare"));
    }
    if request.is_custom_event
        && let Some(rule) = text.and_then(|text| text.server)
    {
        return (Class::Unknown, rule);
    }
    if let Some(name) = text.filter(|text| text.kind == Kind::Name) {
        return (class_of(name.rule), name.rule);
    }
    if words & tokens::DARWIN != 0 {
        return (Class::Unknown, rule!("app.cfnetwork"));
    }
    if words & tokens::DALVIK != 0 {
        return (Class::Unknown, rule!("app.dalvik"));
    }
    if let Some(word) = text {
        return (class_of(word.rule), word.rule);
    }
    if request.is_custom_event && shapes::is_product(user_agent.folded()) {
        return (Class::Unknown, rule!("server.product"));
    }
    let contradiction = || contradictions::find(request, user_agent.folded(), words, client);
    if let Some(rule) = shapes::find(user_agent.folded()).or_else(contradiction) {
        return (Class::Bot, rule);
    }
    if client.browser.is_some() {
        return (Class::Human, BROWSER);
    }
    (Class::Unknown, OTHER)
}

fn class_of(rule: &str) -> Class {
    let name = rule.split_once('/').map_or(rule, |(_, name)| name);
    if name.starts_with("scanner.") {
        Class::Scanner
    } else {
        Class::Bot
    }
}

#[cfg(test)]
mod tests;
