//! `beacon report`: the dashboard as one HTML file, to keep or to send.

mod bars;
mod period;
mod zone;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use beacon_catalog::{AgentClasses, TimeRange};
use beacon_dashboard::access::Access;
use beacon_dashboard::report::{ReportScope, make};
use beacon_dashboard::token::Key;
use chrono_tz::Tz;

use crate::args::column_filter::column_filter;
use crate::args::lake::{LakeArgs, check_has_lake};
use crate::args::renamed::refuse_renamed;
use crate::clock;
use crate::dashboard::{self, LocalEngine, Secrets};
use crate::environment;
use crate::lake_source::LakeSource;

/// The longest period by days: ten years.
const MAX_DAYS: u64 = 3660;

/// Write the dashboard into one self-contained HTML file, to keep or to send by email
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  beacon report --file report.html
  beacon report --period 30d --site blog.example --file november.html
  beacon report --agent bot --agent scanner --file machines.html
  beacon report --from 2026-11-01 --to 2026-11-30 --zone Europe/Berlin --file november.html

Days are days of --zone: the last example begins and ends at midnight in Berlin. Moments are always UTC. If a query \
fails, the report and standard error say so, and the exit code is 1.")]
pub struct ReportArgs {
    /// Number of days up to and including today, in the time zone [default: 7d]
    #[arg(long, value_name = "DAYS", conflicts_with_all = ["from", "to"], value_parser = parse_days)]
    period: Option<u64>,

    /// First day in the time zone (2026-11-01), or moment in UTC (2026-11-01 18:30) [default: six days before the end]
    #[arg(long, value_name = "DAY|MOMENT")]
    from: Option<String>,

    /// Last day in the time zone (inclusive), or the moment in UTC at which the report ends [default: today]
    #[arg(long, value_name = "DAY|MOMENT")]
    to: Option<String>,

    /// Only hits of this site [default: all sites]
    #[arg(long, value_name = "SITE")]
    site: Option<String>,

    /// Only hits of this page [default: all pages]
    #[arg(long, value_name = "PAGE")]
    page: Option<String>,

    /// Only hits with this value in a custom column (see BEACON_COLUMNS), for example userid=7
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    column: Option<String>,

    /// Class of agents whose hits count; repeat the option for more classes [default: human and unknown]
    #[arg(long = "agent", value_name = "CLASS", value_parser = AgentClasses::NAMES)]
    agents: Vec<String>,

    /// Time zone of the days, for example Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone::parse)]
    zone: Tz,

    /// File to write; - is standard output
    #[arg(short, long, value_name = "FILE", required_unless_present = "old_file")]
    file: Option<PathBuf>,

    /// The old name of --file
    #[arg(short = 'o', long = "output", hide = true)]
    old_file: Option<PathBuf>,

    #[command(flatten)]
    lake: LakeArgs,
}

impl ReportArgs {
    /// Asks every question, and writes the file.
    ///
    /// # Errors
    /// No such lake, a period that can't be, a file that can't be written, a question that was not answered.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        refuse_renamed(
            self.old_file.is_some(),
            "--output",
            "--file",
            "--output is how something is printed, as in `beacon query`",
        )?;
        let settings = environment::settings()?;
        let schema = settings.schema();
        let now_ms = clock::now_ms();
        let column = match &self.column {
            None => None,
            Some(text) => {
                column_filter(text, &schema)?;
                text.split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
            }
        };
        let range = self.range(now_ms)?;
        let scope = ReportScope {
            range,
            before: period::before(range, self.zone, now_ms),
            site: self.site.clone(),
            page: self.page.clone(),
            column,
            agents: match self.agents.as_slice() {
                [] => AgentClasses::default(),
                names => AgentClasses::named(names)?,
            },
            zone: self.zone.name().to_owned(),
            title: bars::title(range, self.zone),
            bars: bars::bars(range, self.zone),
        };
        let lake = self.lake.open()?;
        let spool_folder = self.lake.spool_folder(&lake);
        check_has_lake(&lake, &spool_folder)?;
        let source = LakeSource {
            lake,
            spool_folder,
            schema,
            clock: clock::system(),
        };
        let engine = LocalEngine::start(source, now_ms).await?;
        let secrets = Secrets {
            access: Access::Open,
            // A report holds no ids that anybody could ask by.
            key: Key::from_text(&Key::generate()?)?,
        };
        let settings = dashboard::config(settings, secrets, None, clock::system());
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
        Ok(match self.period {
            None => period::between(self.from.as_deref(), self.to.as_deref(), self.zone, now_ms)?,
            Some(days) => period::last(days, self.zone, now_ms)?,
        })
    }

    fn write(&self, html: &str) -> anyhow::Result<()> {
        // clap asks for it.
        let file = self.file.as_deref().unwrap_or(Path::new("-"));
        if file == Path::new("-") {
            return std::io::stdout()
                .write_all(html.as_bytes())
                .context("can't write to standard output");
        }
        std::fs::write(file, html).with_context(|| format!("can't write {}", file.display()))
    }
}

fn parse_days(text: &str) -> Result<u64, String> {
    text.strip_suffix('d')
        .and_then(|days| days.parse().ok())
        .filter(|days| (1..=MAX_DAYS).contains(days))
        .ok_or_else(|| format!("a period is a number of days, 1d to {MAX_DAYS}d, as 7d"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        report: ReportArgs,
    }

    #[test]
    fn classes_of_agents_are_named_one_by_one() {
        let parse = |classes: &[&str]| {
            let options = classes.iter().flat_map(|class| ["--agent", *class]);
            Command::try_parse_from(["report", "--file", "-"].into_iter().chain(options))
        };
        assert!(parse(&[]).unwrap().report.agents.is_empty());
        let agents = parse(&["bot", "scanner"]).unwrap().report.agents;
        assert_eq!(agents, ["bot", "scanner"]);
        let refused = parse(&["robot"]).unwrap_err().to_string();
        assert!(refused.contains("robot"), "{refused}");
        assert!(refused.contains("human, unknown, bot"), "{refused}");
    }

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
}
