//! The server of one machine: pixel requests and Firehose calls into one spool, and from there into a lake or a stream.
//!
//! Suggested reading order: [`app`] → [`pixel`] → [`transport`] → [`firehose_api`] → [`firehose_sink`] → [`metrics`] →
//! [`health`] → [`admin`] → [`pages`].
//!
//! **Invariant:** this crate never links the SQL engine, so that it builds and its tests run in seconds. It has no
//! arguments and reads no environment: its caller hands it [`app::ServeOptions`].

pub mod app;

pub mod pixel;

pub mod transport;

pub mod firehose_api;

pub mod firehose_sink;

pub mod metrics;

pub mod health;

pub mod admin;

pub mod pages;

mod port_holder;
