//! Starts the parts of a server, and shuts them down in order.

mod destination;
mod options;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_lake::{Delivery, Observer, Spool, SpoolOptions};
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, JoinSet};

use crate::country_file::CountryFile;
use crate::firehose_api::DeliveryStream;
use crate::health::{Health, Undelivered};
use crate::metrics::Metrics;
use crate::pixel::{PixelServer, PixelService};
use crate::port_holder::port_holder;
use crate::range_file::RangeFile;
use crate::salts::{SaltDirectory, Salts, forget_each_day};
use crate::transport::{Capacity, ListenerMetrics, RouterListener, RouterOptions, bind};
use crate::{admin, firehose_api};
use destination::check_destination;

pub use destination::Destination;
pub use options::{DashboardOptions, ServeOptions};

/// The longest time for requests in progress on shutdown.
const GRACE: Duration = Duration::from_secs(10);

/// The grace period of dashboard connections. Long polls last longer than this, and the page reconnects.
const DASHBOARD_GRACE: Duration = Duration::from_secs(1);

/// The largest body that the dashboard's service reads; none of its requests has a larger one.
const MAX_DASHBOARD_BODY_BYTES: usize = 64 << 10;

/// The largest body of a request to `/metrics` or `/health`; they need none.
const MAX_METRICS_BODY_BYTES: usize = 1024;

/// The longest time for the last deliveries on shutdown. Service managers kill after about 90 s, which would lose
/// nothing either.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(60);

/// A server whose listeners are open. It ends by [`RunningServer::shutdown`].
pub struct RunningServer {
    server: PixelServer,
    admin: RouterListener,
    firehose: Option<RouterListener>,
    dashboard: Option<RouterListener>,
    spool: Spool,
    delivery: Delivery,
    destination: String,
    /// Forgets the salt of each day when it ends.
    forgetting: Option<JoinHandle<()>>,
    /// Ends with the server.
    watching: JoinSet<()>,
}

/// Starts a server: its spool, listeners and delivery. Nothing is left running after an error.
///
/// # Errors
/// Returns an error if the spool is in use or can't be written, if the destination can't be used, or if an address is
/// taken.
pub async fn start(options: ServeOptions) -> anyhow::Result<RunningServer> {
    let metrics = Arc::new(Metrics::new(&options.spool.directory));
    let health = Arc::new(health(&options));
    check_destination(&options.destination, &options.spool.directory).await?;
    let salts = salts(
        &options.settings,
        options.salts,
        &options.destination,
        &options.spool,
    )?;
    let countries = options.countries.map(Arc::new);
    let ranges = options.ranges.map(Arc::new);
    let mut beacon = beacon(options.settings, countries.clone(), ranges.clone());
    let counts = options.dashboard.as_ref().map(|shown| shown.counts.clone());
    let counts = counts.flatten();
    if counts.is_some() {
        beacon = beacon.with_counts()?;
    }
    let beacon = Arc::new(beacon);
    let observer = observer(&metrics, &health, options.dashboard.as_ref());
    let schema = beacon.schema().clone();
    let mut spool = Spool::start(&options.spool, observer.clone())?;
    let capacity = Capacity::of_process();
    metrics.transport.set_capacity(capacity);
    let mut inherited = options.inherited;
    let side = |app, max_body_bytes, grace| RouterOptions {
        app,
        max_body_bytes,
        grace,
        connections: capacity.side_connections,
        // The dashboard checks it itself, and has more to say.
        checks_host: true,
    };
    let app = admin::router(Arc::clone(&metrics), health);
    let admin = listen(
        (options.metrics_listen, "--metrics-listen"),
        inherited.socket("metrics"),
        metrics
            .transport
            .listener("metrics", capacity.side_connections),
        side(app, MAX_METRICS_BODY_BYTES, GRACE),
    )?;
    let firehose = match options.firehose_listen {
        None => None,
        Some(address) => {
            let stream = DeliveryStream::new(
                options.spool.stream.clone(),
                schema.clone(),
                spool.writer(),
                Arc::clone(&metrics),
                options.spool.clock.clone(),
            );
            let app = firehose_api::router(stream);
            Some(listen(
                (address, "--firehose-listen"),
                inherited.socket("firehose"),
                metrics
                    .transport
                    .listener("firehose", capacity.side_connections),
                side(app, firehose_api::MAX_BODY_BYTES, GRACE),
            )?)
        }
    };
    let mut service = PixelService::new(
        beacon,
        spool.writer(),
        Arc::clone(&metrics),
        options.spool.clock.clone(),
        salts.clone(),
    );
    if let Some(counts) = counts {
        service = service.with_counts(counts, Handle::current());
    }
    let server = PixelServer::start_with(
        &mut inherited,
        options.listen,
        options.workers,
        &service,
        capacity,
    )
    .map_err(|error| cannot_listen(error, options.listen, "--listen"))?;
    let dashboard = match options.dashboard {
        None => None,
        Some(dashboard) => {
            let app = (dashboard.app)(server.address());
            let mut options = side(app, MAX_DASHBOARD_BODY_BYTES, DASHBOARD_GRACE);
            options.checks_host = false;
            Some(listen(
                (dashboard.listen, "--dashboard-listen"),
                inherited.socket("dashboard"),
                metrics
                    .transport
                    .listener("dashboard", capacity.side_connections),
                options,
            )?)
        }
    };
    let destination = options.destination.to_string();
    let sink = options.destination.sink(schema);
    let delivery =
        Delivery::start(&mut spool, sink, observer).context("cannot start the delivery")?;
    let mut watching = JoinSet::new();
    if let Some(file) = countries {
        watching.spawn(file.watch(metrics.country_file.clone()));
    }
    if let Some(file) = ranges {
        watching.spawn(file.watch(metrics.range_file.clone()));
    }
    Ok(RunningServer {
        server,
        admin,
        firehose,
        dashboard,
        spool,
        delivery,
        destination,
        forgetting: salts.map(forget_each_day),
        watching,
    })
}

/// Returns the salts of hits, after those of days that are over are removed; `None` where visitors are off.
fn salts(
    settings: &Settings,
    directory: SaltDirectory,
    destination: &Destination,
    spool: &SpoolOptions,
) -> anyhow::Result<Option<Arc<Salts>>> {
    let lake = match destination {
        Destination::Lake { lake, .. } => lake.local_path(),
        Destination::Stream(_) => None,
    };
    let copied: Vec<&Path> = lake
        .into_iter()
        .chain([spool.directory.as_path()])
        .collect();
    directory.check_outside(&copied)?;
    let salts = Salts::new(directory, spool.clock.clone());
    // Also where visitors have been turned off since.
    salts.forget_ended();
    Ok(settings.visitors().then(|| Arc::new(salts)))
}

fn beacon(
    settings: Settings,
    countries: Option<Arc<CountryFile>>,
    ranges: Option<Arc<RangeFile>>,
) -> Beacon {
    let mut beacon = Beacon::new(settings);
    if let Some(file) = countries {
        beacon = beacon.with_country_lookup(Arc::new(move |address| file.country(address)));
    }
    if let Some(file) = ranges {
        beacon = beacon.with_range_lookup(Arc::new(move |address| file.rule(address)));
    }
    beacon
}

fn health(options: &ServeOptions) -> Health {
    let lake = match &options.destination {
        Destination::Lake { lake, .. } => Some(lake.clone()),
        Destination::Stream(_) => None,
    };
    Health::new(
        Undelivered::new(&options.spool),
        options.destination.to_string(),
        lake,
    )
}

/// Returns an observer that passes the events of the lake on to metrics, health and the dashboard.
fn observer(
    metrics: &Arc<Metrics>,
    health: &Arc<Health>,
    dashboard: Option<&DashboardOptions>,
) -> Observer {
    let (metrics, health) = (Arc::clone(metrics), Arc::clone(health));
    let dashboard = dashboard.map(|dashboard| dashboard.observer.clone());
    Observer::new(move |event| {
        metrics.observe(event);
        health.observe(event);
        if let Some(observer) = &dashboard {
            observer.notify(event);
        }
    })
}

impl RunningServer {
    /// Returns the address of the pixel.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns the address of `/metrics` and `/health`.
    pub fn metrics_address(&self) -> SocketAddr {
        self.admin.address()
    }

    /// Returns the address of the Firehose endpoint, if there is one.
    pub fn firehose_address(&self) -> Option<SocketAddr> {
        self.firehose.as_ref().map(RouterListener::address)
    }

    /// Returns the address of the dashboard, if there is one.
    pub fn dashboard_address(&self) -> Option<SocketAddr> {
        self.dashboard.as_ref().map(RouterListener::address)
    }

    /// Returns the directory of the spool.
    pub fn spool(&self) -> &Path {
        self.spool.directory()
    }

    /// Returns a description of the destination for people.
    pub fn destination(&self) -> &str {
        &self.destination
    }

    /// Shuts down gracefully: responds to the requests that have come, accepts no others, and delivers the spool. Hits
    /// that can't be delivered now stay in the spool for the next start.
    pub async fn shutdown(self) {
        drop(self.watching);
        let firehose = async {
            if let Some(firehose) = self.firehose {
                firehose.stop().await;
            }
        };
        let dashboard = async {
            if let Some(dashboard) = self.dashboard {
                dashboard.stop().await;
            }
        };
        tokio::join!(self.server.stop(), firehose, dashboard);
        if let Some(forgetting) = self.forgetting {
            forgetting.abort();
        }
        let spool = self.spool;
        if let Err(error) = tokio::task::spawn_blocking(move || spool.close()).await {
            tracing::error!(%error, "the spool could not be closed in order");
        }
        if !self.delivery.finish(DELIVERY_TIMEOUT).await {
            tracing::warn!(
                "not everything is delivered; the next start delivers what is in the spool"
            );
        }
        self.admin.stop().await;
    }
}

/// Serves a router on the inherited socket, or else on this address, which the flag sets.
fn listen(
    (address, flag): (SocketAddr, &str),
    inherited: Option<TcpListener>,
    counted: ListenerMetrics,
    options: RouterOptions,
) -> anyhow::Result<RouterListener> {
    bind(inherited, address, 1)
        .and_then(|mut sockets| RouterListener::start(sockets.remove(0), counted, options))
        .map_err(|error| cannot_listen(error, address, flag))
}

fn cannot_listen(error: io::Error, address: SocketAddr, flag: &str) -> anyhow::Error {
    let is_taken = error.kind() == io::ErrorKind::AddrInUse;
    let holder = match is_taken {
        true => port_holder(address.port()).unwrap_or_else(|| "another program".to_owned()),
        false => String::new(),
    };
    let message = match is_taken {
        true => format!(
            "cannot listen on {address}: the port is taken by {holder}; stop it, or choose another address with {flag}"
        ),
        false => format!("cannot listen on {address}; choose another address with {flag}"),
    };
    anyhow::Error::new(error).context(message)
}
