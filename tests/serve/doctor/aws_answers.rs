//! AWS's answers about a stack, in the form that AWS gives.

use serde_json::{Value, json};

use super::fake_aws::FakeAws;

/// The outputs of a stack whose function records the custom column `userid`.
pub(super) fn stack(pixel: &str, status: &str, changes: &[(&str, &str)]) -> String {
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

pub(super) fn stream(status: &str) -> Value {
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
pub(super) fn table(change: impl FnOnce(&mut Vec<Value>)) -> Value {
    let text = include_str!("../../../glue/hits.json");
    let mut table: Value = serde_json::from_str(text).unwrap();
    table["Parameters"]["projection.year.range"] = json!("2000,9999");
    let columns = table["StorageDescriptor"]["Columns"]
        .as_array_mut()
        .unwrap();
    columns.push(json!({"Name": "userid", "Type": "string"}));
    change(columns);
    json!({ "Table": table })
}

/// The columns that the header of a view names itself.
pub(super) fn columns_of_view(sql: &str) -> Vec<Value> {
    let line = sql
        .lines()
        .find_map(|line| line.strip_prefix("-- columns:"));
    let named = line
        .unwrap()
        .split(',')
        .filter_map(|entry| entry.trim().split_once(' '));
    named
        .map(|(name, ty)| {
            let ty = match ty {
                "varchar" => "string",
                "timestamp(3)" => "timestamp",
                other => other,
            };
            json!({"Name": name, "Type": ty})
        })
        .collect()
}

/// The view of visits with these columns, as `GetTable` returns it.
pub(super) fn visits(columns: &[Value]) -> Value {
    json!({"Table": {"Name": "visits", "StorageDescriptor": {"Columns": columns}}})
}

pub(super) fn statements(names: &[String]) -> Value {
    let list: Vec<Value> = names
        .iter()
        .map(|name| json!({"StatementName": name, "LastModifiedTime": 1_795_239_000}))
        .collect();
    json!({ "PreparedStatements": list })
}

/// The names of `athena/queries/`.
pub(super) fn query_names() -> Vec<String> {
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
pub(super) fn healthy() -> FakeAws {
    let aws = FakeAws::start();
    aws.set(
        "DescribeStacks",
        200,
        stack(&aws.url(), "UPDATE_COMPLETE", &[]),
    );
    aws.set("DescribeDeliveryStream", 200, stream("ACTIVE").to_string());
    aws.set("GetTable/hits", 200, table(|_| {}).to_string());
    let columns = columns_of_view(include_str!("../../../athena/views/unique_hits.sql"));
    let view = table(|of_table| of_table.extend(columns));
    aws.set("GetTable/unique_hits", 200, view.to_string());
    let columns = columns_of_view(include_str!("../../../athena/views/visits.sql"));
    aws.set("GetTable/visits", 200, visits(&columns).to_string());
    aws.set(
        "ListPreparedStatements",
        200,
        statements(&query_names()).to_string(),
    );
    aws.set("/pixel.gif", 200, "recorded");
    aws
}
