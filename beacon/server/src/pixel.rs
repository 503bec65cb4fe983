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

/// Its name in the metrics, and that of its socket.
const LISTENER: &str = "pixel";

/// The running server of the pixel.
#[derive(Debug)]
pub struct PixelServer {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    workers: Vec<oneshot::Receiver<()>>,
}

impl PixelServer {
    /// Binds `address` (port 0: any free one) and answers on it with `workers` threads.
    ///
    /// # Errors
    /// When the address can't be bound or a thread can't be started.
    pub fn start(
        address: SocketAddr,
        workers: usize,
        service: &PixelService,
    ) -> io::Result<PixelServer> {
        let (capacity, mut none) = (Capacity::of_process(), InheritedSockets::default());
        PixelServer::start_with(&mut none, address, workers, service, capacity)
    }

    /// As [`PixelServer::start`], on an inherited socket where there is one, and with these limits.
    ///
    /// # Errors
    /// As there.
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

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts who waits and nobody more, answers the requests that have come, and ends. Slow clients are cut off after
    /// a grace of some seconds.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for worker in self.workers {
            // A worker that panicked has ended as well.
            worker.await.ok();
        }
    }
}
