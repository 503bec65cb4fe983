//! The `beacon` command. See the library for what it does.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    beacon_cli::cli::Cli::parse().main()
}
