//! A dashboard under test, and who calls it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use beacon_core::settings::Settings;
use beacon_dashboard::access::Access;
use beacon_dashboard::document_file::DocumentFile;
use beacon_dashboard::document_store::DocumentStore;
use beacon_dashboard::live_document::LiveDocument;
use beacon_dashboard::password::{PasswordHash, hash};
use beacon_dashboard::token::Key;
use beacon_dashboard::{Config, app};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::engine::QueryRef;

/// 2026-11-21 05:30 UTC
pub(crate) const NOW_MS: u64 = 1_795_239_000_000;

pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) struct Caller {
    app: Router,
    directory: TempDir,
    pub(crate) engine: Arc<QueryRef>,
    pub(crate) now_ms: Arc<AtomicU64>,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The status and the detail of a refusal.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(
            body["title"].as_str(),
            self.status.canonical_reason(),
            "{body}"
        );
        let detail = body["detail"].as_str().unwrap().to_owned();
        (self.status.as_u16(), detail)
    }
}

impl Caller {
    pub(crate) fn open() -> Caller {
        Caller::with(Access::Open, &"k".repeat(32))
    }

    pub(crate) fn protected() -> Caller {
        Caller::with(Access::Password(password_hash(PASSWORD)), &"k".repeat(32))
    }

    /// One whose clients are named by whom `BEACON_TRUST` says.
    pub(crate) fn behind(trust: &str) -> Caller {
        let access = Access::Password(password_hash(PASSWORD));
        Caller::new(access, &"k".repeat(32), trust)
    }

    pub(crate) fn with(access: Access, key: &str) -> Caller {
        Caller::new(access, key, "none")
    }

    /// An open one whose document is in this place.
    pub(crate) fn over(store: Box<dyn DocumentStore>) -> Caller {
        let directory = tempfile::tempdir().unwrap();
        let document = LiveDocument::new(store);
        Caller::build(Access::Open, &"k".repeat(32), "none", directory, document)
    }

    fn new(access: Access, key: &str, trust: &str) -> Caller {
        let directory = tempfile::tempdir().unwrap();
        let document = LiveDocument::new(Box::new(DocumentFile::new(document_in(&directory))));
        Caller::build(access, key, trust, directory, document)
    }

    fn build(
        access: Access,
        key: &str,
        trust: &str,
        directory: TempDir,
        document: LiveDocument,
    ) -> Caller {
        let settings = Settings::from_lookup(|name| match name {
            "BEACON_COLUMNS" => Some("userid=params.uid".to_owned()),
            "BEACON_TRUST" => Some(trust.to_owned()),
            _ => None,
        });
        let engine = Arc::new(QueryRef::new());
        let now_ms = Arc::new(AtomicU64::new(NOW_MS));
        let clock = Arc::clone(&now_ms);
        let config = Config {
            settings: settings.unwrap(),
            endpoint: Some("https://b.example".to_owned()),
            access,
            key: Key::from_text(key).unwrap(),
            clock: Box::new(move || clock.load(Ordering::SeqCst)),
        };
        Caller {
            app: app(config, document, engine.clone()),
            directory,
            engine,
            now_ms,
        }
    }

    /// The file of the document.
    pub(crate) fn document(&self) -> PathBuf {
        document_in(&self.directory)
    }

    /// The document as another process knows it.
    pub(crate) fn other_process(&self) -> LiveDocument {
        LiveDocument::new(Box::new(DocumentFile::new(self.document())))
    }

    pub(crate) fn pass_ms(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// A request from 192.0.2.1 to `localhost`, unless `headers` say another host.
    pub(crate) async fn call(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        self.call_from("192.0.2.1", method, target, headers, body)
            .await
    }

    pub(crate) async fn call_from(
        &self,
        address: &str,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(target);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "localhost:8081");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let address = SocketAddr::new(address.parse().unwrap(), 4711);
        let request = request
            .extension(ConnectInfo(address))
            .body(Body::from(body.to_owned()))
            .unwrap();
        let (head, body) = self
            .app
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        Reply {
            status: head.status,
            headers: head.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, target: &str, headers: &[(&str, &str)]) -> Reply {
        self.call("GET", target, headers, "").await
    }

    pub(crate) async fn post(&self, target: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.call("POST", target, &headers, &body.to_string()).await
    }

    pub(crate) async fn ask(&self, question: &str, headers: &[(&str, &str)]) -> Reply {
        self.post("/api/queries", headers, &about_today(question))
            .await
    }

    pub(crate) async fn log_in(&self, password: &str) -> Reply {
        self.post("/api/session", &[], &json!({"password": password}))
            .await
    }
}

fn document_in(directory: &TempDir) -> PathBuf {
    directory.path().join("dashboard.json")
}

pub(crate) fn password_hash(password: &str) -> PasswordHash {
    PasswordHash::parse(&hash(password).unwrap()).unwrap()
}

/// A question about 2026-11-21.
pub(crate) fn about_today(question: &str) -> Value {
    json!({"question": question, "from_ms": 1_795_219_200_000_u64, "to_ms": 1_795_305_600_000_u64})
}

/// The address of the query that a POST made.
#[track_caller]
pub(crate) fn location(submitted: &Reply) -> String {
    assert_eq!(
        submitted.status,
        StatusCode::ACCEPTED,
        "{}",
        submitted.text()
    );
    submitted.header("location").to_owned()
}

/// Logs in, and returns the `name=value` of the cookie.
pub(crate) async fn session(caller: &Caller) -> String {
    let reply = caller.log_in(PASSWORD).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
    let cookie = reply.header("set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}
