//! Records to Amazon Data Firehose.
//!
//! The Lambda and `beacon serve --firehose` hand over complete NDJSON lines and a time budget, and get
//! back which lines were not accepted and why. Suggested reading order:
//!
//! - `pack`: lines into records, records into batches
//! - `reason`: what an error means for the lines: try again, or give up
//! - [`stream`]: the put itself, with its retries
//! - [`unsent`]: what could not be sent, as a log line, and that line read back

mod pack;
mod reason;
pub mod stream;
pub mod unsent;

pub use reason::{Kind, Reason};
pub use stream::{Put, Stream, Unsent, is_stream_name};
