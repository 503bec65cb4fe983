//! Describes what the bill is for: a beacon as the templates set it up, or the usual pixel to compare it with.

use clap::ValueEnum;
use serde::Serialize;

/// Days of the month on the bill.
pub(super) const DAYS: f64 = 30.0;

/// CPU time of a warm invocation that puts one hit over TLS, as `tests/bench` measures it. A 128 MB function has 7% of a
/// core, which is more than this is of the time that the function waits for the put.
const WARM_INVOCATION_MS: f64 = 0.374;

/// The time of a put to Firehose within a region, over an open connection. Assumed, not measured.
const PUT_ROUND_TRIP_MS: f64 = 10.0;

/// The time of a warm Python invocation with boto3 on 128 MB of x86_64. Assumed, not measured.
const PYTHON_INVOCATION_MS: f64 = 40.0;

/// The size of `platform.start` and `platform.report` of an invocation in CloudWatch, as JSON.
const JSON_LOG_BYTES: u64 = 400;

/// The size of START, END and REPORT of an invocation, as text.
const TEXT_LOG_BYTES: u64 = 300;

/// The metrics that the alarms of `infra/alarms.yaml` watch: one each, and two (use and limit) for each of the three
/// quotas of the stream. The metric of unsent hits is a custom one, which exists only once a hit is lost.
const ALARM_METRICS: u64 = 11;
/// The metrics in addition, if the stream converts records.
const CONVERSION_ALARM_METRICS: u64 = 1;

/// The AWS service that receives the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum EntryPoint {
    /// Lambda Function URL
    Url,
    /// API Gateway HTTP API
    HttpApi,
    /// CloudFront (edge.yaml) before the Function URL
    Cloudfront,
    /// API Gateway REST API: usual elsewhere, not part of the templates
    #[value(skip)]
    RestApi,
}

/// The setup to compare the beacon with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Usual {
    /// API Gateway HTTP API and Python
    HttpApi,
    /// API Gateway REST API and Python
    RestApi,
}

/// The function's processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Architecture {
    /// A fifth cheaper
    Arm64,
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86_64,
}

/// The format in which Firehose writes the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// Converted to Parquet: Firehose charges for it, queries read less
    Parquet,
    /// Converted to ORC, at the price of Parquet
    Orc,
    /// GZIP JSON lines: nothing to convert, queries read everything
    Json,
}

/// Lambda's own lines for each invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogLevel {
    /// None, as the template sets it
    Warn,
    /// One at the start and one at the end
    Info,
}

/// The way in which partitions become known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Partitions {
    /// By rule; nothing runs
    Projection,
    /// By a Glue crawler's runs
    Crawler,
}

/// Everything that the bill depends on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Setup {
    pub(super) hits_per_day: u64,
    pub(super) hits_per_request: u64,
    pub(super) record_bytes: u64,
    /// True if the hits of a request share records.
    pub(super) packs_records: bool,
    pub(super) entry_point: EntryPoint,
    pub(super) waf: bool,
    pub(super) hosted_zone: bool,
    pub(super) architecture: Architecture,
    pub(super) memory_mb: u64,
    pub(super) duration_ms: u64,
    pub(super) response_bytes: u64,
    pub(super) log_bytes_per_request: u64,
    pub(super) log_retention_days: u64,
    pub(super) alarm_metrics: u64,
    /// True if hits have a visitor, whose salt is in a table.
    pub(super) visitors: bool,
    pub(super) format: Format,
    pub(super) stored_bytes_per_hit: u64,
    pub(super) retention_days: u64,
    pub(super) buffer_seconds: u64,
    pub(super) crawler_runs_per_day: u64,
    pub(super) queries_per_day: u64,
    pub(super) days_per_query: u64,
    pub(super) scanned_mb_per_query: f64,
}

impl Setup {
    /// Returns the usual pixel for the same hits: API Gateway, a Python function with Lambda's default log lines, one
    /// record per hit, no alarms, no visitors, and a daily crawler. Stream, files and queries are the same.
    pub(super) fn usual(&self, usual: Usual) -> Setup {
        Setup {
            entry_point: match usual {
                Usual::HttpApi => EntryPoint::HttpApi,
                Usual::RestApi => EntryPoint::RestApi,
            },
            waf: false,
            packs_records: false,
            architecture: Architecture::X86_64,
            memory_mb: 128,
            duration_ms: billed_ms(PYTHON_INVOCATION_MS),
            log_bytes_per_request: TEXT_LOG_BYTES,
            alarm_metrics: 0,
            visitors: false,
            crawler_runs_per_day: 1,
            ..self.clone()
        }
    }

    pub(super) fn requests(&self) -> f64 {
        self.hits_per_day as f64 * DAYS / self.hits_per_request as f64
    }
}

impl LogLevel {
    pub(super) fn bytes_per_request(self) -> u64 {
        match self {
            LogLevel::Warn => 0,
            LogLevel::Info => JSON_LOG_BYTES,
        }
    }
}

impl Format {
    /// Returns the bytes that a hit takes in the bucket. The Parquet of one machine takes 51 (`tests/bench`); Firehose's,
    /// with Snappy and in smaller files, is assumed to take twice as many, and GZIP JSON three times.
    pub(super) fn stored_bytes_per_hit(self) -> u64 {
        match self {
            Format::Parquet | Format::Orc => 100,
            Format::Json => 150,
        }
    }

    /// Returns the number of metrics that alarms watch.
    pub(super) fn alarm_metrics(self) -> u64 {
        match self {
            Format::Parquet | Format::Orc => ALARM_METRICS + CONVERSION_ALARM_METRICS,
            Format::Json => ALARM_METRICS,
        }
    }

    /// Returns the share of the stored bytes that a query reads: about a fifth if the format has columns.
    pub(super) fn scanned_share(self) -> f64 {
        match self {
            Format::Parquet | Format::Orc => 0.2,
            Format::Json => 1.0,
        }
    }
}

/// Returns the milliseconds that Lambda bills for an invocation, unless the user gives a measured duration.
pub(super) fn default_duration_ms() -> u64 {
    billed_ms(WARM_INVOCATION_MS + PUT_ROUND_TRIP_MS)
}

/// Rounds up, because Lambda bills whole milliseconds.
fn billed_ms(duration_ms: f64) -> u64 {
    duration_ms.ceil() as u64
}
