//! `beacon serve`: from the arguments to a running server, and from a signal to an empty spool.

use std::process::ExitCode;

use crate::lake_args::LakeArgs;

/// Answer pixel requests and write their hits into a lake.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    #[command(flatten)]
    lake: LakeArgs,
}

impl ServeArgs {
    /// Serves until a signal.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        anyhow::bail!("no server yet for {}", self.lake.lake)
    }
}
