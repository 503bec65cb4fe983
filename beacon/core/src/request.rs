//! The input of an adapter: a request of any server, and the moment of its arrival.

use std::net::IpAddr;

use http::{HeaderMap, Method};

use crate::visitor::Salt;

/// The largest body of a POST: 1 MiB. An adapter stops reading there and responds with
/// [`Beacon::too_large`](crate::Beacon::too_large).
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// An HTTP request, borrowed from the server that received it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as received: percent-encoded, beginning with `/`, without the stage of an API Gateway.
    pub path: &'a str,
    /// The query as received, without its `?`; empty if there is none.
    pub query: &'a str,
    /// All headers, repeated ones included.
    pub headers: &'a HeaderMap,
    /// The body, decoded from Base64 if the event carried it so. Empty unless
    /// [`Route::wants_body`](crate::Route::wants_body).
    pub body: &'a [u8],
    /// The address of the connection's other end, if known. `BEACON_TRUST` decides whether it is the visitor's.
    pub peer: Option<IpAddr>,
}

/// The moment of a request, randomness for it, and the salt of its day: arguments, because the core has none of them.
pub struct Arrival<'a> {
    /// Unix time in milliseconds, which becomes `received_at`.
    pub at_ms: u64,
    /// Returns random numbers for hit identifiers and ETags. They need to be fast, not secret.
    pub random: &'a mut dyn FnMut() -> u128,
    /// The salt of the UTC day of `at_ms`. A hit has no visitor without it, or with that of another day.
    pub salt: Option<&'a Salt>,
}
