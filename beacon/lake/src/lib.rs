//! The lake of one machine: lines are safe on disk before they are answered, become Parquet files in Hive
//! partitions, and can be read at any moment, exactly once, from whichever of the two places they are in.
//!
//! Modules in suggested reading order: a batch comes into `spool`, whose thread puts it into a file through
//! `writer`; `delivery` makes an object of a closed file; `snapshot` is what a reader sees.

mod access_check;
mod clock;
mod deaggregation;
mod delivery;
mod disk;
mod error;
mod error_records;
mod events;
mod file_format;
mod lake;
mod location;
mod object_name;
mod prefix;
mod record_conversion;
mod recurring;
mod replay;
mod rows;
mod schema;
mod snapshot;
mod spool;
mod store;

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod testing;

pub use clock::Clock;
pub use deaggregation::deaggregate;
pub use delivery::{Delivery, SendFile, Sink, SinkError};
pub use error::LakeError;
pub use error_records::write_error_record;
pub use events::{Event, Observer};
pub use file_format::FileFormat;
pub use lake::Lake;
pub use prefix::{DEFAULT_ERROR_PREFIX, DEFAULT_PREFIX, Prefix, PrefixError};
pub use record_conversion::{ConversionError, ConvertedRecord, convert_record};
pub use recurring::{Due, RECURRING_INTERVAL, Recurring};
pub use replay::{ReplayWriter, Replayed};
pub use rows::{SpoolBatches, read_spool};
pub use schema::arrow_schema;
pub use snapshot::{DENIED, DataFile, LeftOut, Snapshot, snapshot};
pub use spool::{
    AppendError, DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, DEFAULT_STREAM, Spool,
    SpoolError, SpoolFile, SpoolKind, SpoolLines, SpoolName, SpoolOptions, SpoolWriter,
    oldest_undelivered_ms, reserve_bytes,
};
