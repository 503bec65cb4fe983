//! The pixel's HTTP server: one thread per worker, each with a runtime, a listener and connections of its own.
//!
//! **Invariant:** a request that records a hit is answered after the hit is on disk. Nothing waits in order to
//! make a batch larger: while one batch of a worker is being written, the hits that arrive form the next.

mod batch;
mod refusal;
mod response;
mod service;
mod worker;

use std::io;
use std::net::SocketAddr;
use std::thread;

use tokio::sync::{oneshot, watch};

use crate::transport::{Capacity, InheritedSockets, bind};
pub use service::PixelService;
use worker::Worker;

/// The name of the listener in the metrics, and of its inherited socket.
const LISTENER: &str = "pixel";

/// The pixel's server, whose workers are running. It ends by [`PixelServer::stop`].
#[derive(Debug)]
pub struct PixelServer {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    workers: Vec<oneshot::Receiver<()>>,
}

impl PixelServer {
    /// Listens on `address` and serves with `workers` threads; port 0 takes a free port.
    ///
    /// # Errors
    /// Returns an error if the address can't be listened on or a thread can't be started.
    pub fn start(
        address: SocketAddr,
        workers: usize,
        service: &PixelService,
    ) -> io::Result<PixelServer> {
        let (capacity, mut none) = (Capacity::of_process(), InheritedSockets::default());
        PixelServer::start_with(&mut none, address, workers, service, capacity)
    }

    /// Starts like [`PixelServer::start`], on an inherited socket if any, within `capacity`.
    ///
    /// # Errors
    /// Returns an error if the address can't be listened on or a thread can't be started.
    pub fn start_with(
        inherited: &mut InheritedSockets,
        address: SocketAddr,
        workers: usize,
        service: &PixelService,
        capacity: Capacity,
    ) -> io::Result<PixelServer> {
        let listeners = bind(inherited.socket(LISTENER), address, workers)?;
        let address = listeners[0].socket.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let mut finished = Vec::with_capacity(workers);
        let limit = capacity.pixel_connections.div_ceil(workers);
        let transport = &service.metrics.transport;
        let counted = transport.listener(LISTENER, limit * workers);
        for (number, listening) in listeners.into_iter().enumerate() {
            let (done, wait) = oneshot::channel();
            let (service, stopping) = (service.clone(), stopping.clone());
            let counted = counted.clone();
            thread::Builder::new()
                .name(format!("pixel-{number}"))
                .spawn(move || {
                    let worker = Worker::new(service);
                    if let Err(error) = worker.run(listening, stopping, counted, limit) {
                        tracing::error!(%error, "a worker of the pixel's server could not start");
                    }
                    // Whoever started the server may have gone without waiting for its end.
                    done.send(()).ok();
                })?;
            finished.push(wait);
        }
        Ok(PixelServer {
            address,
            stop,
            workers: finished,
        })
    }

    /// Returns the address, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops gracefully: accepts the connections that wait, responds to their requests, and closes. Slow clients are cut
    /// off after 10 s.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for worker in self.workers {
            // A worker that panicked has ended as well.
            worker.await.ok();
        }
    }
}
