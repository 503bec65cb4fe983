//! The real `bootstrap` and the table of the day's salt: what a hit's visitor is, and what a fault of DynamoDB costs.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use beacon_core::time::{DAY_MS, format_timestamp, parse_timestamp};
use beacon_lambda_http::clock::now_ms;
use beacon_testing::dynamodb::{FakeDynamoDb, TableFault};
use beacon_testing::firehose::FakeFirehose;
use beacon_testing::function::{Function, GIF, fixture};
use beacon_testing::json_call::JsonCall;
use serde_json::{Value, json};

/// Longer than a stall of the machine: a test of another limit sets its own.
const PATIENT: (&str, &str) = ("BEACON_SALT_TIMEOUT_MS", "30000");

/// More than a test takes. In the last second of a day no salt is made, and after it the same visitor is another.
const END_OF_DAY_MS: u64 = 20_000;

/// Waits until the UTC day is over, if it ends soon.
async fn wait_out_the_end_of_the_day() {
    loop {
        let left_ms = DAY_MS - now_ms() % DAY_MS;
        if left_ms > END_OF_DAY_MS {
            return;
        }
        tokio::time::sleep(Duration::from_millis(left_ms)).await;
    }
}

struct Stage {
    firehose: FakeFirehose,
    table: FakeDynamoDb,
}

impl Stage {
    async fn start() -> Stage {
        wait_out_the_end_of_the_day().await;
        Stage {
            firehose: FakeFirehose::start().await,
            table: FakeDynamoDb::start().await,
        }
    }

    async fn function<const N: usize>(&self, variables: [(&str, &str); N]) -> Function {
        let endpoint = format!("http://{}", self.table.address());
        let mut all = vec![
            ("AWS_ENDPOINT_URL_DYNAMODB", endpoint.as_str()),
            ("BEACON_SALT_TABLE", "salts"),
            PATIENT,
        ];
        all.extend(variables);
        let bootstrap = Path::new(env!("CARGO_BIN_EXE_bootstrap"));
        Function::start(bootstrap, self.firehose.address(), all).await
    }

    /// The records so far, in their order.
    fn records(&self) -> Vec<Value> {
        let lines = self.firehose.lines();
        let record = |line: &String| serde_json::from_str(line).expect("a record is JSON");
        lines.iter().map(record).collect()
    }

    /// The visitors of the records so far, in their order.
    fn visitors(&self) -> Vec<Value> {
        let records = self.records();
        records
            .iter()
            .map(|record| record["visitor"].clone())
            .collect()
    }
}

async fn view(function: &Function) {
    let answer = function.invoke(&fixture("http-api-get")).await;
    let answer = answer.outcome.expect("the function answers");
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["body"], GIF);
    assert_eq!(answer["headers"]["x-beacon"], "recorded");
}

/// The UTC day of a record, as `2026-11-26`.
fn day(record: &Value) -> &str {
    &record["received_at"].as_str().expect("a moment")[..10]
}

/// The text of the midnight that ends a day, from a record of that day.
fn midnight_after(received_at: &str) -> String {
    let start_ms = parse_timestamp(received_at).expect("a record has a moment");
    let end_ms = (start_ms / DAY_MS + 1) * DAY_MS;
    let text = format_timestamp(end_ms);
    format!("{}T00:00:00Z", &text[..10])
}

#[tokio::test]
async fn the_first_hit_makes_the_salt_and_the_next_one_has_it() {
    let stage = Stage::start().await;
    let function = stage.function([]).await;
    view(&function).await;
    view(&function).await;
    let records = stage.records();
    let [first, second] = records.as_slice() else {
        panic!("two records, not {records:?}");
    };
    let is_one_day = day(first) == day(second);
    assert_eq!(first["visitor"] == second["visitor"], is_one_day);
    assert_eq!(first["visitor"].as_str().unwrap().len(), 22);
    let calls = stage.table.calls();
    let operations: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    let salts = if is_one_day { 1 } else { 2 };
    assert_eq!(operations, ["GetItem", "UpdateItem"].repeat(salts));
    assert!(calls.iter().all(|call| call.input["TableName"] == "salts"));
    assert_eq!(function.end().await, [] as [String; 0]);
}

#[tokio::test]
async fn the_item_has_the_moment_of_its_end_as_its_key() {
    let stage = Stage::start().await;
    let function = stage.function([]).await;
    view(&function).await;
    let record = &stage.records()[0];
    let midnight = midnight_after(record["received_at"].as_str().unwrap());
    let items = stage.table.items();
    let item = &items[&midnight];
    assert_eq!(items.len(), 1);
    assert_eq!(item["ends_at"], json!({"S": midnight}));
    let salt = item["salt"]["B"].as_str().unwrap();
    assert_eq!(salt.len(), 44, "32 bytes as base64");
    let expires_at: u64 = item["expires_at"]["N"].as_str().unwrap().parse().unwrap();
    let end_ms = parse_timestamp(&format!("{} 00:00:00.000", &midnight[..10])).unwrap();
    assert_eq!(expires_at, end_ms / 1_000 + 86_400);
    assert_eq!(item.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn functions_that_start_at_once_have_the_same_salt() {
    let stage = Stage::start().await;
    // Both find nothing, so both make a salt.
    stage.table.readers_meet(2);
    let (first, second) = (stage.function([]).await, stage.function([]).await);
    tokio::join!(view(&first), view(&second));
    let records = stage.records();
    assert_eq!(records.len(), 2);
    let days: BTreeSet<&str> = records.iter().map(day).collect();
    let visitors: BTreeSet<&str> = records
        .iter()
        .map(|record| record["visitor"].as_str().unwrap())
        .collect();
    assert_eq!(visitors.len(), days.len(), "{records:?}");
    let made = |call: &&JsonCall| call.operation == "UpdateItem";
    assert_eq!(stage.table.calls().iter().filter(made).count(), 2);
}

/// A fault costs the visitor, never the hit, and is one line: a log line and a metric by reason.
#[tokio::test]
async fn a_fault_costs_the_visitor_and_is_counted_by_reason() {
    let wrong = |salt: Value| TableFault::Body(200, json!({"Item": {"salt": salt}}).to_string());
    for (fault, reason) in [
        (
            TableFault::Error(400, "ResourceNotFoundException"),
            "refused",
        ),
        (TableFault::Error(400, "AccessDeniedException"), "refused"),
        (TableFault::Error(400, "ThrottlingException"), "busy"),
        (TableFault::Error(500, "InternalServerError"), "busy"),
        (
            TableFault::Body(503, "<html>Service Unavailable</html>".to_owned()),
            "busy",
        ),
        (TableFault::HangUp, "unreachable"),
        (TableFault::Body(200, "<html>".to_owned()), "unreadable"),
        (wrong(json!({"B": "c2hvcnQ="})), "unreadable"),
        (wrong(json!({"B": "not base64!"})), "unreadable"),
        (wrong(json!({"S": "text"})), "unreadable"),
        (wrong(json!({"B": "A".repeat(60)})), "unreadable"),
    ] {
        let stage = Stage::start().await;
        stage.table.script([fault.clone()]);
        let function = stage.function([]).await;
        view(&function).await;
        assert_eq!(stage.visitors(), [Value::Null], "{fault:?}");
        check_log(&function.end().await, reason);
    }
}

#[tokio::test]
async fn a_table_that_never_answers_is_not_waited_for() {
    let stage = Stage::start().await;
    stage.table.always(TableFault::Silence);
    let function = stage.function([("BEACON_SALT_TIMEOUT_MS", "150")]).await;
    view(&function).await;
    assert_eq!(stage.visitors(), [Value::Null]);
    check_log(&function.end().await, "timed out");
}

#[tokio::test]
async fn a_fault_between_the_two_calls_is_one_too() {
    let stage = Stage::start().await;
    stage.table.script([
        TableFault::Answer,
        TableFault::Error(400, "AccessDeniedException"),
    ]);
    let function = stage.function([]).await;
    view(&function).await;
    assert_eq!(stage.visitors(), [Value::Null]);
    check_log(&function.end().await, "refused");
    assert_eq!(stage.table.items().len(), 0);
}

#[track_caller]
fn check_log(log: &[String], reason: &str) {
    assert_eq!(log.len(), 1, "{log:?}");
    let line: Value = serde_json::from_str(&log[0]).expect("a log line is JSON");
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["message"], "no salt, so hits have no visitor");
    assert_eq!(line["SaltFailures"], 1);
    assert_eq!(line["Stream"], "hits");
    assert_eq!(line["Reason"], reason, "{line}");
    let error = line["error"].as_str().unwrap_or_default();
    assert!(error.starts_with(reason), "{line}");
    let metric = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(metric["Namespace"], "Beacon");
    assert_eq!(metric["Dimensions"], json!([["Stream", "Reason"]]));
    assert_eq!(metric["Metrics"][0]["Name"], "SaltFailures");
}

#[tokio::test]
async fn without_visitors_there_is_no_call() {
    for off in [("BEACON_VISITORS", "off"), ("BEACON_SALT_TABLE", "")] {
        let stage = Stage::start().await;
        let function = stage.function([off]).await;
        view(&function).await;
        assert_eq!(stage.visitors(), [Value::Null], "{off:?}");
        assert!(stage.table.calls().is_empty(), "{off:?}");
    }
}

/// Neither the script nor a preflight needs a salt.
#[tokio::test]
async fn what_is_no_hit_makes_no_salt() {
    let stage = Stage::start().await;
    let function = stage.function([]).await;
    for (method, path) in [
        ("GET", "/beacon.js"),
        ("GET", "/robots.txt"),
        ("GET", "/health"),
        ("GET", "/nowhere"),
        ("OPTIONS", "/track"),
    ] {
        let event = json!({"rawPath": path, "requestContext": {"http": {"method": method}}});
        let invocation = function.invoke(event.to_string().as_bytes()).await;
        assert!(invocation.outcome.is_ok(), "{method} {path}");
    }
    assert!(stage.table.calls().is_empty());
}
