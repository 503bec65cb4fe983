//! A running `beacon serve`, and what it says in its log: a suite takes port 0 and reads there which port it got.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use serde_json::Value;

use crate::PATIENCE;
use crate::machine::{Killed, signal};

/// A `beacon serve` whose listeners are open. Killed when dropped.
pub struct Serving {
    child: Killed,
    log: Receiver<String>,
    seen: Vec<String>,
    listening: Value,
}

impl Serving {
    /// Starts `command`, which runs `beacon serve` with a log in JSON at level `info`, and waits until it listens.
    ///
    /// # Panics
    /// When it ends instead; the message has its log.
    #[track_caller]
    pub fn start(command: &mut Command) -> Serving {
        let mut child = Killed::start(command.stderr(Stdio::piped()));
        let stderr = BufReader::new(child.stderr.take().expect("standard error is piped"));
        let (lines, log) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if lines.send(line).is_err() {
                    return;
                }
            }
        });
        let mut serving = Serving {
            child,
            log,
            seen: Vec::new(),
            listening: Value::Null,
        };
        serving.listening = serving.wait_for_log("the beacon is listening");
        serving
    }

    /// Returns the address of a listener: `pixel`, `metrics`, `dashboard` or `firehose`. `None` where it is off.
    ///
    /// # Panics
    /// When the log has no address there.
    #[track_caller]
    pub fn address(&self, listener: &str) -> Option<SocketAddr> {
        let text = self.listening[listener].as_str()?;
        let address = text
            .strip_prefix("http://")
            .and_then(|rest| rest.split('/').next()?.parse().ok());
        Some(address.unwrap_or_else(|| panic!("{text} is no address of {listener}")))
    }

    /// Waits for a log line with this message.
    ///
    /// # Panics
    /// When it does not come; the message has the log.
    #[track_caller]
    pub fn wait_for_log(&mut self, message: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let Ok(line) = self
                .log
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            else {
                panic!("no {message:?} in the log: {:#?}", self.seen);
            };
            self.seen.push(line.clone());
            let Ok(value) = serde_json::from_str::<Value>(&line) else {
                continue;
            };
            if value["message"] == message {
                return value;
            }
        }
    }

    /// Returns how many lines of the log so far have this message.
    pub fn logged(&mut self, message: &str) -> usize {
        self.seen.extend(self.log.try_iter());
        let has_message = |line: &&String| {
            serde_json::from_str::<Value>(line).is_ok_and(|value| value["message"] == message)
        };
        self.seen.iter().filter(has_message).count()
    }

    /// Returns how it has ended, if it has.
    ///
    /// # Panics
    /// When the system does not tell.
    pub fn has_ended(&mut self) -> Option<ExitStatus> {
        self.child.has_ended()
    }

    /// Returns its process id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, such as `TERM`.
    #[track_caller]
    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Kills it at once, as a crash does, and waits for its end.
    ///
    /// # Panics
    /// When it can't be killed.
    #[track_caller]
    pub fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.ended();
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        self.child.ended()
    }

    /// Shuts it down gracefully by SIGTERM.
    ///
    /// # Panics
    /// When it fails; the message has its log.
    #[track_caller]
    pub fn stop(mut self) {
        self.signal("TERM");
        let status = self.wait();
        assert!(
            status.success(),
            "{status}: {:#?}",
            self.log.try_iter().collect::<Vec<_>>()
        );
    }
}
