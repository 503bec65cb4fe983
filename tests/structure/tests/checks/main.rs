//! The checks themselves: what they must find in planted crates, and what they must let pass.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod planted;

mod cycles;

mod no_cycles;

mod public_names;

mod crates;

mod file_sizes;

mod suites;

mod known;

mod workspaces;
