//! The command `beacon` on this machine, for suites that run without a runtime.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::Value;
use socket2::{Domain, Socket, Type};

use crate::PATIENCE;

/// Waits for a state that must come.
///
/// # Panics
/// When it does not hold after [`PATIENCE`]; the message names it.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(
            begun.elapsed() < PATIENCE,
            "waited {PATIENCE:?} in vain until {what}"
        );
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// A process that a failed test does not leave behind: killed when dropped.
pub struct Killed(Child);

impl Killed {
    /// Starts a command.
    ///
    /// # Panics
    /// When it does not start.
    #[track_caller]
    pub fn start(command: &mut Command) -> Killed {
        match command.spawn() {
            Ok(child) => Killed(child),
            Err(error) => panic!("cannot start {command:?}: {error}"),
        }
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it has not ended after [`PATIENCE`].
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until("the process has ended", || {
            status = self.has_ended();
            status.is_some()
        });
        status.expect("waited for")
    }

    /// How it has ended, if it has.
    ///
    /// # Panics
    /// When the system does not tell.
    pub fn has_ended(&mut self) -> Option<ExitStatus> {
        self.try_wait().expect("a child can be asked")
    }
}

impl Deref for Killed {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Killed {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A port of this machine where nobody listens, now or later: it is taken for as long as this lives.
pub struct Unreachable(Socket);

impl Unreachable {
    /// Takes a free port.
    ///
    /// # Panics
    /// When none is free.
    pub fn bind() -> Unreachable {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a TCP socket");
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        socket
            .bind(&any_port.into())
            .expect("a free port of this machine");
        Unreachable(socket)
    }

    /// Returns its address. Connections to it are refused.
    ///
    /// # Panics
    /// When the system does not tell.
    pub fn address(&self) -> SocketAddr {
        self.0
            .local_addr()
            .ok()
            .and_then(|address| address.as_socket())
            .expect("a bound socket has an address")
    }
}

/// A command of `program` with none of the caller's `BEACON_…` and `AWS_…` variables: whoever uses beacon sets
/// them, and a suite must not test their configuration instead of its own.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    #[expect(
        clippy::disallowed_methods,
        reason = "the names of the caller's variables, to be left out"
    )]
    let variables = std::env::vars_os();
    for (name, _) in variables {
        let text = name.to_string_lossy();
        if text.starts_with("BEACON_") || text.starts_with("AWS_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The same command, started by a shell whose `script` ends with `exec "$@"`: it can set limits of the process and open
/// descriptors for it.
pub fn through_shell(script: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script, "sh"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// Sends a process a signal by its name, such as `TERM`.
///
/// # Panics
/// When there is no such process.
#[track_caller]
pub fn signal(process: u32, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &process.to_string()])
        .status()
        .expect("every Unix has kill");
    assert!(status.success(), "cannot send {name} to {process}");
}

/// The rows of a statement to a lake, asked of the program `beacon` in a process of its own.
///
/// # Panics
/// When it has no answer; the message is what it said.
#[track_caller]
pub fn query(beacon: &str, lake: &Path, sql: &str) -> Vec<Value> {
    let output = command(beacon)
        .args(["query", "--output", "json", "--lake"])
        .arg(lake)
        .arg(sql)
        .output()
        .expect("a built program starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("one array of objects")
}
