//! An Athena endpoint that answers what it is told to. It is also the endpoint of an S3 that holds nothing.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use serde_json::{Value, json};

use crate::json_call::{JsonCall, Service};
use crate::serve;

const ATHENA: Service = Service {
    name: "athena",
    target: "AmazonAthena.",
    content_type: "application/x-amz-json-1.1",
};

/// A running endpoint. Clones are the same one.
#[derive(Clone)]
pub struct FakeAthena {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answers: HashMap<&'static str, VecDeque<(u16, Value)>>,
    calls: Vec<JsonCall>,
}

impl FakeAthena {
    /// Starts one on a free port, without TLS.
    pub async fn start() -> FakeAthena {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let address = serve::serve(move |request| answer(shared.clone(), request)).await;
        FakeAthena { address, state }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next calls of an operation get these, one each, and further ones the last again.
    pub fn script(&self, operation: &'static str, answers: impl IntoIterator<Item = (u16, Value)>) {
        self.lock()
            .answers
            .insert(operation, answers.into_iter().collect());
    }

    /// All calls since this was last asked.
    pub fn take_calls(&self) -> Vec<JsonCall> {
        std::mem::take(&mut self.lock().calls)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    state: Arc<Mutex<State>>,
    request: Request<Incoming>,
) -> Option<Response<Full<Bytes>>> {
    if request.method() == Method::GET {
        let body = Bytes::from_static(b"<Error><Code>NoSuchKey</Code></Error>");
        let absent = Response::builder().status(404).body(Full::new(body));
        return Some(absent.expect("the status is one of HTTP"));
    }
    let call = ATHENA.read(request).await?;
    let (status, output) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls.push(call.clone());
        match state.answers.get_mut(call.operation.as_str()) {
            Some(answers) if answers.len() > 1 => answers.pop_front()?,
            Some(answers) => answers.front()?.clone(),
            None => (
                400,
                json!({"__type": "InvalidRequestException", "message": "not in the script"}),
            ),
        }
    };
    Some(ATHENA.response(status, &output))
}
