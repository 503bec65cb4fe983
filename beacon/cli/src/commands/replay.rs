//! `beacon replay`: hits that missed their way, sent again.
//!
//! Suggested reading order: this file → `input`, whose `layers` unpack a file and whose `regions` cut it → `search`,
//! which finds the hits in a part with `scan`, `quoting`, `base64_text` and `legacy_text` → `target`.

mod input;

mod layers;

mod regions;

mod search;

mod scan;

mod quoting;

mod base64_text;

mod legacy_text;

mod report;

mod target;

#[cfg(test)]
mod found_everywhere;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use beacon_core::schema::Schema;
use beacon_lake::{FileFormat, convert_record};
use indicatif::{ProgressBar, ProgressStyle};

use self::input::Input;
use self::report::Report;
use self::search::Found;
use self::target::Target;
use crate::args::lake::LocationArgs;
use crate::args::stream::parse_stream;
use crate::environment;

/// Resend lost hits: from logs, CloudWatch exports, Firehose error objects, spool files or raw records
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon replay lambda.log                  hits that the Lambda could not send, into ./lake
  beacon replay old-disk/spool/*.hits       hits that a server had not delivered
  beacon replay --lake s3://bucket/beacon errors/format-conversion-failed/**/*.gz
  aws logs tail /aws/lambda/beacon | beacon replay --firehose my-stream -

Replay finds every hit in a file: in log lines with any prefix, in JSON, CSV or text, inside strings, base64 or \
compressed data, and in gzip, zstd, bzip2 or UTF-16 files. It therefore reads CloudWatch Logs as the console, the AWS \
CLI, Logs Insights, an S3 export or a subscription writes them. It skips and reports any stretch of more than 16 MiB \
that it can't cut between JSON values.

Each hit goes into the partition of its own received_at. If you run the same replay twice, each hit still counts once. \
Set BEACON_COLUMNS to the value under which the hits were recorded: replay leaves out columns that it does not name, \
and reports them.

Exit codes:
  0  every lost hit in the files is now in the lake or the stream, or the files are empty
  1  a lost hit can't be read, a hit was refused, a file can't be read to its end, or no file
     contains a hit
  2  the arguments are wrong")]
pub struct ReplayArgs {
    /// Files to search for hits; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    lake: LocationArgs,

    /// File format of the lake: parquet, or json (gzip)
    #[arg(
        long,
        env = "BEACON_FORMAT",
        value_name = "FORMAT",
        default_value = "parquet",
        help_heading = "Lake"
    )]
    format: FileFormat,

    /// Send the hits to this Firehose stream instead; region and credentials as the AWS CLI finds them
    #[arg(
        long,
        env = "BEACON_FIREHOSE",
        value_name = "STREAM",
        conflicts_with_all = ["lake", "format", "prefix", "error_prefix"],
        value_parser = parse_stream
    )]
    firehose: Option<String>,
}

impl ReplayArgs {
    /// Reads all files to their end, and says what happened to each lost hit in them.
    ///
    /// # Errors
    /// A file that can't be opened, or a lake or stream that can't be written. What was sent before stays sent.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let schema = environment::settings()?.schema();
        let mut total_bytes = 0;
        for path in &self.files {
            total_bytes += input::size_bytes(path)?;
        }
        let target = match &self.firehose {
            Some(stream) => Target::stream(stream).await?,
            None => Target::lake(self.lake.open()?, self.format, &schema)?,
        };
        let progress = progress_bar(total_bytes);
        let report = replay(&self.files, target, &schema, &progress).await?;
        progress.finish_and_clear();
        write!(io::stdout(), "{report}").context("can't write to standard output")?;
        Ok(report.exit_code())
    }
}

async fn replay(
    files: &[PathBuf],
    mut target: Target,
    schema: &Schema,
    progress: &ProgressBar,
) -> anyhow::Result<Report> {
    let mut report = Report::new(target.to_string());
    for path in files {
        let mut input = Input::open(path)?;
        report.begin_file(input.name());
        while let Some(part) = input.next(progress) {
            report.pass(&part);
            for found in part.found {
                match found {
                    Found::Damaged(reason) => report.skip(reason, part.line),
                    Found::Hit(document) => match convert_record(schema, &document) {
                        Ok(line) => {
                            target.push(&line).await?;
                            report.leave_out(line.dropped_keys);
                        }
                        Err(refused) => report.skip(refused.to_string(), part.line),
                    },
                }
            }
        }
    }
    report.sent = target.finish().await?;
    Ok(report)
}

/// Shows the bytes read; drawn on standard error, and only where that is a terminal.
fn progress_bar(total_bytes: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta}");
    ProgressBar::new(total_bytes)
        .with_style(style.expect("the template above names what indicatif has"))
}

#[cfg(test)]
mod tests;
