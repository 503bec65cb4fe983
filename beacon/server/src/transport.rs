//! The HTTP loop of every listener: hyper, what it lacks for a pixel, and the limits of its connections.
//!
//! Suggested reading order: `accept` takes connections and hands requests to an `Answering`; `stream` is the socket as
//! hyper sees it, with `request_target`; `connection` and `connections` know who is slow, idle or to end; `body` reads
//! bodies; `host` checks `Host`; `listeners` opens sockets; `router` puts an axum service on the loop; `limits` and
//! `metrics` hold the numbers.
//!
//! **Invariant:** a request that arrived whole reaches its service, whether or not its client waits for the answer, and
//! whether or not the server is ending.

mod accept;
mod body;
mod connection;
mod connections;
mod host;
mod limits;
mod listeners;
mod metrics;
mod request_target;
mod router;
mod stream;

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Request, Response};

pub use limits::Capacity;
pub use listeners::{Inherited, UnknownSocket};
pub use metrics::{Listener, Transport};

pub(crate) use accept::Serving;
pub(crate) use body::{BrokenBody, Received, has_body, is_longer_than, read_body};
pub(crate) use connections::OpenConnection;
pub(crate) use host::{HostRule, check_host};
pub(crate) use listeners::{Listening, bind};
pub(crate) use metrics::Refusal;
pub(crate) use router::{RouterListener, RouterOptions};

/// What answers the requests of a listener. Lives on the thread of its connections.
pub(crate) trait Answering: 'static {
    /// Begins to answer a request. Whatever must not be lost with the connection is done before this returns: the
    /// future may be dropped unpolled.
    ///
    /// # Errors
    /// The future's, where the client went away before its request was whole.
    fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        connection: &OpenConnection,
    ) -> impl Future<Output = Result<Response<Full<Bytes>>, BrokenBody>>;

    /// The whole answer, head and body, to a request whose head is too large for hyper, where it is more than the
    /// status that hyper says. `start` is the beginning of its request line.
    fn too_large_head(&self, start: &[u8]) -> Option<Vec<u8>>;
}
