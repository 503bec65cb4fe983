//! Connects to AWS in the same way for every service and every program.
//!
//! Suggested reading order:
//!
//! - [`trust_store`]: the root certificates to trust
//! - [`https_client()`]: an HTTPS client that trusts them, built once
//! - [`credentials`]: who signs the requests
//! - [`connection`]: all of these as the configuration of an SDK client
//! - `default_chain` (feature `default-chain`): region and credentials as the AWS CLI finds them
//! - `service_call` (features `json-call`, `service-call`): single signed calls to services whose SDK isn't linked
//! - [`timestamp`]: the form of a log line's timestamp that AWS reads

pub mod connection;
pub mod credentials;
#[cfg(feature = "default-chain")]
pub mod default_chain;
pub mod https_client;
#[cfg(feature = "json-call")]
pub mod service_call;
pub mod timestamp;
pub mod trust_store;

pub use connection::Connection;
pub use credentials::Credentials;
pub use https_client::https_client;
pub use trust_store::{TrustStore, TrustStoreError};
