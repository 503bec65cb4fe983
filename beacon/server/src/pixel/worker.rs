//! Runs one thread of the pixel's server: its connections and its batch, and the order in which they end.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::watch;
use tokio::task::spawn_local;

use super::batch::Batches;
use super::service::PixelService;
use crate::transport::{AcceptLoop, ListenerMetrics, ListeningSocket};

/// The longest time for requests in progress on shutdown.
const GRACE: Duration = Duration::from_secs(10);

/// The state that the connections of one thread share.
pub(super) struct Worker {
    pub(super) service: PixelService,
    pub(super) batches: Batches,
    pub(super) random: RefCell<StdRng>,
}

impl Worker {
    pub(super) fn new(service: PixelService) -> Worker {
        let batches = Batches::new(service.writer.clone());
        Worker {
            service,
            batches,
            random: RefCell::new(StdRng::from_os_rng()),
        }
    }

    /// Serves up to `connections` at once until `stopping` says so, and then until the last request is answered.
    pub(super) fn run(
        self,
        listening: ListeningSocket,
        stopping: watch::Receiver<bool>,
        listener: ListenerMetrics,
        connections: usize,
    ) -> io::Result<()> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())?;
        let worker = Rc::new(self);
        runtime.block_on(async move {
            let committing = Rc::clone(&worker);
            let commits = spawn_local(async move {
                let count = &committing.service.metrics.pixel;
                committing.batches.commit_all(count).await;
            });
            let serving = AcceptLoop::new(Rc::clone(&worker), listener, connections);
            let served = serving.run(listening, stopping, GRACE).await;
            worker.batches.close();
            commits.await.map_err(io::Error::other)?;
            served
        })
    }
}
