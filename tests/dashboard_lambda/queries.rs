//! A query from its start to its result: what Athena is asked, and what is made of its answers.

use serde_json::{Value, json};

use crate::dashboard::{DAY_MS, Dashboard, execution, page, started};

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
    assert_eq!(parameters[1], "'2026-11-20 00:00:00.000'");
    assert_eq!(parameters[2], "'human,unknown'");
    assert_eq!(parameters[3], "'2026'");
    assert_eq!(parameters[5], "'2026111923'");
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
