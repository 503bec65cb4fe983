//! `beacon serve`: pixel requests and Firehose calls into one spool, and from there into a lake or a stream.
//!
//! Suggested reading order: `serve` → `server` → `transport` → `firehose_api` → `firehose_sink` → `metrics` →
//! `health` → `monitor`; beside
//! them what the other commands share: `config`, `lake_args`, `clock`.
//!
//! **Invariant:** this crate never links the SQL engine, so that it builds and its tests run in seconds.

pub mod clock;
pub mod config;
pub mod lake_args;

pub mod firehose_api;
pub mod firehose_sink;
pub mod health;
pub mod metrics;
pub mod monitor;
pub mod serve;
pub mod server;
pub mod transport;
