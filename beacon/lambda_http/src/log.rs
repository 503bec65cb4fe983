//! Writes log lines as one JSON object each, with the members by which Lambda filters: `level`, and `timestamp`
//! by RFC 3339.
//!
//! `tracing-subscriber` would do it too, with a registry, filters and formats that nothing here uses. Spans are
//! not written: an environment has one request at a time, and requests are not logged.

use std::fmt;
use std::io::{self, Write};

use beacon_aws::timestamp::rfc_3339;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::clock::now_ms;

/// Starts logging to standard output: events of `level` and above, and panics.
///
/// Events of other crates are logged from WARN up, because at lower levels some of them write whole requests.
pub fn start(level: Level) {
    let lines = JsonLines {
        level: LevelFilter::from_level(level),
    };
    if tracing::subscriber::set_global_default(lines).is_err() {
        tracing::warn!("logs were already started");
    }
    std::panic::set_hook(Box::new(|panic| {
        // The place only: a message may quote what was being processed.
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

struct JsonLines {
    level: LevelFilter,
}

impl JsonLines {
    fn level_of(&self, target: &str) -> LevelFilter {
        if target.starts_with("beacon") || target == "bootstrap" {
            self.level
        } else {
            self.level.min(LevelFilter::WARN)
        }
    }
}

impl Subscriber for JsonLines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= self.level_of(metadata.target())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let line = line(event, now_ms());
        let mut out = io::stdout().lock();
        // There is nobody to tell when standard output is gone.
        drop(out.write_all(line.as_bytes()).and_then(|()| out.flush()));
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

fn line(event: &Event<'_>, at_ms: u64) -> String {
    let mut members = Members(Map::new());
    members
        .0
        .insert("level".to_owned(), event.metadata().level().as_str().into());
    members
        .0
        .insert("timestamp".to_owned(), rfc_3339(at_ms).into());
    members
        .0
        .insert("target".to_owned(), event.metadata().target().into());
    event.record(&mut members);
    let mut line = Value::Object(members.0).to_string();
    line.push('\n');
    line
}

struct Members(Map<String, Value>);

impl Visit for Members {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0
            .insert(field.name().to_owned(), format!("{value:?}").into());
    }
}
