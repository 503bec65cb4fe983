//! The options of a server.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use axum::Router;
use beacon_core::settings::Settings;
use beacon_lake::{Observer, SpoolOptions};

use super::destination::Destination;
use crate::country_file::CountryFile;
use crate::range_file::RangeFile;
use crate::salts::SaltDirectory;
use crate::transport::InheritedSockets;

/// Any free port that only this machine reaches.
const FREE_LOOPBACK_PORT: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// The options of a server. [`ServeOptions::new`] gives defaults, which the fields change.
#[non_exhaustive]
pub struct ServeOptions {
    /// The settings that the server and the Lambda function share.
    pub settings: Settings,
    /// The address of the pixel; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The threads of the pixel's server, at least 1.
    pub workers: usize,
    /// The address of `/metrics` and `/health`; port 0 takes a free one.
    pub metrics_listen: SocketAddr,
    /// The address of the Firehose endpoint, if there is one; port 0 takes a free one.
    pub firehose_listen: Option<SocketAddr>,
    /// The destination of hits.
    pub destination: Destination,
    /// The spool of hits that wait for delivery, and when they are due.
    pub spool: SpoolOptions,
    /// The directory of the day's salt. If none is known, hits have no visitor.
    pub salts: SaltDirectory,
    /// The file that finds the countries of addresses, if there is one.
    pub countries: Option<CountryFile>,
    /// The file that finds the classes of addresses, if there is one.
    pub ranges: Option<RangeFile>,
    /// The dashboard, if there is one.
    pub dashboard: Option<DashboardOptions>,
    /// Sockets that systemd has opened, used instead of the addresses.
    pub inherited: InheritedSockets,
}

impl ServeOptions {
    /// Returns options for one worker on free loopback ports, with no directory of salts, no Firehose endpoint and no
    /// dashboard.
    pub fn new(settings: Settings, destination: Destination, spool: SpoolOptions) -> ServeOptions {
        ServeOptions {
            settings,
            listen: FREE_LOOPBACK_PORT,
            workers: 1,
            metrics_listen: FREE_LOOPBACK_PORT,
            firehose_listen: None,
            destination,
            spool,
            salts: SaltDirectory::new(None),
            countries: None,
            ranges: None,
            dashboard: None,
            inherited: InheritedSockets::default(),
        }
    }
}

/// The listener of the dashboard. The caller provides the service, because this crate links no SQL engine.
pub struct DashboardOptions {
    /// The address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Makes the service from the pixel's address.
    pub app: Box<dyn FnOnce(SocketAddr) -> Router + Send>,
    /// Answers `/count` on the pixel's listener, if everybody may ask for some counts.
    pub counts: Option<Router>,
    /// Receives the events of the lake.
    pub observer: Observer,
}
