//! What Lambda hands over, in one of four shapes, as one kind of request.

use std::fmt;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, header};
use lambda_runtime::Diagnostic;
use serde::{Deserialize, Deserializer};

use crate::event_fields::{Fields, Pairs};

/// An event, or the knowledge that it is none of ours. Reading one never fails, because `lambda_runtime`
/// would put the reader's message, with pieces of the event in it, into the log.
#[derive(Debug)]
pub struct Event(pub Result<Incoming, UnknownEvent>);

/// The event has none of the known shapes.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown event: expected a request from API Gateway (HTTP API with payload 2.0, or REST API), a function URL \
     or an Application Load Balancer"
)]
pub struct UnknownEvent;

/// `lambda_runtime` logs the error by this, once, and nothing else does.
impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<UnknownEvent> for Diagnostic {
    fn from(error: UnknownEvent) -> Diagnostic {
        Diagnostic {
            error_type: "UnknownEvent".to_owned(),
            error_message: error.to_string(),
        }
    }
}

/// A request, whatever brought it.
#[derive(Debug)]
pub struct Incoming {
    /// The shape it came in, which is the shape of its answer.
    pub shape: Shape,
    /// The method.
    pub method: Method,
    /// Percent-encoded, beginning with `/`, without an API Gateway stage.
    pub path: String,
    /// As received where the event has it so, without `?`.
    pub query: String,
    /// All headers; repeated ones as often as the event has them.
    pub headers: HeaderMap,
    /// Decoded.
    pub body: Vec<u8>,
    /// Who was connected to the service in front.
    pub peer: Option<IpAddr>,
}

/// The services that call, as far as their answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// HTTP API with payload version 2.0, and function URL.
    HttpApi,
    /// REST API, and HTTP API with payload version 1.0.
    RestApi,
    /// Load balancer.
    LoadBalancer {
        /// The target group has multi-value headers enabled.
        multi_value: bool,
    },
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Event, D::Error> {
        Ok(Event(
            Fields::deserialize(deserializer)
                .map_err(|_| UnknownEvent)
                .and_then(Incoming::from_fields),
        ))
    }
}

impl Incoming {
    fn from_fields(fields: Fields) -> Result<Incoming, UnknownEvent> {
        if fields.context.is_load_balancer {
            return Ok(from_load_balancer(fields));
        }
        if fields.context.is_http && fields.raw_path.is_some() {
            return Ok(from_http_api(fields));
        }
        if fields.http_method.is_some() && fields.path.is_some() {
            return Ok(from_rest_api(fields));
        }
        Err(UnknownEvent)
    }
}

fn from_http_api(fields: Fields) -> Incoming {
    let body = body(&fields);
    let query = fields.raw_query_string.unwrap_or_default();
    let mut headers = fields.headers.unwrap_or_default();
    if let Some(cookies) = fields.cookies
        && let Ok(cookies) = HeaderValue::try_from(cookies.join("; "))
    {
        headers.entry(header::COOKIE).or_insert(cookies);
    }
    Incoming {
        shape: Shape::HttpApi,
        method: method(fields.context.method.as_deref()),
        path: without_stage(
            fields.raw_path.unwrap_or_default(),
            fields.context.stage.as_deref(),
        ),
        query: query.strip_prefix('?').map(str::to_owned).unwrap_or(query),
        headers,
        body,
        peer: address(fields.context.source_ip.as_deref()),
    }
}

fn from_rest_api(fields: Fields) -> Incoming {
    let body = body(&fields);
    let mut path = rooted(fields.path.unwrap_or_default());
    // Only an HTTP API says its version here, and only it leaves the stage in the path.
    if fields.version.is_some() {
        path = without_stage(path, fields.context.stage.as_deref());
    }
    Incoming {
        shape: Shape::RestApi,
        method: method(fields.http_method.as_deref()),
        path,
        query: encoded_query(
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
        peer: address(fields.context.source_ip.as_deref()),
    }
}

fn from_load_balancer(fields: Fields) -> Incoming {
    let body = body(&fields);
    let multi_value = fields.multi_value_headers.is_some();
    let headers = fields
        .multi_value_headers
        .or(fields.headers)
        .unwrap_or_default();
    Incoming {
        shape: Shape::LoadBalancer { multi_value },
        method: method(fields.http_method.as_deref()),
        path: rooted(fields.path.unwrap_or_default()),
        query: joined_query(
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

/// An absent or impossible method is taken for the one that images use.
fn method(name: Option<&str>) -> Method {
    name.and_then(|name| Method::from_bytes(name.as_bytes()).ok())
        .unwrap_or(Method::GET)
}

/// What is marked as base64 and is not stays as it is; the core answers a POST of it with 400.
fn body(fields: &Fields) -> Vec<u8> {
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

/// An HTTP API puts the stage in front of the path, except `$default`.
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

fn address(text: Option<&str>) -> Option<IpAddr> {
    text?.parse().ok()
}

/// The load balancer appends its peer to whatever the caller claims.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    address(forwarded.rsplit(',').next().map(str::trim))
}

/// The REST API has decoded its query: encoded again, it has the same names and values.
fn encoded_query(pairs: Pairs) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        push_encoded(&mut query, &name);
        query.push('=');
        push_encoded(&mut query, &value);
    }
    query
}

fn push_encoded(query: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            query.push(char::from(byte));
        } else {
            query.push('%');
            query.push(char::from(HEX[usize::from(byte >> 4)]));
            query.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// The load balancer has not decoded its query.
fn joined_query(pairs: Pairs) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&name);
        query.push('=');
        query.push_str(&value);
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: &[u8]) -> Result<Incoming, UnknownEvent> {
        serde_json::from_slice::<Event>(event).map_or(Err(UnknownEvent), |event| event.0)
    }

    /// `expected` is the query where the path is right too.
    #[track_caller]
    fn check(event: &str, expected_path: &str, expected_query: &str) {
        let incoming = read(event.as_bytes()).unwrap();
        assert_eq!(
            (incoming.path.as_str(), incoming.query.as_str()),
            (expected_path, expected_query)
        );
    }

    #[test]
    fn the_stage_of_an_http_api_is_stripped_and_nothing_else() {
        for (stage, path, expected) in [
            ("$default", "/pixel.gif", "/pixel.gif"),
            ("prod", "/prod/pixel.gif", "/pixel.gif"),
            ("prod", "/prod", "/"),
            ("prod", "/production/pixel.gif", "/production/pixel.gif"),
            ("prod", "/pixel.gif", "/pixel.gif"),
            ("", "/pixel.gif", "/pixel.gif"),
            ("prod", "", "/"),
        ] {
            check(
                &format!(
                    r#"{{"rawPath":"{path}","requestContext":{{"stage":"{stage}","http":{{"method":"GET"}}}}}}"#
                ),
                expected,
                "",
            );
        }
        check(
            r#"{"version":"1.0","httpMethod":"GET","path":"/prod/hit","requestContext":{"stage":"prod"}}"#,
            "/hit",
            "",
        );
        check(
            r#"{"httpMethod":"GET","path":"/prod/hit","requestContext":{"stage":"prod"}}"#,
            "/prod/hit",
            "",
        );
    }

    #[test]
    fn each_shape_has_its_query() {
        check(
            r#"{"rawPath":"/hit","rawQueryString":"?a=1&a=%41+b","requestContext":{"http":{}}}"#,
            "/hit",
            "a=1&a=%41+b",
        );
        check(
            r#"{"httpMethod":"GET","path":"/hit","queryStringParameters":{"a":"2"},"multiValueQueryStringParameters":{"a":["1","2"],"é &=":[""]}}"#,
            "/hit",
            "a=1&a=2&%C3%A9%20%26%3D=",
        );
        check(
            r#"{"httpMethod":"GET","path":"/hit","queryStringParameters":{"a":"1 2"}}"#,
            "/hit",
            "a=1%202",
        );
        check(
            r#"{"httpMethod":"GET","path":"/hit","queryStringParameters":{"a":"%41+b"},"requestContext":{"elb":{}}}"#,
            "/hit",
            "a=%41+b",
        );
        check(
            r#"{"httpMethod":"GET","path":"/hit","multiValueQueryStringParameters":{"a":["%41","2"]},"requestContext":{"elb":{}}}"#,
            "/hit",
            "a=%41&a=2",
        );
    }

    #[test]
    fn missing_members_are_no_error() {
        check(
            r#"{"rawPath":"/pixel.gif","requestContext":{"http":{}}}"#,
            "/pixel.gif",
            "",
        );
        check(
            r#"{"httpMethod":"GET","path":"/hit","headers":null,"multiValueHeaders":null,"queryStringParameters":null,"multiValueQueryStringParameters":null,"body":null,"isBase64Encoded":null,"requestContext":null}"#,
            "/hit",
            "",
        );
        check(r#"{"path":null,"requestContext":{"elb":{}}}"#, "/", "");
        check(
            r#"{"headers":{"a":null},"multiValueHeaders":{"a":[null]},"requestContext":{"elb":{}}}"#,
            "/",
            "",
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_no_error() {
        let event = b"{\"rawPath\":\"/\\ud800\xff\",\"rawQueryString\":\"a=\xfe\",\"headers\":{\"x\":\"a\\u0000\\nb\xff\",\"\xff\":\"y\",\"user-agent\":\"\\ud83d\\ude00\"},\"other\":\"\xff\\ud800\",\"requestContext\":{\"http\":{\"method\":\"\xff\"}}}";
        let incoming = read(event).unwrap();
        assert_eq!(incoming.method, Method::GET);
        assert!(incoming.path.starts_with("/\u{fffd}"));
        assert_eq!(incoming.query, "a=\u{fffd}");
        assert_eq!(incoming.headers["x"].as_bytes(), b"a  b\xff");
        assert_eq!(incoming.headers["user-agent"].as_bytes(), "😀".as_bytes());
        assert_eq!(incoming.headers.len(), 2);
    }

    #[test]
    fn a_body_is_decoded_where_it_says_so() {
        for (body, encoded, expected) in [
            (r#""{\"a\":1}""#, "false", "{\"a\":1}"),
            (r#""eyJhIjoxfQ==""#, "true", "{\"a\":1}"),
            (r#""not base64!""#, "true", "not base64!"),
            ("null", "true", ""),
        ] {
            let event = format!(
                r#"{{"rawPath":"/track","body":{body},"isBase64Encoded":{encoded},"requestContext":{{"http":{{}}}}}}"#
            );
            assert_eq!(read(event.as_bytes()).unwrap().body, expected.as_bytes());
        }
    }

    #[test]
    fn the_peer_is_who_was_connected_to_the_service() {
        for (event, expected) in [
            (
                r#"{"rawPath":"/","requestContext":{"http":{"sourceIp":"192.0.2.1"}}}"#,
                Some("192.0.2.1"),
            ),
            (
                r#"{"path":"/","httpMethod":"GET","requestContext":{"identity":{"sourceIp":"2001:db8::1"}}}"#,
                Some("2001:db8::1"),
            ),
            (
                r#"{"headers":{"x-forwarded-for":"203.0.113.9, 192.0.2.1"},"requestContext":{"elb":{}}}"#,
                Some("192.0.2.1"),
            ),
            (
                r#"{"headers":{"x-forwarded-for":"unknown"},"requestContext":{"elb":{}}}"#,
                None,
            ),
            (r#"{"requestContext":{"elb":{}}}"#, None),
        ] {
            assert_eq!(
                read(event.as_bytes())
                    .unwrap()
                    .peer
                    .map(|peer| peer.to_string())
                    .as_deref(),
                expected,
                "{event}"
            );
        }
    }

    #[test]
    fn cookies_of_an_http_api_become_one_header() {
        let event = r#"{"rawPath":"/","cookies":["a=1","b=2"],"requestContext":{"http":{}}}"#;
        assert_eq!(
            read(event.as_bytes()).unwrap().headers["cookie"],
            "a=1; b=2"
        );
    }

    #[test]
    fn what_is_no_request_is_unknown() {
        for event in [
            "{}",
            "[]",
            "null",
            "\"text\"",
            r#"{"Records":[{"eventSource":"aws:s3"}]}"#,
            r#"{"httpMethod":"GET"}"#,
            r#"{"rawPath":"/"}"#,
            r#"{"rawPath":5,"requestContext":{"http":{}}}"#,
            r#"{"rawPath":"/","requestContext":"#,
        ] {
            assert_eq!(read(event.as_bytes()).unwrap_err(), UnknownEvent, "{event}");
        }
    }
}
