//! The `beacon` command. See the library for what it does.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    beacon_local::cli::Cli::parse().main()
}
