//! Counts hits by the endpoint through which they came.

use beacon_core::Outcome;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::register::registered;

/// The hits of one endpoint. Each is received, and then exactly one of recorded, ignored, refused or lost.
#[derive(Debug)]
pub struct IngestMetrics {
    name: &'static str,
    received: Counter,
    recorded: Counter,
    ignored: Family<IngestReasonLabels, Counter>,
    refused: Counter,
    lost: Family<IngestReasonLabels, Counter>,
}

impl IngestMetrics {
    /// Counts hits that arrived.
    pub fn received(&self, hits: u64) {
        self.received.inc_by(hits);
    }

    /// Counts hits that are on disk.
    pub fn recorded(&self, hits: u64) {
        self.recorded.inc_by(hits);
    }

    /// Counts records that are not hits and are kept as errors.
    pub fn refused(&self, hits: u64) {
        self.refused.inc_by(hits);
    }

    /// Counts hits that were not stored, as their senders were told.
    pub fn lost(&self, reason: &'static str, hits: u64) {
        self.lost
            .get_or_create(&IngestReasonLabels {
                through: self.name,
                reason,
            })
            .inc_by(hits);
    }

    /// Counts a request that is answered but not recorded, if it was ignored.
    pub fn unrecorded(&self, outcome: Outcome) {
        if let Outcome::Ignored(reason) = outcome {
            self.received(1);
            self.ignored
                .get_or_create(&IngestReasonLabels {
                    through: self.name,
                    reason,
                })
                .inc();
        }
    }
}

/// The metrics of all endpoints, one label each.
pub(super) struct IngestFamilies {
    received: Family<IngestLabels, Counter>,
    recorded: Family<IngestLabels, Counter>,
    ignored: Family<IngestReasonLabels, Counter>,
    refused: Family<IngestLabels, Counter>,
    lost: Family<IngestReasonLabels, Counter>,
}

impl IngestFamilies {
    pub(super) fn register(registry: &mut Registry) -> IngestFamilies {
        IngestFamilies {
            received: registered(registry, "received", "Hits that arrived"),
            recorded: registered(registry, "recorded", "Hits that are on disk"),
            ignored: registered(
                registry,
                "ignored",
                "Hits that were answered but not recorded",
            ),
            refused: registered(
                registry,
                "refused",
                "Records that are no hits and are kept under errors",
            ),
            lost: registered(registry, "lost", "Hits that could not be written down"),
        }
    }

    /// Returns the metrics of the endpoint `name`.
    pub(super) fn metrics_of(&self, name: &'static str) -> IngestMetrics {
        let through = IngestLabels { through: name };
        IngestMetrics {
            name,
            received: self.received.get_or_create_owned(&through),
            recorded: self.recorded.get_or_create_owned(&through),
            ignored: self.ignored.clone(),
            refused: self.refused.get_or_create_owned(&through),
            lost: self.lost.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct IngestLabels {
    through: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct IngestReasonLabels {
    through: &'static str,
    reason: &'static str,
}
