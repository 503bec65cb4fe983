//! The beacon on one machine: the `beacon` command with its HTTP server, its Firehose endpoint, its local
//! lake and its SQL.
//!
//! Suggested reading order: `cli` → `serve` → `server` → `firehose_api` → `firehose_sink` → `metrics`, then
//! `query` → `questions` → `engine` → `output`.

pub mod cli;
pub mod engine;
pub mod lake_args;
pub mod logging;
pub mod output;
pub mod query;
pub mod questions;
pub mod serve;
