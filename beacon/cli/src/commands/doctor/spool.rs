//! The spool: whether it can be written, what waits in it, and whether there is room.

use std::path::Path;

use beacon_lake::{SpoolState, check_writable, inspect_spool};
use beacon_server::health::Undelivered;

use super::finding::Findings;
use super::lake::leads_nowhere;
use crate::amount::{self, counted};
use crate::commands::serve::ServeSetup;
use crate::failure;

const SUBJECT: &str = "spool";
const UNDELIVERED: &str = "undelivered hits";
const SPACE: &str = "disk space";

/// Looks at the spool. `None` where it isn't there or can't be read.
pub(super) fn check(setup: &ServeSetup, findings: &mut Findings) -> Option<SpoolState> {
    let directory = setup.spool.directory.as_path();
    let shown = directory.display();
    if leads_nowhere(directory) {
        findings.problem(
            SUBJECT,
            format!(
                "{shown} is a link that leads nowhere: mount or create its target, or give another --spool"
            ),
        );
        return None;
    }
    // Below a file there is nothing, and no directory can be made there.
    if !directory.exists() && existing_parent(directory).is_some_and(Path::is_dir) {
        findings.ok(
            SUBJECT,
            format!("{shown} doesn't exist yet; the server creates it when it starts"),
        );
        return None;
    }
    let state = match inspect_spool(directory) {
        Ok(state) => state,
        Err(error) => {
            findings.problem(SUBJECT, failure::text(&error.into()));
            return None;
        }
    };
    match check_writable(directory) {
        Ok(()) => findings.ok(SUBJECT, format!("{shown} can be written")),
        Err(error) => {
            let error = anyhow::Error::from(error).context(format!("{shown} can't be written"));
            findings.problem(SUBJECT, failure::text(&error));
        }
    }
    check_undelivered(setup, &state, findings);
    check_space(setup, &state, findings);
    Some(state)
}

fn existing_parent(directory: &Path) -> Option<&Path> {
    let here = Path::new(".");
    directory
        .ancestors()
        .skip(1)
        .map(|parent| match parent.as_os_str().is_empty() {
            true => here,
            false => parent,
        })
        .find(|parent| parent.exists())
}

fn check_undelivered(setup: &ServeSetup, state: &SpoolState, findings: &mut Findings) {
    for error in &state.unreadable {
        findings.problem(UNDELIVERED, error.to_string());
    }
    let undelivered = Undelivered::new(&setup.spool);
    let Some(age) = undelivered.oldest_age() else {
        return findings.ok(UNDELIVERED, "none: everything is delivered");
    };
    let (age_text, limit) = (
        amount::duration(age),
        amount::duration(undelivered.age_limit()),
    );
    let waiting = format!(
        "{} in {}, the oldest hit {age_text} old",
        amount::size(state.bytes),
        counted(state.files, "file")
    );
    if age <= undelivered.age_limit() {
        let interval = amount::duration(setup.spool.buffer_interval);
        return findings.ok(
            UNDELIVERED,
            format!("{waiting}; hits are delivered after {interval}, or when their hour ends"),
        );
    }
    let fix = match state.holder {
        Some(_) => "the server's log says why delivery fails",
        None => "start the server, which delivers them",
    };
    findings.problem(
        UNDELIVERED,
        format!("{waiting}, more than {limit}: {fix}. They are safe as long as the spool is"),
    );
}

fn check_space(setup: &ServeSetup, state: &SpoolState, findings: &mut Findings) {
    let (free, reserve) = (
        amount::size(state.free_bytes),
        amount::size(state.reserve_bytes),
    );
    let has = format!("{free} free on the disk of the spool, and {reserve} reserved for delivery");
    let file = setup.spool.buffer_size_bytes;
    if state.free_bytes.saturating_add(state.reserve_bytes) < state.needed_bytes {
        findings.problem(
            SPACE,
            format!(
                "{has}; delivery of the largest waiting file needs {}: make room, or hits are lost",
                amount::size(state.needed_bytes)
            ),
        );
    } else if state.free_bytes < file {
        findings.warning(
            SPACE,
            format!(
                "{has}; one spool file can have {}: make room before the disk is full",
                amount::size(file)
            ),
        );
    } else {
        findings.ok(SPACE, has);
    }
}
