//! The demo's own server, behind an edge and at the time of the requests that are played.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use beacon_dashboard::token::Key;
use beacon_lake::{
    Clock, DEFAULT_BUFFER_SIZE_BYTES, DEFAULT_STREAM, FileFormat, Lake, SpoolOptions,
};
use beacon_server::app::{Destination, RunningServer, ServeOptions, start};
use beacon_server::salts::SaltDirectory;

use crate::clock;
use crate::dashboard::{DashboardSpec, DocumentPlace, Secrets};
use crate::environment;

/// The time of the demo's server: that of the requests being played, and the real one after the last.
#[derive(Clone, Default)]
pub(super) struct DemoTime(Arc<AtomicU64>);

impl DemoTime {
    pub(super) fn set(&self, at_ms: u64) {
        self.0.store(at_ms, Ordering::Release);
    }

    pub(super) fn set_real(&self) {
        self.set(0);
    }

    fn clock(&self) -> Clock {
        let played = Arc::clone(&self.0);
        Clock::from_fn(move || match played.load(Ordering::Acquire) {
            0 => clock::now_ms(),
            at_ms => at_ms,
        })
    }
}

/// Starts the server over `folders`, of the lake and of the salts, at its addresses, or at other ports where these are
/// taken. The server itself finds out: a port that was free a moment ago may not be any more. It believes an edge that
/// knows `secret`; requests without it are recorded all the same.
pub(super) async fn serve(
    mut listen: [SocketAddr; 2],
    folders: [&Path; 2],
    secret: &str,
    time: &DemoTime,
) -> anyhow::Result<RunningServer> {
    loop {
        let error = match serve_at(listen, folders, secret, time).await {
            Ok(running) => return Ok(running),
            Err(error) => error,
        };
        let message = error.to_string();
        let taken = listen
            .iter_mut()
            .find(|address| address.port() != 0 && message.contains(&address.to_string()));
        match taken {
            Some(address) if is_taken(&error) => {
                tracing::warn!("{address} is taken; the demo uses another port");
                address.set_port(0);
            }
            _ => return Err(error),
        }
    }
}

/// Returns true if another process listens on the address.
fn is_taken(error: &anyhow::Error) -> bool {
    let kind = error.root_cause().downcast_ref().map(io::Error::kind);
    kind == Some(io::ErrorKind::AddrInUse)
}

async fn serve_at(
    [listen, dashboard_listen]: [SocketAddr; 2],
    [folder, salts]: [&Path; 2],
    secret: &str,
    time: &DemoTime,
) -> anyhow::Result<RunningServer> {
    let location = folder
        .to_str()
        .context("the lake's folder must have a name in UTF-8")?;
    let lake = Lake::open(location, environment::aws_variables())?;
    lake.create()?;
    let settings = environment::settings_with(&[
        ("BEACON_TRUST", "cloudfront"),
        ("BEACON_ORIGIN_SECRET", secret),
        ("BEACON_REQUIRE_ORIGIN_SECRET", "off"),
    ])?;
    let shown = DashboardSpec {
        listen: dashboard_listen,
        // The demo's lake goes with it, and so does its key.
        secrets: Secrets::new(
            (None, Some(Key::generate()?)),
            dashboard_listen,
            &lake,
            &lake.default_spool(),
            None,
        )?,
        lake: lake.clone(),
        spool_folder: lake.default_spool(),
        // Its hits are of days that are over, and were never late.
        waiting: None,
        settings: settings.clone(),
        // What is shared goes with the demo, as the key that signs sessions does.
        document: DocumentPlace::File(salts.join("dashboard.json"))
            .open_for_server(clock::system())
            .await?,
        counts: None,
        endpoint: None,
        clock: clock::system(),
    };
    let spool = SpoolOptions {
        directory: lake.default_spool(),
        stream: DEFAULT_STREAM.to_owned(),
        // The hour decides: a file is closed when the next one begins.
        buffer_interval: Duration::from_secs(3600),
        buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
        clock: time.clock(),
    };
    let destination = Destination::Lake {
        lake,
        format: FileFormat::Parquet,
    };
    let mut options = ServeOptions::new(settings, destination, spool);
    options.listen = listen;
    options.salts = SaltDirectory::new(Some(salts.to_path_buf()));
    options.metrics_listen = SocketAddr::new(listen.ip(), 0);
    options.dashboard = Some(shown.listener().await?);
    start(options).await
}
