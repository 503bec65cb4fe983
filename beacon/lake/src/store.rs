//! The client of an object store, set up from the variables of AWS.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use url::Url;

/// Time after which the store's client gives a request up.
const CLIENT_RETRIES: Duration = Duration::from_secs(30);
/// Time limit of one request with its body, which has tens of megabytes at most.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(300);

/// The region that the client takes where none is set.
const DEFAULT_REGION: &str = "us-east-1";

/// The settings of a store's client, for the message when it does not answer. Holds no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoreSetup {
    region: Option<String>,
    endpoint: Option<String>,
    /// Named by the environment; else the machine's role is asked for them.
    pub(crate) has_credentials: bool,
}

impl fmt::Display for StoreSetup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.region {
            Some(region) => write!(formatter, "region {region}")?,
            None => write!(
                formatter,
                "region {DEFAULT_REGION}, as AWS_REGION is not set"
            )?,
        }
        match &self.endpoint {
            Some(endpoint) => write!(formatter, ", endpoint {endpoint}"),
            None => write!(formatter, ", AWS's own endpoint"),
        }
    }
}

impl StoreSetup {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "AWS_REGION" => self.region = Some(value.to_owned()),
            "AWS_DEFAULT_REGION" => {
                self.region.get_or_insert_with(|| value.to_owned());
            }
            "AWS_ENDPOINT_URL_S3" => self.endpoint = Some(value.to_owned()),
            "AWS_ENDPOINT_URL" | "AWS_ENDPOINT" => {
                self.endpoint.get_or_insert_with(|| value.to_owned());
            }
            "AWS_ACCESS_KEY_ID"
            | "AWS_WEB_IDENTITY_TOKEN_FILE"
            | "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
            | "AWS_CONTAINER_CREDENTIALS_FULL_URI" => self.has_credentials = true,
            _ => {}
        }
    }
}

/// Returns the client of the store that `url` names, and its configuration.
pub(crate) fn s3(
    url: &Url,
    variables: impl Iterator<Item = (String, String)>,
) -> object_store::Result<(Arc<dyn ObjectStore>, StoreSetup)> {
    // Delivery itself tries again for as long as it takes; what the client does not manage soon is to be
    // logged and counted. One request may take long all the same: an object goes over a slow line at once.
    let retry = RetryConfig {
        max_retries: 3,
        retry_timeout: CLIENT_RETRIES,
        ..RetryConfig::default()
    };
    let client = ClientOptions::new().with_timeout(REQUEST_TIMEOUT);
    let mut builder = AmazonS3Builder::new()
        .with_url(url.as_str())
        .with_retry(retry)
        .with_client_options(client);
    let mut setup = StoreSetup::default();
    let mut plain_http = false;
    for (name, value) in variables.filter(|(name, _)| name.starts_with("AWS_")) {
        if name.starts_with("AWS_ENDPOINT_URL") && value.starts_with("http://") {
            plain_http = true;
        }
        setup.take(&name, &value);
        // Variables of other AWS tools are none of ours.
        if let Ok(key) = AmazonS3ConfigKey::from_str(&name.to_ascii_lowercase()) {
            builder = builder.with_config(key, value);
        }
    }
    if plain_http {
        // An endpoint without TLS was asked for by name: MinIO on this machine.
        builder = builder.with_allow_http(true);
    }
    Ok((Arc::new(builder.build()?), setup))
}
