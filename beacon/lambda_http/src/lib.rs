//! Reads HTTP requests from Lambda events, and writes responses for the service in front.
//!
//! Suggested reading order:
//!
//! - [`start`]: runs a function from its settings to the last invocation
//! - [`environment`]: the variables that every function has in common
//! - [`event`]: recognizes the format of an event
//! - [`request`]: the request in an event, the same for all formats
//! - `event_fields`: the members of an event, read in one pass
//! - `query`: queries that an event has as names and values
//! - [`response`]: a response in the format of its event
//! - [`log`]: log lines as JSON
//! - [`clock`]: the wall clock

pub mod clock;
pub mod environment;
pub mod event;
mod event_fields;
pub mod log;
mod query;
pub mod request;
pub mod response;
pub mod start;

pub use event::{Event, UnknownEvent};
pub use request::{LambdaRequest, PayloadFormat};
pub use response::LambdaResponse;
