//! SQL of the owner's: what Athena is asked, and what is refused before.

use serde_json::{Value, json};

use crate::dashboard::{Dashboard, error, execution, page, started};

async fn run(dashboard: &Dashboard, sql: &str) -> String {
    let submitted = dashboard
        .send("POST", "/api/sql", Some(json!({"sql": sql})))
        .await
        .check(202)
        .json();
    submitted["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn sql_runs_as_it_was_written_in_the_work_group() {
    let dashboard = Dashboard::open().await;
    dashboard.athena.script("StartQueryExecution", [started()]);
    dashboard
        .athena
        .script("GetQueryExecution", [execution("SUCCEEDED", None)]);
    dashboard
        .athena
        .script("GetQueryResults", [page(&[Some(1)], true, None)]);
    let id = run(
        &dashboard,
        "SELECT count(*) AS views FROM tp_hits WHERE page = '?;'; -- all",
    )
    .await;
    let answer = dashboard
        .send("GET", &format!("/api/queries/{id}"), None)
        .await
        .check(200)
        .json();
    assert_eq!(answer["state"], "succeeded");
    assert_eq!(answer["rows"], json!([[1]]));
    assert!(answer.get("question").is_none());
    let calls = dashboard.athena.take_calls();
    let started = &calls[0].input;
    assert_eq!(
        started["QueryString"],
        "SELECT count(*) AS views FROM tp_hits WHERE page = '?;'"
    );
    assert_eq!(started["ExecutionParameters"], Value::Null);
    assert_eq!(started["WorkGroup"], "partner");
    assert_eq!(started["ResultConfiguration"], Value::Null);
    for call in &calls[1..] {
        assert_eq!(call.input["QueryExecutionId"], "q-1");
    }
}

#[tokio::test]
async fn only_one_statement_that_reads_is_sent() {
    let dashboard = Dashboard::open().await;
    for (sql, expected) in [
        ("DROP TABLE tp_hits", "DROP is refused"),
        (
            "UNLOAD (SELECT 1) TO 's3://elsewhere/'",
            "UNLOAD is refused",
        ),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("-- nothing", "there is no SQL to run"),
    ] {
        let answer = dashboard
            .send("POST", "/api/sql", Some(json!({"sql": sql})))
            .await
            .check(422);
        assert!(answer.body.contains(expected), "{answer:?}");
    }
    assert_eq!(dashboard.athena.take_calls(), []);
}

#[tokio::test]
async fn athenas_own_words_reach_the_owner() {
    let dashboard = Dashboard::open().await;
    dashboard.athena.script(
        "StartQueryExecution",
        [error(400, "InvalidRequestException")],
    );
    let answer = dashboard
        .send("POST", "/api/sql", Some(json!({"sql": "SELECT"})))
        .await
        .check(422);
    assert!(answer.body.contains("told to fail"), "{answer:?}");

    dashboard.athena.script("StartQueryExecution", [started()]);
    let id = run(&dashboard, "SELECT pge FROM tp_hits").await;
    let target = format!("/api/queries/{id}");
    let reason = "SYNTAX_ERROR: line 1:8: Column 'pge' cannot be resolved";
    dashboard
        .athena
        .script("GetQueryExecution", [execution("FAILED", Some(reason))]);
    let answer = dashboard.send("GET", &target, None).await.check(200).json();
    assert_eq!(answer["error"], reason);
    dashboard.athena.script(
        "GetQueryExecution",
        [execution(
            "CANCELLED",
            Some("Query cancelled! : Bytes scanned limit was exceeded"),
        )],
    );
    let answer = dashboard.send("GET", &target, None).await.check(200).json();
    let said = answer["error"].as_str().expect("an error");
    assert!(
        said.contains("name a period in its WHERE, such as year = 20")
            && said.ends_with("or raise ScanCutoffBytes"),
        "{said}"
    );
}

#[tokio::test]
async fn the_table_has_the_stacks_names() {
    let dashboard = Dashboard::open().await;
    let target = "/api/table";
    let table = dashboard.send("GET", target, None).await.check(200).json();
    assert_eq!(table["database"], "partner");
    assert_eq!(table["table"], "tp_hits");
    assert_eq!(table["views"], json!([]));
}
