//! Holds the state that all workers of the pixel's server share.

use std::sync::Arc;

use axum::Router;
use beacon_core::Beacon;
use beacon_lake::{Clock, SpoolWriter};
use tokio::runtime::Handle;

use crate::metrics::Metrics;
use crate::salts::Salts;
use crate::transport::RouterTasks;

/// The parts that every worker uses to answer and record a request.
#[derive(Clone)]
pub struct PixelService {
    /// Maps requests to records and responses.
    pub(super) beacon: Arc<Beacon>,
    /// Makes records durable.
    pub(super) writer: SpoolWriter,
    /// Counts hits, connections and refusals.
    pub(super) metrics: Arc<Metrics>,
    /// Tells when a request arrived.
    pub(super) clock: Clock,
    /// Gives hits of a day their salt; `None` where visitors are off.
    pub(super) salts: Option<Arc<Salts>>,
    /// Answers `/count`, elsewhere than on the threads of the pixel.
    pub(super) counts: Option<RouterTasks>,
}

impl PixelService {
    /// Creates a service that records with `writer`, counts in `metrics`, and has the time of `clock`. Without `salts`, no
    /// hit has a visitor.
    pub fn new(
        beacon: Arc<Beacon>,
        writer: SpoolWriter,
        metrics: Arc<Metrics>,
        clock: Clock,
        salts: Option<Arc<Salts>>,
    ) -> PixelService {
        PixelService {
            beacon,
            writer,
            metrics,
            clock,
            salts,
            counts: None,
        }
    }

    /// Answers requests for a count with `app`, in tasks of `runtime`. The beacon must have their route, by
    /// [`Beacon::with_counts`].
    pub fn with_counts(mut self, app: Router, runtime: Handle) -> PixelService {
        self.counts = Some(RouterTasks::new(app, runtime));
        self
    }
}
