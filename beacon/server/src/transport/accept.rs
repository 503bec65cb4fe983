//! The accept loop of a thread: accepts connections, serves them, and drains them on shutdown.

use std::cell::RefCell;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use beacon_lake::{Due, Recurring};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::spawn_local;

use super::HttpService;
use super::connection::CloseMode;
use super::connections::{Connections, OpenConnection};
use super::limits::MAX_HEAD_BYTES;
use super::listeners::{ListeningSocket, refuse_new};
use super::metrics::{ListenerMetrics, Refusal};
use super::stream::HttpStream;

/// The pause in accepting after the process ran out of descriptors.
const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// The longest time for new connections to reach the queue before it is emptied for the last time.
const SETTLE: Duration = Duration::from_millis(100);

/// The number of retries of the last look at the queue without free descriptors.
const LAST_ACCEPT_TRIES: usize = 100;

/// Accepts the connections of one thread and serves them.
pub(crate) struct AcceptLoop<S> {
    service: Rc<S>,
    connections: Rc<Connections>,
    failures: RefCell<Recurring>,
}

impl<S: HttpService> AcceptLoop<S> {
    pub(crate) fn new(
        service: Rc<S>,
        listener: ListenerMetrics,
        limit: usize,
    ) -> Rc<AcceptLoop<S>> {
        Rc::new(AcceptLoop {
            service,
            connections: Rc::new(Connections::new(listener, limit)),
            failures: RefCell::default(),
        })
    }

    /// Serves until `stopping` is true, then those in the accept queue, until all are closed.
    ///
    /// # Errors
    /// Returns an error if the socket can't be used.
    pub(crate) async fn run(
        self: Rc<Self>,
        listening: ListeningSocket,
        mut stopping: watch::Receiver<bool>,
        grace: Duration,
    ) -> io::Result<()> {
        let listener = TcpListener::from_std(listening.socket)?;
        let watch = spawn_local(Rc::clone(&self).watch_connections());
        tokio::select! {
            () = self.accept(&listener) => {}
            // An error says that the server was dropped without being stopped; that ends it as well.
            _ = stopping.wait_for(|stop| *stop) => {}
        }
        // Who has passed an inherited socket on keeps it, and its queue with it, for the next server.
        if !listening.is_inherited {
            self.accept_last(listener.into_std()?).await;
        }
        self.connections.drain(grace).await;
        watch.abort();
        Ok(())
    }

    async fn accept(self: &Rc<Self>, listener: &TcpListener) {
        loop {
            self.connections.wait_for_room().await;
            match listener.accept().await {
                Ok((stream, peer)) => self.start_connection(stream, peer),
                Err(error) => {
                    self.report_failure(&error);
                    tokio::time::sleep(PAUSE_AFTER_FAILED_ACCEPT).await;
                }
            }
        }
    }

    /// Empties the accept queue of a socket before it closes: its clients consider themselves connected.
    async fn accept_last(self: &Rc<Self>, listener: StdListener) {
        refuse_new(&listener);
        tokio::time::sleep(SETTLE).await;
        let mut tries = LAST_ACCEPT_TRIES;
        while tries > 0 {
            self.connections.wait_for_room().await;
            match listener.accept() {
                Ok((stream, peer)) => {
                    let is_ready = stream.set_nonblocking(true);
                    match is_ready.and_then(|()| TcpStream::from_std(stream)) {
                        Ok(stream) => self.start_connection(stream, peer),
                        Err(error) => self.report_failure(&error),
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tries -= 1;
                    self.report_failure(&error);
                    tokio::time::sleep(PAUSE_AFTER_FAILED_ACCEPT).await;
                }
            }
        }
    }

    fn report_failure(&self, error: &io::Error) {
        self.connections.listener.accept_failed();
        let listener = self.connections.listener.name();
        let due = self.failures.borrow_mut().occurred(Instant::now());
        match due {
            Some(Due::First) => {
                tracing::warn!(%error, listener, "a connection could not be accepted");
            }
            Some(Due::Again { count }) => self.report_failures(count),
            None => {}
        }
        if !is_of_one_connection(error) {
            // Whatever the process has too much of: a connection less helps.
            self.connections.close_longest_idle();
        }
    }

    fn report_failures(&self, count: u64) {
        let listener = self.connections.listener.name();
        tracing::warn!(listener, count, "connections could still not be accepted");
    }

    /// Closes slow connections and reports recurring failures, once a second, forever.
    async fn watch_connections(self: Rc<Self>) {
        let mut every_second = tokio::time::interval(Duration::from_secs(1));
        loop {
            every_second.tick().await;
            self.connections.tick();
            let due = self.failures.borrow_mut().due(Instant::now());
            if let Some(Due::Again { count }) = due {
                self.report_failures(count);
            }
        }
    }

    /// Adds the connection at once, before its task runs.
    fn start_connection(self: &Rc<Self>, stream: TcpStream, peer: SocketAddr) {
        // Without it an answer could wait for the acknowledgement of the one before; it is only slower then.
        stream.set_nodelay(true).ok();
        let open = self.connections.add();
        spawn_local(Rc::clone(self).serve_connection(stream, peer, open));
    }

    async fn serve_connection(
        self: Rc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        open: OpenConnection,
    ) {
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let service = service_fn(|request| self.service.respond(request, peer, &open));
        let stream = HttpStream::new(stream, Rc::clone(&self.service), open.shared());
        let connection = http1::Builder::new()
            .max_buf_size(MAX_HEAD_BYTES)
            // An answer is short: copied into one buffer it costs less than a list of two.
            .writev(false)
            .header_read_timeout(None)
            // A client that has said all may still be read, and its requests are served.
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let end = std::future::poll_fn(|context| {
            open.register_waker(context);
            match open.close_mode() {
                CloseMode::Abort => Poll::Ready(Ok(())),
                _ => connection.as_mut().poll(context),
            }
        })
        .await;
        // How a connection ends is its client's business, but for what hyper refused: most just go away.
        match end {
            Err(error) if error.is_parse_too_large() => {
                self.connections
                    .listener
                    .count_refusal(Refusal::HeadTooLarge);
            }
            Err(error) if error.is_parse() => {
                self.connections.listener.count_refusal(Refusal::Malformed);
            }
            Ok(()) | Err(_) => {}
        }
    }
}

/// Returns true if only this client was gone before it was accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}
