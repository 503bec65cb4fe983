//! Counts connections, refused requests and bodies.

use std::sync::Arc;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::limits::{Capacity, MAX_BODIES_BYTES};

/// The metrics of all listeners.
#[derive(Debug, Clone, Default)]
pub struct TransportMetrics {
    open: Family<ListenerLabels, Gauge>,
    limit: Family<ListenerLabels, Gauge>,
    closed: Family<ListenerReasonLabels, Counter>,
    refused: Family<ListenerReasonLabels, Counter>,
    failed_accepts: Family<ListenerLabels, Counter>,
    bodies_bytes: Gauge,
    open_files_limit: Gauge,
}

/// The metrics of one listener.
#[derive(Debug, Clone)]
pub struct ListenerMetrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    all: TransportMetrics,
    open: Gauge,
    failed_accepts: Counter,
}

/// The reason for which the server ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CloseReason {
    ConnectionLimit,
    BodyLimit,
    HeadTimeout,
    BodyTimeout,
    Shutdown,
}

/// The reason for which a request is refused before its service sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// hyper can't read it.
    Malformed,
    /// Target, headers or their number are over the limits.
    HeadTooLarge,
    /// RFC 9112 section 3.2: HTTP/1.1 has exactly one `Host`.
    Host,
    /// The name of another machine, on a listener of this one.
    ForeignHost,
    /// The body is over the limit.
    BodyTooLarge,
    /// All bodies together are over the limit.
    BodyLimit,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ListenerLabels {
    listener: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ListenerReasonLabels {
    listener: &'static str,
    reason: &'static str,
}

impl TransportMetrics {
    /// Registers all metrics at zero.
    pub(crate) fn register(registry: &mut Registry) -> TransportMetrics {
        let all = TransportMetrics::default();
        let bodies_limit: Gauge = Gauge::default();
        bodies_limit.set(as_gauge(MAX_BODIES_BYTES));
        for (name, help, gauges) in [
            ("connections", "Connections that are open", &all.open),
            (
                "connections_limit",
                "Connections that may be open; the longest idle one makes room",
                &all.limit,
            ),
        ] {
            registry.register(name, help, gauges.clone());
        }
        for (name, help, counters) in [
            (
                "connections_closed",
                "Connections that the server ended, by reason",
                &all.closed,
            ),
            (
                "requests_refused",
                "Requests that were refused for their form, by reason",
                &all.refused,
            ),
        ] {
            registry.register(name, help, counters.clone());
        }
        registry.register(
            "accept_failures",
            "Connections that could not be accepted",
            all.failed_accepts.clone(),
        );
        for (name, help, gauge) in [
            (
                "body_bytes",
                "Size of the request bodies in memory",
                &all.bodies_bytes,
            ),
            (
                "body_bytes_limit",
                "Size that request bodies in memory may have together",
                &bodies_limit,
            ),
            (
                "open_files_limit",
                "Files and sockets that the process may have open",
                &all.open_files_limit,
            ),
        ] {
            registry.register(name, help, gauge.clone());
        }
        all
    }

    /// Sets the limit of open files.
    pub fn set_capacity(&self, capacity: Capacity) {
        self.open_files_limit.set(as_gauge(capacity.open_files));
    }

    /// Returns the metrics of the listener `name`, which may have `limit` connections.
    pub fn listener(&self, name: &'static str, limit: usize) -> ListenerMetrics {
        let of = ListenerLabels { listener: name };
        self.limit.get_or_create(&of).set(as_gauge(limit));
        ListenerMetrics(Arc::new(Inner {
            name,
            all: self.clone(),
            open: self.open.get_or_create_owned(&of),
            failed_accepts: self.failed_accepts.get_or_create_owned(&of),
        }))
    }
}

impl ListenerMetrics {
    pub(super) fn name(&self) -> &'static str {
        self.0.name
    }

    pub(super) fn connection_opened(&self) {
        self.0.open.inc();
    }

    pub(super) fn connection_closed(&self) {
        self.0.open.dec();
    }

    pub(super) fn accept_failed(&self) {
        self.0.failed_accepts.inc();
    }

    pub(super) fn count_closed(&self, reason: CloseReason) {
        self.0
            .all
            .closed
            .get_or_create(&self.of(reason.as_str()))
            .inc();
    }

    /// Counts a request that was refused.
    pub(crate) fn count_refusal(&self, refusal: Refusal) {
        self.0
            .all
            .refused
            .get_or_create(&self.of(refusal.as_str()))
            .inc();
    }

    pub(super) fn add_body_bytes(&self, bytes: usize) {
        self.0.all.bodies_bytes.inc_by(as_gauge(bytes));
    }

    pub(super) fn remove_body_bytes(&self, bytes: usize) {
        self.0.all.bodies_bytes.dec_by(as_gauge(bytes));
    }

    pub(super) fn is_over_body_limit(&self) -> bool {
        self.0.all.bodies_bytes.get() > as_gauge(MAX_BODIES_BYTES)
    }

    fn of(&self, reason: &'static str) -> ListenerReasonLabels {
        ListenerReasonLabels {
            listener: self.0.name,
            reason,
        }
    }
}

impl CloseReason {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            CloseReason::ConnectionLimit => "connection limit",
            CloseReason::BodyLimit => "body limit",
            CloseReason::HeadTimeout => "head timeout",
            CloseReason::BodyTimeout => "body timeout",
            CloseReason::Shutdown => "shutdown",
        }
    }
}

impl Refusal {
    /// Returns the label in the metrics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Refusal::Malformed => "malformed",
            Refusal::HeadTooLarge => "head too large",
            Refusal::Host => "not one host",
            Refusal::ForeignHost => "foreign host",
            Refusal::BodyTooLarge => "body too large",
            Refusal::BodyLimit => "body limit",
        }
    }
}

fn as_gauge(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
