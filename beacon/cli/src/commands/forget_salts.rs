//! `beacon forget-salts`: removes the salts of days that are over, for a timer on a machine whose server is down.

use std::io::{self, Write};
use std::process::ExitCode;

use beacon_server::salts::SaltDirectory;

use crate::args::salts::SaltArgs;
use crate::clock;

/// Remove the salts of days that are over
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon forget-salts                     remove them from the usual directories
  beacon forget-salts --salt-directory /run/beacon
                                          remove them from this one

A running server removes the day's salt at midnight UTC, and one that starts removes older ones. This command does the \
same while none runs: the package's beacon-salts.timer calls it each midnight. The salt of today stays.")]
pub struct ForgetSaltsArgs {
    #[command(flatten)]
    salts: SaltArgs,
}

impl ForgetSaltsArgs {
    /// Removes the files of ended days, and prints their number for each directory.
    ///
    /// # Errors
    /// A directory that can't be read, a file that can't be removed, and output that can't be written. The other
    /// directories are done before.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        // A server takes the first one outside of its lake and its spool, which this command doesn't know.
        let directories = self.salts.directories();
        if directories.is_empty() {
            anyhow::bail!(
                "no directory of salts is known: give --salt-directory as `beacon serve` has it"
            );
        }
        let mut failed = None;
        for path in directories {
            match SaltDirectory::new(Some(path.clone())).remove_ended(clock::now_ms()) {
                Ok(removed) => {
                    let files = match removed {
                        1 => "1 file".to_owned(),
                        _ => format!("{removed} files"),
                    };
                    writeln!(io::stdout(), "removed {files} from {}", path.display())?;
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            None => Ok(ExitCode::SUCCESS),
            Some(error) => Err(error.into()),
        }
    }
}
