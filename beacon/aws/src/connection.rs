//! The configuration that every client of the SDK starts from.

use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::credentials::Credentials;
use crate::https_client::https_client;
use crate::trust_store::TrustStore;

/// The region, credentials, endpoint and trust store for calls to one service.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The AWS region, which requests are also signed for.
    pub region: String,
    /// The source of the credentials that sign requests.
    pub credentials: Credentials,
    /// An endpoint to use instead of the region's.
    pub endpoint_url: Option<String>,
    /// The certificates to trust.
    pub trust_store: TrustStore,
    /// Limits one attempt, connecting included. After it the connection is given up, so a connection that died
    /// unnoticed, as in a frozen Lambda environment, costs this long.
    pub attempt_timeout: Duration,
}

impl Connection {
    /// Returns the configuration to build an SDK client from, with an HTTPS client of its own.
    ///
    /// Retries and timeouts are left to the caller, because they differ from service to service.
    pub fn sdk_config(self) -> SdkConfig {
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(self.region))
            .http_client(https_client(self.trust_store, self.attempt_timeout))
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(self.endpoint_url);
        config = match self.credentials {
            Credentials::Fixed(credentials) => config
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .identity_cache(IdentityCache::no_cache()),
            Credentials::Chain(provider) => config.credentials_provider(provider),
        };
        config.build()
    }
}
