use super::*;

#[track_caller]
fn check(format: PayloadFormat, content_type: &str, body: &'static [u8], expected: &str) {
    let response = Response::builder()
        .header("content-type", content_type)
        .header("content-length", body.len())
        .header("vary", "Origin")
        .header("vary", "Accept")
        .body(Bytes::from_static(body))
        .unwrap();
    assert_eq!(
        serde_json::to_string(&LambdaResponse::new(format, response)).unwrap(),
        expected
    );
}

#[test]
fn each_shape_has_its_headers_and_binary_bodies_are_encoded() {
    check(
        PayloadFormat::HttpApi,
        "image/gif",
        b"\x00\xff",
        r#"{"statusCode":200,"headers":{"content-type":"image/gif","vary":"Origin, Accept"},"multiValueHeaders":{},"body":"AP8=","isBase64Encoded":true,"cookies":[]}"#,
    );
    check(
        PayloadFormat::RestApi,
        "text/css; charset=utf-8",
        b"a{}",
        r#"{"statusCode":200,"headers":{},"multiValueHeaders":{"content-type":["text/css; charset=utf-8"],"vary":["Origin, Accept"]},"body":"a{}","isBase64Encoded":false}"#,
    );
    check(
        PayloadFormat::LoadBalancer { multi_value: false },
        "application/json",
        b"",
        r#"{"statusCode":200,"statusDescription":"200 OK","headers":{"content-type":"application/json","vary":"Origin, Accept"},"multiValueHeaders":{},"isBase64Encoded":false}"#,
    );
    check(
        PayloadFormat::LoadBalancer { multi_value: true },
        "text/plain",
        b"\xff",
        r#"{"statusCode":200,"statusDescription":"200 OK","headers":{},"multiValueHeaders":{"content-type":["text/plain"],"vary":["Origin, Accept"]},"body":"/w==","isBase64Encoded":true}"#,
    );
}

#[test]
fn an_http_api_has_its_cookies_apart() {
    let response = Response::builder()
        .header("set-cookie", "a=1; HttpOnly")
        .header("set-cookie", "b=2")
        .body(Bytes::new())
        .unwrap();
    assert_eq!(
        serde_json::to_string(&LambdaResponse::new(PayloadFormat::HttpApi, response)).unwrap(),
        r#"{"statusCode":200,"headers":{},"multiValueHeaders":{},"isBase64Encoded":false,"cookies":["a=1; HttpOnly","b=2"]}"#
    );
}
