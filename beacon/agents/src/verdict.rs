//! From the headers of a request to a verdict, in the order in which the rules are asked.

use crate::client::{self, Client};
use crate::folded::Folded;
use crate::texts::{Kind, rule};
use crate::{contradictions, mail, prefetch, shapes, texts, tokens};

/// What a request says of its sender: headers in their own words, and two answers of the page's script.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// `User-Agent`
    pub user_agent: Option<&'a str>,
    /// `Sec-Purpose`
    pub sec_purpose: Option<&'a str>,
    /// `Purpose`, which browsers sent before `Sec-Purpose`
    pub purpose: Option<&'a str>,
    /// `X-Moz`, Firefox's older word for it
    pub x_moz: Option<&'a str>,
    /// `X-Purpose`, Safari's older word for it
    pub x_purpose: Option<&'a str>,
    /// `Sec-CH-UA`
    pub sec_ch_ua: Option<&'a str>,
    /// `Sec-CH-UA-Platform`
    pub sec_ch_ua_platform: Option<&'a str>,
    /// `Sec-Fetch-Site`
    pub sec_fetch_site: Option<&'a str>,
    /// Whether every header that the client sent is here, over HTTPS. Only then does a missing one say something.
    pub is_whole: bool,
    /// Whether the page's script found `navigator.webdriver`.
    pub webdriver: bool,
    /// Whether the page's script found a screen that takes several fingers.
    pub touch: bool,
}

/// The class of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A person with a browser
    Human,
    /// A program that names itself, or that has the marks of one
    Bot,
    /// A mail service that fetches images for its readers
    MailProxy,
    /// A browser that fetches a page before anybody asked for it
    Prefetch,
    /// A program that looks for weaknesses or harm
    Scanner,
    /// An app, an ambiguous mail program, or a browser without a known name
    Unknown,
}

impl Class {
    /// Returns the name that the column `agent` holds.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Bot => "bot",
            Self::MailProxy => "mail_proxy",
            Self::Prefetch => "prefetch",
            Self::Scanner => "scanner",
            Self::Unknown => "unknown",
        }
    }
}

/// Who asked, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The class
    pub class: Class,
    /// Version of the rules and name of the one that decided, such as `2026.11/ai.training.gptbot`.
    pub rule: &'static str,
    /// Browser, system and device
    pub client: Client,
}

/// Returns who sent `request`. Any text may come in; the first [`MOST_BYTES`](crate::MOST_BYTES) of a user agent count.
#[must_use]
pub fn classify(request: &Request<'_>) -> Verdict {
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
        return (Class::Bot, word.rule);
    }
    let contradiction = || contradictions::find(request, words, client);
    if let Some(rule) = shapes::find(user_agent.folded()).or_else(contradiction) {
        return (Class::Bot, rule);
    }
    if client.browser.is_some() {
        return (Class::Human, rule!("browser"));
    }
    (Class::Unknown, rule!("other"))
}

fn class_of(rule: &str) -> Class {
    let name = rule.split_once('/').map_or(rule, |(_, name)| name);
    if name.starts_with("scanner.") {
        Class::Scanner
    } else {
        Class::Bot
    }
}
