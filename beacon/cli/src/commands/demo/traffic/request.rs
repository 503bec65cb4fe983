//! One request, and the client that sends it.

use beacon_core::headers::{VIEWER_ADDRESS, VIEWER_COUNTRY};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, REFERER, USER_AGENT};
use http::{HeaderName, Method};

/// A program that asks, where it is, and the headers by which both are known.
#[derive(Clone)]
pub(super) struct Client {
    headers: Vec<(HeaderName, String)>,
}

impl Client {
    /// Returns a client of this user agent at `address`, in the country of this code.
    pub(super) fn new(user_agent: &str, address: &str, country: &str) -> Client {
        // The port of the connection differs from one to the next, and counts for nothing.
        let viewer = format!("{address}:50123");
        Client {
            headers: vec![
                (USER_AGENT, user_agent.to_owned()),
                (VIEWER_ADDRESS, viewer),
                (VIEWER_COUNTRY, country.to_owned()),
            ],
        }
    }

    /// Adds what a browser or mail program of a reader of this language sends.
    pub(super) fn reading(self, language: &str) -> Client {
        self.with(ACCEPT_LANGUAGE, language)
            .with(ACCEPT, "image/avif,image/webp,*/*;q=0.8")
    }

    /// Returns another program of the same reader.
    pub(super) fn with_user_agent(mut self, user_agent: &str) -> Client {
        self.headers.retain(|(name, _)| name != USER_AGENT);
        self.with(USER_AGENT, user_agent)
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Client {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// One request, as the edge forwards it.
#[derive(Clone)]
pub(in super::super) struct Request {
    /// When it is received, Unix milliseconds.
    pub(in super::super) at_ms: u64,
    pub(in super::super) method: Method,
    /// Path and query.
    pub(in super::super) target: String,
    pub(in super::super) headers: Vec<(HeaderName, String)>,
    pub(in super::super) body: String,
}

impl Request {
    /// Returns the request of `client` for an image or a style sheet on a page whose address is `referer`, if it sends any.
    pub(super) fn get(at_ms: u64, client: &Client, target: String, referer: &str) -> Request {
        let mut headers = client.headers.clone();
        if !referer.is_empty() {
            headers.push((REFERER, referer.to_owned()));
        }
        Request {
            at_ms,
            method: Method::GET,
            target,
            headers,
            body: String::new(),
        }
    }

    /// Returns the request of `client` with one or more items.
    pub(super) fn post(at_ms: u64, client: Client, items: &serde_json::Value) -> Request {
        Request {
            at_ms,
            method: Method::POST,
            target: "/track".to_owned(),
            headers: client.headers,
            body: items.to_string(),
        }
    }
}

/// Returns `text` as the value of a parameter.
pub(super) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
