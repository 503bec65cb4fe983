//! Serves pages beside a running server, with the limits of its other listeners.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;

use crate::transport::{Capacity, RouterListener, RouterOptions, TransportMetrics, bind};

/// Pages are only read: a request has no body.
const MAX_BODY_BYTES: usize = 1024;

/// The longest time for requests in progress on shutdown.
const GRACE: Duration = Duration::from_secs(1);

/// A listener that serves pages. It ends by [`Pages::stop`].
pub struct Pages(RouterListener);

impl Pages {
    /// Serves `app` at `listen`, on the runtime of the caller; port 0 takes a free one.
    ///
    /// On a loopback address it answers to names of this machine only.
    ///
    /// # Errors
    /// Returns an error if the address can't be listened on, as when it is taken.
    pub fn serve(name: &'static str, listen: SocketAddr, app: Router) -> io::Result<Pages> {
        let connections = Capacity::of_process().side_connections;
        let options = RouterOptions {
            app,
            max_body_bytes: MAX_BODY_BYTES,
            grace: GRACE,
            connections,
            checks_host: true,
        };
        // Nobody looks at the metrics of pages.
        let listener = TransportMetrics::default().listener(name, connections);
        let socket = bind(None, listen, 1)?.remove(0);
        RouterListener::start(socket, listener, options).map(Pages)
    }

    /// Returns the address, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Answers the requests under way, and ends.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}
