//! The SDK client and its HTTPS connection, built once at start.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_firehose::config::{
    BehaviorVersion, IdentityCache, Region, StalledStreamProtectionConfig,
};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Amazon's own roots; `roots/README.md` has their source.
const AMAZON_ROOTS: &[u8] = include_bytes!("../roots/amazon.pem");

/// How long a TCP and TLS connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Where the streams are and how to reach them.
#[derive(Debug, Clone)]
pub struct Connection {
    /// AWS region, also the one that requests are signed for.
    pub region: String,
    /// Credentials to sign with: fixed ones in a Lambda, a chain that renews them elsewhere.
    pub credentials: Credentials,
    /// Another endpoint than the region's (`AWS_ENDPOINT_URL_FIREHOSE`).
    pub endpoint_url: Option<String>,
    /// The certificates to trust.
    pub roots: Roots,
    /// How long one attempt may take, connecting included. After it the connection is given up, so this
    /// is also what a connection costs that died without a word, as in a frozen Lambda environment.
    pub attempt_timeout: Duration,
}

/// Who signs the requests.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// The same for the life of the process, as Lambda puts them into the environment. Nothing is cached
    /// and no expiry watched.
    Fixed(aws_credential_types::Credentials),
    /// Asked again when they expire, as `aws-config`'s default chain wants it.
    Chain(SharedCredentialsProvider),
}

impl Credentials {
    /// Fixed credentials from the three values that Lambda sets.
    pub fn fixed(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Credentials {
        Credentials::Fixed(aws_credential_types::Credentials::new(
            access_key_id,
            secret_access_key,
            session_token,
            None,
            "Environment",
        ))
    }
}

/// Certificates that an endpoint's own must lead to; at least one, each known to parse.
#[derive(Debug, Clone)]
pub struct Roots {
    pem: Vec<u8>,
}

impl Roots {
    /// Amazon's five roots, which sign every AWS endpoint.
    pub fn amazon() -> Roots {
        Roots {
            pem: AMAZON_ROOTS.to_vec(),
        }
    }

    /// The certificates of a PEM file, instead of Amazon's (`BEACON_CA_FILE`).
    ///
    /// # Errors
    /// When the file can't be read, is not PEM, holds no certificate or one that is not a root.
    pub fn from_file(path: &Path) -> Result<Roots, ConnectionError> {
        let pem = std::fs::read(path).map_err(|source| ConnectionError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|source| ConnectionError::NotPem {
                path: path.to_owned(),
                source,
            })?;
            store
                .add(certificate)
                .map_err(|source| ConnectionError::NotARoot {
                    path: path.to_owned(),
                    source,
                })?;
        }
        if store.is_empty() {
            return Err(ConnectionError::Empty {
                path: path.to_owned(),
            });
        }
        Ok(Roots { pem })
    }
}

/// Why a file of roots can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The file can't be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not PEM.
    #[error("{} is not a PEM file: {source:?}", path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        source: rustls::pki_types::pem::Error,
    },
    /// A certificate in it can't be a root.
    #[error("{} holds a certificate that cannot be trusted as a root: {source}", path.display())]
    NotARoot {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        source: rustls::Error,
    },
    /// There is no certificate in it.
    #[error("{} holds no certificate (expected -----BEGIN CERTIFICATE-----)", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

/// An HTTPS client that trusts `roots`, for the SDK or for `aws-config`.
///
/// Its TLS configuration is made here and once; the SDK's own builder would make it for its checks, throw
/// it away and make it again.
pub fn https_client(roots: Roots, attempt_timeout: Duration) -> SharedHttpClient {
    let context = TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(roots.pem))
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
    let connector = SharedHttpConnector::new(connector);
    http_client_fn(move |_settings, _components| connector.clone())
}

impl Connection {
    /// The SDK's client. Its own retries are off: it does not retry the entries of a batch, and two
    /// layers of retries would multiply.
    pub fn client(self) -> aws_sdk_firehose::Client {
        let mut config = aws_sdk_firehose::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(self.region))
            .http_client(https_client(self.roots, self.attempt_timeout))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(self.endpoint_url);
        config = match self.credentials {
            Credentials::Fixed(credentials) => config
                .credentials_provider(credentials)
                .identity_cache(IdentityCache::no_cache()),
            Credentials::Chain(provider) => config.credentials_provider(provider),
        };
        aws_sdk_firehose::Client::from_conf(config.build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazons_roots_parse() {
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(AMAZON_ROOTS) {
            store.add(certificate.unwrap()).unwrap();
        }
        assert_eq!(store.len(), 5);
    }

    #[test]
    fn a_file_of_roots_is_checked_when_it_is_read() {
        #[track_caller]
        fn check(name: &str, content: Option<&str>, expected: &str) {
            let path =
                std::env::temp_dir().join(format!("beacon-roots-{}-{name}", std::process::id()));
            if let Some(content) = content {
                std::fs::write(&path, content).unwrap();
            }
            let error = Roots::from_file(&path).unwrap_err().to_string();
            if content.is_some() {
                std::fs::remove_file(&path).unwrap();
            }
            assert!(
                error.contains(expected),
                "{error:?} does not say {expected:?}"
            );
        }
        check("absent", None, "cannot read");
        check("empty", Some(""), "holds no certificate");
        check("text", Some("not a certificate"), "holds no certificate");
        check(
            "open",
            Some("-----BEGIN CERTIFICATE-----\nMIID\n"),
            "is not a PEM file",
        );
        check(
            "garbage",
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "cannot be trusted as a root",
        );
    }
}
