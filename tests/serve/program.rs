//! A running `beacon serve` under test.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};

use beacon_testing::machine;
use beacon_testing::serving::Serving;
use serde_json::Value;

use crate::http::{self, Reply};

/// A `beacon serve` with a lake of its own. Killed when dropped.
pub(crate) struct Beacon {
    serving: Serving,
    /// Where the pixel is.
    pub(crate) pixel: SocketAddr,
    /// Where `/metrics` is.
    pub(crate) metrics: SocketAddr,
    /// Where the Firehose API is, if it was asked for.
    pub(crate) firehose: Option<SocketAddr>,
    /// Where the dashboard is, if it was not switched off.
    pub(crate) dashboard: Option<SocketAddr>,
    lake: PathBuf,
}

/// `beacon serve` on free ports, with the lake in `folder`, not yet started.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = machine::command(env!("CARGO_BIN_EXE_beacon"));
    command
        .env("BEACON_LISTEN", "127.0.0.1:0")
        .env("BEACON_METRICS_LISTEN", "127.0.0.1:0")
        .env("BEACON_DASHBOARD_LISTEN", "127.0.0.1:0")
        .args(["serve", "--log-format", "json"])
        .env("BEACON_LAKE", folder.join("lake"))
        .env("BEACON_SALT_DIRECTORY", folder.join("salts"))
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Runs a command that is expected to end by itself.
#[track_caller]
pub(crate) fn refused(mut command: Command) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command.output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

impl Beacon {
    #[track_caller]
    pub(crate) fn start(folder: &Path) -> Beacon {
        Beacon::start_with(command(folder), folder)
    }

    #[track_caller]
    pub(crate) fn start_with(mut command: Command, folder: &Path) -> Beacon {
        let serving = Serving::start(&mut command);
        Beacon {
            pixel: serving.address("pixel").unwrap(),
            metrics: serving.address("metrics").unwrap(),
            firehose: serving.address("firehose"),
            dashboard: serving.address("dashboard"),
            lake: folder.join("lake"),
            serving,
        }
    }

    /// Waits for a log line with this message.
    #[track_caller]
    pub(crate) fn wait_for_log(&mut self, message: &str) -> Value {
        self.serving.wait_for_log(message)
    }

    /// How many lines of the log so far have this message.
    pub(crate) fn logged(&mut self, message: &str) -> usize {
        self.serving.logged(message)
    }

    pub(crate) fn get(&self, target: &str) -> Reply {
        http::get(self.pixel, target)
    }

    /// The value of a metric, with its labels as Prometheus writes them; 0 where it has not been counted yet.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let text = http::get(self.metrics, "/metrics").text();
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.map_or(0.0, |value| value.parse().unwrap())
    }

    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        self.serving.signal(name);
    }

    /// Ends in order by SIGTERM.
    #[track_caller]
    pub(crate) fn stop(self) {
        self.serving.stop();
    }

    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.serving.wait()
    }

    pub(crate) fn process(&self) -> u32 {
        self.serving.process()
    }

    pub(crate) fn query(&self, sql: &str) -> Vec<Value> {
        query(&self.lake, sql)
    }
}

/// Rows of a statement to a lake, in a process of its own.
#[track_caller]
pub(crate) fn query(lake: &Path, sql: &str) -> Vec<Value> {
    machine::query(env!("CARGO_BIN_EXE_beacon"), lake, sql)
}

/// All files below a folder, as paths within it, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(next) else {
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}
