//! The lake of one machine: lines are safe on disk before they are answered, become Parquet files in Hive
//! partitions, and can be read at any moment, exactly once, from whichever of the two places they are in.
//!
//! Modules in suggested reading order: a batch comes into `spool`, whose thread puts it into a file through
//! `writer`; `delivery` makes an object of a closed file; `snapshot` is what a reader sees.

// Blank lines keep rustfmt from sorting the list.

mod spool;

mod writer;

mod frame;

mod name;

mod spool_file;

mod lock;

mod reserve;

mod disk;

mod delivery;

mod object;

mod publish;

mod lake;

mod store;

mod trial;

mod prefix;

mod snapshot;

mod folder;

mod rows;

mod schema;

mod check;

mod documents;

mod error_objects;

mod replay;

mod observe;

mod clock;

mod recurring;

#[cfg(test)]
mod crash_test;

#[cfg(test)]
mod delivery_test;

#[cfg(test)]
mod test_view;

pub use check::{CheckedLine, Refused, check_line};
pub use clock::Clock;
pub use delivery::{Delivery, SendFile, Sink, SinkError};
pub use documents::documents;
pub use error_objects::error_line;
pub use lake::{Format, Lake, LakeError};
pub use name::{Kind, SpoolName};
pub use observe::{Event, Observer, unobserved};
pub use prefix::{DEFAULT_ERROR_PREFIX, DEFAULT_PREFIX, Prefix, PrefixError};
pub use recurring::{Due, RECURRING_INTERVAL, Recurring};
pub use replay::{ReplayWriter, Replayed};
pub use reserve::reserve_bytes;
pub use rows::{SpoolBatches, read_spool};
pub use schema::arrow_schema;
pub use snapshot::{DENIED, DataFile, LeftOut, Snapshot, snapshot};
pub use spool::{
    DEFAULT_BUFFER_INTERVAL, DEFAULT_BUFFER_SIZE_BYTES, DEFAULT_STREAM, Spool, SpoolError,
    SpoolOptions, SpoolWriter,
};
pub use spool_file::{
    SpoolFile, SpoolLines, drain_file, is_spool_file, oldest_undelivered_ms, spool_lines,
};
pub use writer::Lost;
