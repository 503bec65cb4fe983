//! The real `bootstrap` when the stream or the way to it fails.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use beacon_testing::firehose::{FakeFirehose, Fault};
use beacon_testing::function::{Function, GIF, TIMEOUT, fixture};
use serde_json::{Value, json};

/// The default of the function itself, for a test in which attempts may be cut more often than planned.
const SHORT_PUT_TIMEOUT: (&str, &str) = ("BEACON_PUT_TIMEOUT_MS", "1500");

async fn start<const N: usize>(variables: [(&str, &str); N]) -> (FakeFirehose, Function) {
    let firehose = FakeFirehose::start().await;
    let bootstrap = Path::new(env!("CARGO_BIN_EXE_bootstrap"));
    let function = Function::start(bootstrap, firehose.address(), variables).await;
    (firehose, function)
}

/// A POST of so many items, by which one invocation has as many records as a test needs.
fn post(items: usize, bytes_each: usize) -> Vec<u8> {
    let item =
        |index| json!({"url": "https://blog.example/", "n": index, "text": "x".repeat(bytes_each)});
    let body = Value::from((0..items).map(item).collect::<Vec<_>>()).to_string();
    let mut event: Value =
        serde_json::from_slice(&fixture("function-url-post")).expect("a fixture is JSON");
    event["body"] = body.into();
    event["isBase64Encoded"] = false.into();
    event.to_string().into_bytes()
}

fn x_beacon(answer: &Value) -> &str {
    answer["headers"]["x-beacon"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn transient_errors_are_retried() {
    for fault in [
        Fault::Error(503, "ServiceUnavailableException"),
        Fault::Error(500, "InternalFailure"),
        Fault::Error(400, "ThrottlingException"),
        Fault::Error(429, "TooManyRequestsException"),
        Fault::Broken,
        Fault::Answer(200, "<html>".to_owned()),
        Fault::Answer(503, String::new()),
        Fault::HangUp,
    ] {
        let (firehose, function) = start([]).await;
        firehose.script([fault.clone(), fault.clone(), Fault::Accept]);
        let answer = function
            .invoke(&fixture("http-api-get"))
            .await
            .outcome
            .unwrap();
        assert_eq!(x_beacon(&answer), "recorded", "{fault:?}");
        assert_eq!(firehose.calls().len(), 3, "{fault:?}");
        assert_eq!(firehose.lines().len(), 1, "{fault:?}");
        assert_eq!(function.end().await, [] as [String; 0], "{fault:?}");
    }
}

#[tokio::test]
async fn attempt_without_response_is_retried_on_another_connection() {
    // The second attempt has as long, also on a machine that stalls.
    let (firehose, function) = start([("BEACON_PUT_TIMEOUT_MS", "6000")]).await;
    firehose.script([Fault::Silence(TIMEOUT), Fault::Accept]);
    let answer = function
        .invoke(&fixture("http-api-get"))
        .await
        .outcome
        .unwrap();
    assert_eq!(x_beacon(&answer), "recorded");
    // A machine that stalls may cut an attempt more.
    assert!(function.front.connections() >= 2);
}

#[tokio::test]
async fn slow_response_is_awaited() {
    let (firehose, function) = start([]).await;
    firehose.script([Fault::Late(Duration::from_millis(300))]);
    let answer = function
        .invoke(&fixture("http-api-get"))
        .await
        .outcome
        .unwrap();
    assert_eq!(x_beacon(&answer), "recorded");
    assert_eq!(firehose.calls().len(), 1);
}

/// The hit may be there twice then, which its id shows; it is never there not at all.
#[tokio::test]
async fn lost_response_causes_a_repeat_with_the_same_id() {
    let (firehose, function) = start([]).await;
    firehose.script([Fault::Unanswered, Fault::Accept]);
    let answer = function
        .invoke(&fixture("http-api-get"))
        .await
        .outcome
        .unwrap();
    assert_eq!(x_beacon(&answer), "recorded");
    let lines = firehose.lines();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], lines[1]);
}

#[tokio::test]
async fn permanent_errors_are_not_retried_and_the_hit_is_logged() {
    for (status, code) in [
        (400, "ResourceNotFoundException"),
        (400, "InvalidArgumentException"),
        (400, "AccessDeniedException"),
        (403, "UnrecognizedClientException"),
    ] {
        let (firehose, function) = start([]).await;
        firehose.always(Fault::Error(status, code));
        let answer = function
            .invoke(&fixture("http-api-get"))
            .await
            .outcome
            .unwrap();
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["body"], GIF);
        assert_eq!(x_beacon(&answer), "lost; stream refused");
        assert_eq!(firehose.calls().len(), 1, "{code}");
        let sent = String::from_utf8(firehose.calls()[0].records.concat()).unwrap();

        let log = function.end().await;
        assert_eq!(log.len(), 2, "{log:?}");
        let line: Value = serde_json::from_str(&log[0]).unwrap();
        assert_eq!(line["level"], "ERROR");
        assert_eq!(line["stream"], "hits");
        assert_eq!(
            line["reason"],
            format!("stream refused: {code}: told to fail")
        );
        assert_eq!(unsent(&log[0]).unwrap(), sent.trim_end());
        let metric: Value = serde_json::from_str(&log[1]).unwrap();
        assert_eq!(metric["UnsentHits"], 1);
        assert_eq!(metric["Stream"], "hits");
        assert_eq!(
            metric["_aws"]["CloudWatchMetrics"][0]["Namespace"],
            "Beacon"
        );
    }
}

#[tokio::test]
async fn retry_budget_ends_before_the_function_times_out() {
    for fault in [
        Fault::Error(503, "ServiceUnavailableException"),
        Fault::HangUp,
        Fault::Silence(TIMEOUT),
    ] {
        let (firehose, function) = start([]).await;
        firehose.always(fault.clone());
        let timeout = Duration::from_secs(3);
        let invocation = function
            .runtime_api
            .invoke(fixture("http-api-get"), timeout)
            .await;
        let answer = invocation.outcome.unwrap();
        assert_eq!(answer["body"], GIF, "{fault:?}");
        assert!(
            x_beacon(&answer).starts_with("lost; stream "),
            "{fault:?}: {answer}"
        );
        assert_eq!(function.end().await.len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn a_post_that_is_lost_gets_503_and_a_line_for_each_hit() {
    let (firehose, function) = start([]).await;
    firehose.always(Fault::Error(400, "ResourceNotFoundException"));
    let answer = function.invoke(&post(3, 10)).await.outcome.unwrap();
    assert_eq!(answer["statusCode"], 503);
    assert_eq!(x_beacon(&answer), "lost; stream refused");
    let log = function.end().await;
    assert_eq!(log.len(), 4, "{log:?}");
    for (index, line) in log[..3].iter().enumerate() {
        let record: Value = serde_json::from_str(&unsent(line).unwrap()).unwrap();
        assert_eq!(record["params"]["n"], index.to_string());
    }
    assert_eq!(
        serde_json::from_str::<Value>(&log[3]).unwrap()["UnsentHits"],
        3
    );
}

#[tokio::test]
async fn only_the_entries_that_failed_are_sent_again() {
    let (firehose, function) = start([]).await;
    firehose.script([
        Fault::Entries(vec![1, 3]),
        Fault::Entries(vec![0]),
        Fault::Accept,
    ]);
    let answer = function.invoke(&post(5, 4_000)).await.outcome.unwrap();
    assert_eq!(answer["statusCode"], 204, "{answer}");

    let calls = firehose.calls();
    let records: Vec<usize> = calls.iter().map(|call| call.records.len()).collect();
    assert_eq!(records, [5, 2, 1]);
    assert_eq!(
        calls[1].records,
        [calls[0].records[1].clone(), calls[0].records[3].clone()]
    );
    assert_eq!(calls[2].records, [calls[0].records[1].clone()]);
    assert_eq!(calls[2].operation, "PutRecord");
    let mut lines = firehose.lines();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 5);
}

/// A record that an answer does not mention, or calls failed beside a count of none, is not taken for accepted.
#[tokio::test]
async fn failed_entries_are_found_without_failed_put_count() {
    for answer in [
        json!({"FailedPutCount": 0, "RequestResponses": [{"RecordId": "1"}, {"RecordId": "2"}]}),
        json!({"FailedPutCount": 2, "RequestResponses": []}),
        json!({"FailedPutCount": 0, "RequestResponses": [
            {"RecordId": "1"}, {"RecordId": "2"}, {"ErrorCode": "InternalFailure", "ErrorMessage": ""}]}),
    ] {
        let (firehose, function) = start([]).await;
        firehose.script([Fault::Answer(200, answer.to_string()), Fault::Accept]);
        let reply = function.invoke(&post(3, 4_000)).await.outcome.unwrap();
        assert_eq!(reply["statusCode"], 204, "{reply}");
        let calls = firehose.calls();
        assert_eq!(calls.len(), 2, "{answer}");
        let mentioned = answer["RequestResponses"].as_array().unwrap();
        let accepted = mentioned
            .iter()
            .filter(|entry| entry["RecordId"].is_string())
            .count();
        assert_eq!(calls[1].records, calls[0].records[accepted..], "{answer}");
    }
}

#[tokio::test]
async fn entry_that_keeps_failing_is_lost_alone() {
    let (firehose, function) = start([]).await;
    firehose.script([Fault::Entries(vec![2])]);
    firehose.always(Fault::Error(400, "InvalidArgumentException"));
    let answer = function.invoke(&post(4, 4_000)).await.outcome.unwrap();
    assert_eq!(answer["statusCode"], 503);
    assert_eq!(firehose.lines().len(), 3);
    let log = function.end().await;
    assert_eq!(log.len(), 2, "{log:?}");
    assert!(log[0].contains(r#""n":"2""#), "{log:?}");
}

#[tokio::test]
async fn hits_of_one_post_share_records_and_batches_keep_the_limits() {
    let (firehose, function) = start([]).await;
    let answer = function.invoke(&post(500, 10)).await.outcome.unwrap();
    assert_eq!(answer["statusCode"], 204, "{answer}");
    let calls = firehose.calls();
    assert_eq!(calls.len(), 1);
    let records = &calls[0].records;
    assert!(
        records.len() < 250,
        "{} records for 500 hits",
        records.len()
    );
    assert!(
        records
            .iter()
            .all(|record| record.len() <= 5_120 && record.ends_with(b"\n"))
    );
    assert_eq!(firehose.lines().len(), 500);
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_loses_nothing() {
    let (firehose, function) = start([]).await;
    assert_eq!(
        x_beacon(
            &function
                .invoke(&fixture("http-api-get"))
                .await
                .outcome
                .unwrap()
        ),
        "recorded"
    );
    // As in a frozen environment: the connection is closed while the process can't notice, and the next
    // event is there before it could.
    for round in 2..=4 {
        function.program.signal("STOP");
        function.front.close_connections();
        let answer = function
            .runtime_api
            .hand_over(fixture("http-api-get"), TIMEOUT);
        function.program.signal("CONT");
        let answer = beacon_testing::eventually("the answer", answer)
            .await
            .unwrap()
            .outcome
            .unwrap();
        assert_eq!(x_beacon(&answer), "recorded", "round {round}");
        assert_eq!(firehose.lines().len(), round);
    }
    assert_eq!(function.end().await, [] as [String; 0]);
}

#[tokio::test]
async fn an_endpoint_that_is_not_trusted_is_unreachable() {
    let (other_firehose, other) = start([]).await;
    let (_firehose, function) = start([("AWS_ENDPOINT_URL_FIREHOSE", &other.front.url())]).await;
    let invocation = function
        .runtime_api
        .invoke(fixture("http-api-get"), Duration::from_secs(8))
        .await;
    assert_eq!(
        x_beacon(&invocation.outcome.unwrap()),
        "lost; stream unreachable"
    );
    let log = function.end().await;
    assert!(log[0].contains("certificate"), "{log:?}");
    assert!(other_firehose.calls().is_empty());
}

/// Faults of all kinds after and beside each other: whatever the answers say, each hit is in the stream or in the log,
/// and one that was called recorded is in the stream.
#[tokio::test]
async fn every_lost_hit_is_logged() {
    const ITEMS: usize = 6;
    let faults = [
        Fault::Accept,
        Fault::Entries(vec![0, 2]),
        Fault::Error(500, "InternalFailure"),
        Fault::HangUp,
        Fault::Unanswered,
        Fault::Error(503, "ServiceUnavailableException"),
        Fault::Entries(vec![1]),
        Fault::Broken,
        Fault::Late(Duration::from_millis(50)),
        Fault::Error(400, "ThrottlingException"),
        Fault::Silence(TIMEOUT),
        Fault::Error(400, "InvalidArgumentException"),
        Fault::Answer(200, "{}".to_owned()),
    ];
    let (firehose, function) = start([SHORT_PUT_TIMEOUT]).await;
    let (mut sent, mut recorded) = (BTreeSet::new(), BTreeSet::new());
    for round in 10..10 + 2 * faults.len() {
        // Steps that have no factor in common with the number of faults meet every fault in every place.
        let fault = |place: usize| faults[(round * (place + 2) + place) % faults.len()].clone();
        firehose.script([fault(0), fault(1), fault(2)]);
        let mut event: Value = serde_json::from_slice(&post(ITEMS, 4_000)).unwrap();
        let body = event["body"].as_str().unwrap();
        event["body"] = body.replace("\"n\":", &format!("\"n\":{round}")).into();
        let answer = function
            .runtime_api
            .invoke(event.to_string().into_bytes(), Duration::from_secs(4))
            .await
            .outcome
            .unwrap();
        let ids = (0..ITEMS).map(|item| format!("{round}{item}"));
        match answer["statusCode"].as_u64() {
            Some(204) => recorded.extend(ids.clone()),
            Some(503) => {}
            status => panic!("round {round}: {status:?}"),
        }
        sent.extend(ids);
    }
    let number = |line: &[u8]| {
        let record: Value = serde_json::from_slice(line).unwrap();
        record["params"]["n"].as_str().unwrap().to_owned()
    };
    let in_stream: BTreeSet<_> = firehose
        .lines()
        .iter()
        .map(|line| number(line.as_bytes()))
        .collect();
    let in_log: BTreeSet<_> = function
        .end()
        .await
        .iter()
        .filter_map(|line| unsent(line))
        .map(|line| number(line.as_bytes()))
        .collect();
    assert!(recorded.is_subset(&in_stream), "{recorded:?} {in_stream:?}");
    assert!(!recorded.is_empty() && !in_log.is_empty());
    let found: BTreeSet<_> = in_stream.union(&in_log).cloned().collect();
    assert_eq!(found, sent);
}

/// The record in a line of the log, byte for byte; `None` where the line is about something else.
fn unsent(line: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Line<'a> {
        #[serde(borrow)]
        unsent: &'a serde_json::value::RawValue,
    }
    let line: Line<'_> = serde_json::from_str(line).ok()?;
    Some(line.unsent.get().to_owned())
}
