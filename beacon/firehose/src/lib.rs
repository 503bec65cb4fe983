//! Puts records onto an Amazon Data Firehose stream.
//!
//! The Lambda and `beacon serve --firehose` pass complete NDJSON lines and a time budget, and get back the lines that
//! were not accepted, each with the reason. Suggested reading order:
//!
//! - [`stream`]: the put itself, with its retries
//! - `packing`: lines into records, records into batches
//! - [`error`]: what an error means for the lines: try again, or give up
//! - [`unsent`]: writes lines that could not be sent to a log
//!
//! **Invariant:** a line is never parsed, changed or kept; the schema of a hit is not known here.

pub mod error;
mod packing;
pub mod stream;
pub mod unsent;

pub use error::{StreamError, StreamErrorKind};
pub use stream::{Put, Stream, Unsent, is_stream_name};
