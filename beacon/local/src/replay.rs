//! `beacon replay`: hits that missed their way, sent again.
//!
//! Suggested reading order: this file → `input` → `target`.

mod input;
mod target;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use beacon_core::schema::Schema;
use beacon_lake::{Format, check_line};
use indicatif::{ProgressBar, ProgressStyle};

use self::input::{Found, Input};
use self::target::{Sent, Target};
use beacon_server::config;
use beacon_server::lake_args::PlaceArgs;
use beacon_server::serve::parse_stream;

/// Send lost hits again: `unsent` lines of a log, error objects of Firehose, spool files, or records as they are
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon replay lambda.log                       the Lambda's unsent lines, into ./lake
  beacon replay old-disk/spool/*.hits            what a server had not delivered
  beacon replay --lake s3://bucket/beacon errors/format-conversion-failed/**/*.gz
  aws logs tail /aws/lambda/beacon | beacon replay --firehose my-stream -

Each hit goes into the partition of its own received_at. To run it twice counts nothing twice. Set BEACON_COLUMNS
as it was set for who wrote the hits: a column that is not in it is left out of them, and the report says so. The
exit code is 0 where every lost hit in the files is in the lake or the stream now, else 1.")]
pub struct ReplayArgs {
    /// Logs and error objects, plain or gzip, or spool files; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    lake: PlaceArgs,

    /// Files of the lake: parquet, or json (gzip)
    #[arg(
        long,
        env = "BEACON_FORMAT",
        value_name = "FORMAT",
        default_value = "parquet",
        help_heading = "Lake"
    )]
    format: Format,

    /// Send to this Firehose stream instead; region and credentials as for the AWS CLI
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
    /// Reads all files to their end, and says what became of each lost hit in them.
    ///
    /// # Errors
    /// A file that can't be read, or a lake or stream that can't be written. What was sent before stays sent.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let schema = config::settings()?.columns();
        let inputs = self
            .files
            .iter()
            .map(|path| Input::open(path))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let target = match &self.firehose {
            Some(stream) => Target::stream(stream).await?,
            None => Target::lake(self.lake.open()?, self.format, &schema)?,
        };
        let progress = progress_bar(inputs.iter().map(Input::size_bytes).sum());
        let report = replay(inputs, target, &schema, &progress).await?;
        progress.finish_and_clear();
        write!(io::stdout(), "{report}").context("can't write to standard output")?;
        Ok(report.exit_code())
    }
}

async fn replay(
    inputs: Vec<Input>,
    mut target: Target,
    schema: &Schema,
    progress: &ProgressBar,
) -> anyhow::Result<Report> {
    let mut report = Report {
        destination: target.to_string(),
        files: inputs.len(),
        ..Report::default()
    };
    for mut input in inputs {
        let name = input.name().to_owned();
        while let Some(found) = input
            .next(progress)
            .with_context(|| format!("can't read {name}"))?
        {
            match found {
                Found::Nothing => report.other_lines += 1,
                Found::Damaged(reason) => report.skip(reason),
                Found::Hit(document) => match check_line(schema, &document) {
                    Ok(line) => {
                        target.push(&line).await?;
                        report.leave_out(line.dropped_keys);
                    }
                    Err(refused) => report.skip(refused.to_string()),
                },
            }
        }
    }
    report.sent = target.finish().await?;
    Ok(report)
}

/// What became of everything in the files.
#[derive(Default)]
struct Report {
    files: usize,
    destination: String,
    sent: Sent,
    /// Reason and number of what looked like a lost hit and is none.
    skipped: BTreeMap<String, u64>,
    other_lines: u64,
    /// Key and number of hits that had it, for which the table has no column.
    left_out: BTreeMap<String, u64>,
}

impl Report {
    fn leave_out(&mut self, keys: Vec<String>) {
        for key in keys {
            *self.left_out.entry(key).or_default() += 1;
        }
    }

    fn skip(&mut self, reason: String) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    fn exit_code(&self) -> ExitCode {
        match self.skipped.is_empty() && self.sent.refused.is_empty() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "sent      {} from {} to {}",
            counted(self.sent.hits, "hit"),
            counted(self.files as u64, "file"),
            self.destination
        )?;
        for (reason, count) in &self.sent.known {
            writeln!(formatter, "known     {count}: {reason}")?;
        }
        for (reason, count) in &self.sent.refused {
            writeln!(formatter, "not sent  {count}: {reason}")?;
        }
        for (reason, count) in &self.skipped {
            writeln!(formatter, "skipped   {count}: {reason}")?;
        }
        for (key, &count) in &self.left_out {
            let hits = counted(count, "hit");
            writeln!(
                formatter,
                "left out  {key} of {hits}: set BEACON_COLUMNS as the writer had it"
            )?;
        }
        if self.other_lines > 0 {
            let lines = counted(self.other_lines, "line");
            writeln!(formatter, "passed    {lines} about something else")?;
        }
        Ok(())
    }
}

fn counted(count: u64, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        _ => format!("{count} {thing}s"),
    }
}

/// Of the bytes read; drawn on standard error, and only where that is a terminal.
fn progress_bar(total_bytes: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta}");
    ProgressBar::new(total_bytes)
        .with_style(style.expect("the template above names what indicatif has"))
}

#[cfg(test)]
mod tests {
    use beacon_lake::Lake;

    use super::*;

    #[tokio::test]
    async fn the_report_says_which_columns_were_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("hits.ndjson");
        let hit = |id: &str, rest: &str| {
            format!(r#"{{"hit_id":"{id}","received_at":"2026-11-21 05:34:56.789"{rest}}}"#) + "\n"
        };
        let own = r#","userid":"u-17","plan":"pro""#;
        let lines = [
            hit("1", own),
            hit("2", own),
            hit("3", r#","userid":null"#),
            hit("4", r#","plan":"free""#),
        ];
        std::fs::write(&log, lines.concat()).unwrap();
        let lake = Lake::open(folder.path().to_str().unwrap(), std::iter::empty()).unwrap();
        let schema = Schema::builtin();
        let target = Target::lake(lake, Format::Parquet, &schema).unwrap();
        let inputs = vec![Input::open(&log).unwrap()];
        let report = replay(inputs, target, &schema, &ProgressBar::hidden())
            .await
            .unwrap();
        let text = report.to_string();
        let (sent, left_out) = text.split_once('\n').unwrap();
        assert!(
            sent.starts_with("sent      4 hits from 1 file to "),
            "{sent}"
        );
        assert_eq!(
            left_out,
            "left out  plan of 3 hits: set BEACON_COLUMNS as the writer had it\n\
             left out  userid of 2 hits: set BEACON_COLUMNS as the writer had it\n"
        );
    }
}
