//! Puts a record with the least code that can: `lambda_runtime`, the SDK with the client of the real function, a fixed
//! record of typical size, a fixed response. It reads no event, retries nothing and has no settings.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_firehose::Client;
use aws_sdk_firehose::config::retry::RetryConfig;
use aws_sdk_firehose::config::timeout::TimeoutConfig;
use aws_sdk_firehose::primitives::Blob;
use aws_sdk_firehose::types::Record;
use beacon_aws::{Connection, Credentials, TrustStore};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde::de::IgnoredAny;
use serde_json::json;

/// The size of the record that the benchmark's event makes, in `anonymous` mode.
const RECORD_BYTES: usize = 1_338;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program of its own, without a config.rs"
    )]
    let environment: HashMap<String, String> = std::env::vars().collect();
    let variable = |name: &str| environment.get(name).cloned().unwrap_or_default();
    let connection = Connection {
        region: variable("AWS_REGION"),
        credentials: Credentials::fixed(
            variable("AWS_ACCESS_KEY_ID"),
            variable("AWS_SECRET_ACCESS_KEY"),
            None,
        ),
        endpoint_url: Some(variable("AWS_ENDPOINT_URL_FIREHOSE")),
        trust_store: TrustStore::from_file(variable("BEACON_CA_FILE").as_ref())?,
        attempt_timeout: Duration::from_secs(2),
    };
    let config = aws_sdk_firehose::config::Builder::from(&connection.sdk_config())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled());
    let client = &Client::from_conf(config.build());
    run(service_fn(async move |_event: LambdaEvent<IgnoredAny>| {
        let record = Record::builder()
            .data(Blob::new(vec![b'x'; RECORD_BYTES]))
            .build()?;
        client
            .put_record()
            .delivery_stream_name("hits")
            .record(record)
            .send()
            .await?;
        Ok::<_, Error>(json!({"statusCode": 204}))
    }))
    .await
}
