//! Checks the document of API keys and share links: that it can be used, and by nobody else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use beacon_dashboard::document::Document;

use super::finding::Findings;
use crate::amount::counted;
use crate::clock;
use crate::commands::serve::{ServeSetup, Target};
use crate::dashboard::DocumentPlace;

const SUBJECT: &str = "keys and share links";

/// Permissions of others than the owner.
const OTHERS: u32 = 0o077;

/// Looks at the document of a server with this setup, in `place` if one was given.
pub(super) async fn check(
    place: Option<DocumentPlace>,
    setup: &ServeSetup,
    findings: &mut Findings,
) {
    let Target::Lake { lake, .. } = &setup.target else {
        return;
    };
    let place = place.unwrap_or_else(|| DocumentPlace::default_of(lake, &setup.spool.directory));
    let file = match &place {
        DocumentPlace::File(path) => Some(path.clone()),
        DocumentPlace::Object(_) => None,
    };
    let document = match place.open(clock::system()).await {
        Ok(document) => document,
        Err(error) => return findings.problem(SUBJECT, format!("{error:#}")),
    };
    let read = match document.read(clock::now_ms()).await {
        Ok(read) => read,
        Err(error) => return findings.problem(SUBJECT, error.to_string()),
    };
    let shown = document.place();
    match file.as_deref().and_then(mode) {
        Some(mode) if mode & OTHERS != 0 => findings.warning(
            SUBJECT,
            format!(
                "{shown} has mode {mode:04o}, and anyone who reads it can guess passwords of share links: chmod 600 {shown}"
            ),
        ),
        Some(mode) => findings.ok(SUBJECT, format!("{}, {shown}, mode {mode:04o}", amounts(&read))),
        None if file.is_some() => findings.ok(SUBJECT, "none yet"),
        None => findings.ok(SUBJECT, format!("{}, {shown}", amounts(&read))),
    }
}

fn mode(path: &Path) -> Option<u32> {
    Some(fs::metadata(path).ok()?.permissions().mode() & 0o777)
}

fn amounts(document: &Document) -> String {
    format!(
        "{} and {}",
        counted(document.keys.len() as u64, "key"),
        counted(document.shares.len() as u64, "share link")
    )
}
