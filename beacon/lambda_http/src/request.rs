//! A request read from an event, whatever service sent it.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, header};

use crate::event_fields::EventFields;
use crate::query;

/// An HTTP request that a service in front of the function passed on.
#[derive(Debug)]
pub struct LambdaRequest {
    /// The format of the event, and so of its response.
    pub format: PayloadFormat,
    /// The method; GET if the event has none.
    pub method: Method,
    /// The percent-encoded path. Begins with `/` and has no API Gateway stage.
    pub path: String,
    /// The query without `?`, as received where the event has it so, otherwise encoded again.
    pub query: String,
    /// All headers; repeated ones as often as the event has them.
    pub headers: HeaderMap,
    /// The decoded body; empty if there is none.
    pub body: Vec<u8>,
    /// The address of the client that was connected to the service in front.
    pub peer: Option<IpAddr>,
}

/// The format of an event and of its response, which differs from service to service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadFormat {
    /// An HTTP API with payload version 2.0, or a function URL.
    HttpApi,
    /// A REST API, or an HTTP API with payload version 1.0.
    RestApi,
    /// An Application Load Balancer.
    LoadBalancer {
        /// True if the target group has multi-value headers enabled.
        multi_value: bool,
    },
}

/// Converts an event of an HTTP API with payload version 2.0, or of a function URL.
pub(crate) fn from_http_api(fields: EventFields) -> LambdaRequest {
    let body = body(&fields);
    let query = fields.raw_query_string.unwrap_or_default();
    let mut headers = fields.headers.unwrap_or_default();
    if let Some(cookies) = fields.cookies
        && let Ok(cookies) = HeaderValue::try_from(cookies.join("; "))
    {
        headers.entry(header::COOKIE).or_insert(cookies);
    }
    LambdaRequest {
        format: PayloadFormat::HttpApi,
        method: method(fields.context.method.as_deref()),
        path: without_stage(
            fields.raw_path.unwrap_or_default(),
            fields.context.stage.as_deref(),
        ),
        query: query.strip_prefix('?').map(str::to_owned).unwrap_or(query),
        headers,
        body,
        peer: ip_address(fields.context.source_ip.as_deref()),
    }
}

/// Converts an event of a REST API, or of an HTTP API with payload version 1.0.
pub(crate) fn from_rest_api(fields: EventFields) -> LambdaRequest {
    let body = body(&fields);
    let mut path = rooted(fields.path.unwrap_or_default());
    // Only an HTTP API says its version here, and only it leaves the stage in the path.
    if fields.version.is_some() {
        path = without_stage(path, fields.context.stage.as_deref());
    }
    LambdaRequest {
        format: PayloadFormat::RestApi,
        method: method(fields.http_method.as_deref()),
        path,
        query: query::encode(
            fields
                .multi_value_query
                .or(fields.query)
                .unwrap_or_default(),
        ),
        headers: fields
            .multi_value_headers
            .or(fields.headers)
            .unwrap_or_default(),
        body,
        peer: ip_address(fields.context.source_ip.as_deref()),
    }
}

/// Converts an event of an Application Load Balancer.
pub(crate) fn from_load_balancer(fields: EventFields) -> LambdaRequest {
    let body = body(&fields);
    let multi_value = fields.multi_value_headers.is_some();
    let headers = fields
        .multi_value_headers
        .or(fields.headers)
        .unwrap_or_default();
    LambdaRequest {
        format: PayloadFormat::LoadBalancer { multi_value },
        method: method(fields.http_method.as_deref()),
        path: rooted(fields.path.unwrap_or_default()),
        query: query::join(
            fields
                .multi_value_query
                .or(fields.query)
                .unwrap_or_default(),
        ),
        peer: last_forwarded(&headers),
        headers,
        body,
    }
}

/// Returns GET, the method of images, for an absent or invalid one.
fn method(name: Option<&str>) -> Method {
    name.and_then(|name| Method::from_bytes(name.as_bytes()).ok())
        .unwrap_or(Method::GET)
}

/// Returns the decoded body. Invalid base64 stays as it is; the core answers a POST of it with 400.
fn body(fields: &EventFields) -> Vec<u8> {
    let Some(body) = &fields.body else {
        return Vec::new();
    };
    if fields.is_base64_encoded
        && let Ok(decoded) = STANDARD.decode(body)
    {
        return decoded;
    }
    body.as_bytes().to_vec()
}

/// Removes the stage that an HTTP API puts in front of the path, unless it is `$default`.
fn without_stage(path: String, stage: Option<&str>) -> String {
    let rest = stage
        .filter(|stage| !stage.is_empty())
        .and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage))
        .filter(|rest| rest.is_empty() || rest.starts_with('/'));
    match rest {
        Some(rest) => rooted(rest.to_owned()),
        None => rooted(path),
    }
}

fn rooted(path: String) -> String {
    if path.starts_with('/') {
        path
    } else {
        format!("/{path}")
    }
}

fn ip_address(text: Option<&str>) -> Option<IpAddr> {
    text?.parse().ok()
}

/// Returns the last address of `X-Forwarded-For`: the load balancer appends its peer to whatever the caller claims.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    ip_address(forwarded.rsplit(',').next().map(str::trim))
}
