//! Connects to the destination of hits, and checks that it can be reached.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use beacon_core::schema::Schema;
use beacon_lake::{FileFormat, Lake, Sink, oldest_undelivered_ms};

use crate::firehose_sink;

/// The longest time for the destination to respond at the start.
const ACCESS_CHECK_TIMEOUT: Duration = Duration::from_secs(15);

/// The destination of hits.
pub enum Destination {
    /// Files of a lake.
    Lake {
        /// The lake.
        lake: Lake,
        /// The format of its files.
        format: FileFormat,
    },
    /// A Firehose stream on AWS.
    Stream(beacon_firehose::Stream),
}

impl Destination {
    /// Returns the sink that delivers spool files here.
    pub(super) fn sink(self, schema: Schema) -> Sink {
        match self {
            Destination::Lake { lake, format } => Sink::Lake {
                lake,
                format,
                schema,
            },
            Destination::Stream(stream) => firehose_sink::sink(stream),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::Lake { lake, .. } => write!(formatter, "{lake}"),
            Destination::Stream(stream) => write!(formatter, "Firehose stream {}", stream.name()),
        }
    }
}

/// Checks the destination before a hit depends on it.
///
/// Where hits of an earlier run wait in the spool, this setup has worked before, and a destination that is down for a
/// while must not cost the hits that the spool could take meanwhile: then the failure is logged, and `/health` reports it.
pub(super) async fn check_destination(
    destination: &Destination,
    spool: &Path,
) -> anyhow::Result<()> {
    let tried = match destination {
        Destination::Lake { lake, .. } => {
            tokio::time::timeout(ACCESS_CHECK_TIMEOUT, lake.check_access())
                .await
                .map_err(|_elapsed| lake.unanswered(ACCESS_CHECK_TIMEOUT))
                .and_then(|tried| tried)
                .map_err(anyhow::Error::from)
        }
        Destination::Stream(stream) => {
            firehose_sink::check_access(stream, ACCESS_CHECK_TIMEOUT).await
        }
    };
    let Err(error) = tried else { return Ok(()) };
    match oldest_undelivered_ms(spool) {
        Ok(Some(_)) => {
            tracing::error!(
                error = format!("{error:#}"),
                "hits can't be delivered now; they are kept in the spool, where hits of an earlier run wait already"
            );
            Ok(())
        }
        _ => Err(error),
    }
}
