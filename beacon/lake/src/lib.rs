//! Stores the hits of one machine: in a spool that is durable before a hit is answered, then as Parquet in Hive
//! partitions. A snapshot shows readers both.
//!
//! [`Spool`] takes lines, [`Delivery`] turns its closed files into objects of a [`Lake`], and [`snapshot()`] pins the
//! files that hold all hits at one moment. `examples/deliver_hit.rs` runs these steps once.
//!
//! Suggested reading order: [`Spool`] → `spool::queue` → `spool::writer_thread` → `spool::writer`, `spool::frame` →
//! [`Delivery`] → `delivery::worker` → `rows`, `delivery::object` → `delivery::publish` → [`snapshot()`]. Beside them:
//! [`Lake`] with `location`, `store`, `access_check` and [`Prefix`]; `disk` with its model, `spool::lock` and
//! `spool::reserve`; [`SpoolName`] and `object_name`; [`deaggregate`], [`convert_record`] and [`write_error_record`]
//! for records of other producers; [`ReplayWriter`]; [`Event`] and [`Clock`].
//!
//! **Architecture invariant:** lines are answered as recorded only after their frame, and the name of its file, are
//! synced. A frame is whole or it is not there.
//!
//! **Architecture invariant:** delivery publishes an object before it removes the spool file; a reader opens the spool
//! files before it lists the objects. So each hit is seen once, at any moment.
//!
//! **Architecture invariant:** the names of objects derive from the spool file, or from a replay's lines. A second try
//! meets the work of the first.
//!
//! **Architecture invariant:** every file operation that durability depends on goes through `disk`, which the crash
//! tests put a model in front of.
//!
//! **Architecture invariant:** no module imports one that imports it, directly or through others.

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

pub use access_check::check_writable;
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
    SpoolError, SpoolFile, SpoolKind, SpoolLines, SpoolName, SpoolOptions, SpoolState, SpoolWriter,
    inspect_spool, oldest_undelivered_ms, reserve_bytes,
};
