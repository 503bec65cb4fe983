//! The calls: what is accepted, what is refused, and how it is said.

use std::time::Duration;

use aws_sdk_firehose::Client;
use aws_sdk_firehose::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_firehose::error::ProvideErrorMetadata;
use aws_sdk_firehose::primitives::Blob;
use aws_sdk_firehose::types::{DeliveryStreamStatus, DeliveryStreamType, Record};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beacon_aws::{TrustStore, https_client};
use serde_json::json;

use crate::http::{self, Reply};
use crate::stream::{Program, hit};

/// An SDK as any producer uses it.
fn sdk(program: &Program) -> Client {
    let endpoint = program.beacon.firehose.unwrap();
    let config = aws_sdk_firehose::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(
            "AKIDEXAMPLE",
            "secret",
            None,
            None,
            "test",
        ))
        .endpoint_url(format!("http://{endpoint}"))
        .http_client(https_client(TrustStore::amazon(), Duration::from_secs(30)))
        .build();
    Client::from_conf(config)
}

fn record(data: impl Into<Vec<u8>>) -> Record {
    Record::builder().data(Blob::new(data)).build().unwrap()
}

/// A1, A2: an SDK's calls are answered as its types expect.
#[tokio::test]
async fn sdk_puts_records_and_reads_the_responses() {
    let program = Program::start(&[]);
    let client = sdk(&program);
    let one = client
        .put_record()
        .delivery_stream_name("hits")
        .record(record(hit("1")))
        .send()
        .await
        .unwrap();
    assert!(!one.record_id().is_empty());
    assert_eq!(one.encrypted(), Some(false));
    let batch = client
        .put_record_batch()
        .delivery_stream_name("hits")
        .set_records(Some(["2", "3", "4"].map(|id| record(hit(id))).into()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (batch.failed_put_count(), batch.encrypted()),
        (0, Some(false))
    );
    let mut ids: Vec<_> = batch
        .request_responses()
        .iter()
        .map(|entry| entry.record_id().unwrap())
        .collect();
    ids.push(one.record_id());
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "every record has an id of its own");
    assert_eq!(program.ids(), ["1", "2", "3", "4"]);
    assert_eq!(
        program
            .beacon
            .metric(r#"beacon_recorded_total{through="firehose"}"#),
        4.0
    );
}

/// A6, A7: an SDK knows the errors by their types.
#[tokio::test]
async fn sdk_recognizes_the_errors() {
    let program = Program::start(&[]);
    let client = sdk(&program);
    let missing = client
        .put_record()
        .delivery_stream_name("other")
        .record(record(hit("1")))
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert!(missing.is_resource_not_found_exception(), "{missing:?}");
    assert!(missing.message().unwrap().contains("other"), "{missing:?}");
    let too_many = client
        .put_record_batch()
        .delivery_stream_name("hits")
        .set_records(Some(vec![record("{}"); 501]))
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert!(too_many.is_invalid_argument_exception(), "{too_many:?}");
    let unknown = client.list_delivery_streams().send().await.unwrap_err();
    assert_eq!(unknown.code(), Some("UnknownOperationException"));
}

/// A8: the stream says what it is.
#[tokio::test]
async fn describe_delivery_stream_describes_the_stream() {
    let program = Program::start(&["--stream", "pixel-events"]);
    let answer = sdk(&program)
        .describe_delivery_stream()
        .delivery_stream_name("pixel-events")
        .send()
        .await
        .unwrap();
    let about = answer.delivery_stream_description().unwrap();
    assert_eq!(about.delivery_stream_name(), "pixel-events");
    assert!(
        about
            .delivery_stream_arn()
            .ends_with(":deliverystream/pixel-events")
    );
    assert_eq!(
        about.delivery_stream_status(),
        &DeliveryStreamStatus::Active
    );
    assert_eq!(about.delivery_stream_type(), &DeliveryStreamType::DirectPut);
    assert_eq!(about.version_id(), "1");
    assert_eq!(about.destinations().len(), 1);
    assert!(!about.has_more_destinations());
    assert!(about.create_timestamp().unwrap().secs() > AT_LEAST_SECONDS);
}

/// Of a clock that is set: 2026-01-01.
const AT_LEAST_SECONDS: i64 = 1_767_225_600;

#[track_caller]
fn check(reply: Reply, expected: &str) {
    let kind = match reply.status {
        200 => "accepted".to_owned(),
        status => {
            let error = reply.json();
            assert!(
                !error["message"].as_str().unwrap().is_empty(),
                "an error without a word"
            );
            format!("{status} {}", error["__type"].as_str().unwrap())
        }
    };
    assert_eq!(kind, expected, "{}", reply.text());
}

/// A3, A4, A5: the limits hold to the byte.
#[test]
fn limits_are_those_of_the_api() {
    let program = Program::start(&[]);
    // Blank lines are no document, so only sizes and counts are looked at.
    let sized = |sizes: &[usize]| {
        let records: Vec<Vec<u8>> = sizes.iter().map(|&size| vec![b'\n'; size]).collect();
        program.put(&records.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let invalid = "400 InvalidArgumentException";

    check(sized(&[]), invalid);
    check(sized(&[0; 1]), "accepted");
    check(sized(&[0; 500]), "accepted");
    check(sized(&[0; 501]), invalid);
    check(sized(&[1_024_000]), "accepted");
    check(sized(&[1_024_001]), invalid);
    let full = [1_024_000, 1_024_000, 1_024_000, 1_024_000];
    check(sized(&[&full[..], &[98_304]].concat()), "accepted");
    check(sized(&[&full[..], &[98_305]].concat()), invalid);
    // More than any allowed batch is in Base64: not read to its end.
    check(sized(&[1_024_000; 7]), "413 InvalidArgumentException");
}

/// A4: a record without data is one, with an id and no row.
#[test]
fn empty_data_is_accepted_and_is_no_row() {
    let program = Program::start(&[]);
    let reply = program.put(&[b"", hit("1").as_bytes(), b""]);
    let answer = reply.json();
    let responses = answer["RequestResponses"].as_array().unwrap();
    assert_eq!(responses.len(), 3);
    assert!(responses.iter().all(|entry| entry["RecordId"].is_string()));
    assert_eq!(program.ids(), ["1"]);
}

/// A6: names are looked at before anything is written.
#[test]
fn a_stream_is_known_by_its_name() {
    let program = Program::start(&[]);
    let named = |name: &str| {
        let body =
            json!({"DeliveryStreamName": name, "Record": {"Data": STANDARD.encode(hit("1"))}});
        program.call("PutRecord", &body.to_string())
    };
    let invalid = "400 InvalidArgumentException";
    check(named(""), invalid);
    check(named("no/name"), invalid);
    check(named("nämé"), invalid);
    check(named(&"x".repeat(65)), invalid);
    let missing = "400 ResourceNotFoundException";
    check(named(&"x".repeat(64)), missing);
    check(named("Hits"), missing);
    check(named("other"), missing);
    let body = r#"{"DeliveryStreamName":"other"}"#;
    check(program.call("DescribeDeliveryStream", body), missing);
    assert_eq!(program.ids(), [] as [&str; 0]);
    check(named("hits"), "accepted");
    assert_eq!(program.ids(), ["1"]);
}

/// A7: a member that is missing, and what is not the JSON of the operation.
#[test]
fn bodies_are_those_of_the_api() {
    let program = Program::start(&[]);
    let invalid = "400 InvalidArgumentException";
    for (operation, body) in [
        ("PutRecord", r#"{"DeliveryStreamName":"hits"}"#),
        ("PutRecord", r#"{"DeliveryStreamName":"hits","Record":{}}"#),
        ("PutRecord", r#"{"Record":{"Data":"e30="}}"#),
        ("PutRecordBatch", r#"{"DeliveryStreamName":"hits"}"#),
        ("DescribeDeliveryStream", "{}"),
    ] {
        check(program.call(operation, body), invalid);
    }
    let not_json = "400 SerializationException";
    for body in ["", "{", "[]", r#"{"DeliveryStreamName":7}"#] {
        check(program.call("PutRecord", body), not_json);
    }
    let base64 = |data: &str| {
        let body = json!({"DeliveryStreamName": "hits", "Record": {"Data": data}}).to_string();
        program.call("PutRecord", &body)
    };
    check(base64("no base64!"), not_json);
    check(base64("e30"), not_json);
    check(base64("e30=e30="), not_json);
    check(base64("e30="), "accepted");
}

/// A7: what is no operation of the put path.
#[test]
fn other_operations_are_unknown() {
    let program = Program::start(&[]);
    let unknown = "400 UnknownOperationException";
    for operation in ["ListDeliveryStreams", "putrecord", "PutRecord2", ""] {
        check(program.call(operation, "{}"), unknown);
    }
    let address = program.beacon.firehose.unwrap();
    check(http::get(address, "/"), unknown);
    check(http::post(address, "/", "", b"{}"), unknown);
    let kinesis = "x-amz-target: Kinesis_20131202.PutRecord\r\n";
    check(http::post(address, "/", kinesis, b"{}"), unknown);
}
