//! Where closed spool files go.

use std::error::Error;
use std::path::PathBuf;

use beacon_core::schema::Schema;
use futures::future::BoxFuture;

use crate::file_format::FileFormat;
use crate::lake::Lake;

/// An error of a sink that this crate does not know.
pub type SinkError = Box<dyn Error + Send + Sync>;

/// Sends all lines of the spool file at the path ([`crate::SpoolFile::lines`] reads them) and says how many hits
/// they were. It is called again with the same file until it succeeds.
pub type SendFile =
    Box<dyn Fn(PathBuf) -> BoxFuture<'static, Result<u64, SinkError>> + Send + Sync>;

/// Where closed spool files go.
pub enum Sink {
    /// Objects in a lake.
    Lake {
        /// Which.
        lake: Lake,
        /// What the objects are.
        format: FileFormat,
        /// The table.
        schema: Schema,
    },
    /// Anything else, such as a Firehose stream. Takes hits only: error lines stay in the spool until a
    /// lake takes them.
    Forward(SendFile),
}
