//! AWS services and an endpoint of a stack on one port, with the answers that they are given.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The operation, such as `GetTable`, or of a GET the target.
    pub(crate) operation: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

/// The answers by operation and the calls so far.
#[derive(Default)]
struct State {
    answers: HashMap<String, (u16, String)>,
    calls: Vec<Call>,
}

/// A running endpoint. Its thread ends with the test's process.
pub(crate) struct FakeAws {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl FakeAws {
    #[track_caller]
    pub(crate) fn start() -> FakeAws {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &shared);
            }
        });
        FakeAws { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next calls of this operation get this answer: `GetTable/hits` is the call with that name, and
    /// `ListPreparedStatements/more` the one with that token. A GET is one of its path, and its body is `X-Beacon`.
    pub(crate) fn set(&self, operation: &str, status: u16, body: impl Into<String>) {
        let mut state = self.state.lock().unwrap();
        state
            .answers
            .insert(operation.to_owned(), (status, body.into()));
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state.lock().unwrap().calls.clone()
    }
}

/// One request of one connection.
fn answer(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    // A connection that was opened and never used.
    let Some(first) = lines.first().cloned() else {
        return;
    };
    let header = |name: &str| {
        lines.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let length = header("content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (key, operation) = match (method, header("x-amz-target")) {
        ("GET", _) => (
            target.split('?').next().unwrap().to_owned(),
            target.to_owned(),
        ),
        (_, Some(name)) => {
            let operation = name.rsplit('.').next().unwrap().to_owned();
            // A stack's table and view are asked for by the same operation, and so are the pages of a list.
            let part = ["\"Name\":\"", "\"NextToken\":\""]
                .iter()
                .find_map(|key| body.split_once(key))
                .map(|(_, rest)| format!("/{}", rest.split('"').next().unwrap()));
            (
                format!("{operation}{}", part.unwrap_or_default()),
                operation,
            )
        }
        (_, None) => {
            let action = body
                .split('&')
                .find_map(|pair| pair.strip_prefix("Action="));
            let action = action.unwrap().to_owned();
            (action.clone(), action)
        }
    };
    let mut state = state.lock().unwrap();
    state.calls.push(Call {
        operation,
        authorization: header("authorization").unwrap_or_default(),
        body,
    });
    let (status, text) = state.answers.get(&key).cloned().unwrap_or_else(|| {
        (
            500,
            format!("{{\"__type\":\"NoAnswer\",\"message\":\"none for {key}\"}}"),
        )
    });
    let (extra, text) = match method {
        "GET" if !text.is_empty() => (format!("x-beacon: {text}\r\n"), String::new()),
        _ => (String::new(), text),
    };
    let length = text.len();
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} Answer\r\n{extra}connection: close\r\ncontent-length: {length}\r\n\r\n{text}"
    )
    .unwrap();
}
