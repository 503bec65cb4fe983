//! The beacon as an AWS Lambda function. Suggested reading order:
//!
//! - [`environment`]: what Lambda tells every function
//! - [`config`]: the environment, read once
//! - [`event`]: what Lambda hands over, in four shapes, as one kind of request
//! - [`handler`]: the request through the core to the stream
//! - [`answer`]: the response in the shape of its event
//! - [`log`]: log lines as JSON
//! - [`clock`]: the wall clock
//! - [`start`]: from the settings to the last invocation

pub mod answer;
pub mod clock;
pub mod config;
pub mod environment;
pub mod event;
mod fields;
pub mod handler;
pub mod log;
pub mod start;
