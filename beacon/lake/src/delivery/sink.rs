//! The destinations of closed spool files.

use std::error::Error;
use std::path::PathBuf;

use beacon_core::schema::Schema;
use futures::future::BoxFuture;

use crate::file_format::FileFormat;
use crate::lake::Lake;

/// The error of a [`Sink::Forward`].
pub type SinkError = Box<dyn Error + Send + Sync>;

/// Sends all lines of the spool file at the path and returns the number of hits. [`crate::SpoolFile::lines`] reads
/// them.
///
/// It is called again with the same file until it succeeds.
pub type SendFile =
    Box<dyn Fn(PathBuf) -> BoxFuture<'static, Result<u64, SinkError>> + Send + Sync>;

/// The destination of closed spool files.
pub enum Sink {
    /// Converts files into objects of a lake.
    Lake {
        /// The lake.
        lake: Lake,
        /// The format of its objects.
        format: FileFormat,
        /// The columns of the table.
        schema: Schema,
    },
    /// Forwards lines elsewhere, such as to a Firehose stream. It takes hits only: error records stay in the spool
    /// until a lake takes them.
    Forward(SendFile),
}
