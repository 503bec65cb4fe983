//! The file of address ranges: whether the server can use it, and how many it has.

use beacon_server::range_file::RangeFile;

use super::finding::Findings;
use crate::amount::counted;
use crate::commands::serve::ServeSetup;
use crate::failure;

const SUBJECT: &str = "ranges";

/// Reads the file, if there is one.
pub(super) fn check(setup: &ServeSetup, findings: &mut Findings) {
    let Some(path) = &setup.ranges else {
        return;
    };
    let file = match RangeFile::open(path) {
        Ok(file) => file,
        Err(error) => return findings.problem(SUBJECT, failure::text(&error)),
    };
    let shown = path.display();
    match file.count() {
        0 => findings.warning(
            SUBJECT,
            format!("{shown} has no address range: write lines such as `192.0.2.0/24,bot,uptime`"),
        ),
        count => findings.ok(
            SUBJECT,
            format!("{shown} has {}", counted(count as u64, "address range")),
        ),
    }
}
