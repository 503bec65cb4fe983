//! `beacon serve`: the server of `beacon-server` with the dashboard of `beacon-dashboard` beside it.

mod args;
mod run;
mod welcome;

use std::net::SocketAddr;
use std::process::ExitCode;

use self::args::ServeArgs;
pub(crate) use self::args::{ServeSetup, Target};
use self::run::run;
use self::welcome::Welcome;
use crate::dashboard::{DashboardArgs, DocumentPlace};

/// Serve the pixel, and store its hits in a lake or send them to a Firehose stream
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon serve                            store hits in ./lake, dashboard on 127.0.0.1:8081
  beacon serve --listen 9000              use another port, for this machine only
  beacon serve --listen 0.0.0.0:80 --lake /var/lib/beacon
                                          accept requests from other machines
  beacon serve --lake s3://my-bucket/beacon --spool /var/spool/beacon
                                          store hits in an object store
  beacon serve --firehose-listen 127.0.0.1:4573
                                          also serve the Firehose API, for boto3 and other SDKs
  beacon serve --firehose my-stream       send hits to AWS and keep no lake

Environment variables configure what is recorded: BEACON_PRIVACY, BEACON_TRUST, BEACON_ORIGIN_SECRET, BEACON_SITES, \
BEACON_COLUMNS, BEACON_KEEP_HEADERS, BEACON_PATHS, BEACON_BASE_PATH, BEACON_VISITORS, BEACON_HONOUR_GPC, BEACON_ROBOTS \
and BEACON_DEBUG. docs/settings.md describes each.

Only this machine can open the dashboard. To open it from other machines, set BEACON_DASHBOARD_PASSWORD_HASH to the \
output of `beacon dashboard-password`, and put TLS in front. BEACON_DASHBOARD_KEY, at least 32 characters, signs \
sessions. Without it, the server creates a key once and keeps it: in STATE_DIRECTORY/dashboard.key if \
systemd sets that, else beside the lake as LAKE.dashboard.key, or in the spool if the lake is an object store. \
API keys and share links are in dashboard.json or LAKE.dashboard.json beside it.

Visitors are told apart by a salt, which is kept in a file for one UTC day and then removed. All servers of a lake need \
the same --salt-directory; docs/privacy.md says what the salt protects. BEACON_VISITORS=off makes none.

With systemd socket activation, the server uses the sockets that systemd opens instead of the addresses. Name them \
pixel, metrics, firehose or dashboard with FileDescriptorName=.

SIGTERM or Ctrl-C shuts the server down gracefully: it answers the requests under way and delivers the spool. A second \
signal ends it at once, and the next start delivers the rest of the spool. `beacon --help` lists the logging \
options.")]
pub struct ServeCommand {
    #[command(flatten)]
    serve: ServeArgs,

    #[command(flatten)]
    dashboard: DashboardArgs,
}

impl ServeCommand {
    /// Returns what the server would use. Changes nothing on disk, and touches no network.
    ///
    /// # Errors
    /// A lake that can't be, or a Firehose endpoint that others could reach.
    pub(crate) fn setup(&self) -> anyhow::Result<ServeSetup> {
        self.serve.setup()
    }

    /// Returns the address of the dashboard; `None` where it is off.
    pub(crate) fn dashboard_listen(&self) -> Option<SocketAddr> {
        self.dashboard.listen()
    }

    /// Returns the place of the dashboard's document; `None` for the usual one.
    pub(crate) fn dashboard_document(&self) -> Option<DocumentPlace> {
        self.dashboard.document()
    }

    /// Serves until a signal, then shuts down gracefully.
    ///
    /// # Errors
    /// Returns the error that keeps the server from starting.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut options = self.serve.options().await?;
        let welcome = Welcome::of(&options, self.dashboard.endpoint()).await;
        options.dashboard = self.dashboard.listener(&options).await?;
        run(options, welcome).await
    }
}
