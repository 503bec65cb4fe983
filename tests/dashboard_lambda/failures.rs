//! Athena fails, has forgotten a query, or is called too often.

use serde_json::json;

use crate::dashboard::{DAY_MS, Dashboard, PASSWORD, error, execution, started};

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
