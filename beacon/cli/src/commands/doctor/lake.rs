//! The lake: whether it can be listed and written, and what its newest file is.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use beacon_core::schema::Schema;
use beacon_core::settings::Settings;
use beacon_lake::{DataFile, Lake, Snapshot, snapshot};
use beacon_query::engine::file_columns;

use super::finding::Findings;
use crate::amount::counted;
use crate::failure;
use crate::user;

const SUBJECT: &str = "lake";
const NEWEST: &str = "newest file";

/// The longest time in which the lake must show that it can be used.
const ACCESS_TIMEOUT: Duration = Duration::from_secs(15);

/// The longest time for a list of all files: a store gives 1,000 at a time.
const LIST_TIMEOUT: Duration = Duration::from_secs(60);

/// The time of the newest hit in Unix milliseconds, as far as the names of files tell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NewestHit(pub(super) Option<u64>);

impl NewestHit {
    /// Takes another hit into account.
    pub(super) fn add(&mut self, ms: Option<u64>) {
        self.0 = self.0.max(ms);
    }
}

/// Looks at the lake. `settings` have the columns that its newest file should have; `None` where they are wrong.
pub(super) async fn check(
    lake: &Lake,
    settings: Option<&Settings>,
    findings: &mut Findings,
) -> NewestHit {
    let nothing = NewestHit::default();
    if let Some(directory) = lake.local_path() {
        if leads_nowhere(directory) {
            findings.problem(
                SUBJECT,
                format!(
                    "{lake} is a link that leads nowhere: mount or create its target, or give another --lake"
                ),
            );
            return nothing;
        }
        if !directory.exists() {
            findings.problem(
                SUBJECT,
                format!(
                    "there is no lake at {lake}: check --lake, or start one with `beacon serve`"
                ),
            );
            return nothing;
        }
        check_owner(directory, findings);
    }
    let checked = tokio::time::timeout(ACCESS_TIMEOUT, lake.check_access())
        .await
        .unwrap_or_else(|_elapsed| Err(lake.unanswered(ACCESS_TIMEOUT)));
    if let Err(error) = checked {
        findings.problem(SUBJECT, failure::text(&error.into()));
        return nothing;
    }
    findings.ok(SUBJECT, format!("{lake} can be listed and written"));
    let listed = tokio::time::timeout(LIST_TIMEOUT, snapshot(lake, None, None)).await;
    let listed = match listed {
        Ok(Ok(listed)) => listed,
        Ok(Err(error)) => {
            findings.problem(SUBJECT, failure::text(&error.into()));
            return nothing;
        }
        Err(_elapsed) => {
            findings.warning(
                NEWEST,
                format!(
                    "the list of files took more than {} s, so it was not looked at",
                    LIST_TIMEOUT.as_secs()
                ),
            );
            return nothing;
        }
    };
    for left_out in &listed.left_out {
        findings.warning(SUBJECT, format!("{} {}", left_out.path, left_out.reason));
    }
    check_newest(lake, &listed, settings, findings).await
}

/// A link whose target is missing: a server could not create the directory.
pub(super) fn leads_nowhere(directory: &Path) -> bool {
    directory.symlink_metadata().is_ok() && !directory.exists()
}

/// The findings about rights are those of the user that the doctor runs as.
fn check_owner(directory: &Path, findings: &mut Findings) {
    let (Ok(about), Some(user)) = (directory.metadata(), user::current()) else {
        return;
    };
    if about.uid() != user.id {
        let owner = user::by_id(about.uid());
        findings.warning(
            "user",
            format!(
                "{} belongs to {owner} and this command runs as {user}, so it doesn't show whether the server may write: \
                 run it as the server's user",
                directory.display()
            ),
        );
    }
}

async fn check_newest(
    lake: &Lake,
    listed: &Snapshot,
    settings: Option<&Settings>,
    findings: &mut Findings,
) -> NewestHit {
    let newest = listed
        .data
        .iter()
        .max_by_key(|file| (file.hour, file.meta.last_modified));
    let Some(newest) = newest else {
        findings.ok(
            NEWEST,
            "the lake has no file yet: hits wait in the spool until they are delivered",
        );
        return NewestHit::default();
    };
    let name = name(lake, newest);
    let count = counted(listed.data.len() as u64, "file");
    let found = match file_columns(lake, newest).await {
        None => Err(format!(
            "{name} can't be read as a file of hits: see \"Unreadable files\" in docs/runbook.md"
        )),
        Some(columns) => match settings {
            None => Ok("was not compared, because a setting is invalid"),
            Some(settings) => compare(&name, &columns, &settings.schema())
                .map(|()| "has the columns of this version"),
        },
    };
    match found {
        Ok(state) => findings.ok(NEWEST, format!("{name}, the newest of {count}, {state}")),
        Err(text) => findings.warning(NEWEST, text),
    }
    NewestHit(Some(newest.hour.start_ms()))
}

/// Returns a file's key relative to the lake.
fn name(lake: &Lake, file: &DataFile) -> String {
    let path = file.path.as_ref();
    path.strip_prefix(lake.prefix().as_ref())
        .unwrap_or(path)
        .trim_start_matches('/')
        .to_owned()
}

/// Compares the columns of a file with those that this version writes.
///
/// # Errors
/// Returns the difference, and what it means.
fn compare(name: &str, columns: &[String], schema: &Schema) -> Result<(), String> {
    let expected: Vec<&str> = schema.columns().map(|column| column.name).collect();
    let missing: Vec<&str> = expected
        .iter()
        .copied()
        .filter(|column| !columns.iter().any(|found| found == column))
        .collect();
    let unknown: Vec<&str> = columns
        .iter()
        .map(String::as_str)
        .filter(|column| !expected.contains(column))
        .collect();
    if !missing.is_empty() {
        return Err(format!(
            "{name} has no column {}: an older version wrote it, or BEACON_COLUMNS was another; if it is newer than the \
             last upgrade, restart the server",
            missing.join(", ")
        ));
    }
    if !unknown.is_empty() {
        return Err(format!(
            "{name} has a column {} that this program doesn't know: a newer version wrote it (upgrade this one), or \
             BEACON_COLUMNS is not the server's",
            unknown.join(", ")
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_other_versions_are_named() {
        let schema = Schema::builtin();
        let columns: Vec<String> = schema.columns().map(|c| c.name.to_owned()).collect();
        assert_eq!(compare("f", &columns, &schema), Ok(()));

        let older = &columns[..columns.len() - 1];
        let missing = columns.last().unwrap();
        let text = compare("f", older, &schema).unwrap_err();
        assert!(
            text.starts_with(&format!("f has no column {missing}: an older version")),
            "{text}"
        );

        let newer = [columns, vec!["signature".to_owned()]].concat();
        let text = compare("f", &newer, &schema).unwrap_err();
        assert!(
            text.contains("a column signature that this program doesn't know: a newer version"),
            "{text}"
        );
    }
}
