//! A server from its start to a signal, and to an empty spool.

use std::process::ExitCode;

use super::welcome::Welcome;
use anyhow::Context;
use beacon_server::app::{RunningServer, ServeOptions, start};
use tokio::signal::unix::{SignalKind, signal};

/// Exit code after a second signal, as shells write it: 128 and the number of SIGINT.
const EXIT_INTERRUPTED: i32 = 130;

/// Serves until a signal, then shuts down gracefully. `welcome` is what a first start says besides.
///
/// # Errors
/// Returns the error that keeps the server from starting.
pub(super) async fn run(
    options: ServeOptions,
    welcome: Option<Welcome>,
) -> anyhow::Result<ExitCode> {
    log_panics();
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for Ctrl-C")?;
    let running = start(options).await?;
    announce(&running);
    if let Some(welcome) = welcome {
        welcome.log(running.address());
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!(
        "ending: requests are finished and hits delivered; a second signal ends at once"
    );
    tokio::select! {
        () = running.shutdown() => Ok(ExitCode::SUCCESS),
        _ = terminate.recv() => std::process::exit(EXIT_INTERRUPTED),
        _ = interrupt.recv() => std::process::exit(EXIT_INTERRUPTED),
    }
}

/// Logs a panic as one line with its place only, because a message may quote the data in process.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

/// Logs the addresses of all listeners.
fn announce(running: &RunningServer) {
    let pixel = running.address();
    tracing::info!(
        pixel = %format_args!("http://{pixel}/pixel.gif"),
        metrics = %format_args!("http://{}/metrics", running.metrics_address()),
        dashboard = running.dashboard_address().map(|address| format!("http://{address}/")),
        firehose = running.firehose_address().map(|address| format!("http://{address}")),
        destination = running.destination(),
        spool = %running.spool().display(),
        "the beacon is listening"
    );
    // By its own name, curl is a machine, and the answers leave it out.
    tracing::info!(
        "try it: curl -i -A 'Mozilla/5.0 Firefox/140.0' 'http://{pixel}/hit?site=example.com&page=/hello'"
    );
    tracing::info!(
        "add it to a page: beacon snippet page --site YOUR-SITE --endpoint http://{pixel}"
    );
    if let Some(dashboard) = running.dashboard_address() {
        tracing::info!("dashboard: http://{dashboard}/");
    }
    tracing::info!(
        "hits: in {}, and until they are delivered in {}",
        running.destination(),
        running.spool().display()
    );
}

#[cfg(test)]
mod tests;
