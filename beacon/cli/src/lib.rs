//! Provides the `beacon` command: its arguments, its environment, and what each command does with the other crates.
//!
//! Suggested reading order: [`cli`] → [`commands`] → [`dashboard`]. The server is the crate `beacon-server`, the
//! engine `beacon-query`, the dashboard's API and page `beacon-dashboard`.

mod amount;
mod args;
pub mod cli;
mod clock;
#[cfg(test)]
mod engine_fixture;
mod environment;
mod failure;
mod lake_source;
pub mod logging;
#[cfg(test)]
mod settings_file;
mod user;

pub mod commands;

pub mod dashboard;
