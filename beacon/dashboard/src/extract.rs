//! Reads requests: what axum's extractors accept, and their rejections as problems that name the value and the fix.

use std::error::Error;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use beacon_core::time::MAX_MS;
use http::StatusCode;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::problem::Problem;

/// The maximum size of a request's body. The largest query request has a dozen strings of 1,024 characters.
pub(crate) const MAX_BODY_BYTES: usize = 64 << 10;

/// A whole number in a query string, from 0 to `MAX`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WholeNumber<const MAX: u64>(pub(crate) u64);

impl<'de, const MAX: u64> Deserialize<'de> for WholeNumber<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(number) if number <= MAX => Ok(WholeNumber(number)),
            _ => Err(D::Error::custom(format!(
                "{text:?} is not a whole number from 0 to {MAX}"
            ))),
        }
    }
}

/// Reads a Unix time in milliseconds. To JSON, `1.0` is as whole as `1`.
pub(crate) fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let of_float = |float: f64| {
        let is_whole = float.fract() == 0.0 && (0.0..=MAX_MS as f64).contains(&float);
        is_whole.then_some(float as u64)
    };
    number
        .as_u64()
        .or_else(|| number.as_f64().and_then(of_float))
        .ok_or_else(|| {
            D::Error::custom(format!("{number} is not a Unix time in whole milliseconds"))
        })
}

/// A page of another site can send text without the browser asking first; JSON it can't. So the content type is a part
/// of the protection against forged requests.
impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Problem {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "send the body as Content-Type: application/json",
            ),
            JsonRejection::JsonDataError(error) => {
                Problem::unprocessable(format!("the body is invalid: {}", cause(&error)))
            }
            JsonRejection::JsonSyntaxError(error) => {
                Problem::bad_request(format!("the body is not JSON: {}", cause(&error)))
            }
            other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                other.status(),
                format!("the body is longer than {MAX_BODY_BYTES} bytes"),
            ),
            _ => Problem::bad_request("the body was cut off: send it again"),
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Problem {
        Problem::bad_request(format!(
            "the query string is invalid: {}",
            cause(&rejection)
        ))
    }
}

/// The only parameter of a path is the id of a query, and an id that isn't UTF-8 is nobody's.
impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Problem {
        Problem::unknown_query()
    }
}

/// Returns the innermost message, which names the field and its value; the outer ones speak of types of ours.
fn cause(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests;
