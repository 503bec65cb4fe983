//! `beacon report`: the dashboard as one HTML file, to keep or to send.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use beacon_dashboard::access::Access;
use beacon_dashboard::questions::TimeRange;
use beacon_dashboard::report::{ReportScope, make};
use beacon_dashboard::token::Key;
use beacon_lake::Clock;
use beacon_server::lake_args::LakeArgs;
use beacon_server::{clock, config};

use crate::dashboard::{self, LocalEngine, Secrets};
use crate::engine::Engine;
use crate::query::{check_lake, column_filter};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The longest period by days: ten years.
const MAX_DAYS: u64 = 3660;

/// Write the dashboard as one HTML file that asks nobody: to keep, or to send by mail
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  beacon report -o report.html
  beacon report --period 30d --site blog.example -o november.html
  beacon report --from '2026-10-31 23:00' --to '2026-11-30 23:00' --zone Europe/Berlin -o november.html

--from and --to stay UTC in any zone: the last example begins and ends with midnight in Berlin.
A question that can't be answered is said in the report and on standard error, and makes the exit code 1.")]
pub struct ReportArgs {
    /// The last days, today with them [default: 7d]
    #[arg(long, value_name = "DAYS", conflicts_with_all = ["from", "to"], value_parser = parse_days)]
    period: Option<u64>,

    /// The first day (2026-11-01) or moment (2026-11-01 18:30), UTC [default: six days before the end]
    #[arg(long, value_name = "DAY|MOMENT")]
    from: Option<String>,

    /// The last day, which is in it, or the moment at which it ends, UTC [default: today]
    #[arg(long, value_name = "DAY|MOMENT")]
    to: Option<String>,

    /// The site [default: all]
    #[arg(long, value_name = "SITE")]
    site: Option<String>,

    /// The page [default: all]
    #[arg(long, value_name = "PAGE")]
    page: Option<String>,

    /// Hits with this value in an own column, which BEACON_COLUMNS names, as userid=7
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    column: Option<String>,

    /// Time zone whose days are shown, as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = parse_zone)]
    zone: String,

    /// The file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    #[command(flatten)]
    lake: LakeArgs,
}

impl ReportArgs {
    /// Asks every question, and writes the file.
    ///
    /// # Errors
    /// No such lake, a period that can't be, a file that can't be written, a question that was not answered.
    #[expect(clippy::disallowed_methods, reason = "a report is made now")]
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let settings = config::settings()?;
        let schema = settings.columns();
        let now_ms = clock::now_ms();
        let column = match &self.column {
            None => None,
            Some(text) => {
                column_filter(text, &schema)?;
                text.split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
            }
        };
        let scope = ReportScope {
            range: self.range(now_ms)?,
            site: self.site.clone(),
            page: self.page.clone(),
            column,
            zone: self.zone.clone(),
        };
        let lake = self.lake.open()?;
        let spool_folder = self.lake.spool_folder(&lake);
        check_lake(&lake, &spool_folder)?;
        let engine = Engine::new(lake, Some(spool_folder), &schema, Clock::system()).await?;
        let engine = LocalEngine::start(engine, now_ms)?;
        let secrets = Secrets {
            access: Access::Open,
            // A report holds no ids that anybody could ask by.
            key: Key::from_text(&Key::generate()?)?,
        };
        let settings = dashboard::config(settings, secrets, None, Clock::system());
        let report = make(&settings, &engine, &scope).await?;
        self.write(&report.html)?;
        if report.failed.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        bail!(
            "the report is written without an answer to {}",
            report.failed.join(", ")
        );
    }

    fn range(&self, now_ms: u64) -> anyhow::Result<TimeRange> {
        match self.period {
            None => Ok(TimeRange::parse(
                self.from.as_deref(),
                self.to.as_deref(),
                now_ms,
            )?),
            Some(days) => {
                let to_ms = now_ms - now_ms % DAY_MS + DAY_MS;
                Ok(TimeRange {
                    from_ms: to_ms.saturating_sub(days * DAY_MS),
                    to_ms,
                })
            }
        }
    }

    fn write(&self, html: &str) -> anyhow::Result<()> {
        if self.output == Path::new("-") {
            return std::io::stdout()
                .write_all(html.as_bytes())
                .context("can't write to standard output");
        }
        std::fs::write(&self.output, html)
            .with_context(|| format!("can't write {}", self.output.display()))
    }
}

fn parse_days(text: &str) -> Result<u64, String> {
    text.strip_suffix('d')
        .and_then(|days| days.parse().ok())
        .filter(|days| (1..=MAX_DAYS).contains(days))
        .ok_or_else(|| format!("a period is a number of days, 1d to {MAX_DAYS}d, as 7d"))
}

/// The form only: which zones there are, the reader's browser knows.
fn parse_zone(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty()
        && text.len() <= 64
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "/_+-".contains(letter));
    match is_name {
        true => Ok(text.to_owned()),
        false => Err("a time zone is an IANA name, as Europe/Berlin or UTC".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_days() {
        assert_eq!(parse_days("7d"), Ok(7));
        assert_eq!(parse_days("3660d"), Ok(3660));
        for wrong in ["", "7", "0d", "d", "3661d", "1w", "-1d"] {
            assert_eq!(
                parse_days(wrong).unwrap_err(),
                "a period is a number of days, 1d to 3660d, as 7d",
                "{wrong}"
            );
        }
    }

    #[test]
    fn zones_are_names() {
        for zone in [
            "UTC",
            "Europe/Berlin",
            "Etc/GMT+2",
            "America/Argentina/Buenos_Aires",
        ] {
            assert_eq!(parse_zone(zone).as_deref(), Ok(zone));
        }
        for wrong in ["", "<b>", "Europe Berlin"] {
            assert_eq!(
                parse_zone(wrong).unwrap_err(),
                "a time zone is an IANA name, as Europe/Berlin or UTC",
                "{wrong}"
            );
        }
    }
}
