//! The responses whose headers are ready beforehand: the pixels, and the client script.

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, StatusCode};
use uuid::Uuid;

use crate::headers::X_BEACON;
use crate::hit_id::NAMESPACE;
use crate::response::{self, NO_STORE, Response, add_safety};
use crate::routes::PixelKind;

/// 43 bytes that strict decoders take: transparent, one pixel.
const GIF: &[u8] = include_bytes!("pixel.gif");

/// The transparent pixel as a PNG: 8 bits of grey with alpha.
const PNG: &[u8] = include_bytes!("pixel.png");

/// The client script. It lies with the other clients and is served as it is.
const CLIENT: &str = include_str!("../../../clients/beacon.js");

/// Caches for a day: a new version of the script reaches all readers the day after.
const CLIENT_CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=86400");

const SCRIPT: HeaderValue = HeaderValue::from_static("text/javascript; charset=utf-8");

/// Headers that are cloned for each response: cheaper than one insertion after the other.
#[derive(Clone, Debug)]
pub(crate) struct ResponseTemplates {
    gif: HeaderMap,
    png: HeaderMap,
    css: HeaderMap,
    js: HeaderMap,
    client_etag: HeaderValue,
}

impl ResponseTemplates {
    pub(crate) fn new() -> ResponseTemplates {
        let hash = Uuid::new_v5(&NAMESPACE, CLIENT.as_bytes()).simple();
        ResponseTemplates {
            gif: pixel_headers(HeaderValue::from_static("image/gif"), GIF),
            png: pixel_headers(HeaderValue::from_static("image/png"), PNG),
            css: pixel_headers(HeaderValue::from_static("text/css; charset=utf-8"), b""),
            js: pixel_headers(SCRIPT, b""),
            client_etag: HeaderValue::from_str(&format!("\"{hash}\""))
                .expect("hexadecimal digits are ASCII"),
        }
    }

    /// Returns the pixel, with `X-Beacon: recorded` and an ETag of its own.
    pub(crate) fn pixel(&self, kind: PixelKind, etag: u128) -> Response {
        let (headers, body) = match kind {
            PixelKind::Gif => (&self.gif, GIF),
            PixelKind::Png => (&self.png, PNG),
            PixelKind::Css => (&self.css, &b""[..]),
            PixelKind::Js => (&self.js, &b""[..]),
        };
        let mut response = Response::new(Bytes::from_static(body));
        *response.headers_mut() = headers.clone();
        response
            .headers_mut()
            .insert(header::ETAG, etag_value(etag));
        response
    }

    /// Returns the client script, or 304: the one response that a cache may keep.
    pub(crate) fn client_script(&self, request_headers: &HeaderMap) -> Response {
        let is_known = request_headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .any(|known| self.is_client_etag(known));
        let mut response = if is_known {
            response::text(StatusCode::NOT_MODIFIED, "")
        } else {
            response::text(StatusCode::OK, CLIENT)
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

    /// Compares by RFC 9110's weak comparison, as If-None-Match requires.
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
    headers.insert(X_BEACON, HeaderValue::from_static("recorded"));
    headers
}

fn etag_value(etag: u128) -> HeaderValue {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'"'; 34];
    for (digits, byte) in text[1..33].chunks_exact_mut(2).zip(etag.to_be_bytes()) {
        digits[0] = HEX[usize::from(byte >> 4)];
        digits[1] = HEX[usize::from(byte & 15)];
    }
    HeaderValue::from_bytes(&text).expect("hexadecimal digits are ASCII")
}

/// Returns the response to send when the adapter or the core has failed.
///
/// It is an uncacheable image, or a 503 to a POST, whose sender can try again. It has no ETag, because there
/// may be no randomness left to make one.
pub fn fallback_response(method: &Method) -> Response {
    let mut response = Response::new(Bytes::from_static(GIF));
    *response.headers_mut() = pixel_headers(HeaderValue::from_static("image/gif"), GIF);
    response.headers_mut().remove(header::ETAG);
    if *method == Method::POST {
        response = response::into_retryable(response);
    }
    response::set_outcome(&mut response, "lost", "internal error");
    response
}
