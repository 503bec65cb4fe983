//! `beacon doctor --stack`: each finding about a stack, of answers in the form that AWS gives.

use std::process::Command;

use beacon_testing::machine;
use serde_json::{Value, json};

use crate::diagnosis::{Diagnosis, diagnose};
use crate::fake_aws::FakeAws;

/// The outputs of a stack whose function records the custom column `userid`.
fn stack(pixel: &str, status: &str, changes: &[(&str, &str)]) -> String {
    let mut outputs = vec![
        ("PixelUrl", format!("{pixel}/pixel.gif")),
        ("StreamName", "beacon-hits".to_owned()),
        ("BucketName", "beacon-bucket-1abc".to_owned()),
        ("DatabaseName", "beacon".to_owned()),
        ("TableName", "hits".to_owned()),
        ("WorkGroupName", "beacon".to_owned()),
    ];
    outputs.retain(|(key, _)| !changes.contains(&(key, "")));
    let outputs: String = outputs
        .iter()
        .map(|(key, value)| {
            format!(
                "<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            )
        })
        .collect();
    let parameters = [
        ("Columns", "userid=params.userid"),
        ("Sites", ""),
        ("Table", "hits"),
    ];
    let parameters: String = parameters
        .iter()
        .map(|(key, value)| {
            let change = changes.iter().find(|(name, _)| name == key);
            let value = change.map_or(*value, |(_, value)| value);
            format!(
                "<member><ParameterKey>{key}</ParameterKey><ParameterValue>{value}</ParameterValue></member>"
            )
        })
        .collect();
    format!(
        "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><DescribeStacksResult>\
         <Stacks><member><StackName>beacon</StackName><StackStatus>{status}</StackStatus>\
         <Capabilities><member>CAPABILITY_IAM</member></Capabilities>\
         <Parameters>{parameters}</Parameters><Outputs>{outputs}</Outputs><Tags/></member></Stacks>\
         </DescribeStacksResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeStacksResponse>"
    )
}

fn stream(status: &str) -> Value {
    json!({"DeliveryStreamDescription": {
        "DeliveryStreamName": "beacon-hits",
        "DeliveryStreamStatus": status,
        "Destinations": [{"ExtendedS3DestinationDescription": {
            "BucketARN": "arn:aws:s3:::beacon-bucket-1abc",
            "BufferingHints": {"IntervalInSeconds": 900, "SizeInMBs": 64},
        }}],
    }})
}

/// The table of `glue/hits.json`, as `GetTable` returns it, with `userid`.
fn table(change: impl FnOnce(&mut Vec<Value>)) -> Value {
    let text = include_str!("../../glue/hits.json");
    let mut table: Value = serde_json::from_str(text).unwrap();
    table["Parameters"]["projection.year.range"] = json!("2000,9999");
    let columns = table["StorageDescriptor"]["Columns"]
        .as_array_mut()
        .unwrap();
    columns.push(json!({"Name": "userid", "Type": "string"}));
    change(columns);
    json!({ "Table": table })
}

fn statements(names: &[&str]) -> Value {
    let list: Vec<Value> = names
        .iter()
        .map(|name| json!({"StatementName": name, "LastModifiedTime": 1_795_239_000}))
        .collect();
    json!({ "PreparedStatements": list })
}

/// The names of `athena/queries/`.
fn query_names() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../athena/queries");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    names.sort();
    names
}

/// A stack of which all is well.
fn healthy() -> FakeAws {
    let aws = FakeAws::start();
    aws.set(
        "DescribeStacks",
        200,
        stack(&aws.url(), "UPDATE_COMPLETE", &[]),
    );
    aws.set("DescribeDeliveryStream", 200, stream("ACTIVE").to_string());
    aws.set("GetTable/hits", 200, table(|_| {}).to_string());
    let view = table(|columns| columns.push(json!({"Name": "occurrence", "Type": "bigint"})));
    aws.set("GetTable/unique_hits", 200, view.to_string());
    let names = query_names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    aws.set(
        "ListPreparedStatements",
        200,
        statements(&names).to_string(),
    );
    aws.set("/pixel.gif", 200, "recorded");
    aws
}

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
    found.has("ok", "years", &["2000,9999"]);
    found.has(
        "ok",
        "named queries",
        &["all 11 are in the workgroup beacon"],
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
        operations[..5],
        [
            "DescribeStacks",
            "DescribeDeliveryStream",
            "GetTable",
            "GetTable",
            "ListPreparedStatements"
        ]
    );
    for (call, service) in
        calls
            .iter()
            .zip(["cloudformation", "firehose", "glue", "glue", "athena"])
    {
        let scope = format!("/eu-west-1/{service}/aws4_request");
        let signed = &call.authorization;
        assert!(
            signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                && signed.contains(&scope),
            "{call:?}"
        );
    }
    assert!(calls[0].body.contains("StackName=beacon"), "{calls:?}");
    let hit = &calls[5];
    assert!(
        hit.operation
            .starts_with("/pixel.gif?site=doctor.invalid&page=%2Fdoctor%2F")
            && hit.authorization.is_empty(),
        "{hit:?}"
    );

    // Without the option there is no hit.
    let before = aws.calls().len();
    diagnosis(&aws, &[]).has_no_problem();
    assert_eq!(aws.calls().len(), before + 5);
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

    let gone = r#"{"__type":"EntityNotFoundException","Message":"Entity Not Found"}"#;
    aws.set("GetTable/unique_hits", 400, gone);
    aws.set(
        "ListPreparedStatements",
        200,
        statements(&["totals"]).to_string(),
    );
    let found = diagnosis(&aws, &[]);
    found.has("problem", "view", &["EntityNotFoundException"]);
    found.has(
        "problem",
        "named queries",
        &["has no views_per_quarter, views_per_day"],
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
