//! Lambda's Runtime API: hands events to a function's real binary and collects its answers.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

use crate::{eventually, serve};

const PREFIX: &str = "/2018-06-01/runtime/";

/// A running Runtime API for one function.
pub struct RuntimeApi {
    address: SocketAddr,
    events: mpsc::UnboundedSender<Event>,
    polled: watch::Receiver<Option<Instant>>,
}

/// What a function made of one event.
#[derive(Debug)]
pub struct Invocation {
    /// Its answer, or the error that it reported.
    pub outcome: Result<Value, Value>,
    /// From handing over the event to the answer.
    pub took: Duration,
}

struct Event {
    body: Bytes,
    timeout: Duration,
    done: oneshot::Sender<Invocation>,
}

struct Running {
    handed_over: Instant,
    done: oneshot::Sender<Invocation>,
}

struct State {
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Event>>,
    running: Mutex<HashMap<String, Running>>,
    polled: watch::Sender<Option<Instant>>,
}

impl RuntimeApi {
    /// Starts one on a free port.
    pub async fn start() -> RuntimeApi {
        let (events, receiver) = mpsc::unbounded_channel();
        let (polled_sender, polled) = watch::channel(None);
        let state = Arc::new(State {
            events: tokio::sync::Mutex::new(receiver),
            running: Mutex::new(HashMap::new()),
            polled: polled_sender,
        });
        let address = serve::serve(move |request| {
            let state = state.clone();
            async move { state.answer(request).await }
        })
        .await;
        RuntimeApi {
            address,
            events,
            polled,
        }
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the function asks for its first event, and says when it did.
    pub async fn ready(&self) -> Instant {
        let mut polled = self.polled.clone();
        let first = eventually(
            "the function's first poll",
            polled.wait_for(Option::is_some),
        )
        .await;
        first
            .expect("the server lives as long as the test")
            .expect("waited for")
    }

    /// Invokes the function and waits for its answer. `timeout` is the function's own, which it learns as
    /// its deadline.
    pub async fn invoke(&self, event: impl Into<Bytes>, timeout: Duration) -> Invocation {
        let answer = self.hand_over(event, timeout);
        eventually("an answer of the function", answer)
            .await
            .expect("the server lives as long as the test")
    }

    /// Like [`invoke`](RuntimeApi::invoke), without waiting: the answer comes through the receiver.
    pub fn hand_over(
        &self,
        event: impl Into<Bytes>,
        timeout: Duration,
    ) -> oneshot::Receiver<Invocation> {
        let (done, answer) = oneshot::channel();
        let event = Event {
            body: event.into(),
            timeout,
            done,
        };
        assert!(
            self.events.send(event).is_ok(),
            "the server lives as long as the test"
        );
        answer
    }
}

impl State {
    async fn answer(&self, request: Request<Incoming>) -> Option<Response<Full<Bytes>>> {
        let arrived = Instant::now();
        let path = request
            .uri()
            .path()
            .strip_prefix(PREFIX)
            .unwrap_or_default()
            .to_owned();
        let segments: Vec<&str> = path.split('/').collect();
        if request.method() == Method::GET && segments == ["invocation", "next"] {
            self.polled
                .send_if_modified(|polled| polled.replace(arrived).is_none());
            return self.next().await;
        }
        let body = request.into_body().collect().await.ok()?.to_bytes();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        match segments[..] {
            ["invocation", id, "response"] => self.finish(id, Ok(json), arrived),
            ["invocation", id, "error"] => self.finish(id, Err(json), arrived),
            _ => return Some(status(StatusCode::NOT_FOUND)),
        }
        Some(status(StatusCode::ACCEPTED))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "Lambda's deadline is a moment of the real clock"
    )]
    async fn next(&self) -> Option<Response<Full<Bytes>>> {
        let event = self.events.lock().await.recv().await?;
        let deadline = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a clock after 1970")
            + event.timeout;
        let mut running = self.running();
        let id = format!("00000000-0000-0000-0000-{:012}", running.len());
        running.insert(
            id.clone(),
            Running {
                handed_over: Instant::now(),
                done: event.done,
            },
        );
        let response = Response::builder()
            .header("lambda-runtime-aws-request-id", id)
            .header(
                "lambda-runtime-deadline-ms",
                deadline.as_millis().to_string(),
            )
            .header(
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:eu-west-1:123456789012:function:beacon",
            )
            .header(
                "lambda-runtime-trace-id",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
            )
            .header("content-type", "application/json");
        Some(
            response
                .body(Full::new(event.body))
                .expect("headers of constants and numbers"),
        )
    }

    fn finish(&self, id: &str, outcome: Result<Value, Value>, arrived: Instant) {
        if let Some(running) = self.running().remove(id) {
            // A test that no longer waits has dropped its end.
            drop(running.done.send(Invocation {
                outcome,
                took: arrived - running.handed_over,
            }));
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
