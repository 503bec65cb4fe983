//! Reads what Lambda hands over, in one of four formats, as one kind of request.

use std::fmt;

use lambda_runtime::Diagnostic;
use serde::{Deserialize, Deserializer};

use crate::event_fields::EventFields;
use crate::request::{self, LambdaRequest};

/// An event, as the request in it or as an error.
///
/// Deserializing never fails for an unknown event, because `lambda_runtime` would put the deserializer's message, with
/// pieces of the event in it, into the log.
#[derive(Debug)]
pub struct Event(pub Result<LambdaRequest, UnknownEvent>);

/// The event has none of the known formats.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown event: expected a request from API Gateway (HTTP API with payload 2.0, or REST API), a function URL \
     or an Application Load Balancer"
)]
pub struct UnknownEvent;

/// Writes the message, because `lambda_runtime` logs the error by its `Debug`, once, and nothing else does.
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

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Event, D::Error> {
        Ok(Event(
            EventFields::deserialize(deserializer)
                .map_err(|_| UnknownEvent)
                .and_then(request_of),
        ))
    }
}

/// Recognizes the format by the members that only it has.
fn request_of(fields: EventFields) -> Result<LambdaRequest, UnknownEvent> {
    if fields.context.is_load_balancer {
        return Ok(request::from_load_balancer(fields));
    }
    if fields.context.is_http && fields.raw_path.is_some() {
        return Ok(request::from_http_api(fields));
    }
    if fields.http_method.is_some() && fields.path.is_some() {
        return Ok(request::from_rest_api(fields));
    }
    Err(UnknownEvent)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn read(event: &[u8]) -> Result<LambdaRequest, UnknownEvent> {
        serde_json::from_slice::<Event>(event).map_or(Err(UnknownEvent), |event| event.0)
    }

    /// `expected` is the query where the path is right too.
    #[track_caller]
    fn check(event: &str, expected_path: &str, expected_query: &str) {
        let request = read(event.as_bytes()).unwrap();
        assert_eq!(
            (request.path.as_str(), request.query.as_str()),
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
        let request = read(event).unwrap();
        assert_eq!(request.method, Method::GET);
        assert!(request.path.starts_with("/\u{fffd}"));
        assert_eq!(request.query, "a=\u{fffd}");
        assert_eq!(request.headers["x"].as_bytes(), b"a  b\xff");
        assert_eq!(request.headers["user-agent"].as_bytes(), "😀".as_bytes());
        assert_eq!(request.headers.len(), 2);
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
