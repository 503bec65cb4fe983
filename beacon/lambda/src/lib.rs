//! Runs the pixel as an AWS Lambda function. Suggested reading order:
//!
//! - [`config`]: the environment, read once
//! - [`handler`]: the request through the core to the stream

pub mod config;
pub mod handler;
