//! The stream of a stack: whether it takes hits, and for how long it keeps them.

use std::time::Duration;

use beacon_aws::service_call::ServiceCaller;
use serde::Deserialize;
use serde_json::json;

use super::super::finding::Findings;
use super::description::Description;
use crate::amount;

const SUBJECT: &str = "stream";

/// The interval of a stream that names none.
/// <https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html>
const DEFAULT_INTERVAL_SECONDS: u64 = 300;

#[derive(Deserialize)]
struct DescribeDeliveryStreamOutput {
    #[serde(rename = "DeliveryStreamDescription")]
    stream: StreamDescription,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamDescription {
    delivery_stream_status: String,
    failure_description: Option<Failure>,
    #[serde(default)]
    destinations: Vec<StreamDestination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    details: String,
}

#[derive(Deserialize)]
struct StreamDestination {
    #[serde(rename = "ExtendedS3DestinationDescription")]
    s3: Option<S3Destination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct S3Destination {
    buffering_hints: Option<BufferingHints>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BufferingHints {
    interval_in_seconds: Option<u64>,
}

/// Looks at the stream, and returns how long it waits before it writes a file.
pub(super) async fn check(
    caller: &ServiceCaller,
    stack: &Description,
    now_ms: u64,
    findings: &mut Findings,
) -> Duration {
    let default = Duration::from_secs(DEFAULT_INTERVAL_SECONDS);
    let Some(name) = stack.output("StreamName") else {
        return default;
    };
    let input = json!({ "DeliveryStreamName": name }).to_string();
    let target = "Firehose_20150804.DescribeDeliveryStream";
    let described: Result<DescribeDeliveryStreamOutput, _> =
        caller.json("firehose", target, input, now_ms).await;
    let stream = match described {
        Ok(output) => output.stream,
        Err(error) => {
            findings.problem(
                SUBJECT,
                format!(
                    "{name} can't be described: {error}; if it was deleted, deploy the stack again"
                ),
            );
            return default;
        }
    };
    let interval = stream
        .destinations
        .iter()
        .find_map(|destination| {
            let hints = destination.s3.as_ref()?.buffering_hints.as_ref()?;
            hints.interval_in_seconds
        })
        .map_or(default, Duration::from_secs);
    let status = &stream.delivery_stream_status;
    let failure = stream.failure_description.map(|failure| failure.details);
    match (status.as_str(), failure) {
        ("ACTIVE", None) => findings.ok(
            SUBJECT,
            format!(
                "{name} is ACTIVE and writes a file after {}, or earlier if its buffer is full",
                amount::duration(interval)
            ),
        ),
        ("CREATING", _) => findings.warning(SUBJECT, format!("{name} is CREATING: check again")),
        (_, failure) => findings.problem(
            SUBJECT,
            format!(
                "{name} is {status} ({}): hits are lost as long as it takes none; deploy the stack again",
                failure.as_deref().unwrap_or("no reason given")
            ),
        ),
    }
    interval
}
