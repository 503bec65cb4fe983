//! Checks who can open the dashboard: its address, its password and its key.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use beacon_dashboard::password::PasswordHash;
use beacon_dashboard::token::Key;

use super::finding::Findings;
use crate::commands::serve::{ServeSetup, Target};
use crate::dashboard::key_file;
use crate::environment;

const SUBJECT: &str = "dashboard";
const KEY: &str = "dashboard's key";

/// Permissions of others than the owner.
const OTHERS: u32 = 0o077;

/// Looks at the dashboard of a server with this setup, at `listen`.
pub(super) fn check(listen: Option<SocketAddr>, setup: &ServeSetup, findings: &mut Findings) {
    let (Some(listen), Target::Lake { lake, .. }) = (listen, &setup.target) else {
        return findings.ok(SUBJECT, "off");
    };
    let (hash, key) = environment::dashboard_secrets();
    match hash.as_deref().map(PasswordHash::parse) {
        Some(Ok(_)) if listen.ip().is_loopback() => {
            findings.ok(SUBJECT, format!("http://{listen}/, with a password"));
        }
        Some(Ok(_)) => findings.ok(
            SUBJECT,
            format!("{listen}, with a password; other machines must reach it through TLS"),
        ),
        Some(Err(error)) => {
            findings.problem(SUBJECT, format!("BEACON_DASHBOARD_PASSWORD_HASH: {error}"));
        }
        None if listen.ip().is_loopback() => {
            findings.ok(SUBJECT, format!("http://{listen}/, for this machine alone"));
        }
        None => findings.problem(
            SUBJECT,
            format!(
                "{listen} can be reached from other machines, and there is no password, so the server doesn't start: set \
                 BEACON_DASHBOARD_PASSWORD_HASH to what `beacon dashboard-password` prints, or use 127.0.0.1:{}",
                listen.port()
            ),
        ),
    }
    if let Some(key) = key {
        return match Key::from_text(&key) {
            Ok(_) => findings.ok(KEY, "in BEACON_DASHBOARD_KEY"),
            Err(error) => findings.problem(KEY, format!("BEACON_DASHBOARD_KEY: {error}")),
        };
    }
    let file = match lake.local_path() {
        Some(lake) => key_file::find_beside(lake, environment::state_directory().as_deref()),
        None => key_file::find_in(&setup.spool.directory),
    };
    let Some(file) = file else {
        return findings.ok(KEY, "no file yet: the server creates it at its first start");
    };
    check_key_file(&file, lake.local_path(), findings);
}

fn check_key_file(file: &Path, lake: Option<&Path>, findings: &mut Findings) {
    let shown = file.display();
    let read = fs::metadata(file).and_then(|about| Ok((about, fs::read_to_string(file)?)));
    let (about, text) = match read {
        Ok(read) => read,
        Err(error) => {
            return findings.problem(
                KEY,
                format!("{shown} can't be read: {error}; make it readable for the server's user"),
            );
        }
    };
    let mode = about.permissions().mode() & 0o777;
    if let Err(error) = Key::from_text(&text) {
        findings.problem(
            KEY,
            format!("{shown}: {error}; or remove the file, and the server creates another: sessions end, and share links of 0.1.0"),
        );
    } else if mode & OTHERS != 0 {
        findings.problem(
            KEY,
            format!(
                "{shown} has mode {mode:04o}, and anyone who reads it can sign in: chmod 600 {shown}, and replace it if others \
                 may have read it"
            ),
        );
    } else if lake.is_some_and(|lake| file.starts_with(lake)) {
        findings.warning(
            KEY,
            format!("{shown} is inside the lake: leave it out of what you copy or share, or set BEACON_DASHBOARD_KEY"),
        );
    } else {
        findings.ok(KEY, format!("{shown}, mode {mode:04o}"));
    }
}
