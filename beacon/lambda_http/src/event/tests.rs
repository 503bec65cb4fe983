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
