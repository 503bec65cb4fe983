//! The limits of all listeners, in one place. `docs/http.md` explains them and `/metrics` shows them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The longest time for a request's head, and for silence between two requests.
pub(crate) const HEAD_SECONDS: u32 = 30;

/// The longest time for a request's body.
pub(crate) const BODY_SECONDS: u32 = 30;

/// The time after which the rate of a body counts.
pub(crate) const RATE_AFTER_SECONDS: u32 = 5;

/// The least average rate of a body.
pub(crate) const LEAST_BODY_BYTES_PER_SECOND: usize = 1024;

/// The total size of request bodies in memory, over all listeners.
pub(crate) const MAX_BODIES_BYTES: usize = 64 << 20;

/// Room for a request's head: far more than any browser sends, so that long user agents and URLs pass.
pub(crate) const MAX_HEAD_BYTES: usize = 64 << 10;

/// The headers of a request that hyper takes without memory of its own for them.
pub(crate) const MAX_HEADERS: usize = 100;

/// The connections of the process, however many files it may open: each may hold a head in memory.
const MAX_CONNECTIONS: usize = 10_000;

/// Files that stay free for spool, lake, questions and calls of the process itself: a quarter, within these bounds.
const RESERVED_FILES: (usize, usize) = (64, 1024);

/// Connections of a listener that is not the pixel's: an eighth of all, within these bounds.
const SIDE_CONNECTIONS: (usize, usize) = (8, 256);

/// Listeners beside the pixel's: metrics, Firehose endpoint and dashboard.
const SIDE_LISTENERS: usize = 3;

/// A listener with fewer connections would serve nobody.
const FEWEST_CONNECTIONS: usize = 8;

/// The number of files that the process may open, and of connections that each listener may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Files and sockets that the process may have open.
    pub open_files: usize,
    /// Connections of the pixel's listener, over all its workers.
    pub pixel_connections: usize,
    /// Connections of each other listener.
    pub side_connections: usize,
}

impl Capacity {
    /// The limit of open files from which on the listeners have all the connections that they can have.
    pub const FULL_OPEN_FILES: usize = MAX_CONNECTIONS + RESERVED_FILES.1;

    /// Returns the limit of open files that this process could have; `None` for one without a limit.
    pub fn open_files_limit() -> Option<usize> {
        let files = getrlimit(Resource::Nofile).maximum?;
        usize::try_from(files).ok()
    }

    /// Raises the soft limit of open files to the hard one, and divides it.
    pub fn of_process() -> Capacity {
        let before = getrlimit(Resource::Nofile);
        let wanted = Rlimit {
            current: before.maximum,
            ..before
        };
        let files = match setrlimit(Resource::Nofile, wanted) {
            Ok(()) => wanted.current,
            Err(error) => {
                // macOS refuses more than its own constant. The server works with what it has.
                tracing::debug!(%error, "the limit of open files stays as it is");
                before.current
            }
        };
        let files = files.and_then(|files| usize::try_from(files).ok());
        Capacity::of(files.unwrap_or(usize::MAX))
    }

    /// Divides `open_files` among the listeners and the rest of the process.
    pub fn of(open_files: usize) -> Capacity {
        let reserved = (open_files / 4)
            .clamp(RESERVED_FILES.0, RESERVED_FILES.1)
            .min(open_files / 2);
        let connections = (open_files - reserved).min(MAX_CONNECTIONS);
        let side = (connections / 8).clamp(SIDE_CONNECTIONS.0, SIDE_CONNECTIONS.1);
        let pixel = connections.saturating_sub(SIDE_LISTENERS * side);
        Capacity {
            open_files,
            pixel_connections: pixel.max(FEWEST_CONNECTIONS),
            side_connections: side,
        }
    }
}

#[cfg(test)]
mod tests;
