//! `beacon dashboard-password`: from a password to the setting that holds its hash.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use beacon_dashboard::password::hash;

use crate::args::password::read_password;

/// Hash a password for the dashboard
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "On a terminal, the command asks twice and does not show the password. Otherwise it reads one line of standard input:
  export BEACON_DASHBOARD_PASSWORD_HASH=\"$(beacon dashboard-password)\"
  pass show beacon | beacon dashboard-password"
)]
pub struct PasswordArgs {}

impl PasswordArgs {
    /// Prints the hash.
    ///
    /// # Errors
    /// A password that is too short, or not the same twice.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let password = read_password("Password of the dashboard: ")?;
        writeln!(io::stdout(), "{}", hash(&password)?).context("can't write to standard output")?;
        Ok(ExitCode::SUCCESS)
    }
}
