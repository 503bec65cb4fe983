//! `beacon serve`: the server of `beacon-server` with the dashboard of `beacon-dashboard` beside it.

mod args;
mod run;

use std::process::ExitCode;

use self::args::ServeArgs;
use self::run::run;
use crate::dashboard::DashboardArgs;

/// Answer pixel requests and write their hits into a lake, or send them to a Firehose stream
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon serve                                            hits into ./lake, dashboard at http://127.0.0.1:8081/
  beacon serve --listen 9000                              another port, of this machine alone
  beacon serve --listen 0.0.0.0:80 --lake /var/lib/beacon reachable from other machines
  beacon serve --lake s3://my-bucket/beacon --spool /var/spool/beacon
  beacon serve --firehose-listen 127.0.0.1:4573           also as a local Firehose, for boto3 and other SDKs
  beacon serve --firehose my-stream                       no lake here: hits go to AWS

The beacon itself is set up by variables: BEACON_PRIVACY, BEACON_TRUST, BEACON_ORIGIN_SECRET, BEACON_SITES,
BEACON_COLUMNS, BEACON_KEEP_HEADERS, BEACON_PATHS, BEACON_BASE_PATH, BEACON_DEBUG; the README lists them.

The dashboard is open to this machine. To reach it from others, set BEACON_DASHBOARD_PASSWORD_HASH to what
`beacon dashboard-password` prints, and put TLS in front. BEACON_DASHBOARD_KEY, 32 characters or more, signs
sessions and share links; without it a key is made once and kept in dashboard.key in STATE_DIRECTORY where systemd
sets that, else beside the lake as LAKE.dashboard.key, or in the spool where the lake is an object store.

Sockets that systemd opens (socket activation) are used instead of the addresses; name them pixel, metrics, firehose
or dashboard with FileDescriptorName=.

SIGTERM or Ctrl-C shuts down gracefully: the server answers requests under way and delivers the spool. A second one
ends it at once; the next start delivers the rest of the spool. `beacon --help` lists the logging options.")]
pub struct ServeCommand {
    #[command(flatten)]
    serve: ServeArgs,

    #[command(flatten)]
    dashboard: DashboardArgs,
}

impl ServeCommand {
    /// Serves until a signal, then shuts down gracefully.
    ///
    /// # Errors
    /// What keeps the server from starting.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut options = self.serve.options().await?;
        options.dashboard = self.dashboard.listener(&options).await?;
        run(options).await
    }
}
