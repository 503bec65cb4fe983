//! What every Lambda function behind HTTP needs, whatever it does with a request. Suggested reading order:
//!
//! - [`start`]: from the settings to the last invocation
//! - [`environment`]: what Lambda tells every function
//! - [`event`]: what Lambda hands over, in four shapes, as one kind of request
//! - `event_fields`: the members of an event, read in one pass
//! - [`response`]: a response in the shape of its event
//! - [`log`]: log lines as JSON
//! - [`clock`]: the wall clock

pub mod clock;
pub mod environment;
pub mod event;
mod event_fields;
pub mod log;
pub mod response;
pub mod start;
