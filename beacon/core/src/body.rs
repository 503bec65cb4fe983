//! The body of a POST: JSON, a form, a `FormData`, or nothing.

use http::{HeaderMap, header};
use serde_json::value::RawValue;

use crate::form_encoding::decode;
use crate::multipart;
use crate::parameter_names::without_escapes;
use crate::privacy::Privacy;
use crate::query_params::Parameters;
use crate::track::{self, ItemsError};

/// The content of a body.
pub(crate) enum Body<'a> {
    /// Nothing: the query may say all.
    Empty,
    /// JSON objects, as far as they are objects.
    Items(Vec<&'a RawValue>),
    /// The fields of one hit.
    Fields(Parameters<'a>),
}

/// The reason for refusing a whole body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    Items(ItemsError),
    NotMultipart,
    NotUnderstood,
}

impl BodyError {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            BodyError::Items(error) => error.reason(),
            BodyError::NotMultipart => "body is not a multipart form",
            BodyError::NotUnderstood => "body is neither JSON nor a form",
        }
    }
}

/// Reads a body. JSON is known by its first character, because programs send it under many types; `&`-separated pairs
/// by their type, or by a first name that a hit has.
pub(crate) fn read<'a>(
    body: &'a str,
    headers: &HeaderMap,
    privacy: &Privacy,
) -> Result<Body<'a>, BodyError> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .map_or("", |value| value.to_str().unwrap_or_default());
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    // Some editors and libraries write a byte order mark.
    let text = body.trim_start_matches('\u{feff}').trim_ascii();
    // `<a ping>` sends the same word for every link.
    if text.is_empty() || media_type.eq_ignore_ascii_case("text/ping") {
        return Ok(Body::Empty);
    }
    if media_type.eq_ignore_ascii_case("multipart/form-data") {
        let boundary = multipart::attributes(content_type)
            .find(|(name, value)| name.eq_ignore_ascii_case("boundary") && !value.is_empty())
            .ok_or(BodyError::NotMultipart)?;
        return multipart::fields(body, boundary.1, privacy)
            .map(Body::Fields)
            .ok_or(BodyError::NotMultipart);
    }
    if text.starts_with(['{', '[']) {
        return track::items(text)
            .map(Body::Items)
            .map_err(BodyError::Items);
    }
    if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") || begins_a_form(text) {
        return Ok(Body::Fields(Parameters::from_query(text, privacy)));
    }
    if serde_json::from_str::<&RawValue>(text).is_ok() {
        return Err(BodyError::Items(ItemsError::NotObjectOrArray));
    }
    Err(BodyError::NotUnderstood)
}

/// `page=/talks&site=…` under another type, as `sendBeacon` sends a string.
fn begins_a_form(text: &str) -> bool {
    const NAMES: [&str; 9] = [
        "event", "id", "name", "page", "ref", "referrer", "site", "title", "url",
    ];
    let Some((name, _)) = text.split_once('=') else {
        return false;
    };
    let name = decode(name);
    let name = without_escapes(&name);
    !text.contains(['\r', '\n']) && (NAMES.contains(&name) || name.starts_with("utm_"))
}
