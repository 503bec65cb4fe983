//! The real `bootstrap`, invoked with a real payload of each shape: its answer, and what reaches the stream.

use std::path::Path;

use beacon_testing::firehose::FakeFirehose;
use beacon_testing::function::{Function, GIF, fixture};
use serde_json::{Value, json};

async fn start<const N: usize>(variables: [(&str, &str); N]) -> (FakeFirehose, Function) {
    let firehose = FakeFirehose::start().await;
    let bootstrap = Path::new(env!("CARGO_BIN_EXE_bootstrap"));
    let function = Function::start(bootstrap, firehose.address(), variables).await;
    (firehose, function)
}

/// Invokes with the fixture; returns the answer with its random ETag blanked, and the record without what
/// differs from run to run.
async fn invoke(name: &str) -> (Value, Value) {
    let (firehose, function) = start([]).await;
    let invocation = function.invoke(&fixture(name)).await;
    let mut answer = invocation
        .outcome
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    for headers in ["headers", "multiValueHeaders"] {
        if let Some(etag) = answer[headers].get_mut("etag") {
            *etag = "\"random\"".into();
        }
    }
    let lines = firehose.lines();
    assert_eq!(lines.len(), 1, "{name}: {lines:?}");
    let mut record: Value = serde_json::from_str(&lines[0]).expect("a record is JSON");
    for run_dependent in ["hit_id", "received_at", "version"] {
        let value = record
            .as_object_mut()
            .expect("a record is an object")
            .remove(run_dependent);
        assert!(value.is_some(), "{name}: no {run_dependent}");
    }
    (answer, record)
}

#[tokio::test]
async fn every_shape_has_its_own_answer() {
    for name in [
        "http-api-get",
        "http-api-post",
        "function-url-get",
        "function-url-post",
        "rest-api-get",
        "rest-api-post",
        "alb-get",
        "alb-post",
        "alb-multi-value-get",
        "alb-multi-value-post",
    ] {
        let (answer, _record) = invoke(name).await;
        insta::assert_json_snapshot!(format!("answer-{name}"), answer);
    }
}

#[tokio::test]
async fn every_shape_makes_the_same_record() {
    #[track_caller]
    fn check(name: &str, record: &Value, expected: &[(&str, &str)]) {
        for (column, value) in expected {
            assert_eq!(record[column], *value, "{column} of {name}");
        }
    }
    for name in [
        "http-api-get",
        "function-url-get",
        "rest-api-get",
        "alb-get",
        "alb-multi-value-get",
    ] {
        let (_answer, record) = invoke(name).await;
        check(
            name,
            &record,
            &[
                ("path", "/trackingpixel"),
                ("event", "view"),
                ("format", "gif"),
                ("page", "/talks"),
                ("utm_source", "newsletter"),
                ("language", "de-DE"),
            ],
        );
        assert_eq!(record["params"]["userid"], "u-17", "{name}");
        assert_eq!(record["params"]["thirdpartyname"], "Acme GmbH", "{name}");
        assert!(
            !record.to_string().contains("203.0.113.77"),
            "{name} holds an address: {record}"
        );
    }
    for name in [
        "http-api-post",
        "function-url-post",
        "rest-api-post",
        "alb-post",
        "alb-multi-value-post",
    ] {
        let (_answer, record) = invoke(name).await;
        check(
            name,
            &record,
            &[
                ("path", "/track"),
                ("format", "post"),
                ("url", "https://blog.example/talks"),
                ("utm_source", "mastodon"),
                ("referrer_host", "social.example"),
            ],
        );
        assert_eq!(record["params"]["plan.kind"], "free", "{name}");
    }
}

#[tokio::test]
async fn robots_txt_follows_the_setting() {
    for (setting, rule) in [
        ("", "Disallow"),
        ("disallow", "Disallow"),
        ("allow", "Allow"),
    ] {
        let (_firehose, function) = start([("BEACON_ROBOTS", setting)]).await;
        let event =
            json!({"rawPath": "/robots.txt", "requestContext": {"http": {"method": "GET"}}});
        let invocation = function.invoke(event.to_string().as_bytes()).await;
        let response = invocation.outcome.expect("the function answers");
        assert_eq!(response["statusCode"], 200, "{setting:?}");
        let expected = format!("User-agent: *\n{rule}: /\n");
        assert_eq!(response["body"], expected, "{setting:?}");
    }
}

#[tokio::test]
async fn the_address_comes_from_where_the_shape_has_it() {
    for name in [
        "http-api-get",
        "function-url-get",
        "rest-api-get",
        "alb-get",
        "alb-multi-value-get",
    ] {
        let (firehose, function) = start([("BEACON_PRIVACY", "full")]).await;
        function.invoke(&fixture(name)).await.outcome.unwrap();
        let record: Value = serde_json::from_str(&firehose.lines()[0]).unwrap();
        assert_eq!(record["ip"], "203.0.113.77", "{name}");
    }
}

#[tokio::test]
async fn an_unknown_event_is_an_error_logged_once_without_its_content() {
    let (_firehose, function) = start([]).await;
    let error = function
        .invoke(&fixture("s3-put"))
        .await
        .outcome
        .unwrap_err();
    assert_eq!(error["errorType"], "UnknownEvent");
    assert!(
        error["errorMessage"]
            .as_str()
            .unwrap()
            .starts_with("unknown event: expected"),
        "{error}"
    );

    let invocation = function.invoke(&fixture("http-api-get")).await;
    assert_eq!(
        invocation.outcome.unwrap()["statusCode"],
        200,
        "the function goes on"
    );

    let log = function.end().await;
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(log[0].contains("unknown event: expected"), "{log:?}");
    assert!(
        !log[0].contains("secret-bucket-name") && !log[0].contains("203.0.113.77"),
        "{log:?}"
    );
}

#[tokio::test]
async fn odd_bytes_and_missing_members_cost_no_image() {
    let (firehose, function) = start([]).await;
    let odd: [&[u8]; 4] = [
        b"{\"rawPath\":\"/hit\",\"rawQueryString\":\"page=%FF\\ud800\xfe\",\"headers\":{\"user-agent\":\"\xff\\u0000\\ud83d\"},\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
        br#"{"rawPath":"/pixel.gif","requestContext":{"http":{"method":"GET"}}}"#,
        br#"{"httpMethod":"GET","path":"/pixel.gif","headers":null,"multiValueHeaders":null,"requestContext":null,"body":null}"#,
        br#"{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/pixel.gif"}"#,
    ];
    for (index, event) in odd.into_iter().enumerate() {
        let answer = function.invoke(event).await.outcome.unwrap();
        assert_eq!(answer["statusCode"], 200, "event {index}: {answer}");
        assert_eq!(answer["body"], GIF, "event {index}: {answer}");
        assert_eq!(firehose.lines().len(), index + 1, "event {index}");
    }
    for line in firehose.lines() {
        serde_json::from_str::<Value>(&line).unwrap();
    }
}

#[tokio::test]
async fn fixtures_are_what_the_official_types_take() {
    use aws_lambda_events::event::{alb, apigw};
    for kind in ["get", "post"] {
        let read = |name: &str| fixture(&format!("{name}-{kind}"));
        serde_json::from_slice::<apigw::ApiGatewayV2httpRequest>(&read("http-api")).unwrap();
        serde_json::from_slice::<apigw::ApiGatewayV2httpRequest>(&read("function-url")).unwrap();
        serde_json::from_slice::<apigw::ApiGatewayProxyRequest>(&read("rest-api")).unwrap();
        serde_json::from_slice::<alb::AlbTargetGroupRequest>(&read("alb")).unwrap();
        serde_json::from_slice::<alb::AlbTargetGroupRequest>(&read("alb-multi-value")).unwrap();
    }
}
