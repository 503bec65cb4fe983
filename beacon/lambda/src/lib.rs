//! Runs the pixel as an AWS Lambda function. Suggested reading order:
//!
//! - [`config`]: the environment, read once
//! - [`handler`]: the request through the core to the stream
//! - [`salts`]: the day's salt, by which the core knows a visitor for a day
//! - [`salt_table`]: the table that all environments have the salt from

pub mod config;
pub mod handler;
pub mod salt_table;
pub mod salts;
