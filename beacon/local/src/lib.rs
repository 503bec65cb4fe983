//! The beacon on one machine: the `beacon` command with its HTTP server, its Firehose endpoint, its local
//! lake and its SQL.
//!
//! Suggested reading order: `cli` → `serve` → `server` → `firehose_api` → `firehose_sink` → `metrics`, then
//! `query` → `questions` → `engine` → `output`, then `replay` and `demo`.

pub mod cli;
pub mod config;
pub mod lake_args;
pub mod logging;

mod clock;
pub mod firehose_api;
pub mod firehose_sink;
pub mod metrics;
pub mod monitor;
pub mod serve;
pub mod server;

pub mod schema_command;

pub mod engine;
pub mod output;
pub mod query;
pub mod questions;

pub mod demo;
pub mod replay;
