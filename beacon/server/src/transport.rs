//! Serves HTTP/1.1 on every listener: hyper, what a pixel needs beyond it, and the limits of connections.
//!
//! Suggested reading order: `accept` takes connections and hands requests to an `HttpService`; `stream` is the socket as
//! hyper sees it, and `request_target` encodes targets in it; `connection` and `connections` find who is slow or idle,
//! and close; `body` reads bodies; `host` checks `Host`; `listeners` opens sockets; `router` serves an axum router, by
//! `router_tasks`; `limits` names each limit once; `metrics` counts.
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
mod router_tasks;
mod stream;

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Request, Response};

pub use limits::Capacity;
pub use listeners::{InheritedSockets, UnknownSocket};
pub use metrics::{ListenerMetrics, TransportMetrics};

pub(crate) use accept::AcceptLoop;
pub(crate) use body::{IncompleteBody, ReceivedBody, content_length_exceeds, has_body, read_body};
pub(crate) use connections::OpenConnection;
pub(crate) use host::{HostRule, check_host};
pub(crate) use listeners::{ListeningSocket, bind};
pub(crate) use metrics::Refusal;
pub(crate) use router::{RouterListener, RouterOptions};
pub(crate) use router_tasks::RouterTasks;

/// Responds to the requests of a listener, on the thread of their connection.
pub(crate) trait HttpService: 'static {
    /// Returns the future of the response to `request`. Whatever must not be lost with the connection is done before
    /// this returns, because the future may be dropped unpolled.
    ///
    /// # Errors
    /// The future returns [`IncompleteBody`] if the client went away before its request was whole.
    fn respond(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        connection: &OpenConnection,
    ) -> impl Future<Output = Result<Response<Full<Bytes>>, IncompleteBody>>;

    /// Returns the whole response, head and body, to a request whose head is too large for hyper. `None` leaves it at
    /// hyper's own, which is the status alone. `start` is the beginning of the request line.
    fn large_head_response(&self, start: &[u8]) -> Option<Vec<u8>>;
}
