//! `beacon doctor --stack`: each finding about a stack.

use std::process::Command;

use beacon_testing::machine;
use serde_json::{Value, json};

use super::aws_answers::{healthy, query_names, stack, statements, stream, table, visits};
use super::fake_aws::FakeAws;
use crate::diagnosis::{Diagnosis, diagnose};

fn doctor(aws: &FakeAws, more: &[&str]) -> Command {
    let mut command = machine::command(env!("CARGO_BIN_EXE_beacon"));
    command
        .args(["doctor", "--output", "json", "--stack", "beacon"])
        .args(["--region", "eu-west-1"])
        .args(more)
        .env("AWS_ENDPOINT_URL", aws.url())
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .current_dir("/");
    command
}

#[track_caller]
fn diagnosis(aws: &FakeAws, more: &[&str]) -> Diagnosis {
    diagnose(&mut doctor(aws, more), &[])
}

#[test]
fn a_healthy_stack_is_well_and_a_test_hit_has_its_query() {
    let aws = healthy();
    let found = diagnosis(&aws, &["--send-hit"]);
    found.has_no_problem();
    found.has("ok", "stack", &["UPDATE_COMPLETE in eu-west-1"]);
    found.has("ok", "StreamName", &["beacon-hits"]);
    found.has("ok", "stream", &["ACTIVE", "after 15 min"]);
    found.has(
        "ok",
        "table",
        &["beacon.hits has the columns of this version"],
    );
    found.has(
        "ok",
        "view",
        &["beacon.unique_hits has the columns of this version"],
    );
    found.has(
        "ok",
        "view",
        &["beacon.visits has the columns of this version"],
    );
    found.has("ok", "years", &["2000,9999"]);
    found.has(
        "ok",
        "named queries",
        &[&format!(
            "all {} are in the workgroup beacon",
            query_names().len()
        )],
    );
    found.has(
        "ok",
        "test hit",
        &[
            "answered recorded; in 16 min",
            "FROM \"beacon\".\"hits\" WHERE year * 1000000 + month * 10000 + day * 100 + hour BETWEEN 20",
        ],
    );
    let calls = aws.calls();
    let operations: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(
        operations[..6],
        [
            "DescribeStacks",
            "DescribeDeliveryStream",
            "GetTable",
            "GetTable",
            "GetTable",
            "ListPreparedStatements"
        ]
    );
    for (call, service) in calls.iter().zip([
        "cloudformation",
        "firehose",
        "glue",
        "glue",
        "glue",
        "athena",
    ]) {
        let scope = format!("/eu-west-1/{service}/aws4_request");
        let signed = &call.authorization;
        assert!(
            signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                && signed.contains(&scope),
            "{call:?}"
        );
    }
    assert!(calls[0].body.contains("StackName=beacon"), "{calls:?}");
    let hit = &calls[6];
    assert!(
        hit.operation
            .starts_with("/pixel.gif?site=doctor.invalid&page=%2Fdoctor%2F")
            && hit.authorization.is_empty(),
        "{hit:?}"
    );

    // Without the option there is no hit.
    let before = aws.calls().len();
    diagnosis(&aws, &[]).has_no_problem();
    assert_eq!(aws.calls().len(), before + 6);
}

#[test]
fn a_stack_that_is_not_there_or_not_whole_is_a_problem() {
    let aws = healthy();
    aws.set(
        "DescribeStacks",
        400,
        "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error><Type>Sender</Type>\
         <Code>ValidationError</Code><Message>Stack with id beacon does not exist</Message></Error></ErrorResponse>",
    );
    let found = diagnosis(&aws, &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "stack",
        &[
            "eu-west-1",
            "Stack with id beacon does not exist",
            "--region",
        ],
    );

    for (status, level, part) in [
        (
            "UPDATE_ROLLBACK_COMPLETE",
            "problem",
            "describe-stack-events",
        ),
        ("UPDATE_IN_PROGRESS", "warning", "wait until it has ended"),
    ] {
        aws.set("DescribeStacks", 200, stack(&aws.url(), status, &[]));
        diagnosis(&aws, &[]).has(level, "stack", &[status, part]);
    }
    aws.set(
        "DescribeStacks",
        200,
        stack(&aws.url(), "CREATE_COMPLETE", &[("StreamName", "")]),
    );
    diagnosis(&aws, &[]).has("problem", "StreamName", &["no such output"]);
    aws.set(
        "DescribeStacks",
        200,
        stack(
            &aws.url(),
            "CREATE_COMPLETE",
            &[("Columns", "site=params.x")],
        ),
    );
    diagnosis(&aws, &[]).has("problem", "parameters", &["BEACON_COLUMNS", "site"]);
}

#[test]
fn a_stream_that_takes_no_hits_is_a_problem() {
    let aws = healthy();
    aws.set(
        "DescribeDeliveryStream",
        200,
        stream("CREATING_FAILED").to_string(),
    );
    let found = diagnosis(&aws, &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "stream",
        &["CREATING_FAILED", "deploy the stack again"],
    );
    aws.set(
        "DescribeDeliveryStream",
        400,
        r#"{"__type":"ResourceNotFoundException","message":"Firehose beacon-hits not found"}"#,
    );
    diagnosis(&aws, &[]).has(
        "problem",
        "stream",
        &["ResourceNotFoundException", "beacon-hits not found"],
    );
}

#[test]
fn a_table_of_another_version_is_a_problem() {
    let aws = healthy();
    let without = table(|columns| columns.retain(|column| column["Name"] != "userid"));
    aws.set("GetTable/hits", 200, without.to_string());
    let found = diagnosis(&aws, &[]);
    assert_eq!(found.code, Some(1));
    found.has(
        "problem",
        "table",
        &["no column userid", "dropped without an error"],
    );
    found.has("ok", "view", &["has the columns"]);

    let other = table(|columns| columns[0]["Type"] = json!("int"));
    aws.set("GetTable/hits", 200, other.to_string());
    diagnosis(&aws, &[]).has("problem", "table", &["hit_id is int instead of string"]);

    let newer = table(|columns| columns.push(json!({"Name": "signature", "Type": "string"})));
    aws.set("GetTable/hits", 200, newer.to_string());
    let found = diagnosis(&aws, &[]);
    found.has_no_problem();
    found.has(
        "warning",
        "table",
        &["a column signature that nothing fills"],
    );

    let mut years = table(|_| {});
    years["Table"]["Parameters"]["projection.year.range"] = json!("2000,2001");
    aws.set("GetTable/hits", 200, years.to_string());
    diagnosis(&aws, &[]).has("problem", "years", &["2000,2001", "FirstYear"]);

    // As an older version deployed it.
    let older = visits(&[json!({"Name": "visit_id", "Type": "string"})]);
    aws.set("GetTable/visits", 200, older.to_string());
    diagnosis(&aws, &[]).has(
        "problem",
        "view",
        &[
            "beacon.visits has no column site, visitor, started_at",
            "deploy this version",
        ],
    );

    let gone = r#"{"__type":"EntityNotFoundException","Message":"Entity Not Found"}"#;
    aws.set("GetTable/unique_hits", 400, gone);
    aws.set(
        "ListPreparedStatements",
        200,
        statements(&["totals".to_owned()]).to_string(),
    );
    let found = diagnosis(&aws, &[]);
    found.has("problem", "view", &["EntityNotFoundException"]);
    found.has(
        "problem",
        "named queries",
        &["has no visit_totals, views_per_quarter"],
    );
}

#[test]
fn named_queries_are_read_page_after_page() {
    let aws = healthy();
    let names = query_names();
    let (first, second) = names.split_at(4);
    let mut page = statements(first);
    page["NextToken"] = json!("more");
    aws.set("ListPreparedStatements", 200, page.to_string());
    aws.set(
        "ListPreparedStatements/more",
        200,
        statements(second).to_string(),
    );
    let found = diagnosis(&aws, &[]);
    found.has_no_problem();
    let all = format!("all {} are in", names.len());
    found.has("ok", "named queries", &[&all]);
    let inputs: Vec<Value> = aws
        .calls()
        .iter()
        .filter(|call| call.operation == "ListPreparedStatements")
        .map(|call| serde_json::from_str(&call.body).unwrap())
        .collect();
    assert_eq!(
        inputs,
        [
            json!({"WorkGroup": "beacon", "MaxResults": 50}),
            json!({"WorkGroup": "beacon", "MaxResults": 50, "NextToken": "more"}),
        ]
    );

    // One that only the second page had.
    let (missing, others) = second.split_first().unwrap();
    aws.set(
        "ListPreparedStatements/more",
        200,
        statements(others).to_string(),
    );
    diagnosis(&aws, &[]).has("problem", "named queries", &["has no", missing]);
    let refused = r#"{"__type":"InvalidRequestException","message":"the token has expired"}"#;
    aws.set("ListPreparedStatements/more", 400, refused);
    diagnosis(&aws, &[]).has(
        "problem",
        "named queries",
        &["can't be listed", "the token has expired"],
    );
}

#[test]
fn a_test_hit_that_is_not_recorded_is_a_problem() {
    let aws = healthy();
    for (status, answer, part) in [
        (
            200,
            "ignored; site not allowed",
            "ignored; site not allowed",
        ),
        (200, "lost; stream refused", "lost; stream refused"),
        (403, "", "--send-hit=https://YOUR-DOMAIN/pixel.gif"),
        (502, "", "502 without X-Beacon"),
    ] {
        aws.set("/pixel.gif", status, answer);
        let found = diagnosis(&aws, &["--send-hit"]);
        assert_eq!(found.code, Some(1));
        found.has("problem", "test hit", &[part]);
    }
    aws.set("/edge.gif", 200, "recorded");
    let edge = format!("--send-hit={}/edge.gif", aws.url());
    diagnosis(&aws, &[&edge]).has("ok", "test hit", &["recorded"]);

    aws.set(
        "DescribeStacks",
        200,
        stack(
            &aws.url(),
            "CREATE_COMPLETE",
            &[("Sites", "*.shop.example,blog.example")],
        ),
    );
    aws.set("/pixel.gif", 200, "recorded");
    diagnosis(&aws, &["--send-hit"]).has_no_problem();
    let hit = aws.calls().pop().unwrap();
    assert!(
        hit.operation.contains("?site=doctor.shop.example&"),
        "{hit:?}"
    );
}

#[test]
fn options_of_a_server_are_refused_with_a_stack() {
    let aws = healthy();
    let output = doctor(&aws, &["--lake", "/tmp"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("--lake") && message.contains("--stack"),
        "{message}"
    );
    assert!(aws.calls().is_empty());
}
