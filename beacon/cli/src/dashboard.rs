//! The dashboard of one machine: its arguments, its secrets, and DataFusion behind it.
//!
//! Suggested reading order: this file → `args` → `secrets` → `key_file` → `document` → `local_engine` → `query_registry` →
//! `executor` → `result_cache` → `json_rows`.

mod args;
mod document;
mod executor;
mod json_rows;
pub(crate) mod key_file;
mod local_engine;
mod query_registry;
mod result_cache;
mod secrets;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use beacon_core::settings::Settings;
use beacon_dashboard::count::{CountedSites, count_app};
use beacon_dashboard::live_document::LiveDocument;
use beacon_dashboard::{Config, app};
use beacon_lake::{Clock, Lake};
use beacon_server::app::DashboardOptions;
use beacon_server::health::Undelivered;

use crate::lake_source::LakeSource;

pub use args::DashboardArgs;
pub(crate) use document::DocumentPlace;
pub(crate) use local_engine::LocalEngine;
pub(crate) use secrets::Secrets;

/// The dashboard's data, and who may see it.
pub(crate) struct DashboardSpec {
    pub(crate) listen: SocketAddr,
    pub(crate) lake: Lake,
    pub(crate) spool_folder: PathBuf,
    /// The hits in the spool, if the dashboard shows them.
    pub(crate) waiting: Option<Undelivered>,
    pub(crate) settings: Settings,
    pub(crate) secrets: Secrets,
    /// Its API keys and share links.
    pub(crate) document: LiveDocument,
    /// The pixel's public address, where it is another one than that of its listener.
    pub(crate) endpoint: Option<String>,
    /// The sites whose counts everybody may read.
    pub(crate) counts: Option<CountedSites>,
    pub(crate) clock: Clock,
}

impl DashboardSpec {
    /// Returns the listener, for the server to start.
    pub(crate) async fn listener(self) -> anyhow::Result<DashboardOptions> {
        let source = LakeSource {
            lake: self.lake,
            spool_folder: self.spool_folder,
            schema: self.settings.schema(),
            clock: self.clock.clone(),
        };
        let local = LocalEngine::start(source, self.clock.now_ms()).await?;
        let local = Arc::new(local.with_waiting(self.waiting));
        let observer = local.observer();
        let base_path = self.settings.base_path().to_owned();
        let counts = self.counts.map(|sites| {
            let clock = self.clock.clone();
            count_app(sites, local.clone(), Box::new(move || clock.now_ms()))
        });
        let (endpoint, settings, secrets, document, clock) = (
            self.endpoint,
            self.settings,
            self.secrets,
            self.document,
            self.clock,
        );
        let service = move |pixel: SocketAddr| {
            let endpoint =
                endpoint.unwrap_or_else(|| format!("http://{}{base_path}", reachable(pixel)));
            app(
                config(settings, secrets, Some(endpoint), clock),
                document,
                local,
            )
        };
        Ok(DashboardOptions {
            listen: self.listen,
            app: Box::new(service),
            counts,
            observer,
        })
    }
}

/// Returns the dashboard's settings, from the beacon's own.
pub(crate) fn config(
    settings: Settings,
    secrets: Secrets,
    endpoint: Option<String>,
    clock: Clock,
) -> Config {
    Config {
        settings,
        endpoint,
        access: secrets.access,
        key: secrets.key,
        clock: Box::new(move || clock.now_ms()),
    }
}

/// Returns an address to connect to: that of this machine for a listener on all addresses.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip().is_unspecified() {
        true => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port()),
        false => address,
    }
}
