//! CORS preflights. Every path has the same one.

use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::headers::{ALLOW_PRIVATE_NETWORK, REQUEST_PRIVATE_NETWORK};
use crate::response::{self, Response};
use crate::routes::Route;

/// The longest list of names that one preflight allows. A browser sends a few hundred bytes at most.
const MAX_ALLOWED_HEADERS_BYTES: usize = 4 * 1_024;

/// Returns the response to a preflight. Tools for tracing add headers to every request of a page, and a browser drops a
/// request of which one header is not allowed: so all are. None is read for what it may do.
pub(crate) fn response(request_headers: &HeaderMap, route: Option<Route>) -> Response {
    let mut response = response::text(StatusCode::NO_CONTENT, "");
    let headers = response.headers_mut();
    let methods = route.map_or("GET, HEAD, OPTIONS, POST", Route::methods);
    headers.insert(header::ALLOW, HeaderValue::from_static(methods));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, HEAD, OPTIONS, POST"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        allowed_headers(request_headers),
    );
    if request_headers
        .get(REQUEST_PRIVATE_NETWORK)
        .is_some_and(|asked| asked.as_bytes().eq_ignore_ascii_case(b"true"))
    {
        headers.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static("86400"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static(
            "Origin, Access-Control-Request-Headers, Access-Control-Request-Private-Network",
        ),
    );
    response
}

/// Returns the valid names of headers that a preflight requests, and always `Content-Type`.
fn allowed_headers(asked: &HeaderMap) -> HeaderValue {
    let mut allowed = String::from("Content-Type");
    for line in asked.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        for name in line.as_bytes().split(|byte| *byte == b',') {
            let Ok(name) = HeaderName::from_bytes(name.trim_ascii()) else {
                continue;
            };
            if name != header::CONTENT_TYPE && allowed.len() < MAX_ALLOWED_HEADERS_BYTES {
                allowed.push_str(", ");
                allowed.push_str(name.as_str());
            }
        }
    }
    HeaderValue::try_from(allowed).unwrap_or(HeaderValue::from_static("Content-Type"))
}
