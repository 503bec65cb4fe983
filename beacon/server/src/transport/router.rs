//! Serves an axum router: its connections on a thread of their own, its requests on the process's runtime.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use http_body_util::{Full, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response};
use tokio::runtime::{Builder, Handle, LocalOptions};
use tokio::sync::{oneshot, watch};

use super::metrics::{ListenerMetrics, Refusal};
use super::router_tasks::RouterTasks;
use super::{
    AcceptLoop, HostRule, HttpService, IncompleteBody, ListeningSocket, OpenConnection,
    ReceivedBody, check_host, content_length_exceeds, read_body,
};

/// A listener that serves an axum router.
pub(crate) struct RouterListener {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    done: oneshot::Receiver<()>,
}

/// The options of a [`RouterListener`].
pub(crate) struct RouterOptions {
    pub(crate) app: Router,
    /// The longest body that the service gets.
    pub(crate) max_body_bytes: usize,
    /// The longest time for requests in progress on shutdown.
    pub(crate) grace: Duration,
    /// The largest number of open connections.
    pub(crate) connections: usize,
    /// True if a listener on a loopback address responds to names of this machine only.
    pub(crate) checks_host: bool,
}

struct RouterService {
    tasks: RouterTasks,
    max_body_bytes: usize,
    host: HostRule,
}

impl RouterListener {
    /// Serves on this socket, with requests on the runtime of the caller.
    ///
    /// # Errors
    /// Returns an error if its thread can't be started.
    pub(crate) fn start(
        listening: ListeningSocket,
        listener: ListenerMetrics,
        options: RouterOptions,
    ) -> io::Result<RouterListener> {
        let address = listening.socket.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let (finished, done) = oneshot::channel();
        let runtime = Handle::current();
        let name = listener.name();
        let is_of_this_machine = options.checks_host && address.ip().is_loopback();
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let service = RouterService {
                    tasks: RouterTasks::new(options.app, runtime),
                    max_body_bytes: options.max_body_bytes,
                    host: match is_of_this_machine {
                        true => HostRule::ThisMachine,
                        false => HostRule::Any,
                    },
                };
                let ended = Builder::new_current_thread()
                    .enable_all()
                    .build_local(LocalOptions::default())
                    .and_then(|runtime| {
                        runtime.block_on(async move {
                            let serving =
                                AcceptLoop::new(Rc::new(service), listener, options.connections);
                            serving.run(listening, stopping, options.grace).await
                        })
                    });
                if let Err(error) = ended {
                    tracing::error!(%error, listener = name, "a listener failed");
                }
                // Whoever started it may have gone without waiting for its end.
                finished.send(()).ok();
            })?;
        Ok(RouterListener {
            address,
            stop,
            done,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Responds to the requests that have come, and closes.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        // A thread that panicked has ended as well.
        self.done.await.ok();
    }
}

impl HttpService for RouterService {
    fn respond(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        connection: &OpenConnection,
    ) -> impl Future<Output = Result<Response<Full<Bytes>>, IncompleteBody>> {
        connection.request_received();
        async move {
            let response = self.call_app(request, peer, connection).await;
            connection.response_ready();
            response
        }
    }

    fn large_head_response(&self, _start: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

impl RouterService {
    async fn call_app(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        connection: &OpenConnection,
    ) -> Result<Response<Full<Bytes>>, IncompleteBody> {
        if let Err(refusal) = check_host(request.version(), request.headers(), self.host) {
            connection.listener().count_refusal(refusal);
            return Ok(refuse(refusal));
        }
        let is_too_large = content_length_exceeds(&request, self.max_body_bytes);
        let (head, mut body) = request.into_parts();
        let received = match is_too_large {
            true => {
                connection.listener().count_refusal(Refusal::BodyTooLarge);
                ReceivedBody::TooLarge
            }
            false => read_body(&mut body, self.max_body_bytes, connection).await?,
        };
        let mut is_last = true;
        let mut held = None;
        let body = match received {
            ReceivedBody::Whole(whole) => {
                is_last = false;
                let body = Body::from(whole.bytes().clone());
                held = Some(whole);
                body
            }
            // The service has an answer of its own to a body that is too long.
            ReceivedBody::TooLarge => Body::new(Limited::new(Full::from(" "), 0)),
            ReceivedBody::NoRoom => return Ok(refuse(Refusal::BodyLimit)),
        };
        let mut request = Request::from_parts(head, body);
        request.extensions_mut().insert(ConnectInfo(peer));
        let mut response = self.tasks.answer(request, held).await.map(Full::new);
        if is_last {
            close_connection(&mut response);
        }
        Ok(response)
    }
}

fn refuse(refusal: Refusal) -> Response<Full<Bytes>> {
    let (status, text) = match refusal {
        Refusal::ForeignHost => (
            StatusCode::MISDIRECTED_REQUEST,
            "this listener answers to localhost and loopback addresses only\n",
        ),
        Refusal::BodyLimit => (
            StatusCode::SERVICE_UNAVAILABLE,
            "too many bodies are on their way; send it again later\n",
        ),
        _ => (
            StatusCode::BAD_REQUEST,
            "a request has exactly one Host header\n",
        ),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    close_connection(&mut response);
    response
}

/// Has the connection closed after the response: the rest of the body is not read.
fn close_connection(response: &mut Response<Full<Bytes>>) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
}
