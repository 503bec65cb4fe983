//! The answers, built from headers that are ready beforehand.

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use uuid::Uuid;

use crate::request::Request;
use crate::routes::{Format, Route};

/// What an adapter sends.
pub type Response = http::Response<Bytes>;

/// `recorded`, `ignored; <reason>` or `lost; <reason>`.
pub const X_BEACON: HeaderName = HeaderName::from_static("x-beacon");

/// 43 bytes that strict decoders take: transparent, one pixel.
const GIF: &[u8] = include_bytes!("pixel.gif");

/// The same as a PNG: 8 bits of grey with alpha.
const PNG: &[u8] = include_bytes!("pixel.png");

/// The client script. It lies with the other clients and is served as it is.
const CLIENT: &str = include_str!("../../../clients/beacon.js");

/// A day: a new version of the script is with all readers the day after.
const CLIENT_CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The namespace of names that are hashed into UUIDs: the ids of POST items, and the script's ETag.
pub(crate) const NAMESPACE: Uuid = Uuid::from_u128(0x0b3d_7c58_4f0e_4a9e_9c53_6a70_b1c5_d0e1);

const NO_STORE: HeaderValue =
    HeaderValue::from_static("no-cache, no-store, must-revalidate, private, max-age=0");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const SCRIPT: HeaderValue = HeaderValue::from_static("text/javascript; charset=utf-8");
/// The content type of answers that a program reads.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The content type of several records in debug mode.
pub(crate) const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");
const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
/// No more names than fit into this are allowed by one preflight; a browser sends a few hundred bytes at most.
const MAX_ALLOWED_HEADERS_BYTES: usize = 4 * 1_024;
const RECORDED: HeaderValue = HeaderValue::from_static("recorded");

/// Headers that are cloned for each answer: cheaper than one insertion after the other.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    gif: HeaderMap,
    png: HeaderMap,
    css: HeaderMap,
    js: HeaderMap,
    client_etag: HeaderValue,
}

impl Prepared {
    pub(crate) fn new() -> Prepared {
        let hash = Uuid::new_v5(&NAMESPACE, CLIENT.as_bytes()).simple();
        Prepared {
            gif: pixel_headers(HeaderValue::from_static("image/gif"), GIF),
            png: pixel_headers(HeaderValue::from_static("image/png"), PNG),
            css: pixel_headers(HeaderValue::from_static("text/css; charset=utf-8"), b""),
            js: pixel_headers(SCRIPT, b""),
            client_etag: HeaderValue::from_str(&format!("\"{hash}\""))
                .expect("hexadecimal digits are ASCII"),
        }
    }

    /// The pixel, said to be recorded. A HEAD gets the same headers without the body.
    pub(crate) fn pixel(&self, request: &Request<'_>, format: Format, etag: u128) -> Response {
        let (headers, body) = match format {
            Format::Gif => (&self.gif, GIF),
            Format::Png => (&self.png, PNG),
            Format::Css => (&self.css, &b""[..]),
            Format::Js => (&self.js, &b""[..]),
        };
        let body = if *request.method == Method::HEAD {
            &b""[..]
        } else {
            body
        };
        let mut response = Response::new(Bytes::from_static(body));
        *response.headers_mut() = headers.clone();
        response
            .headers_mut()
            .insert(header::ETAG, etag_value(etag));
        allow_origin(&mut response, request);
        response
    }

    /// The client script, or 304: the one answer that a cache may keep.
    pub(crate) fn client(&self, request: &Request<'_>) -> Response {
        let is_known = request
            .headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .any(|known| self.is_client_etag(known));
        let mut response = if is_known {
            plain(request, StatusCode::NOT_MODIFIED, "")
        } else {
            plain(request, StatusCode::OK, CLIENT)
        };
        let headers = response.headers_mut();
        if !is_known {
            headers.insert(header::CONTENT_TYPE, SCRIPT);
        }
        headers.insert(header::CACHE_CONTROL, CLIENT_CACHE_CONTROL);
        headers.insert(header::ETAG, self.client_etag.clone());
        // A cache keeps it for every origin, so it must know that origins differ even if this one had none.
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        response
    }

    /// By RFC 9110's weak comparison, as If-None-Match wants it.
    fn is_client_etag(&self, known: &HeaderValue) -> bool {
        let Ok(known) = known.to_str() else {
            return false;
        };
        known.split(',').map(str::trim).any(|tag| {
            tag == "*"
                || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == self.client_etag.as_bytes()
        })
    }
}

fn pixel_headers(content_type: HeaderValue, body: &'static [u8]) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(header::EXPIRES, HeaderValue::from_static("0"));
    headers.insert(header::ETAG, HeaderValue::from_static("\"\""));
    add_safety(&mut headers);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(X_BEACON, RECORDED);
    headers
}

fn add_safety(headers: &mut HeaderMap) {
    headers.insert(
        CROSS_ORIGIN_RESOURCE_POLICY,
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}

fn etag_value(etag: u128) -> HeaderValue {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'"'; 34];
    for (place, byte) in text[1..33].chunks_exact_mut(2).zip(etag.to_be_bytes()) {
        place[0] = HEX[usize::from(byte >> 4)];
        place[1] = HEX[usize::from(byte & 15)];
    }
    HeaderValue::from_bytes(&text).expect("hexadecimal digits are ASCII")
}

/// Every answer says `*` first. Where the request names its origin, that one is allowed instead, with credentials,
/// because `sendBeacon` always sends them. None are set or read here, so this gives nothing away.
fn allow_origin(response: &mut Response, request: &Request<'_>) {
    let Some(origin) = request.headers.get(header::ORIGIN) else {
        return;
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("X-Beacon"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
}

/// Text that nobody stores.
pub(crate) fn plain(request: &Request<'_>, status: StatusCode, text: &'static str) -> Response {
    with_body(request, status, TEXT, Bytes::from_static(text.as_bytes()))
}

/// An answer that nobody stores. An empty body has no content type; 204 and 304 have no length.
pub(crate) fn with_body(
    request: &Request<'_>,
    status: StatusCode,
    content_type: HeaderValue,
    body: Bytes,
) -> Response {
    let length = body.len();
    let body = if *request.method == Method::HEAD {
        Bytes::new()
    } else {
        body
    };
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
    allow_origin(&mut response, request);
    response
}

/// `{"error":"…"}` for a POST that was refused whole, with the reason in `X-Beacon`.
pub(crate) fn refused(
    request: &Request<'_>,
    status: StatusCode,
    reason: &'static str,
    error: &str,
) -> Response {
    let mut body = b"{\"error\":".to_vec();
    crate::json::write_quoted(&mut body, error);
    body.extend_from_slice(b"}\n");
    let mut response = with_body(request, status, JSON, Bytes::from(body));
    say_outcome(&mut response, "ignored", reason);
    response
}

/// A command that records a hit where the request went, for `site` if only listed sites are counted.
pub(crate) fn working_call(request: &Request<'_>, site: Option<&str>) -> String {
    let host = request
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| {
            host.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
        })
        .unwrap_or("localhost:8080");
    // A port or an address is a machine at hand; elsewhere something in front speaks TLS.
    let is_at_hand = host.contains(':') || host == "localhost" || host.starts_with("127.");
    let scheme = if is_at_hand { "http" } else { "https" };
    let site = match site {
        Some(site) => format!("\"site\":\"{site}\","),
        None => String::new(),
    };
    format!(
        "curl -d '{{{site}\"page\":\"/talks\"}}' {scheme}://{host}{}",
        request.path
    )
}

/// The answer to a request that went round the edge.
pub(crate) fn forbidden(request: &Request<'_>) -> Response {
    plain(
        request,
        StatusCode::FORBIDDEN,
        "forbidden: this address answers its CDN only\n",
    )
}

/// The answer to a CORS preflight, for every path. Tools for tracing add headers to every request of a page, and a
/// browser drops a request of which one header is not allowed: so all are. None is read for what it may do.
pub(crate) fn preflight(request: &Request<'_>, route: Option<Route>) -> Response {
    let mut response = plain(request, StatusCode::NO_CONTENT, "");
    let headers = response.headers_mut();
    let methods = route.map_or("GET, HEAD, OPTIONS, POST", Route::methods);
    headers.insert(header::ALLOW, HeaderValue::from_static(methods));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, HEAD, OPTIONS, POST"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        allowed_headers(request.headers),
    );
    if request
        .headers
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

/// The headers that a preflight asks for, as far as they are names of headers, and always `Content-Type`.
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

pub(crate) fn not_found(request: &Request<'_>) -> Response {
    plain(request, StatusCode::NOT_FOUND, "not found\n")
}

pub(crate) fn method_not_allowed(request: &Request<'_>, route: Route) -> Response {
    let mut response = plain(
        request,
        StatusCode::METHOD_NOT_ALLOWED,
        "method not allowed\n",
    );
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(route.methods()));
    response
}

pub(crate) fn robots(request: &Request<'_>) -> Response {
    plain(request, StatusCode::OK, "User-agent: *\nDisallow: /\n")
}

pub(crate) fn favicon(request: &Request<'_>) -> Response {
    plain(request, StatusCode::NO_CONTENT, "")
}

pub(crate) fn health(request: &Request<'_>) -> Response {
    plain(request, StatusCode::OK, "ok\n")
}

pub(crate) fn say_recorded(response: &mut Response) {
    response.headers_mut().insert(X_BEACON, RECORDED);
}

pub(crate) fn say_outcome(response: &mut Response, outcome: &'static str, reason: &'static str) {
    let value = match HeaderValue::from_str(&format!("{outcome}; {reason}")) {
        Ok(value) => value,
        // A reason that no header can carry must not cost the answer.
        Err(_) => HeaderValue::from_static(outcome),
    };
    response.headers_mut().insert(X_BEACON, value);
}

/// Turns the answer to a POST into one that asks for another try.
pub(crate) fn ask_again(response: &mut Response) {
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let body = Bytes::from_static(b"{\"error\":\"not recorded, try again\"}\n");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = body;
}

/// What an adapter answers when its own code or the core's has failed: the image that no cache keeps, or 503 to a
/// POST, whose sender can try again. It has no ETag, because there may be no randomness left to make one.
pub fn fallback(method: &Method) -> Response {
    let mut response = Response::new(Bytes::from_static(GIF));
    *response.headers_mut() = pixel_headers(HeaderValue::from_static("image/gif"), GIF);
    response.headers_mut().remove(header::ETAG);
    if *method == Method::POST {
        ask_again(&mut response);
    }
    say_outcome(&mut response, "lost", "internal error");
    response
}
