//! What is paid for: a beacon as the templates set it up, or the usual pixel beside it.

use clap::ValueEnum;
use serde::Serialize;

/// Days of the month on the bill.
pub(super) const DAYS: f64 = 30.0;

/// CPU of a warm invocation that puts one hit over TLS, as `tests/bench` measures it. A 128 MB function has 7% of a
/// core, which is more than this takes of the time that the put is waited for.
const WARM_INVOCATION_MS: f64 = 0.374;

/// A put to Firehose within a region, over a connection that is open. Assumed: no account was at hand to measure it.
const PUT_ROUND_TRIP_MS: f64 = 10.0;

/// A warm Python invocation with boto3 on 128 MB of x86_64. Assumed.
const PYTHON_INVOCATION_MS: f64 = 40.0;

/// What `platform.start` and `platform.report` of an invocation take in CloudWatch as JSON.
const JSON_LOG_BYTES: u64 = 400;

/// START, END and REPORT of an invocation as text.
const TEXT_LOG_BYTES: u64 = 300;

/// Metrics that the alarms of `infra/alarms.yaml` watch: one each, and two (use and limit) for the three of the
/// stream's quota. The metric of unsent hits is our own, and there are none of it while nothing is lost.
const ALARM_METRICS: u64 = 10;
/// And one more where the stream converts.
const CONVERSION_ALARM_METRICS: u64 = 1;

/// Where requests arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum EntryPoint {
    /// Lambda Function URL
    Url,
    /// API Gateway HTTP API
    HttpApi,
    /// CloudFront (edge.yaml) before the Function URL
    Cloudfront,
    /// API Gateway REST API: what others use, not set up by the templates
    #[value(skip)]
    RestApi,
}

/// What the beacon is compared with.
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

/// How Firehose writes the hits.
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

/// How partitions become known.
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
    /// Whether the hits of a request share records.
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
    /// The usual pixel for the same hits: API Gateway, a Python function that logs as Lambda does by default, one
    /// record a hit, no alarms, and a crawler once a day. Its stream, files and questions are the same.
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
    /// What a hit takes in the bucket. Our own Parquet takes 51 bytes (`tests/bench`); that of Firehose, with Snappy and
    /// in smaller files, is assumed to take twice that, and GZIP JSON three times.
    pub(super) fn stored_bytes_per_hit(self) -> u64 {
        match self {
            Format::Parquet | Format::Orc => 100,
            Format::Json => 150,
        }
    }

    /// The metrics that alarms watch.
    pub(super) fn alarm_metrics(self) -> u64 {
        match self {
            Format::Parquet | Format::Orc => ALARM_METRICS + CONVERSION_ALARM_METRICS,
            Format::Json => ALARM_METRICS,
        }
    }

    /// How much of what is stored a question reads: of columns, about a fifth.
    pub(super) fn scanned_share(self) -> f64 {
        match self {
            Format::Parquet | Format::Orc => 0.2,
            Format::Json => 1.0,
        }
    }
}

/// What Lambda bills for a beacon's invocation, unless a measured duration is given.
pub(super) fn default_duration_ms() -> u64 {
    billed_ms(WARM_INVOCATION_MS + PUT_ROUND_TRIP_MS)
}

/// Lambda bills whole milliseconds.
fn billed_ms(duration_ms: f64) -> u64 {
    duration_ms.ceil() as u64
}
