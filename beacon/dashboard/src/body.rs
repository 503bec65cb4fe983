//! Bodies: those of requests, taken only as JSON and only so long; and those of answers, compressed where the client
//! takes that.

use std::io::Write;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use beacon_core::time::MAX_MS;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::problem::Problem;

/// The longest body of a request. The largest question has three texts of 1,024 characters.
const MAX_BODY_BYTES: usize = 64 << 10;

/// Bodies from this size on are worth compressing.
const MIN_COMPRESSED_BYTES: usize = 1024;

/// The body of a request that must be JSON. A page of another site could send text without being asked by the
/// browser; JSON it can't.
pub(crate) async fn json_body(request: Request) -> Result<Bytes, Problem> {
    let is_json = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send the body as Content-Type: application/json",
        ));
    }
    to_bytes(request.into_body(), MAX_BODY_BYTES)
        .await
        .map_err(|_| {
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body is longer than {MAX_BODY_BYTES} bytes, or did not come whole"),
            )
        })
}

/// A time in milliseconds. To JSON, `1.0` is as whole as `1`.
pub(crate) fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let of_float = |float: f64| {
        let is_whole = float.fract() == 0.0 && (0.0..=MAX_MS as f64).contains(&float);
        is_whole.then_some(float as u64)
    };
    number
        .as_u64()
        .or_else(|| number.as_f64().and_then(of_float))
        .ok_or_else(|| D::Error::custom(format!("{number} is no Unix time in whole milliseconds")))
}

/// JSON for a client that sent `headers`.
pub(crate) fn json(headers: &HeaderMap, status: StatusCode, value: &impl Serialize) -> Response {
    let text = serde_json::to_vec(value).expect("answers hold plain fields and texts");
    let mut response = sized(headers, text);
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

/// A body, compressed where that pays and the client takes it.
pub(crate) fn sized(headers: &HeaderMap, body: Vec<u8>) -> Response {
    if body.len() < MIN_COMPRESSED_BYTES || !takes_gzip(headers) {
        let mut response = Response::new(Body::from(body));
        vary(response.headers_mut());
        return response;
    }
    let mut response = Response::new(Body::from(gzip(&body, Compression::fast())));
    vary(response.headers_mut());
    response
        .headers_mut()
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

pub(crate) fn vary(headers: &mut HeaderMap) {
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
}

pub(crate) fn gzip(body: &[u8], level: Compression) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), level);
    out.write_all(body)
        .and_then(|()| out.finish())
        .expect("a vector takes what is written")
}

/// Whether `Accept-Encoding` takes gzip: what it says of gzip itself counts before what it says of `*` (RFC 9110,
/// section 12.5.3).
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut any) = (None, None);
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    for coding in accepted {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts
            .filter_map(|part| part.split_once('='))
            .any(|(name, quality)| {
                name.trim().eq_ignore_ascii_case("q") && quality.trim().parse::<f32>() == Ok(0.0)
            });
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            gzip = Some(!refused);
        } else if name == "*" {
            any = Some(!refused);
        }
    }
    gzip.or(any).unwrap_or(false)
}

#[cfg(test)]
mod tests;
