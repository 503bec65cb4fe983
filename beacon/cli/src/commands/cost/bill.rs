//! Calculates the bill of a setup: a line for each thing that AWS meters.

use serde::Serialize;

use super::format::grouped;
use super::prices::{Certainty, Price, Prices};
use super::setup::{Architecture, DAYS, EntryPoint, Format, Setup};

/// Bytes in AWS's GB.
pub(super) const GB: f64 = (1_u64 << 30) as f64;
/// Bytes in Athena's MB, and MB in its TB.
const MB: f64 = (1_u64 << 20) as f64;
const MB_PER_TB: f64 = (1_u64 << 20) as f64;
const SECONDS_PER_DAY: f64 = 86_400.0;
const HOURS_PER_DAY: f64 = 24.0;

/// Firehose bills each record by steps of this many bytes.
/// <https://docs.aws.amazon.com/firehose/latest/dev/limits.html>
const FIREHOSE_STEP_BYTES: u64 = 5_120;
/// The size of the stream's buffer. Firehose writes a file when it is full or when the interval is over.
const BUFFER_BYTES: f64 = 128.0 * MB;
/// The least that Athena bills for a query.
/// <https://aws.amazon.com/athena/pricing/>
const ATHENA_MIN_MB: f64 = 10.0;
/// The time that AWS bills for a crawler's run: its minimum of ten minutes, which these tables don't exceed.
const CRAWLER_RUN_HOURS: f64 = 10.0 / 60.0;
/// The processing units of a crawler. AWS chooses them; this is an assumption.
const CRAWLER_DPUS: f64 = 2.0;
/// Stored bytes per ingested byte of a log: CloudWatch compresses, and its pricing page assumes this ratio.
const LOG_COMPRESSION: f64 = 0.15;
/// Environments of the function that start, per request; each reads the day's salt once. An assumption.
const STARTS_PER_REQUEST: f64 = 0.02;
/// The read units of an eventually consistent read of an item of up to 4 KB.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html>
const UNITS_PER_SALT_READ: f64 = 0.5;
/// The rules of the web ACL in `infra/edge.yaml`: rate and size, each for POST and for other requests.
pub(super) const WAF_RULES: u64 = 4;
/// The database, the table and the views of `infra/catalog.yaml`.
pub(super) const GLUE_OBJECTS: u64 = 4;

/// A month's bill.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Bill {
    pub(super) lines: Vec<Line>,
    /// The sum of all lines at list prices.
    pub(super) list_usd: f64,
    /// The sum of all lines, minus the always-free allowances.
    pub(super) pay_usd: f64,
}

/// One thing that AWS meters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Line {
    pub(super) service: &'static str,
    /// The thing that AWS meters. `service` and this identify a line in every bill.
    pub(super) what: &'static str,
    /// Where the quantity comes from, if that isn't obvious.
    pub(super) detail: String,
    pub(super) quantity: f64,
    pub(super) unit: String,
    pub(super) unit_price: String,
    pub(super) free_quantity: f64,
    pub(super) list_usd: f64,
    pub(super) pay_usd: f64,
    pub(super) price_page: String,
    /// False for a price that is common knowledge without a dated source.
    pub(super) price_has_source: bool,
}

impl Bill {
    pub(super) fn new(setup: &Setup, prices: &Prices) -> Bill {
        let mut lines = Lines(Vec::new());
        entry_point(setup, prices, &mut lines);
        function(setup, prices, &mut lines);
        stream(setup, prices, &mut lines);
        bucket(setup, prices, &mut lines);
        watching(setup, prices, &mut lines);
        catalog(setup, prices, &mut lines);
        let lines = lines.0;
        Bill {
            list_usd: lines.iter().map(|line| line.list_usd).sum(),
            pay_usd: lines.iter().map(|line| line.pay_usd).sum(),
            lines,
        }
    }
}

/// The lines so far. A line without a quantity is left out.
struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, service: &'static str, what: &'static str, quantity: f64, price: &Price) {
        self.add_with(service, what, String::new(), quantity, price);
    }

    fn add_with(
        &mut self,
        service: &'static str,
        what: &'static str,
        detail: String,
        quantity: f64,
        price: &Price,
    ) {
        if quantity <= 0.0 {
            return;
        }
        self.0.push(Line {
            service,
            what,
            detail,
            quantity,
            unit: price.unit.clone(),
            unit_price: price.label(quantity),
            free_quantity: price.free.min(quantity),
            list_usd: price.usd(quantity),
            pay_usd: price.usd_after_free(quantity),
            price_page: price.page.clone(),
            price_has_source: price.certainty != Certainty::Unchecked,
        });
    }
}

fn entry_point(setup: &Setup, prices: &Prices, lines: &mut Lines) {
    let requests = setup.requests();
    let response_gb = requests * setup.response_bytes as f64 / GB;
    let responses = || format!("responses of {} bytes", setup.response_bytes);
    match setup.entry_point {
        EntryPoint::Url => {
            let price = &prices.function_url_requests;
            lines.add("Function URL", "requests", requests, price);
        }
        EntryPoint::HttpApi => {
            let price = &prices.http_api_requests;
            lines.add("API Gateway", "HTTP API requests", requests, price);
        }
        EntryPoint::RestApi => {
            let price = &prices.rest_api_requests;
            lines.add("API Gateway", "REST API requests", requests, price);
        }
        EntryPoint::Cloudfront => {
            let price = &prices.cloudfront_requests;
            lines.add("CloudFront", "HTTPS requests", requests, price);
            let price = &prices.cloudfront_transfer;
            lines.add_with("CloudFront", "transfer", responses(), response_gb, price);
            let price = &prices.cloudfront_functions;
            lines.add("CloudFront", "function", requests, price);
            let price = &prices.function_url_requests;
            lines.add("Function URL", "requests", requests, price);
        }
    }
    // AWS doesn't charge for transfer to CloudFront.
    if setup.entry_point != EntryPoint::Cloudfront {
        let price = &prices.data_transfer_out;
        lines.add_with("Data transfer", "out", responses(), response_gb, price);
    }
    if setup.waf {
        lines.add("WAF", "web ACL", 1.0, &prices.waf_acls);
        lines.add("WAF", "rules", WAF_RULES as f64, &prices.waf_rules);
        lines.add("WAF", "requests", requests, &prices.waf_requests);
    }
    if setup.hosted_zone {
        lines.add("Route 53", "hosted zone", 1.0, &prices.route53_zones);
    }
}

fn function(setup: &Setup, prices: &Prices, lines: &mut Lines) {
    let requests = setup.requests();
    lines.add("Lambda", "requests", requests, &prices.lambda_requests);
    let (name, price) = match setup.architecture {
        Architecture::Arm64 => ("arm64", &prices.lambda_duration_arm64),
        Architecture::X86_64 => ("x86_64", &prices.lambda_duration_x86_64),
    };
    let gb_seconds =
        requests * (setup.duration_ms as f64 / 1_000.0) * (setup.memory_mb as f64 / 1_024.0);
    let detail = format!("{} ms, {} MB, {name}", setup.duration_ms, setup.memory_mb);
    lines.add_with("Lambda", "duration", detail, gb_seconds, price);
    if setup.visitors {
        let detail = format!("the salt, by {}% of requests", STARTS_PER_REQUEST * 100.0);
        let units = requests * STARTS_PER_REQUEST * UNITS_PER_SALT_READ;
        let price = &prices.dynamodb_reads;
        lines.add_with("DynamoDB", "reads", detail, units, price);
    }
}

fn stream(setup: &Setup, prices: &Prices, lines: &mut Lines) {
    let bytes_per_request = billed_bytes_per_request(setup) as f64;
    let gb = setup.requests() * bytes_per_request / GB;
    let detail = format!("{} bytes per request", grouped(bytes_per_request));
    let price = &prices.firehose_ingestion;
    lines.add_with("Data Firehose", "ingestion", detail, gb, price);
    let price = &prices.firehose_conversion;
    match setup.format {
        Format::Parquet => lines.add_with(
            "Data Firehose",
            "conversion",
            "to Parquet".to_owned(),
            gb,
            price,
        ),
        Format::Orc => lines.add_with(
            "Data Firehose",
            "conversion",
            "to ORC".to_owned(),
            gb,
            price,
        ),
        Format::Json => {}
    }
}

/// Returns the bytes that Firehose bills for a request. Packed hits share records of up to one step; otherwise, and if a
/// hit is longer than a step, each hit is a record, rounded up to whole steps.
fn billed_bytes_per_request(setup: &Setup) -> u64 {
    let hits_per_step = match setup.packs_records {
        true => FIREHOSE_STEP_BYTES / setup.record_bytes,
        false => 0,
    };
    let steps = match hits_per_step {
        0 => setup.hits_per_request * setup.record_bytes.div_ceil(FIREHOSE_STEP_BYTES),
        hits => setup.hits_per_request.div_ceil(hits),
    };
    steps * FIREHOSE_STEP_BYTES
}

fn bucket(setup: &Setup, prices: &Prices, lines: &mut Lines) {
    let files = files_per_day(setup);
    let detail = format!("a file every {} s at most", setup.buffer_seconds);
    let price = &prices.s3_puts;
    lines.add_with("S3", "PUT", detail, (files * DAYS).ceil(), price);
    let stored_bytes =
        setup.hits_per_day as f64 * setup.stored_bytes_per_hit as f64 * setup.retention_days as f64;
    let detail = format!(
        "{} days of {} bytes per hit",
        setup.retention_days, setup.stored_bytes_per_hit
    );
    let price = &prices.s3_storage;
    lines.add_with("S3", "storage", detail, stored_bytes / GB, price);
    let days_read = setup.queries_per_day as f64 * DAYS * setup.days_per_query as f64;
    let detail = "by queries, one for each hour".to_owned();
    let price = &prices.s3_puts;
    lines.add_with("S3", "LIST", detail, days_read * HOURS_PER_DAY, price);
    let detail = "by queries, one for each file".to_owned();
    let gets = (days_read * files).ceil();
    lines.add_with("S3", "GET", detail, gets, &prices.s3_gets);
}

/// Returns the number of files per day. A buffer opens with its first hit and closes by age or by size, so few hits make
/// few files.
fn files_per_day(setup: &Setup) -> f64 {
    let requests_per_second = setup.requests() / DAYS / SECONDS_PER_DAY;
    let request_bytes = (setup.record_bytes * setup.hits_per_request) as f64;
    let full_after = BUFFER_BYTES / (requests_per_second * request_bytes);
    let open_seconds = full_after.min(setup.buffer_seconds as f64);
    SECONDS_PER_DAY / (open_seconds + 1.0 / requests_per_second)
}

fn watching(setup: &Setup, prices: &Prices, lines: &mut Lines) {
    let gb = setup.requests() * setup.log_bytes_per_request as f64 / GB;
    let detail = format!("{} bytes per request", setup.log_bytes_per_request);
    let price = &prices.logs_ingestion;
    lines.add_with("CloudWatch", "log lines", detail, gb, price);
    let months_kept = setup.log_retention_days as f64 / DAYS;
    let detail = format!("{} days, compressed", setup.log_retention_days);
    let stored_gb = gb * LOG_COMPRESSION * months_kept;
    let price = &prices.logs_storage;
    lines.add_with("CloudWatch", "log storage", detail, stored_gb, price);
    let alarms = setup.alarm_metrics as f64;
    lines.add("CloudWatch", "alarms", alarms, &prices.alarm_metrics);
}

fn catalog(setup: &Setup, prices: &Prices, lines: &mut Lines) {
    let runs = setup.crawler_runs_per_day as f64;
    let partitions = match setup.crawler_runs_per_day {
        0 => 0.0,
        _ => setup.retention_days as f64 * HOURS_PER_DAY,
    };
    let objects = GLUE_OBJECTS as f64 + partitions;
    lines.add("Glue", "catalog", objects, &prices.glue_objects);
    let detail = format!(
        "{} a day, 10 min of {CRAWLER_DPUS} DPU",
        setup.crawler_runs_per_day
    );
    let hours = runs * DAYS * CRAWLER_RUN_HOURS * CRAWLER_DPUS;
    let price = &prices.glue_crawler;
    lines.add_with("Glue", "crawler", detail, hours, price);
    let queries = setup.queries_per_day as f64 * DAYS;
    let mb = setup.scanned_mb_per_query.max(ATHENA_MIN_MB);
    let detail = format!("{} queries of {} MB", grouped(queries), grouped(mb.round()));
    let price = &prices.athena_scanned;
    lines.add_with("Athena", "scanned", detail, queries * mb / MB_PER_TB, price);
}

/// Returns the MB that a query over `days` days reads. `share` is the part of the stored bytes that its columns take.
pub(super) fn scanned_mb(hits_per_day: u64, days: u64, stored_bytes: u64, share: f64) -> f64 {
    hits_per_day as f64 * days as f64 * stored_bytes as f64 * share / MB
}
