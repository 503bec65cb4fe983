//! Region and credentials as the AWS CLI finds them: variables, profiles, single sign-on, the machine's role.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_types::region::Region;

use crate::connection::Connection;
use crate::credentials::Credentials;
use crate::https_client::https_client;
use crate::trust_store::TrustStore;

/// The reason why the chain gives no connection.
#[derive(Debug, thiserror::Error)]
pub enum DefaultChainError {
    /// Neither the environment nor a profile names a region.
    #[error("there is no AWS region: set AWS_REGION, or a profile that has one")]
    NoRegion,
    /// No provider of the chain has credentials.
    #[error(
        "there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
    )]
    NoCredentials {
        /// The chain's own error, where it was asked.
        source: Option<CredentialsError>,
    },
}

/// Returns a connection with the region and credentials that the AWS CLI would use.
///
/// `region` is taken instead of the CLI's, if it is given.
///
/// The chain's own requests, such as those to STS, trust `trust_store` too.
///
/// # Errors
/// Returns an error if there is no region, or if no provider of the chain has credentials.
pub async fn connection(
    region: Option<String>,
    trust_store: TrustStore,
    attempt_timeout: Duration,
) -> Result<Connection, DefaultChainError> {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(https_client(trust_store.clone(), attempt_timeout));
    if let Some(region) = region {
        loader = loader.region(Region::new(region));
    }
    let config = loader.load().await;
    let region = config.region().ok_or(DefaultChainError::NoRegion)?;
    let provider = config
        .credentials_provider()
        .ok_or(DefaultChainError::NoCredentials { source: None })?;
    // Asked for now, because nobody looks at the first delivery.
    provider
        .provide_credentials()
        .await
        .map_err(|error| DefaultChainError::NoCredentials {
            source: Some(error),
        })?;
    Ok(Connection {
        region: region.to_string(),
        credentials: Credentials::Chain(provider),
        endpoint_url: None,
        trust_store,
        attempt_timeout,
    })
}
