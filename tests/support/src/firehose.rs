//! A Firehose endpoint that accepts everything until it is told to fail.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use serde_json::{Value, json};

use crate::json_call::{JsonCall, Service};
use crate::serve;

const FIREHOSE: Service = Service {
    name: "firehose",
    target: "Firehose_20150804.",
    content_type: "application/x-amz-json-1.1",
};

/// The fault that a call meets.
#[derive(Debug, Clone)]
pub enum Fault {
    /// No fault: the call is accepted.
    Accept,
    /// A 200 in which the entries of these indexes failed with `ServiceUnavailableException`.
    Entries(Vec<usize>),
    /// An error of the service: status, code.
    Error(u16, &'static str),
    /// A 500 that is not even JSON.
    Broken,
    /// The connection is closed instead of an answer, and nothing accepted.
    HangUp,
    /// No answer for so long; then nothing is accepted.
    Silence(Duration),
    /// The call is accepted, and its answer takes so long.
    Late(Duration),
    /// The call is accepted, and the connection closed instead of an answer.
    Unanswered,
    /// Nothing is accepted, and the answer is this: status, body.
    Answer(u16, String),
}

/// One call as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirehoseCall {
    /// `PutRecord` or `PutRecordBatch`.
    pub operation: String,
    /// The data of its records.
    pub records: Vec<Vec<u8>>,
}

/// A running endpoint. Clones are the same one.
#[derive(Clone)]
pub struct FakeFirehose {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    faults: VecDeque<Fault>,
    always: Option<Fault>,
    calls: Vec<FirehoseCall>,
    accepted: Vec<Vec<u8>>,
}

impl FakeFirehose {
    /// Starts one on a free port, without TLS.
    pub async fn start() -> FakeFirehose {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let address = serve::serve(move |request| answer(shared.clone(), request)).await;
        FakeFirehose { address, state }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next calls meet these, one each; those after them are accepted.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().faults = faults.into_iter().collect();
    }

    /// Every call beyond the script meets this.
    pub fn always(&self, fault: Fault) {
        self.lock().always = Some(fault);
    }

    /// All calls so far, failed ones too.
    pub fn calls(&self) -> Vec<FirehoseCall> {
        self.lock().calls.clone()
    }

    /// The accepted lines, without their newlines.
    pub fn lines(&self) -> Vec<String> {
        let accepted = self.lock().accepted.concat();
        String::from_utf8_lossy(&accepted)
            .lines()
            .map(str::to_owned)
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    state: Arc<Mutex<State>>,
    request: Request<Incoming>,
) -> Option<Response<Full<Bytes>>> {
    let JsonCall { operation, input } = FIREHOSE.read(request).await?;
    let call = FirehoseCall {
        records: records(&input),
        operation,
    };
    let fault = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls.push(call.clone());
        let fault = state
            .faults
            .pop_front()
            .or_else(|| state.always.clone())
            .unwrap_or(Fault::Accept);
        for (index, record) in call.records.iter().enumerate() {
            match &fault {
                Fault::Accept | Fault::Late(_) | Fault::Unanswered => {
                    state.accepted.push(record.clone());
                }
                Fault::Entries(failed) if !failed.contains(&index) => {
                    state.accepted.push(record.clone());
                }
                _ => {}
            }
        }
        fault
    };
    match fault {
        Fault::Accept => Some(FIREHOSE.response(200, &accepted(&call, &[]))),
        // A call of one record has no entries: what fails is the call.
        Fault::Entries(failed) if call.operation == "PutRecord" && failed.contains(&0) => {
            Some(FIREHOSE.response(
                503,
                &json!({"__type": "ServiceUnavailableException", "message": "Slow down."}),
            ))
        }
        Fault::Entries(failed) => Some(FIREHOSE.response(200, &accepted(&call, &failed))),
        Fault::Error(status, code) => {
            Some(FIREHOSE.response(status, &json!({"__type": code, "message": "told to fail"})))
        }
        Fault::Broken => {
            let response = Response::builder()
                .status(500)
                .body(Full::from("<html>Internal Server Error</html>"));
            Some(response.expect("a constant response"))
        }
        Fault::HangUp | Fault::Unanswered => None,
        Fault::Late(duration) => {
            tokio::time::sleep(duration).await;
            Some(FIREHOSE.response(200, &accepted(&call, &[])))
        }
        Fault::Answer(status, body) => Some(FIREHOSE.response(status, &body)),
        Fault::Silence(duration) => {
            tokio::time::sleep(duration).await;
            None
        }
    }
}

fn records(body: &Value) -> Vec<Vec<u8>> {
    let one = body.get("Record").into_iter();
    let several = body
        .get("Records")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    one.chain(several)
        .map(|record| {
            let data = record["Data"].as_str().expect("a record has data");
            STANDARD
                .decode(data)
                .expect("the data of a record is base64")
        })
        .collect()
}

fn accepted(call: &FirehoseCall, failed: &[usize]) -> Value {
    if call.operation == "PutRecord" {
        return json!({"RecordId": "1", "Encrypted": false});
    }
    let entries: Vec<Value> = (0..call.records.len())
        .map(|index| {
            if failed.contains(&index) {
                json!({"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."})
            } else {
                json!({"RecordId": index.to_string()})
            }
        })
        .collect();
    let failed_put_count = entries
        .iter()
        .filter(|entry| entry.get("ErrorCode").is_some())
        .count();
    json!({"FailedPutCount": failed_put_count, "Encrypted": false, "RequestResponses": entries})
}
