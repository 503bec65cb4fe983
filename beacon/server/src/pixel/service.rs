//! Holds the state that all workers of the pixel's server share.

use std::sync::Arc;

use axum::Router;
use beacon_core::Beacon;
use beacon_lake::{Clock, SpoolWriter};

use crate::metrics::Metrics;
use crate::salts::Salts;

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
    /// Answers a path that is none of the pixel's.
    pub(super) counts: Option<CountRoute>,
}

/// A path of the pixel's listener that records nothing, and the service that answers it.
#[derive(Clone, Debug)]
pub struct CountRoute {
    /// The path, with the base path. A path of the pixel's own with this name comes first.
    pub path: String,
    /// The service.
    pub app: Router,
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

    /// Also answers the requests without a body for the path of `counts`.
    pub fn with_counts(mut self, counts: Option<CountRoute>) -> PixelService {
        self.counts = counts;
        self
    }
}
