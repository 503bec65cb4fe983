//! The workspace's programs as child processes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::eventually;

/// Returns the program `name` of the workspace, built in the profile and the target directory of the running test.
///
/// Cargo decides whether it is fresh, since only it knows all that is compiled in: SQL, scripts and templates too. It
/// resolves the features of the whole workspace, as `cargo test --workspace` does, so that nothing is built twice.
///
/// # Panics
/// When it can't be built.
pub fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    // target/<profile>/deps/<test>
    let profile_folder = test
        .ancestors()
        .nth(2)
        .expect("tests run from target/<profile>/deps");
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let target_folder = profile_folder
        .parent()
        .expect("target/<profile> has a parent");
    let mut build = std::process::Command::new(env!("CARGO"));
    build
        .args(["build", "--workspace", "--quiet"])
        .args(["--bin", name, "--profile", profile])
        .arg("--target-dir")
        .arg(target_folder)
        // In the machine's own time, also where a test runs as on another day.
        .env_remove("LD_PRELOAD")
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in variables_of_the_test() {
        build.env_remove(name);
    }
    let status = build.status().expect("cargo starts");
    assert!(status.success(), "cannot build {name}");
    profile_folder.join(name)
}

/// Returns the names of the variables that cargo set for the running test.
///
/// A build that inherited them would compile `ring`, and with it DataFusion, anew: its build script depends on them.
fn variables_of_the_test() -> impl Iterator<Item = OsString> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the names of the caller's variables, of which some are removed"
    )]
    let variables = std::env::vars_os();
    variables.map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        ["CARGO_PKG_", "CARGO_MANIFEST_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    })
}

/// A running program, killed when dropped. Its output is collected line by line.
pub struct Program {
    child: Child,
    stdout: Lines,
    stderr: Lines,
}

struct Lines {
    incoming: mpsc::UnboundedReceiver<String>,
    seen: Vec<String>,
    reader: JoinHandle<()>,
}

impl Program {
    /// Starts `program` with these arguments and these variables, and no others but those of `tests/any_day.sh`: a test
    /// that runs as on another day gives its program deadlines of that day.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start<'a>(
        program: &Path,
        arguments: impl IntoIterator<Item = &'a str>,
        variables: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Program {
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(faked_time())
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        let stdout = Lines::of(child.stdout.take().expect("asked for"));
        let stderr = Lines::of(child.stderr.take().expect("asked for"));
        Program {
            child,
            stdout,
            stderr,
        }
    }

    /// Its process id.
    ///
    /// # Panics
    /// When it has ended.
    pub fn id(&self) -> u32 {
        self.child.id().expect("a program that runs")
    }

    /// Sends a signal by its name, such as `STOP`.
    ///
    /// # Panics
    /// When that fails.
    pub fn signal(&self, name: &str) {
        let kill = std::process::Command::new("kill")
            .args([&format!("-{name}"), &self.id().to_string()])
            .status();
        assert!(kill.expect("kill starts").success(), "cannot send {name}");
    }

    /// Waits for the first line of standard output from here on that contains `text`.
    pub async fn stdout_line(&mut self, text: &str) -> String {
        let lines = &mut self.stdout;
        let found = async {
            while let Some(line) = lines.incoming.recv().await {
                lines.seen.push(line.clone());
                if line.contains(text) {
                    return Some(line);
                }
            }
            None
        };
        let found = eventually(&format!("a line with {text:?}"), found).await;
        found.unwrap_or_else(|| panic!("the program ended without a line with {text:?}"))
    }

    /// Waits for its end. Returns whether it succeeded, and its lines on standard output and standard error.
    pub async fn end(mut self) -> (bool, Vec<String>, Vec<String>) {
        let status = eventually("the program's end", self.child.wait())
            .await
            .expect("a child can be waited for");
        (
            status.success(),
            self.stdout.rest().await,
            self.stderr.rest().await,
        )
    }

    /// Kills it, as the end of an execution environment does, and returns its lines on standard output.
    pub async fn kill(mut self) -> Vec<String> {
        self.child.start_kill().expect("a child can be killed");
        self.end().await.1
    }
}

/// The variables by which faketime works in a child too.
fn faked_time() -> impl Iterator<Item = (OsString, OsString)> {
    const OTHERS: [&str; 3] = ["LD_PRELOAD", "NO_FAKE_STAT", "DONT_FAKE_MONOTONIC"];
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller's variables, of which a few are passed on"
    )]
    let variables = std::env::vars_os();
    variables.filter(|(name, _)| {
        let name = name.to_string_lossy();
        name.starts_with("FAKETIME") || OTHERS.contains(&&*name)
    })
}

impl Lines {
    fn of(output: impl AsyncRead + Unpin + Send + 'static) -> Lines {
        let (sender, incoming) = mpsc::unbounded_channel();
        let reader = tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Lines {
            incoming,
            seen: Vec::new(),
            reader,
        }
    }

    async fn rest(mut self) -> Vec<String> {
        eventually("the end of the output", &mut self.reader)
            .await
            .expect("reading does not panic");
        while let Ok(line) = self.incoming.try_recv() {
            self.seen.push(line);
        }
        self.seen
    }
}
