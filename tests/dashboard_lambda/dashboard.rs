//! The function as the tests start it, and what Athena answers it.

use std::path::Path;

use beacon_dashboard::password;
use beacon_testing::athena::FakeAthena;
use beacon_testing::function::TIMEOUT;
use beacon_testing::json_call::JsonCall;
use beacon_testing::program::Program;
use beacon_testing::runtime_api::RuntimeApi;
use beacon_testing::tls::TlsFront;
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "correct horse";

/// 2026-11-20 and the day after, UTC.
pub(crate) const DAY_MS: [u64; 2] = [1_795_132_800_000, 1_795_219_200_000];

/// A started function and what is around it.
pub(crate) struct Dashboard {
    runtime_api: RuntimeApi,
    pub(crate) athena: FakeAthena,
    cookie: String,
    pub(crate) program: Program,
    _front: TlsFront,
}

pub(crate) fn environment(
    runtime_api: &RuntimeApi,
    front: &TlsFront,
) -> Vec<(&'static str, String)> {
    let hash = password::hash(PASSWORD).expect("a password that is long enough");
    [
        (
            "AWS_LAMBDA_RUNTIME_API",
            runtime_api.address().to_string().as_str(),
        ),
        ("AWS_LAMBDA_FUNCTION_NAME", "dashboard"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        (
            "AWS_SECRET_ACCESS_KEY",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_ENDPOINT_URL_ATHENA", &front.url()),
        ("AWS_ENDPOINT_URL_S3", &front.url()),
        ("BEACON_CA_FILE", &front.authority().display().to_string()),
        ("BEACON_WORKGROUP", "partner"),
        ("BEACON_DATABASE", "partner"),
        ("BEACON_TABLE", "tp_hits"),
        ("BEACON_BUFFER_INTERVAL_SECONDS", "300"),
        ("BEACON_COLUMNS", "userid=params.uid"),
        ("BEACON_ENDPOINT", "https://b.example"),
        ("BEACON_DASHBOARD_PASSWORD_HASH", &hash),
        ("BEACON_DASHBOARD_KEY", "0123456789abcdef0123456789abcdef"),
        (
            "BEACON_DASHBOARD_DOCUMENT",
            "s3://lake/dashboard/document.json",
        ),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// An answer with its body read.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u64,
    pub(crate) headers: Value,
    pub(crate) cookies: Value,
    pub(crate) body: String,
}

impl Answered {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn check(self, status: u64) -> Answered {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

impl Dashboard {
    pub(crate) async fn start() -> Dashboard {
        let runtime_api = RuntimeApi::start().await;
        let athena = FakeAthena::start().await;
        let front = TlsFront::start(athena.address()).await;
        let variables = environment(&runtime_api, &front);
        let program = Program::start(
            Path::new(env!("CARGO_BIN_EXE_dashboard-bootstrap")),
            [],
            variables,
        );
        runtime_api.ready().await;
        Dashboard {
            runtime_api,
            athena,
            cookie: String::new(),
            program,
            _front: front,
        }
    }

    /// One with somebody logged in.
    pub(crate) async fn open() -> Dashboard {
        let mut dashboard = Dashboard::start().await;
        let answer = dashboard
            .send("POST", "/api/session", Some(json!({"password": PASSWORD})))
            .await
            .check(204);
        let cookie = answer.cookies[0].as_str().expect("a log-in sets a cookie");
        dashboard.cookie = cookie.split(';').next().expect("the first part").to_owned();
        dashboard
    }

    /// The event of a function URL for a request without a body.
    pub(crate) fn event(&self, method: &str, target: &str) -> Value {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut event = json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"host": "abc.lambda-url.eu-west-1.on.aws", "x-forwarded-proto": "https"},
            "requestContext": {
                "domainName": "abc.lambda-url.eu-west-1.on.aws",
                "http": {"method": method, "path": path, "sourceIp": "192.0.2.7"},
                "stage": "$default",
            },
            "isBase64Encoded": false,
        });
        if !self.cookie.is_empty() {
            event["cookies"] = json!([self.cookie]);
        }
        event
    }

    /// Sends an event, and returns the function's response as the Runtime API gets it.
    pub(crate) async fn invoke(&self, event: &Value) -> Value {
        let invocation = self.runtime_api.invoke(event.to_string(), TIMEOUT).await;
        invocation.outcome.expect("every request has an answer")
    }

    pub(crate) async fn send(&self, method: &str, target: &str, body: Option<Value>) -> Answered {
        let mut event = self.event(method, target);
        if let Some(body) = body {
            event["headers"]["content-type"] = json!("application/json");
            event["body"] = json!(body.to_string());
        }
        let mut answer = self.invoke(&event).await;
        assert_eq!(answer["isBase64Encoded"], json!(false), "{answer}");
        Answered {
            status: answer["statusCode"]
                .as_u64()
                .expect("an answer has a status"),
            body: answer["body"].as_str().unwrap_or_default().to_owned(),
            headers: answer["headers"].take(),
            cookies: answer["cookies"].take(),
        }
    }

    pub(crate) async fn ask(&self, body: Value) -> String {
        let answer = self
            .send("POST", "/api/queries", Some(body))
            .await
            .check(202);
        answer.json()["id"]
            .as_str()
            .expect("a query has an id")
            .to_owned()
    }

    pub(crate) async fn ask_totals(&self) -> String {
        let [from_ms, to_ms] = DAY_MS;
        self.ask(json!({"question": "totals", "from_ms": from_ms, "to_ms": to_ms}))
            .await
    }

    pub(crate) fn calls(&self, operation: &str) -> Vec<Value> {
        let calls = self.athena.take_calls().into_iter();
        calls
            .filter(|call: &JsonCall| call.operation == operation)
            .map(|call| call.input)
            .collect()
    }
}

pub(crate) fn started() -> (u16, Value) {
    (200, json!({"QueryExecutionId": "q-1"}))
}

pub(crate) fn execution(state: &str, reason: Option<&str>) -> (u16, Value) {
    let mut status = json!({"State": state});
    if let Some(reason) = reason {
        status["StateChangeReason"] = json!(reason);
    }
    (
        200,
        json!({"QueryExecution": {
            "QueryExecutionId": "q-1",
            "Status": status,
            "Statistics": {
                "DataScannedInBytes": 1234,
                "TotalExecutionTimeInMillis": 567,
                "ResultReuseInformation": {"ReusedPreviousResult": true},
            },
        }}),
    )
}

pub(crate) fn page(rows: &[Option<i64>], has_header: bool, next: Option<&str>) -> (u16, Value) {
    let header = has_header.then(|| json!({"Data": [{"VarCharValue": "views"}]}));
    let data = rows.iter().map(|row| match row {
        Some(value) => json!({"Data": [{"VarCharValue": value.to_string()}]}),
        None => json!({"Data": [{}]}),
    });
    let rows: Vec<Value> = header.into_iter().chain(data).collect();
    let mut page = json!({"ResultSet": {
        "Rows": rows,
        "ResultSetMetadata": {"ColumnInfo": [{"Name": "views", "Type": "bigint"}]},
    }});
    if let Some(next) = next {
        page["NextToken"] = json!(next);
    }
    (200, page)
}

pub(crate) fn error(status: u16, code: &str) -> (u16, Value) {
    (status, json!({"__type": code, "Message": "told to fail"}))
}
