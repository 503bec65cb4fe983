//! `beacon demo`: thirty days of traffic through a real server in a few seconds, and the results in SQL.
//!
//! Suggested reading order: this file → `demo_server` → `player`, which sends `traffic` → `tour` → `examples`.

mod browser;
mod demo_server;
mod examples;
mod player;
mod tour;
mod traffic;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use self::demo_server::{DemoTime, serve};
use self::player::play;
use self::tour::{show_answers, show_ways_on, show_what_is_left};
use crate::args::listen_address::parse_address;

/// Run a demo: 30 days of made-up traffic, results in SQL, and the dashboard
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon demo                         print results, open the dashboard, serve until Ctrl-C
  beacon demo --once                  print results, stop, and leave nothing behind
  beacon demo --no-open               do not open the dashboard in a browser
  beacon demo --lake ./demo-lake      keep the lake
  beacon demo --once --lake ./demo-lake
                                      print results, stop, and keep the lake")]
pub struct DemoArgs {
    /// Address of the pixel; another port is used if it is taken
    #[arg(
        long,
        env = "BEACON_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        value_parser = parse_address
    )]
    listen: SocketAddr,

    /// Directory of the lake [default: a temporary one, removed at the end]
    #[arg(long, value_name = "DIRECTORY")]
    lake: Option<PathBuf>,

    /// Address of the dashboard; another port is used if it is taken
    #[arg(
        long,
        env = "BEACON_DASHBOARD_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081",
        value_parser = parse_loopback
    )]
    dashboard_listen: SocketAddr,

    /// Address of the example pages; another port is used if it is taken
    #[arg(
        long,
        env = "BEACON_EXAMPLES_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8082",
        value_parser = parse_loopback
    )]
    examples_listen: SocketAddr,

    /// Don't open the dashboard in a browser
    #[arg(long)]
    no_open: bool,

    /// Stop after printing the results
    #[arg(long)]
    once: bool,
}

impl DemoArgs {
    /// Serves, plays, shows; then serves on until Ctrl-C, unless told to end.
    ///
    /// # Errors
    /// A server that can't start, or that doesn't answer as it should.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let temporary;
        let folder = match &self.lake {
            Some(folder) => folder.as_path(),
            None => {
                temporary = tempfile::Builder::new()
                    .prefix("beacon-demo-")
                    .tempdir()
                    .context("can't make a folder for the lake; give one with --lake")?;
                temporary.path()
            }
        };
        let time = DemoTime::default();
        let salts = tempfile::Builder::new()
            .prefix("beacon-demo-salts-")
            .tempdir()
            .context("can't make a folder for the day's salt")?;
        let listen = [self.listen, self.dashboard_listen];
        // Nobody else knows it, so nobody else is believed.
        let secret = format!("{:032x}", rand::random::<u128>());
        let running = serve(listen, [folder, salts.path()], &secret, &time).await?;
        let address = running.address();
        let played = play(address, &secret, &time).await?;
        let mut out = io::stdout();
        writeln!(out, "{played}\n")?;
        show_answers(folder, &mut out).await?;
        if self.once {
            running.shutdown().await;
            show_what_is_left(self.lake.as_deref(), &mut out)?;
            return Ok(ExitCode::SUCCESS);
        }
        let examples = examples::serve(self.examples_listen, address).context(
            "can't serve the example pages; give another address with --examples-listen",
        )?;
        show_ways_on(&running, examples.address(), folder, &mut out)?;
        if let Some(dashboard) = running.dashboard_address().filter(|_| !self.no_open) {
            browser::open(&format!("http://{dashboard}/"));
        }
        writeln!(out, "\nServing until Ctrl-C.")?;
        let mut terminate = signal(SignalKind::terminate()).context("can't wait for SIGTERM")?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.context("can't wait for Ctrl-C")?,
            _ = terminate.recv() => {}
        }
        tokio::join!(running.shutdown(), examples.stop());
        Ok(ExitCode::SUCCESS)
    }
}

/// The demo has no password.
fn parse_loopback(text: &str) -> Result<SocketAddr, String> {
    parse_address(text).and_then(|address| match address.ip().is_loopback() {
        true => Ok(address),
        false => Err("the demo's dashboard has no password: use a loopback address".to_owned()),
    })
}
