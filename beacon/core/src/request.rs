//! What an adapter hands over: a request of whatever server, and the moment it came.

use std::net::IpAddr;

use http::{HeaderMap, Method};

/// The largest body of a POST, 1 MiB. An adapter stops reading there and responds with
/// [`Beacon::too_large`](crate::Beacon::too_large).
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// One HTTP request, borrowed from the server that received it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as received, percent-encoded, beginning with `/`. The stage of an API Gateway is already off.
    pub path: &'a str,
    /// The raw query without its `?`; empty where there is none.
    pub query: &'a str,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The body, decoded from Base64 where the event carried it so. Empty unless
    /// [`Route::wants_body`](crate::Route::wants_body).
    pub body: &'a [u8],
    /// The address at the other end of the connection, if known.
    pub peer: Option<IpAddr>,
}

/// The moment of a request and the randomness for its answer: arguments, because the core has neither.
pub struct Arrival<'a> {
    /// Unix time in milliseconds.
    pub at_ms: u64,
    /// Random numbers for hit ids and ETags. Speed matters, secrecy does not.
    pub random: &'a mut dyn FnMut() -> u128,
}
