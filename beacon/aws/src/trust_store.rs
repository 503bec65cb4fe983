//! The certificates that an endpoint's own must lead to.

use std::path::{Path, PathBuf};

use aws_smithy_http_client::tls;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Amazon's own roots; `roots/README.md` has their source.
const AMAZON_ROOTS: &[u8] = include_bytes!("../roots/amazon.pem");

/// One or more root certificates, each known to parse.
#[derive(Debug, Clone)]
pub struct TrustStore {
    pem: Vec<u8>,
}

impl TrustStore {
    /// Returns Amazon's five roots, which sign every AWS endpoint.
    pub fn amazon() -> TrustStore {
        TrustStore {
            pem: AMAZON_ROOTS.to_vec(),
        }
    }

    /// Reads the certificates of a PEM file, to trust instead of Amazon's (`BEACON_CA_FILE`).
    ///
    /// # Errors
    /// When the file can't be read, is not PEM, holds no certificate or one that is not a root.
    pub fn from_file(path: &Path) -> Result<TrustStore, TrustStoreError> {
        let pem = std::fs::read(path).map_err(|source| TrustStoreError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|source| TrustStoreError::NotPem {
                path: path.to_owned(),
                source,
            })?;
            store
                .add(certificate)
                .map_err(|source| TrustStoreError::NotARoot {
                    path: path.to_owned(),
                    source,
                })?;
        }
        if store.is_empty() {
            return Err(TrustStoreError::Empty {
                path: path.to_owned(),
            });
        }
        Ok(TrustStore { pem })
    }
}

/// Errors in a file of root certificates. Each message names the file.
#[derive(Debug, thiserror::Error)]
pub enum TrustStoreError {
    /// The file can't be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The file is not PEM.
    #[error("{} is not a PEM file: {source:?}", path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// The parser's error.
        source: rustls::pki_types::pem::Error,
    },
    /// A certificate in it can't be a root.
    #[error("{} holds a certificate that cannot be trusted as a root: {source}", path.display())]
    NotARoot {
        /// The file.
        path: PathBuf,
        /// The parser's error.
        source: rustls::Error,
    },
    /// There is no certificate in it.
    #[error("{} holds no certificate (expected -----BEGIN CERTIFICATE-----)", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

impl From<TrustStore> for tls::TrustStore {
    fn from(trust_store: TrustStore) -> tls::TrustStore {
        tls::TrustStore::empty().with_pem_certificate(trust_store.pem)
    }
}

#[cfg(test)]
mod tests;
