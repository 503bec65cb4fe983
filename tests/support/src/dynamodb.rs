//! A DynamoDB endpoint with one table, which knows the two calls that the function makes, and fails when told to.
//!
//! It does to the item what the expression of the function's `UpdateItem` says, and refuses any other. That DynamoDB reads
//! the expression in the same way is shown by `tests/salt_table`, over moto.

use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::json_call::{JsonCall, Service};
use crate::serve;

/// The expression that [`FakeDynamoDb`] understands.
const UPDATE: &str =
    "SET salt = if_not_exists(salt, :new), expires_at = if_not_exists(expires_at, :expires_at)";

/// The fault that a call meets.
#[derive(Debug, Clone)]
pub enum TableFault {
    /// The call is answered as a table does.
    Answer,
    /// An error of the service: status, code.
    Error(u16, &'static str),
    /// A response of its own: status, body.
    Body(u16, String),
    /// The connection is closed instead of a response.
    HangUp,
    /// There is never a response.
    Silence,
}

const DYNAMODB: Service = Service {
    name: "dynamodb",
    target: "DynamoDB_20120810.",
    content_type: "application/x-amz-json-1.0",
};

/// A running endpoint. Clones are the same one.
#[derive(Clone)]
pub struct FakeDynamoDb {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    items: BTreeMap<String, Value>,
    faults: VecDeque<TableFault>,
    always: Option<TableFault>,
    calls: Vec<JsonCall>,
    meeting: Option<Arc<Barrier>>,
}

impl FakeDynamoDb {
    /// Starts one with an empty table on a free port, without TLS.
    pub async fn start() -> FakeDynamoDb {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let address = serve::serve(move |request| answer(shared.clone(), request)).await;
        FakeDynamoDb { address, state }
    }

    /// Returns the address where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next calls meet these, one each; those after them are answered.
    pub fn script(&self, faults: impl IntoIterator<Item = TableFault>) {
        self.lock().faults = faults.into_iter().collect();
    }

    /// Every call beyond the script meets this.
    pub fn always(&self, fault: TableFault) {
        self.lock().always = Some(fault);
    }

    /// Every `GetItem` is answered only once so many are there: none of them finds what another makes.
    pub fn readers_meet(&self, count: usize) {
        self.lock().meeting = Some(Arc::new(Barrier::new(count)));
    }

    /// Puts an item under its key.
    pub fn put(&self, ends_at: &str, item: Value) {
        self.lock().items.insert(ends_at.to_owned(), item);
    }

    /// Returns the items by their key.
    pub fn items(&self) -> BTreeMap<String, Value> {
        self.lock().items.clone()
    }

    /// Returns all calls so far, failed ones too.
    pub fn calls(&self) -> Vec<JsonCall> {
        self.lock().calls.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    state: Arc<Mutex<State>>,
    request: Request<Incoming>,
) -> Option<Response<Full<Bytes>>> {
    let call = DYNAMODB.read(request).await?;
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let (fault, meeting) = {
        let mut state = lock();
        state.calls.push(call.clone());
        let fault = state.faults.pop_front().or_else(|| state.always.clone());
        (fault.unwrap_or(TableFault::Answer), state.meeting.clone())
    };
    match fault {
        TableFault::Answer => {}
        TableFault::Error(status, code) => {
            let body = json!({
                "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
                "message": "told to fail",
            });
            return Some(DYNAMODB.response(status, &body));
        }
        TableFault::Body(status, body) => return Some(DYNAMODB.response(status, &body)),
        TableFault::HangUp => return None,
        TableFault::Silence => pending().await,
    }
    if call.operation == "GetItem"
        && let Some(meeting) = meeting
    {
        meeting.wait().await;
    }
    let output = match call.operation.as_str() {
        "GetItem" => get(&lock().items, &call.input),
        "UpdateItem" => update(&mut lock().items, &call.input),
        other => panic!("the function calls {other}"),
    };
    Some(DYNAMODB.response(200, &output))
}

fn key(input: &Value) -> &str {
    input["Key"]["ends_at"]["S"].as_str().expect("a key")
}

fn get(items: &BTreeMap<String, Value>, input: &Value) -> Value {
    let Some(item) = items.get(key(input)) else {
        return json!({});
    };
    assert_eq!(input["ProjectionExpression"], "salt");
    match item.get("salt") {
        Some(salt) => json!({"Item": {"salt": salt}}),
        None => json!({"Item": {}}),
    }
}

fn update(items: &mut BTreeMap<String, Value>, input: &Value) -> Value {
    assert_eq!(input["UpdateExpression"], UPDATE);
    assert_eq!(input["ReturnValues"], "ALL_NEW");
    let values = &input["ExpressionAttributeValues"];
    let key = key(input);
    let item = items
        .entry(key.to_owned())
        .or_insert_with(|| json!({"ends_at": {"S": key}}));
    for (attribute, value) in [("salt", ":new"), ("expires_at", ":expires_at")] {
        if item.get(attribute).is_none() {
            item[attribute] = values[value].clone();
        }
    }
    json!({"Attributes": item})
}
