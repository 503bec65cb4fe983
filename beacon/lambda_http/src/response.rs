//! Converts a response to the format that the caller of the function expects.

use aws_lambda_events::encodings::Body;
use aws_lambda_events::event::alb::AlbTargetGroupResponse;
use aws_lambda_events::event::apigw::{ApiGatewayProxyResponse, ApiGatewayV2httpResponse};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header};
use serde::Serialize;

use crate::request::PayloadFormat;

/// A response in one of the formats, to be serialized.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum LambdaResponse {
    /// An HTTP API or a function URL: single headers.
    HttpApi(ApiGatewayV2httpResponse),
    /// A REST API: lists of headers.
    RestApi(ApiGatewayProxyResponse),
    /// A load balancer: single headers or lists, as its target group is set.
    LoadBalancer(AlbTargetGroupResponse),
}

impl LambdaResponse {
    /// Converts a response to the format of its event. Bodies that are not text are base64-encoded.
    pub fn new(format: PayloadFormat, response: Response<Bytes>) -> LambdaResponse {
        let (mut parts, body) = response.into_parts();
        let status = parts.status;
        let cookies = match format {
            PayloadFormat::HttpApi => cookies(&mut parts.headers),
            _ => Vec::new(),
        };
        let (body, is_base64_encoded) = encoded(&parts.headers, body);
        let mut headers = json_headers(parts.headers);
        // The service in front counts for itself; a REST API would pass this one on under another name.
        headers.remove(header::CONTENT_LENGTH);
        match format {
            PayloadFormat::HttpApi => {
                let mut converted = ApiGatewayV2httpResponse::default();
                converted.status_code = status.as_u16().into();
                // Cookies have a place of their own here, and as headers they are not relied on.
                converted.cookies = cookies;
                converted.headers = headers;
                converted.body = body;
                converted.is_base64_encoded = is_base64_encoded;
                LambdaResponse::HttpApi(converted)
            }
            PayloadFormat::RestApi => {
                let mut converted = ApiGatewayProxyResponse::default();
                converted.status_code = status.as_u16().into();
                converted.multi_value_headers = headers;
                converted.body = body;
                converted.is_base64_encoded = is_base64_encoded;
                LambdaResponse::RestApi(converted)
            }
            PayloadFormat::LoadBalancer { multi_value } => {
                let mut converted = AlbTargetGroupResponse::default();
                converted.status_code = status.as_u16().into();
                converted.status_description = Some(status.to_string());
                if multi_value {
                    converted.multi_value_headers = headers;
                } else {
                    converted.headers = headers;
                }
                converted.body = body;
                converted.is_base64_encoded = is_base64_encoded;
                LambdaResponse::LoadBalancer(converted)
            }
        }
    }
}

/// Removes the cookies from the headers and returns them.
fn cookies(headers: &mut HeaderMap) -> Vec<String> {
    let cookies = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    headers.remove(header::SET_COOKIE);
    cookies
}

/// Returns the body, and whether it is base64-encoded, as everything but text is.
fn encoded(headers: &HeaderMap, body: Bytes) -> (Option<Body>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    if is_text(headers)
        && let Ok(text) = std::str::from_utf8(&body)
    {
        return (Some(Body::Text(text.to_owned())), false);
    }
    (Some(Body::Binary(body.to_vec())), true)
}

fn is_text(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    content_type.starts_with(b"text/")
        || content_type.starts_with(b"application/json")
        || content_type.starts_with(b"application/problem+json")
        || content_type.starts_with(b"application/javascript")
}

/// Joins repeated headers, and replaces bytes that JSON cannot hold: the formats with single headers would show the
/// first of several and drop the rest, and a value that is not UTF-8 could not be written at all.
fn json_headers(headers: HeaderMap) -> HeaderMap {
    let single = headers.len() == headers.keys_len();
    if single && headers.values().all(|value| value.to_str().is_ok()) {
        return headers;
    }
    let mut joined = HeaderMap::with_capacity(headers.keys_len());
    for name in headers.keys() {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        if let Ok(value) = HeaderValue::from_str(&values.join(", ")) {
            joined.insert(name, value);
        }
    }
    joined
}

#[cfg(test)]
mod tests;
