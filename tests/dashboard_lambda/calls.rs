//! The dashboard's real binary between a Runtime API and an Athena endpoint behind TLS: what it calls, and what it
//! makes of the answers. That the SQL is right is shown on Trino, beside this file.

mod dashboard;

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beacon_testing::athena::FakeAthena;
use beacon_testing::program::Program;
use beacon_testing::runtime_api::RuntimeApi;
use beacon_testing::tls::TlsFront;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use dashboard::{DAY_MS, Dashboard, PASSWORD, environment, error, execution, page, started};

#[tokio::test]
async fn nothing_is_told_without_the_password() {
    let dashboard = Dashboard::start().await;
    dashboard.send("GET", "/", None).await.check(200);
    dashboard.send("GET", "/api/about", None).await.check(401);
    let [from_ms, to_ms] = DAY_MS;
    let ask = json!({"question": "totals", "from_ms": from_ms, "to_ms": to_ms});
    dashboard
        .send("POST", "/api/queries", Some(ask))
        .await
        .check(401);
    assert_eq!(dashboard.athena.take_calls(), []);
    for _ in 0..5 {
        // Too long to be hashed, so that five of them take less time than a try needs to come back.
        let wrong = json!({"password": "wrong horse".repeat(200)});
        dashboard
            .send("POST", "/api/session", Some(wrong))
            .await
            .check(401);
    }
    let right = json!({"password": PASSWORD});
    let answer = dashboard
        .send("POST", "/api/session", Some(right))
        .await
        .check(429);
    assert!(answer.headers["retry-after"].is_string(), "{answer:?}");
}

#[tokio::test]
async fn a_compressed_page_is_sent_as_base64() {
    let dashboard = Dashboard::start().await;
    let plain = dashboard.send("GET", "/dashboard.js", None).await;
    let mut event = dashboard.event("GET", "/dashboard.js");
    event["headers"]["accept-encoding"] = json!("gzip, br");
    let answer = dashboard.invoke(&event).await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["headers"]["content-encoding"], "gzip");
    assert_eq!(answer["headers"]["vary"], "accept-encoding");
    assert_eq!(answer["isBase64Encoded"], true);
    let body = answer["body"].as_str().expect("a page has a body");
    let body = STANDARD.decode(body).expect("the body is base64");
    let unpacked = std::io::read_to_string(GzDecoder::new(body.as_slice()));
    assert_eq!(unpacked.expect("the body is gzip"), plain.check(200).body);
}

#[tokio::test]
async fn a_session_is_a_secure_cookie() {
    let dashboard = Dashboard::start().await;
    let right = json!({"password": PASSWORD});
    let answer = dashboard
        .send("POST", "/api/session", Some(right))
        .await
        .check(204);
    assert_eq!(answer.headers["set-cookie"], Value::Null);
    let cookie = answer.cookies[0].as_str().expect("a log-in sets a cookie");
    for part in ["beacon_session=", "HttpOnly", "Secure", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn about_says_how_old_the_hits_may_be() {
    let dashboard = Dashboard::open().await;
    let about = dashboard
        .send("GET", "/api/about", None)
        .await
        .check(200)
        .json();
    assert_eq!(about["engine"], "athena");
    assert_eq!(about["freshness"], json!({"live": false, "delay_s": 600}));
    assert_eq!(about["access"]["kind"], "password");
    assert_eq!(about["custom_columns"], json!(["userid"]));
    assert_eq!(about["endpoint"], "https://b.example");
    let first = dashboard
        .send("GET", "/api/changes?since=0", None)
        .await
        .check(200)
        .json();
    assert!(
        first["revision"]
            .as_u64()
            .is_some_and(|revision| revision > 0),
        "{first}"
    );
}

#[tokio::test]
async fn a_question_is_started_with_bound_parameters() {
    let dashboard = Dashboard::open().await;
    dashboard.athena.script("StartQueryExecution", [started()]);
    let [from_ms, to_ms] = DAY_MS;
    let ask = json!({
        "question": "totals", "from_ms": from_ms, "to_ms": to_ms, "site": "o'brien.example",
        "page": "/x' OR '1'='1", "column": {"name": "userid", "value": "7"},
    });
    dashboard.ask(ask).await;

    let calls = dashboard.calls("StartQueryExecution");
    let [input] = calls.as_slice() else {
        panic!("one call: {calls:?}");
    };
    let sql = input["QueryString"].as_str().expect("the text of a query");
    assert!(sql.contains("FROM \"tp_hits\""), "{sql}");
    assert!(!sql.contains("brien"), "{sql}");
    let parameters = input["ExecutionParameters"].as_array().expect("parameters");
    assert_eq!(
        parameters.len(),
        sql.lines()
            .filter(|line| !line.starts_with("--"))
            .map(|line| line.matches('?').count())
            .sum::<usize>()
    );
    assert_eq!(parameters[0], "'2026'");
    assert_eq!(parameters[2], "'2026111923'");
    assert_eq!(parameters[4], "'2026-11-20 00:00:00.000'");
    assert!(
        parameters.contains(&json!("'o''brien.example'")),
        "{parameters:?}"
    );
    assert!(
        parameters.contains(&json!("'/x'' OR ''1''=''1'")),
        "{parameters:?}"
    );
    assert!(parameters.contains(&json!("'uid'")), "{parameters:?}");
    assert_eq!(input["WorkGroup"], "partner");
    assert_eq!(
        input["QueryExecutionContext"],
        json!({"Catalog": "AwsDataCatalog", "Database": "partner"})
    );
    assert_eq!(
        input["ResultReuseConfiguration"],
        json!({"ResultReuseByAgeConfiguration": {"Enabled": true, "MaxAgeInMinutes": 5}})
    );
    assert!(
        input["ClientRequestToken"]
            .as_str()
            .is_some_and(|token| token.len() >= 32),
        "{input}"
    );
    assert_eq!(input["ResultConfiguration"], Value::Null);
}

#[tokio::test]
async fn a_parameter_that_is_too_long_for_athena_is_refused() {
    let dashboard = Dashboard::open().await;
    let [from_ms, to_ms] = DAY_MS;
    let ask =
        json!({"question": "totals", "from_ms": from_ms, "to_ms": to_ms, "page": "'".repeat(1000)});
    let answer = dashboard
        .send("POST", "/api/queries", Some(ask))
        .await
        .check(422);
    assert!(answer.body.contains("2002 characters"), "{answer:?}");
    assert_eq!(dashboard.athena.take_calls(), []);
}

#[tokio::test]
async fn a_question_is_waited_for_and_read_page_by_page() {
    let dashboard = Dashboard::open().await;
    dashboard.athena.script("StartQueryExecution", [started()]);
    dashboard.athena.script(
        "GetQueryExecution",
        [
            execution("QUEUED", None),
            execution("RUNNING", None),
            execution("SUCCEEDED", None),
        ],
    );
    dashboard.athena.script(
        "GetQueryResults",
        [
            page(&[Some(1), None], true, Some("more")),
            page(&[Some(3)], false, None),
        ],
    );
    let id = dashboard.ask_totals().await;
    let target = format!("/api/queries/{id}");
    let answer = dashboard.send("GET", &target, None).await.check(200).json();
    assert_eq!(answer["state"], "queued");
    let answer = dashboard
        .send("GET", &format!("{target}?wait_ms=5000"), None)
        .await
        .check(200)
        .json();
    assert_eq!(answer["state"], "succeeded");
    assert_eq!(
        answer["columns"],
        json!([{"name": "views", "type": "bigint"}])
    );
    assert_eq!(answer["rows"], json!([[1], [null], [3]]));
    assert_eq!(
        answer["statistics"],
        json!({"bytes_scanned": 1234, "took_ms": 567, "reused": true})
    );
    assert_eq!(answer["error"], Value::Null);
    let shown = answer["sql"].as_str().expect("the text that ran");
    let calls = dashboard.athena.take_calls();
    assert_eq!(
        calls[0].input["QueryString"], shown,
        "what is shown is what ran"
    );
    let pages: Vec<&Value> = calls
        .iter()
        .filter(|call| call.operation == "GetQueryResults")
        .map(|call| &call.input)
        .collect();
    assert_eq!(pages[0]["MaxResults"], 1000);
    assert_eq!(pages[1]["NextToken"], "more");
    assert_eq!(pages[1]["QueryExecutionId"], "q-1");

    dashboard
        .athena
        .script("GetQueryResults", [page(&[Some(4)], true, None)]);
    let csv = dashboard
        .send("GET", &format!("{target}/csv"), None)
        .await
        .check(200);
    assert_eq!(csv.body, "views\r\n4\r\n");
}

#[tokio::test]
async fn an_id_is_understood_by_another_environment() {
    let first = Dashboard::open().await;
    first.athena.script("StartQueryExecution", [started()]);
    let id = first.ask_totals().await;

    let second = Dashboard::open().await;
    second
        .athena
        .script("GetQueryExecution", [execution("SUCCEEDED", None)]);
    second
        .athena
        .script("GetQueryResults", [page(&[Some(1)], true, None)]);
    let answer = second
        .send("GET", &format!("/api/queries/{id}"), None)
        .await
        .check(200)
        .json();
    assert_eq!(answer["question"], "totals");
    assert_eq!(answer["rows"], json!([[1]]));
    second
        .send("GET", "/api/queries/q-1", None)
        .await
        .check(404);
}

#[tokio::test]
async fn a_question_is_cancelled() {
    let dashboard = Dashboard::open().await;
    dashboard.athena.script("StartQueryExecution", [started()]);
    dashboard
        .athena
        .script("StopQueryExecution", [(200, json!({}))]);
    dashboard.athena.script(
        "GetQueryExecution",
        [execution("CANCELLED", Some("Query cancelled by user"))],
    );
    let id = dashboard.ask_totals().await;
    dashboard
        .send("DELETE", &format!("/api/queries/{id}"), None)
        .await
        .check(204);
    assert_eq!(
        dashboard.calls("StopQueryExecution"),
        [json!({"QueryExecutionId": "q-1"})]
    );
    let answer = dashboard
        .send("GET", &format!("/api/queries/{id}"), None)
        .await
        .check(200)
        .json();
    assert_eq!(answer["state"], "cancelled");
}

#[tokio::test]
async fn what_athena_has_forgotten_is_not_found() {
    let dashboard = Dashboard::open().await;
    dashboard.athena.script("StartQueryExecution", [started()]);
    let id = dashboard.ask_totals().await;
    let target = format!("/api/queries/{id}");
    // Nothing else is in the script: the endpoint knows no such query.
    dashboard.send("GET", &target, None).await.check(404);
    dashboard.send("DELETE", &target, None).await.check(404);
    // The query is known, its result has left the bucket.
    dashboard
        .athena
        .script("GetQueryExecution", [execution("SUCCEEDED", None)]);
    dashboard.send("GET", &target, None).await.check(404);
}

#[tokio::test]
async fn a_question_that_fails_says_what_to_do_and_logs_the_reason() {
    let dashboard = Dashboard::open().await;
    dashboard.athena.script("StartQueryExecution", [started()]);
    let id = dashboard.ask_totals().await;
    let target = format!("/api/queries/{id}");
    let secret = "HIVE_BAD_DATA: Error in s3://bucket/hits/x.parquet";
    dashboard
        .athena
        .script("GetQueryExecution", [execution("FAILED", Some(secret))]);
    let answer = dashboard.send("GET", &target, None).await.check(200).json();
    assert_eq!(answer["state"], "failed");
    assert_eq!(
        answer["error"],
        "Athena failed with HIVE_BAD_DATA: its reason is in the function's log (query q-1)"
    );
    dashboard.athena.script(
        "GetQueryExecution",
        [execution(
            "CANCELLED",
            Some("Query cancelled! : Bytes scanned limit was exceeded"),
        )],
    );
    let answer = dashboard.send("GET", &target, None).await.check(200).json();
    assert_eq!(answer["state"], "failed");
    let said = answer["error"].as_str().expect("an error");
    assert!(
        said.contains("ask for a shorter time, or raise ScanCutoffBytes"),
        "{said}"
    );

    let lines = dashboard.program.kill().await;
    assert!(
        lines
            .iter()
            .any(|line| line.contains("s3://bucket/hits/x.parquet")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn too_many_calls_are_tried_again_and_then_put_off() {
    let dashboard = Dashboard::open().await;
    let throttled = || error(400, "TooManyRequestsException");
    dashboard
        .athena
        .script("StartQueryExecution", [throttled(), throttled(), started()]);
    dashboard.ask_totals().await;
    let calls = dashboard.calls("StartQueryExecution");
    assert_eq!(calls.len(), 3);
    assert_eq!(
        calls[0], calls[2],
        "the same token, so that the query runs once"
    );

    dashboard
        .athena
        .script("StartQueryExecution", [throttled()]);
    let [from_ms, to_ms] = DAY_MS;
    let ask = json!({"question": "totals", "from_ms": from_ms, "to_ms": to_ms});
    let answer = dashboard
        .send("POST", "/api/queries", Some(ask))
        .await
        .check(503);
    assert_eq!(answer.headers["retry-after"], "3");
}

#[tokio::test]
async fn what_the_service_says_of_itself_stays_in_the_log() {
    let dashboard = Dashboard::open().await;
    dashboard
        .athena
        .script("StartQueryExecution", [error(400, "AccessDeniedException")]);
    let [from_ms, to_ms] = DAY_MS;
    let ask = json!({"question": "totals", "from_ms": from_ms, "to_ms": to_ms});
    let answer = dashboard
        .send("POST", "/api/queries", Some(ask))
        .await
        .check(502);
    assert!(!answer.body.contains("told to fail"), "{answer:?}");
    let lines = dashboard.program.kill().await;
    let line = lines
        .iter()
        .find(|line| line.contains("AccessDeniedException"));
    assert!(
        line.is_some_and(|line| line.contains("StartQueryExecution")),
        "{lines:?}"
    );
    assert!(!lines.concat().contains(PASSWORD), "{lines:?}");
}

#[tokio::test]
async fn it_does_not_start_without_a_password() {
    let runtime_api = RuntimeApi::start().await;
    let front = TlsFront::start(FakeAthena::start().await.address()).await;
    let mut variables = environment(&runtime_api, &front);
    variables.retain(|(name, _)| *name != "BEACON_DASHBOARD_PASSWORD_HASH");
    let program = Program::start(
        Path::new(env!("CARGO_BIN_EXE_dashboard-bootstrap")),
        [],
        variables,
    );
    let (success, stdout, _) = program.end().await;
    assert!(!success);
    assert_eq!(stdout.len(), 1, "{stdout:?}");
    assert!(
        stdout[0].contains("cannot start: BEACON_DASHBOARD_PASSWORD_HASH is not set"),
        "{stdout:?}"
    );
}
