//! Serves the beacon on one machine: records pixel requests and Firehose records in a spool, and delivers the spool to
//! a lake or a stream.
//!
//! Suggested reading order: [`app`] → [`pixel`] → [`salts`] → [`country_file`],
//! [`range_file`] → [`transport`] → [`firehose_api`] →
//! [`firehose_sink`] → [`admin`] → [`metrics`] → [`health`] → [`pages`].
//!
//! **Invariant:** this crate never links the SQL engine, so that it builds and its tests run in seconds. It has no
//! arguments and doesn't read the environment, and gets the wall clock from its caller: its caller hands it [`app::ServeOptions`].

pub mod admin;
pub mod app;
pub mod country_file;
pub mod firehose_api;
pub mod firehose_sink;
pub mod health;
pub mod metrics;
pub mod pages;
pub mod pixel;
mod port_holder;
pub mod range_file;
pub mod salts;
pub mod transport;
mod watched_file;
