//! The arguments of the dashboard, beside those of the server.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use anyhow::bail;
use beacon_dashboard::count::CountedSites;
use beacon_server::app::{DashboardOptions, Destination, ServeOptions};
use beacon_server::health::Undelivered;

use super::{DashboardSpec, DocumentPlace, Secrets};
use crate::args::listen_address::parse_address;
use crate::environment;

/// Where the dashboard is, if anywhere.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Dashboard")]
pub struct DashboardArgs {
    /// Address of the dashboard, or off; an address that is not loopback needs BEACON_DASHBOARD_PASSWORD_HASH
    #[arg(long, env = "BEACON_DASHBOARD_LISTEN", value_name = "ADDRESS|off", default_value_t = Listen::At(SocketAddr::from(([127, 0, 0, 1], 8081))))]
    dashboard_listen: Listen,

    /// Public address of the pixel, for the code that the dashboard shows, for example https://b.example
    /// [default: that of --listen]
    #[arg(long, env = "BEACON_ENDPOINT", value_name = "URL", value_parser = parse_endpoint)]
    endpoint: Option<String>,

    /// Sites whose counts everybody may read at /count of the pixel's address, for example blog.example,shop.example
    #[arg(long, env = "BEACON_COUNTS", value_name = "SITES", value_parser = CountedSites::parse)]
    counts: Option<CountedSites>,

    /// File of the API keys and share links that the dashboard makes, or s3://BUCKET/KEY
    /// [default: beside the dashboard's key]
    #[arg(
        long,
        env = "BEACON_DASHBOARD_DOCUMENT",
        value_name = "FILE|URL",
        hide_short_help = true
    )]
    dashboard_document: Option<DocumentPlace>,
}

/// An address, or nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listen {
    At(SocketAddr),
    Off,
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Listen, String> {
        match text {
            "off" => Ok(Listen::Off),
            address => parse_address(address)
                .map(Listen::At)
                .map_err(|error| format!("{error}; off shows none")),
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Listen::At(address) => write!(formatter, "{address}"),
            Listen::Off => formatter.write_str("off"),
        }
    }
}

impl DashboardArgs {
    /// Returns the address of the dashboard; `None` where it is off.
    pub(crate) fn listen(&self) -> Option<SocketAddr> {
        match self.dashboard_listen {
            Listen::At(address) => Some(address),
            Listen::Off => None,
        }
    }

    /// Returns the place of the document, if it was given.
    pub(crate) fn document(&self) -> Option<DocumentPlace> {
        self.dashboard_document.clone()
    }

    /// Returns the public address of the pixel, if it was given.
    pub(crate) fn endpoint(&self) -> Option<String> {
        self.endpoint.clone()
    }

    /// Returns the dashboard that the server starts beside the pixel.
    ///
    /// # Errors
    /// An address that others can reach without a password, secrets that are none, or counts of nothing.
    pub(crate) async fn listener(
        self,
        options: &ServeOptions,
    ) -> anyhow::Result<Option<DashboardOptions>> {
        let Listen::At(listen) = self.dashboard_listen else {
            if self.counts.is_some() {
                bail!(
                    "BEACON_COUNTS is set, and --dashboard-listen is off: the dashboard's engine counts, so give the \
                     dashboard an address, such as 127.0.0.1:8081"
                );
            }
            return Ok(None);
        };
        let Destination::Lake { lake, .. } = &options.destination else {
            if self.counts.is_some() {
                bail!(
                    "BEACON_COUNTS is set, and with --firehose the hits go to AWS: there is no lake here to count, so leave \
                     BEACON_COUNTS unset"
                );
            }
            tracing::info!(
                "no dashboard: with --firehose the hits go to AWS, and there is no lake here to show"
            );
            return Ok(None);
        };
        let secrets = Secrets::new(
            environment::dashboard_secrets(),
            listen,
            lake,
            &options.spool.directory,
            environment::state_directory().as_deref(),
        )?;
        let place = self
            .dashboard_document
            .unwrap_or_else(|| DocumentPlace::default_of(lake, &options.spool.directory));
        let document = place.open_for_server(options.spool.clock.clone()).await?;
        let shown = DashboardSpec {
            listen,
            lake: lake.clone(),
            spool_folder: options.spool.directory.clone(),
            waiting: Some(Undelivered::new(&options.spool)),
            settings: options.settings.clone(),
            secrets,
            document,
            endpoint: self.endpoint,
            counts: self.counts,
            clock: options.spool.clock.clone(),
        };
        Ok(Some(shown.listener().await?))
    }
}

/// Reads the public address, without a slash at its end.
fn parse_endpoint(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.contains([' ', '"', '<', '>', '?', '#']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("an endpoint is http:// or https:// with a host, as https://b.example".to_owned()),
    }
}

#[cfg(test)]
mod tests;
