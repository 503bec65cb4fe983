//! `beacon cost`: the monthly bill of a beacon on AWS, line by line, from a dated price table.

mod bill;
mod format;
mod prices;
mod setup;
mod show;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::error::ErrorKind;
use clap::value_parser;
use serde::Serialize;

use self::bill::{Bill, scanned_mb};
use self::prices::PriceTable;
use self::setup::{
    Architecture, DAYS, EntryPoint, Format, LogLevel, Partitions, Setup, Usual, default_duration_ms,
};
use crate::args::renamed::refuse_renamed;

/// Estimate the monthly AWS cost, line by line
#[derive(Debug, Clone, clap::Args)]
#[command(after_long_help = "Examples:
  beacon cost --hits-per-day 1000000
  beacon cost --hits-per-day 1000000 --compare           beside API Gateway and Python
  beacon cost --hits-per-day 1000000 --format json       no conversion to Parquet
  beacon cost --hits-per-day 100 --entry-point cloudfront --waf --hosted-zone
  beacon cost --hits-per-day 5000000 --hits-per-request 4 --output json

The command does not contact AWS. The prices are those of us-east-1 on the date that the output shows. The estimate \
leaves out taxes, support, and the free tier of an account's first year.")]
pub struct CostArgs {
    /// Hits per day
    #[arg(long, value_name = "COUNT", value_parser = value_parser!(u64).range(1..=100_000_000_000))]
    hits_per_day: u64,

    #[command(flatten)]
    requests: RequestArgs,

    #[command(flatten)]
    function: FunctionArgs,

    #[command(flatten)]
    lake: LakeArgs,

    /// Compare with the usual setup: API Gateway, Python with Lambda's default log lines, and a daily crawler
    #[arg(
        long,
        value_enum,
        value_name = "API",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "http-api"
    )]
    compare: Option<Usual>,

    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Requests")]
struct RequestArgs {
    /// AWS service that receives the requests
    #[arg(long, value_enum, value_name = "SERVICE", default_value = "url")]
    entry_point: EntryPoint,

    /// The old name of --entry-point
    #[arg(long = "endpoint", hide = true)]
    old_entry_point: Option<String>,

    /// Add the web ACL of edge.yaml with its four rules; only with cloudfront
    #[arg(long)]
    waf: bool,

    /// Add a Route 53 hosted zone for your own domain
    #[arg(long)]
    hosted_zone: bool,

    /// Hits per request: a POST can carry several, which then share records and invocations
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = value_parser!(u64).range(1..=500))]
    hits_per_request: u64,

    /// Bytes of a response, headers included
    #[arg(long, value_name = "BYTES", default_value_t = 700, value_parser = value_parser!(u64).range(1..=1_000_000))]
    response_bytes: u64,
}

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Function")]
struct FunctionArgs {
    /// Processor architecture
    #[arg(long, value_enum, default_value = "arm64")]
    architecture: Architecture,

    /// Memory in MB
    #[arg(long, value_name = "MB", default_value_t = 128, value_parser = value_parser!(u64).range(128..=10_240))]
    memory: u64,

    /// Billed duration of a request in ms. The default is the measured CPU time of a warm invocation, 0.4 ms, plus an
    /// assumed 10 ms for the put to Firehose; your function's metric Duration and its REPORT lines have the real value
    #[arg(long, value_name = "MS", default_value_t = default_duration_ms(), value_parser = value_parser!(u64).range(1..=900_000))]
    duration_ms: u64,

    /// Level of Lambda's own log lines
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "warn")]
    system_log_level: LogLevel,

    /// Days to keep log lines
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = value_parser!(u64).range(1..=3_653))]
    log_retention_days: u64,
}

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Lake")]
struct LakeArgs {
    /// How Firehose writes the hits
    #[arg(long, value_enum, default_value = "parquet")]
    format: Format,

    /// Bytes of a hit's record; Firehose bills each record by steps of 5,120 bytes. 1,157 is what tests/bench measures
    #[arg(long, value_name = "BYTES", default_value_t = 1_157, value_parser = value_parser!(u64).range(1..=1_024_000))]
    record_bytes: u64,

    /// Bytes that a hit takes in the bucket [default: 100 as Parquet or ORC, 150 as JSON]
    #[arg(long, value_name = "BYTES", value_parser = value_parser!(u64).range(1..=1_024_000))]
    stored_bytes: Option<u64>,

    /// Days of hits in the bucket
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = value_parser!(u64).range(1..=36_500))]
    retention_days: u64,

    /// Seconds after which Firehose writes a file
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = value_parser!(u64).range(60..=900))]
    buffer_seconds: u64,

    /// How partitions become known
    #[arg(long, value_enum, default_value = "projection")]
    partitions: Partitions,

    /// Runs of the crawler [default: 1 with --partitions crawler]
    #[arg(long, value_name = "COUNT", value_parser = value_parser!(u64).range(1..=288))]
    crawler_runs_per_day: Option<u64>,

    /// Queries run on Athena
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = value_parser!(u64).range(0..=10_000_000))]
    queries_per_day: u64,

    /// Days that a query covers
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = value_parser!(u64).range(1..=36_500))]
    days_per_query: u64,

    /// MB that a query reads [default: a fifth of its days' files as Parquet or ORC, all of them as JSON]
    #[arg(long, value_name = "MB", value_parser = value_parser!(u64).range(1..=1_000_000_000))]
    scanned_mb: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// Aligned columns, then the assumptions
    Table,
    /// One object with the setups and their lines
    Json,
}

/// A setup and its bill.
#[derive(Debug, Serialize)]
struct Estimate {
    name: &'static str,
    setup: Setup,
    bill: Bill,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    prices_as_of: &'a str,
    region: &'a str,
    currency: &'a str,
    days: f64,
    setups: &'a [Estimate],
}

impl CostArgs {
    /// Prints the bill.
    ///
    /// # Errors
    /// Returns an error if arguments exclude each other or the output can't be written.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(io::stdout());
        self.write(&mut out)?;
        out.flush().context("cannot write the bill")?;
        Ok(ExitCode::SUCCESS)
    }

    fn write(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let table = PriceTable::built_in();
        let setup = self.setup()?;
        let mut setups = vec![("beacon", setup.clone())];
        if let Some(usual) = self.compare {
            let name = match usual {
                Usual::HttpApi => "HTTP API + Python",
                Usual::RestApi => "REST API + Python",
            };
            setups.push((name, setup.usual(usual)));
        }
        let setups: Vec<Estimate> = setups
            .into_iter()
            .map(|(name, setup)| Estimate {
                name,
                bill: Bill::new(&setup, &table.prices),
                setup,
            })
            .collect();
        match self.output {
            Output::Json => {
                let report = Report {
                    prices_as_of: &table.as_of,
                    region: &table.region,
                    currency: &table.currency,
                    days: DAYS,
                    setups: &setups,
                };
                serde_json::to_writer_pretty(&mut *out, &report)?;
                writeln!(out)?;
            }
            Output::Table => write_tables(&setups, &table, out)?,
        }
        Ok(())
    }

    fn setup(&self) -> Result<Setup, clap::Error> {
        refuse_renamed(
            self.requests.old_entry_point.is_some(),
            "--endpoint",
            "--entry-point",
            "--endpoint is the beacon's address, as in `beacon serve`",
        )?;
        if self.requests.waf && self.requests.entry_point != EntryPoint::Cloudfront {
            return Err(usage(
                "--waf needs --entry-point cloudfront: a web ACL can't be put before a Function URL or an HTTP API\n",
            ));
        }
        let crawler_runs_per_day = match (self.lake.partitions, self.lake.crawler_runs_per_day) {
            (Partitions::Projection, None) => 0,
            (Partitions::Projection, Some(_)) => {
                return Err(usage(
                    "--crawler-runs-per-day needs --partitions crawler: no crawler runs with projection\n",
                ));
            }
            (Partitions::Crawler, runs) => runs.unwrap_or(1),
        };
        let stored_bytes = self
            .lake
            .stored_bytes
            .unwrap_or_else(|| self.lake.format.stored_bytes_per_hit());
        let scanned_mb_per_query = match self.lake.scanned_mb {
            Some(mb) => mb as f64,
            None => scanned_mb(
                self.hits_per_day,
                self.lake.days_per_query,
                stored_bytes,
                self.lake.format.scanned_share(),
            ),
        };
        Ok(Setup {
            hits_per_day: self.hits_per_day,
            hits_per_request: self.requests.hits_per_request,
            record_bytes: self.lake.record_bytes,
            packs_records: true,
            entry_point: self.requests.entry_point,
            waf: self.requests.waf,
            hosted_zone: self.requests.hosted_zone,
            architecture: self.function.architecture,
            memory_mb: self.function.memory,
            duration_ms: self.function.duration_ms,
            response_bytes: self.requests.response_bytes,
            log_bytes_per_request: self.function.system_log_level.bytes_per_request(),
            log_retention_days: self.function.log_retention_days,
            alarm_metrics: self.lake.format.alarm_metrics(),
            visitors: true,
            format: self.lake.format,
            stored_bytes_per_hit: stored_bytes,
            retention_days: self.lake.retention_days,
            buffer_seconds: self.lake.buffer_seconds,
            crawler_runs_per_day,
            queries_per_day: self.lake.queries_per_day,
            days_per_query: self.lake.days_per_query,
            scanned_mb_per_query,
        })
    }
}

fn usage(message: &str) -> clap::Error {
    clap::Error::raw(ErrorKind::ArgumentConflict, message)
}

fn write_tables(setups: &[Estimate], table: &PriceTable, out: &mut impl Write) -> io::Result<()> {
    let hits = setups[0].setup.hits_per_day as f64;
    writeln!(
        out,
        "{} hits a day for {DAYS} days in {}, in {}, at prices of {}\n",
        format::grouped(hits),
        table.region,
        table.currency,
        table.as_of
    )?;
    match setups {
        [one, other] => {
            show::write_comparison((one.name, &one.bill), (other.name, &other.bill), out)?;
        }
        _ => show::write_bill(&setups[0].bill, out)?,
    }
    write_notes(setups, table, out)
}

/// Writes the assumptions behind the amounts, and the pages to check them against.
fn write_notes(setups: &[Estimate], table: &PriceTable, out: &mut impl Write) -> io::Result<()> {
    let beacon = &setups[0].setup;
    writeln!(out)?;
    writeln!(
        out,
        "You pay the list price minus AWS's always-free allowances. If other use of the account takes these up, you pay up\n\
         to the list price."
    )?;
    writeln!(
        out,
        "Assumes {} ms of Lambda per request (--duration-ms), and {} of Lambda's own.",
        beacon.duration_ms,
        match beacon.log_bytes_per_request {
            0 => "no log lines".to_owned(),
            bytes => format!("{bytes} bytes of log lines per request"),
        }
    )?;
    if let [_, usual] = setups {
        writeln!(
            out,
            "The other column assumes {} ms on x86_64, {} bytes of log lines per request, a daily crawler, and no alarms.",
            usual.setup.duration_ms, usual.setup.log_bytes_per_request
        )?;
    }
    let storage = &table.prices.s3_storage;
    let gb_a_month =
        beacon.hits_per_day as f64 * DAYS * beacon.stored_bytes_per_hit as f64 / bill::GB;
    writeln!(
        out,
        "The bucket keeps {} days of hits; every further {DAYS} days add {} {} a month.",
        beacon.retention_days,
        format::money(storage.usd(gb_a_month)),
        table.currency
    )?;
    let lines = || setups.iter().flat_map(|estimate| &estimate.bill.lines);
    let unsourced: BTreeSet<String> = lines()
        .filter(|line| !line.price_has_source)
        .map(|line| format!("{} {}", line.service, line.what))
        .collect();
    if !unsourced.is_empty() {
        let names: Vec<String> = unsourced.into_iter().collect();
        writeln!(out, "No dated source for: {}.", names.join(", "))?;
    }
    writeln!(
        out,
        "These prices were not read from AWS. Check the current price pages before you rely on them:"
    )?;
    let pages: BTreeSet<&str> = lines().map(|line| line.price_page.as_str()).collect();
    for page in pages {
        writeln!(out, "  {page}")?;
    }
    Ok(())
}
