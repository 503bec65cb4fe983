//! The stream under test: that of the real program over HTTP, or the same parts in this process with a clock that a
//! case turns.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beacon_core::settings::Settings;
use beacon_lake::{Clock, FileFormat, Lake, SpoolOptions};
use beacon_server::app::{self, Destination, RunningServer, ServeOptions};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::http::{self, Reply};
use crate::program::{Beacon, command, files};

/// 2026-11-21 05:34:56.789.
pub(crate) const AT_MS: u64 = 1_795_239_296_789;

/// A record that is a hit, without a newline.
pub(crate) fn hit(id: &str) -> String {
    hit_with(id, r#""site":"example.com""#)
}

/// A hit with these members beside the two required ones.
pub(crate) fn hit_with(id: &str, members: &str) -> String {
    format!(r#"{{"hit_id":"{id}","received_at":"2026-11-21 05:34:56.789",{members}}}"#)
}

/// `beacon serve --firehose-listen` with more arguments, in a folder of its own.
pub(crate) struct Program {
    pub(crate) beacon: Beacon,
    folder: TempDir,
}

impl Program {
    #[track_caller]
    pub(crate) fn start(arguments: &[&str]) -> Program {
        Program::start_as(arguments, |command| command)
    }

    /// The same, with the command changed before it is run.
    #[track_caller]
    pub(crate) fn start_as(arguments: &[&str], change: fn(Command) -> Command) -> Program {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command
            .args([
                "--firehose-listen",
                "127.0.0.1:0",
                "--dashboard-listen",
                "off",
            ])
            .args(arguments);
        let beacon = Beacon::start_with(change(command), folder.path());
        Program { beacon, folder }
    }

    pub(crate) fn lake(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// One call of an operation, with a body that may be anything.
    #[track_caller]
    pub(crate) fn call(&self, operation: &str, body: &str) -> Reply {
        call(self.beacon.firehose.unwrap(), operation, body)
    }

    #[track_caller]
    pub(crate) fn put(&self, records: &[&[u8]]) -> Reply {
        self.call("PutRecordBatch", &batch(records))
    }

    /// Puts what must be accepted whole.
    #[track_caller]
    pub(crate) fn accept(&self, records: &[&[u8]]) {
        accepted(&self.put(records));
    }

    /// Rows of hits, by id.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<String> {
        let rows = self.beacon.query("SELECT hit_id FROM hits ORDER BY hit_id");
        rows.iter()
            .map(|row| row["hit_id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Ends in order, which delivers everything. The lake stays as long as the answer lives.
    #[track_caller]
    pub(crate) fn end(self) -> Objects {
        let lake = self.lake();
        self.beacon.stop();
        Objects {
            lake,
            _folder: self.folder,
        }
    }
}

/// The parts of `beacon serve` with a clock that stands still until it is turned. The lake is of JSON lines.
pub(crate) struct Turned {
    runtime: Runtime,
    running: RunningServer,
    now_ms: Arc<AtomicU64>,
    folder: TempDir,
}

impl Turned {
    pub(crate) fn start(interval: Duration, size_bytes: u64) -> Turned {
        let folder = tempfile::tempdir().unwrap();
        let lake = folder.path().join("lake");
        let now_ms = Arc::new(AtomicU64::new(AT_MS));
        let turned = Arc::clone(&now_ms);
        let destination = Destination::Lake {
            lake: Lake::open(lake.to_str().unwrap(), std::iter::empty()).unwrap(),
            format: FileFormat::Json,
        };
        let spool = SpoolOptions {
            directory: lake.join("spool"),
            stream: "hits".to_owned(),
            buffer_interval: interval,
            buffer_size_bytes: size_bytes,
            clock: Clock::from_fn(move || turned.load(Ordering::SeqCst)),
        };
        let settings = Settings::from_lookup(|_| None).unwrap();
        let mut options = ServeOptions::new(settings, destination, spool);
        options.firehose_listen = Some("127.0.0.1:0".parse().unwrap());
        let runtime = Runtime::new().unwrap();
        let running = runtime.block_on(app::start(options)).unwrap();
        Turned {
            runtime,
            running,
            now_ms,
            folder,
        }
    }

    /// Turns the clock to so long after [`AT_MS`].
    pub(crate) fn turn_to(&self, after: Duration) {
        let after_ms = u64::try_from(after.as_millis()).unwrap();
        self.now_ms.store(AT_MS + after_ms, Ordering::SeqCst);
    }

    #[track_caller]
    pub(crate) fn accept(&self, records: &[&[u8]]) {
        let address = self.running.firehose_address().unwrap();
        accepted(&call(address, "PutRecordBatch", &batch(records)));
    }

    pub(crate) fn end(self) -> Objects {
        self.runtime.block_on(self.running.shutdown());
        Objects {
            lake: self.folder.path().join("lake"),
            _folder: self.folder,
        }
    }
}

/// What a delivery left in its lake.
pub(crate) struct Objects {
    pub(crate) lake: PathBuf,
    _folder: TempDir,
}

impl Objects {
    /// Keys below the lake, sorted.
    pub(crate) fn keys(&self) -> Vec<String> {
        files(&self.lake)
            .iter()
            .map(|path| path.strip_prefix(&self.lake).unwrap())
            .map(|path| path.to_str().unwrap().to_owned())
            .filter(|key| !key.starts_with("spool/"))
            .collect()
    }

    /// The lines of a gzip object.
    #[track_caller]
    pub(crate) fn lines(&self, key: &str) -> Vec<Value> {
        self.text(key)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[track_caller]
    pub(crate) fn text(&self, key: &str) -> String {
        unzipped(&self.lake.join(key))
    }

    /// Each object's partition, its name's time and the ids in it; of a lake of JSON lines.
    #[track_caller]
    pub(crate) fn contents(&self) -> Vec<(String, String, Vec<String>)> {
        let mut contents: Vec<_> = self
            .keys()
            .iter()
            .map(|key| {
                let (partition, name) = key.rsplit_once('/').unwrap();
                let time = name.strip_prefix("hits-1-").unwrap()[..19].to_owned();
                let ids = self.lines(key);
                let ids = ids
                    .iter()
                    .map(|line| line["hit_id"].as_str().unwrap().to_owned());
                (partition.to_owned(), time, ids.collect())
            })
            .collect();
        contents.sort_by(|one, other| (&one.1, &one.2).cmp(&(&other.1, &other.2)));
        contents
    }

    /// The only object below `errors/`: its key and its lines.
    #[track_caller]
    pub(crate) fn errors(&self) -> (String, Vec<Value>) {
        let keys: Vec<_> = self
            .keys()
            .into_iter()
            .filter(|key| key.starts_with("errors/"))
            .collect();
        let [key] = &keys[..] else {
            panic!("one object, not {keys:?}")
        };
        (key.clone(), self.lines(key))
    }
}

/// What `rawData` of an error line holds.
#[track_caller]
pub(crate) fn raw(line: &Value) -> Vec<u8> {
    STANDARD.decode(line["rawData"].as_str().unwrap()).unwrap()
}

fn unzipped(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

fn batch(records: &[&[u8]]) -> String {
    let records: Vec<_> = records
        .iter()
        .map(|data| json!({"Data": STANDARD.encode(data)}))
        .collect();
    json!({"DeliveryStreamName": "hits", "Records": records}).to_string()
}

#[track_caller]
fn call(address: std::net::SocketAddr, operation: &str, body: &str) -> Reply {
    let headers = format!(
        "content-type: application/x-amz-json-1.1\r\nx-amz-target: Firehose_20150804.{operation}\r\n"
    );
    let reply = http::post(address, "/", &headers, body.as_bytes());
    assert_eq!(reply.header("content-type"), "application/x-amz-json-1.1");
    assert!(!reply.header("x-amzn-requestid").is_empty());
    reply
}

#[track_caller]
fn accepted(reply: &Reply) {
    assert_eq!(
        (reply.status, &reply.json()["FailedPutCount"]),
        (200, &json!(0)),
        "{}",
        reply.text()
    );
}
