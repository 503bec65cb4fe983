//! The beacon on one machine: the `beacon` command with its server, its local lake and its SQL.
//!
//! Suggested reading order: `cli` → `query` → `engine` → `output`, then `serve` → `dashboard`, `replay`, `demo` and
//! `cost`. The server itself is the crate `beacon-server`, the dashboard's API and page are `beacon-dashboard`.

pub mod cli;
mod failure;
pub mod logging;

pub mod schema_command;
pub mod snippet;

pub mod engine;
pub mod output;
pub mod query;

pub mod dashboard;
pub mod serve;

pub mod demo;
pub mod replay;
pub mod report;

pub mod cost;
