//! Responses, built without their request: [`finish`] adds what depends on it.

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, StatusCode};

use crate::headers::{CROSS_ORIGIN_RESOURCE_POLICY, X_BEACON};
use crate::json_writer::write_quoted;
use crate::request::Request;
use crate::robots::Robots;
use crate::routes::Route;

/// The response that an adapter sends; its body is whole.
pub type Response = http::Response<Bytes>;

pub(crate) const NO_STORE: HeaderValue =
    HeaderValue::from_static("no-cache, no-store, must-revalidate, private, max-age=0");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
/// The content type of responses that a program reads.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The content type of several records in debug mode.
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// Adds to a response what depends on its request: the origin that may read it, and no body for HEAD.
pub(crate) fn finish(response: &mut Response, request: &Request<'_>) {
    if *request.method == Method::HEAD {
        *response.body_mut() = Bytes::new();
    }
    if let Some(origin) = request.headers.get(header::ORIGIN) {
        allow_origin(response.headers_mut(), origin);
    }
}

/// Every response says `*` first. Where the request names its origin, that one is allowed instead, with credentials,
/// because `sendBeacon` always sends them. None are set or read here, so this gives nothing away.
fn allow_origin(headers: &mut HeaderMap, origin: &HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("X-Beacon"),
    );
    // A preflight, and the one response that caches keep, name more already.
    headers
        .entry(header::VARY)
        .or_insert(HeaderValue::from_static("Origin"));
}

/// Returns text that nobody stores.
pub(crate) fn text(status: StatusCode, text: &'static str) -> Response {
    with_body(status, TEXT, Bytes::from_static(text.as_bytes()))
}

/// Returns a response that nobody stores. An empty body has no content type; 204 and 304 have no length.
pub(crate) fn with_body(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Response {
    let length = body.len();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(12);
    if length > 0 {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    if status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    add_safety(headers);
    response
}

pub(crate) fn add_safety(headers: &mut HeaderMap) {
    headers.insert(
        CROSS_ORIGIN_RESOURCE_POLICY,
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}

/// Returns `{"error":"…"}`.
pub(crate) fn error(status: StatusCode, error: &str) -> Response {
    let mut body = b"{\"error\":".to_vec();
    write_quoted(&mut body, error);
    body.extend_from_slice(b"}\n");
    with_body(status, JSON, Bytes::from(body))
}

/// Moves the records from `start` on out of `out` into the response of `?debug=1`.
pub(crate) fn debug_response(hits: usize, out: &mut Vec<u8>, start: usize) -> Response {
    let records = Bytes::copy_from_slice(&out[start..]);
    out.truncate(start);
    let content_type = if hits == 1 { JSON } else { NDJSON };
    with_body(StatusCode::OK, content_type, records)
}

pub(crate) fn forbidden() -> Response {
    text(
        StatusCode::FORBIDDEN,
        "forbidden: this address answers its CDN only\n",
    )
}

pub(crate) fn not_found() -> Response {
    text(StatusCode::NOT_FOUND, "not found\n")
}

pub(crate) fn method_not_allowed(route: Route) -> Response {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n");
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(route.methods()));
    response
}

pub(crate) fn robots(robots: Robots) -> Response {
    text(StatusCode::OK, robots.file())
}

pub(crate) fn favicon() -> Response {
    text(StatusCode::NO_CONTENT, "")
}

pub(crate) fn health() -> Response {
    text(StatusCode::OK, "ok\n")
}

/// Sets `X-Beacon: recorded`.
pub(crate) fn set_recorded(response: &mut Response) {
    response
        .headers_mut()
        .insert(X_BEACON, HeaderValue::from_static("recorded"));
}

/// Sets `X-Beacon: <outcome>; <reason>`.
pub(crate) fn set_outcome(response: &mut Response, outcome: &'static str, reason: &'static str) {
    let value = match HeaderValue::from_str(&format!("{outcome}; {reason}")) {
        Ok(value) => value,
        // A reason that no header can carry must not cost the response.
        Err(_) => HeaderValue::from_static(outcome),
    };
    response.headers_mut().insert(X_BEACON, value);
}

/// Turns the response to a POST into a 503 that asks for another try.
pub(crate) fn into_retryable(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let body = Bytes::from_static(b"{\"error\":\"not recorded, try again\"}\n");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = body;
    response
}
