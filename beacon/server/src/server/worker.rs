//! One thread of the server: accepts, serves connections, and ends them in order.

use std::cell::RefCell;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::watch;
use tokio::task::spawn_local;

use super::Service;
use super::batch::Batches;
use super::connections::Connections;

/// Room for a request's head: far more than any browser sends, so that long user agents and URLs pass.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// How long nothing is accepted after the process ran out of descriptors.
const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// What the connections of one thread share.
pub(super) struct Worker {
    pub(super) service: Service,
    pub(super) batches: Batches,
    pub(super) connections: Connections,
    pub(super) random: RefCell<StdRng>,
}

impl Worker {
    pub(super) fn new(service: Service) -> Worker {
        let batches = Batches::new(service.writer.clone());
        Worker {
            service,
            batches,
            connections: Connections::default(),
            random: RefCell::new(StdRng::from_os_rng()),
        }
    }

    /// Serves until `stopping` says so, and then until the last request is answered.
    pub(super) fn run(
        self,
        listener: StdListener,
        stopping: watch::Receiver<bool>,
    ) -> io::Result<()> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())?;
        runtime.block_on(Rc::new(self).serve(listener, stopping))
    }

    async fn serve(
        self: Rc<Self>,
        listener: StdListener,
        mut stopping: watch::Receiver<bool>,
    ) -> io::Result<()> {
        let listener = TcpListener::from_std(listener)?;
        let worker = Rc::clone(&self);
        let commits = spawn_local(async move {
            worker
                .batches
                .commit_all(&worker.service.metrics.pixel)
                .await;
        });
        let worker = Rc::clone(&self);
        let watch = spawn_local(async move { worker.connections.watch().await });
        tokio::select! {
            () = self.accept(&listener) => {}
            // An error says that the server was dropped without being stopped; that ends it as well.
            _ = stopping.wait_for(|stop| *stop) => {}
        }
        drop(listener);
        self.connections.finish().await;
        watch.abort();
        self.batches.close();
        commits.await.map_err(io::Error::other)
    }

    async fn accept(self: &Rc<Self>, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    spawn_local(Rc::clone(self).converse(stream, peer));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE_AFTER_FAILED_ACCEPT).await;
                }
            }
        }
    }

    async fn converse(self: Rc<Self>, stream: TcpStream, peer: SocketAddr) {
        // Without it an answer could wait for the acknowledgement of the one before; it is only slower then.
        stream.set_nodelay(true).ok();
        let peer = peer.ip().to_canonical();
        let state = self.connections.accept();
        let service = service_fn(|request| {
            let (worker, state) = (&self, &state);
            async move { worker.answer(request, peer, state).await }
        });
        let connection = http1::Builder::new()
            .max_buf_size(MAX_HEAD_BYTES)
            // An answer is short: copied into one buffer it costs less than a list of two.
            .writev(false)
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), service);
        let connection = pin!(connection);
        self.connections
            .drive(Rc::clone(&state), connection, |connection| {
                connection.graceful_shutdown();
            })
            .await;
    }
}
