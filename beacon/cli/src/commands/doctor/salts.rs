//! The day's salt: where it is kept, and whether one is left whose day is over.

use beacon_core::settings::Settings;

use super::finding::Findings;
use crate::amount::counted;
use crate::commands::serve::ServeSetup;
use crate::failure;

const SUBJECT: &str = "salt";

/// Looks at the directory of salts, and reads none of them.
pub(super) fn check(
    setup: &ServeSetup,
    settings: Option<&Settings>,
    now_ms: u64,
    findings: &mut Findings,
) {
    let directory = &setup.salts;
    let is_off = settings.is_some_and(|settings| !settings.visitors());
    let Some(path) = directory.path() else {
        return match is_off {
            true => findings.ok(SUBJECT, "off: BEACON_VISITORS is off"),
            false => findings.warning(
                SUBJECT,
                "no private directory is known, so hits have no visitor: set --salt-directory, or BEACON_VISITORS=off",
            ),
        };
    };
    if let Err(error) = directory.check_outside(&setup.copied()) {
        return findings.problem(SUBJECT, failure::text(&error.into()));
    }
    let ended = match directory.ended(now_ms) {
        Ok(ended) => ended,
        Err(error) => return findings.problem(SUBJECT, failure::text(&error.into())),
    };
    let shown = path.display();
    if !ended.is_empty() {
        return findings.problem(
            SUBJECT,
            format!(
                "{shown} has {} of days that are over, with which visitors of those days can be identified: run \
                 `beacon forget-salts`, or start the server, which removes them",
                counted(ended.len() as u64, "file")
            ),
        );
    }
    if is_off {
        return findings.ok(SUBJECT, "off: BEACON_VISITORS is off");
    }
    if let Err(error) = directory.check_modes(now_ms) {
        return findings.problem(SUBJECT, failure::text(&error.into()));
    }
    match path.exists() {
        true => findings.ok(SUBJECT, format!("{shown} has none of a day that is over")),
        false => findings.ok(
            SUBJECT,
            format!("{shown} doesn't exist yet; the server creates it at the first hit"),
        ),
    }
}
