//! An HTTPS client for the SDK, built once at start.

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, TlsContext, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};

use crate::trust_store::TrustStore;

/// The longest time to establish a TCP and TLS connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Builds an HTTPS client that trusts `trust_store`, for an SDK client or for `aws-config`.
///
/// A request that is not answered within `attempt_timeout`, connecting included, fails and closes its connection.
///
/// The TLS configuration is made here and once; the SDK's own builder would make it for its checks, throw it away and
/// make it again.
pub fn https_client(trust_store: TrustStore, attempt_timeout: Duration) -> SharedHttpClient {
    let connector = connector(trust_store, attempt_timeout);
    http_client_fn(move |_settings, _components| connector.clone())
}

/// Builds what [`https_client`] sends requests with.
pub(crate) fn connector(trust_store: TrustStore, attempt_timeout: Duration) -> SharedHttpConnector {
    let context = TlsContext::builder()
        .with_trust_store(trust_store.into())
        .build()
        .expect("a context of a trust store alone is always complete");
    let connector = Connector::builder()
        .connector_settings(
            HttpConnectorSettings::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(attempt_timeout)
                .build(),
        )
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build();
    SharedHttpConnector::new(connector)
}
