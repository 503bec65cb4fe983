//! Counts hits, deliveries and connections, and writes the counts as OpenMetrics text.

mod ingest;
mod register;

use std::path::{Path, PathBuf};
use std::time::Duration;

use beacon_lake::{Event, SpoolName, reserve_bytes};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::health::Undelivered;
use crate::transport::TransportMetrics;
use crate::watched_file::ReloadMetrics;
use ingest::IngestFamilies;
pub use ingest::IngestMetrics;
use register::{registered, registered_gauge_seconds, registered_seconds};

/// Shortest and number of the fsync buckets, each twice the one before: 0.1 ms to 3.3 s.
const FSYNC_BUCKETS: (f64, u16) = (0.0001, 16);

/// Shortest and number of the delivery buckets, each four times the one before: 1 ms to about 4.7 hours.
const DELIVERY_BUCKETS: (f64, u16) = (0.001, 13);

/// All metrics of the process. Counting one is a few relaxed atomic operations.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    spool: PathBuf,
    spool_bytes: Gauge,
    spool_files: Gauge,
    spool_reserve_bytes: Gauge,
    spool_files_gone: Counter,
    undelivered_age: Gauge,
    undelivered_age_limit: Gauge,
    fsync: Histogram,
    delivery: Histogram,
    delivery_age: Histogram,
    delivered: Counter,
    delivered_bytes: Counter,
    delivery_failures: Counter,
    spool_failures: Family<ReasonLabels, Counter>,
    without_salt: Family<ReasonLabels, Counter>,
    /// The file that finds countries, where there is one.
    pub(crate) country_file: ReloadMetrics,
    /// The file of address ranges, where there is one.
    pub(crate) range_file: ReloadMetrics,
    /// The metrics of connections and refused requests.
    pub transport: TransportMetrics,
    /// Hits of the pixel and of `/track`.
    pub pixel: IngestMetrics,
    /// Records of the Firehose endpoint.
    pub firehose: IngestMetrics,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

impl Metrics {
    /// Registers all metrics at zero. [`Metrics::text`] counts the files of the directory `spool`.
    pub fn new(spool: &Path) -> Metrics {
        let mut registry = Registry::with_prefix("beacon");
        let ingest = IngestFamilies::register(&mut registry);
        Metrics {
            spool: spool.to_path_buf(),
            spool_bytes: registered(
                &mut registry,
                "spool_bytes",
                "Size of the hits that wait for delivery",
            ),
            spool_files: registered(
                &mut registry,
                "spool_files",
                "Spool files that wait for delivery",
            ),
            spool_reserve_bytes: registered(
                &mut registry,
                "spool_reserve_bytes",
                "Disk space that is kept free so that delivery can finish",
            ),
            spool_files_gone: registered(
                &mut registry,
                "spool_files_gone",
                "Spool files that somebody removed, renamed or replaced before their delivery",
            ),
            undelivered_age: registered_gauge_seconds(
                &mut registry,
                "undelivered_age",
                "Age of the oldest hit that waits for delivery, 0 where none does",
            ),
            undelivered_age_limit: registered_gauge_seconds(
                &mut registry,
                "undelivered_age_limit",
                "Age of an undelivered hit beyond which /health answers 503",
            ),
            spool_failures: registered(
                &mut registry,
                "spool_failures",
                "Writes to the spool that failed",
            ),
            without_salt: registered(
                &mut registry,
                "without_salt",
                "Hits without a visitor, because there was no salt of their day",
            ),
            fsync: registered_seconds(
                &mut registry,
                "fsync",
                "How long one group of hits took to be on disk",
                exponential_buckets(FSYNC_BUCKETS.0, 2.0, FSYNC_BUCKETS.1),
            ),
            delivered: registered(
                &mut registry,
                "delivered",
                "Hits that left the spool for the lake or the stream",
            ),
            delivered_bytes: registered(
                &mut registry,
                "delivered_bytes",
                "Size of what was delivered",
            ),
            delivery_failures: registered(
                &mut registry,
                "delivery_failures",
                "Deliveries that failed and are tried again",
            ),
            delivery: registered_seconds(
                &mut registry,
                "delivery",
                "How long one delivery took: reading, converting, writing",
                exponential_buckets(DELIVERY_BUCKETS.0, 4.0, DELIVERY_BUCKETS.1),
            ),
            delivery_age: registered_seconds(
                &mut registry,
                "delivery_age",
                "From the first hit of a spool file to its delivery",
                exponential_buckets(DELIVERY_BUCKETS.0, 4.0, DELIVERY_BUCKETS.1),
            ),
            country_file: ReloadMetrics {
                reloads: registered(
                    &mut registry,
                    "country_file_reloads",
                    "Changes of the file of countries that were read",
                ),
                failures: registered(
                    &mut registry,
                    "country_file_reload_failures",
                    "Changes of the file of countries that could not be read, so that the one before stays",
                ),
            },
            range_file: ReloadMetrics {
                reloads: registered(
                    &mut registry,
                    "range_file_reloads",
                    "Changes of the file of ranges that were read",
                ),
                failures: registered(
                    &mut registry,
                    "range_file_reload_failures",
                    "Changes of the file of ranges that could not be read, so that the one before stays",
                ),
            },
            transport: TransportMetrics::register(&mut registry),
            pixel: ingest.metrics_of("pixel"),
            firehose: ingest.metrics_of("firehose"),
            registry,
        }
    }

    /// Counts an event of the lake.
    pub fn observe(&self, event: Event) {
        match event {
            Event::Synced { took, .. } => self.fsync.observe(took.as_secs_f64()),
            Event::SpoolFailed { reason } => {
                self.spool_failures
                    .get_or_create(&ReasonLabels {
                        reason: reason.as_str(),
                    })
                    .inc();
            }
            Event::SpoolFileGone => {
                self.spool_files_gone.inc();
            }
            Event::SpoolWritable => {}
            Event::Delivered {
                hits,
                bytes,
                took,
                age,
                ..
            } => {
                self.delivered.inc_by(hits);
                self.delivered_bytes.inc_by(bytes);
                self.delivery.observe(took.as_secs_f64());
                self.delivery_age.observe(age.as_secs_f64());
            }
            Event::DeliveryFailed => {
                self.delivery_failures.inc();
            }
        }
    }

    /// Counts hits that have no visitor because there was no salt for them.
    pub fn without_salt(&self, reason: &'static str, hits: u64) {
        if hits > 0 {
            self.without_salt
                .get_or_create(&ReasonLabels { reason })
                .inc_by(hits);
        }
    }

    /// Sets the age of the oldest undelivered hit, and its limit.
    pub fn set_undelivered(&self, undelivered: &Undelivered) {
        let seconds = |age: Duration| i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        self.undelivered_age
            .set(undelivered.oldest_age().map_or(0, seconds));
        self.undelivered_age_limit
            .set(seconds(undelivered.age_limit()));
    }

    /// Returns all metrics as OpenMetrics text, which Prometheus reads.
    ///
    /// # Errors
    /// Returns an error if a metric can't be formatted.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let (files, bytes) = count_spool(&self.spool);
        self.spool_files.set(files);
        self.spool_bytes.set(bytes);
        let reserve = i64::try_from(reserve_bytes(&self.spool)).unwrap_or(i64::MAX);
        self.spool_reserve_bytes.set(reserve);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Files and bytes that wait in the spool. A file that goes while we look is not waiting any more.
fn count_spool(folder: &Path) -> (i64, i64) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return (0, 0);
    };
    let mut total = (0, 0);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let waits = name.to_str().and_then(SpoolName::parse).is_some();
        let Ok(about) = entry.metadata() else {
            continue;
        };
        if waits {
            total = (
                total.0 + 1,
                total.1 + i64::try_from(about.len()).unwrap_or(i64::MAX),
            );
        }
    }
    total
}
