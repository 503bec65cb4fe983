//! Prints what the checks find in this workspace, and how long its Rust files are. Ends with 1 if they find anything.
//!
//! With `--all`, also the known ones, and each cycle is followed by every import within it.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use beacon_structure::check::check;
use beacon_structure::file_sizes::{MEDIAN_LINES, longest_of_rust, median_of_rust};
use beacon_structure::known::{KNOWN, unknown};

fn main() -> anyhow::Result<ExitCode> {
    let report = check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))?;
    let is_all = std::env::args().any(|argument| argument == "--all");
    let findings = if is_all {
        report.findings
    } else {
        unknown(report.findings, &KNOWN)
    };
    let mut output = std::io::stdout().lock();
    for finding in &findings {
        writeln!(output, "{finding}")?;
        for place in finding.further.iter().filter(|_| is_all) {
            writeln!(output, "    | {place}")?;
        }
        writeln!(output)?;
    }
    writeln!(
        output,
        "median of the Rust files: {} lines, wanted: {MEDIAN_LINES}",
        median_of_rust(&report.sizes)
    )?;
    for size in longest_of_rust(&report.sizes, 10) {
        writeln!(output, "{:5} {}", size.lines, size.file.display())?;
    }
    writeln!(
        output,
        "{} findings, {} known ones",
        findings.len(),
        KNOWN.len()
    )?;
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
