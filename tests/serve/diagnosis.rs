//! Runs `beacon doctor` and reads its findings.

use std::path::Path;
use std::process::Command;

use beacon_testing::machine;
use serde_json::Value;

/// The findings of one run, and its exit code.
pub(crate) struct Diagnosis {
    pub(crate) code: Option<i32>,
    pub(crate) report: Value,
}

impl Diagnosis {
    #[track_caller]
    pub(crate) fn of(mut command: Command) -> Diagnosis {
        let output = command.output().unwrap();
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!(
                "{error}: {output:?}, {}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
        Diagnosis {
            code: output.status.code(),
            report,
        }
    }

    pub(crate) fn findings(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let part = |name: &str| finding[name].as_str().unwrap();
                (part("level"), part("subject"), part("text"))
            })
    }

    /// A finding of this level about this subject has all of these parts in its text.
    #[track_caller]
    pub(crate) fn has(&self, level: &str, subject: &str, parts: &[&str]) {
        let is_it = |found: (&str, &str, &str)| {
            (found.0, found.1) == (level, subject)
                && parts.iter().all(|part| found.2.contains(part))
        };
        assert!(
            self.findings().any(is_it),
            "no {level} about {subject} with {parts:?} in {:#}",
            self.report
        );
    }

    #[track_caller]
    pub(crate) fn has_no_problem(&self) {
        let problems: Vec<_> = self
            .findings()
            .filter(|(level, ..)| *level == "problem")
            .collect();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(self.code, Some(0));
    }
}

/// `beacon doctor` for the lake in `folder`, not yet started.
pub(crate) fn doctor(folder: &Path) -> Command {
    let mut command = machine::command(env!("CARGO_BIN_EXE_beacon"));
    command
        .args(["doctor", "--output", "json"])
        .env("BEACON_LAKE", folder.join("lake"))
        .env("BEACON_METRICS_LISTEN", "127.0.0.1:1")
        .env("BEACON_SALT_DIRECTORY", folder.join("salts"))
        .env_remove("STATE_DIRECTORY")
        .current_dir(folder);
    command
}

/// Runs the command with these variables changed.
#[track_caller]
pub(crate) fn diagnose(command: &mut Command, changes: &[(&str, &str)]) -> Diagnosis {
    let mut changed = Command::new(command.get_program());
    changed.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => changed.env(name, value),
            None => changed.env_remove(name),
        };
    }
    changed.current_dir(command.get_current_dir().unwrap());
    for (name, value) in changes {
        changed.env(name, value);
    }
    Diagnosis::of(changed)
}
