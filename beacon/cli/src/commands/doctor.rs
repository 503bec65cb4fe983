//! `beacon doctor`: checks an installation, and gives the fix for each problem.
//!
//! Suggested reading order: this file → `finding` → `given` → `settings` → `machine`, which asks `lake`, `spool`,
//! `salts`, `ranges`, `clock`, `files`, `server` and `access` → `stack`, for AWS.

mod access;
mod clock;
mod document;
mod files;
mod finding;
mod given;
mod health;
mod lake;
mod machine;
mod ranges;
mod salts;
mod server;
mod settings;
mod spool;
mod stack;

use std::io;
use std::process::ExitCode;

use clap::ValueEnum;
use clap::error::ErrorKind;

use self::finding::Findings;
use self::given::{ServeTexts, Source};
use self::stack::StackArgs;

/// Check an installation and print what is wrong and how to fix it
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon doctor                           check the server of this directory: ./lake and the defaults
  beacon doctor --lake /var/lib/beacon    check a server that was started with this option
  beacon doctor --all-settings            also list the settings that have their defaults
  beacon doctor --output json             print the findings for a program
  beacon doctor --stack beacon            check a stack on AWS
  beacon doctor --stack beacon --send-hit
                                          also send a hit to its endpoint, and print the query that finds it

Give it the options and BEACON_… variables that the server has, and run it as the server's user: it takes all options \
of `beacon serve`. A running server is not disturbed.

It checks the settings, the lake and the spool (it lists both, and writes and removes small files that queries don't \
read), undelivered hits, free disk space, where the day's salt is kept and that no old one is left, the file of address ranges, \
the clock, the limit of open files, the running server, and who can open the dashboard.

On AWS it checks the stack's outputs, the stream, the table's columns, the view and the named queries, with calls that \
only read; only --send-hit writes, one hit. Region and credentials are those of the AWS CLI. If an edge is in front, give its URL: \
--send-hit=https://b.example/pixel.gif.

Each line is ok, a warning or a problem. A warning needs no action if you meant it so. The exit code is 0 if there is no \
problem, 1 if there is one, and 2 if the command line is wrong.")]
pub struct DoctorArgs {
    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = DoctorOutput::Text)]
    output: DoctorOutput,

    /// Also list the settings that aren't set, with their defaults
    #[arg(long, conflicts_with = "stack")]
    all_settings: bool,

    #[command(flatten)]
    stack: StackArgs,

    #[command(flatten)]
    serve: ServeTexts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DoctorOutput {
    /// One line for each finding
    Text,
    /// One JSON object with all findings
    Json,
}

/// A problem was found.
const EXIT_PROBLEM: u8 = 1;

impl DoctorArgs {
    /// Checks the installation and prints the findings. `flags` are the variables of all commands' options.
    ///
    /// # Errors
    /// Options of a server together with a stack, and output that can't be written.
    pub async fn run(self, flags: &[String]) -> anyhow::Result<ExitCode> {
        let findings = self.findings(flags).await?;
        let mut out = io::stdout();
        match self.output {
            DoctorOutput::Text => findings.write_text(&mut out)?,
            DoctorOutput::Json => findings.write_json(&mut out)?,
        }
        Ok(match findings.has_problem() {
            true => ExitCode::from(EXIT_PROBLEM),
            false => ExitCode::SUCCESS,
        })
    }

    async fn findings(&self, flags: &[String]) -> Result<Findings, clap::Error> {
        let mut findings = Findings::default();
        if let Some(stack) = &self.stack.stack {
            self.refuse_serve_options()?;
            self.stack.check(stack, &mut findings).await;
            return Ok(findings);
        }
        let serve = self.serve.read(&mut findings);
        let settings = settings::check(&self.serve, flags, self.all_settings, &mut findings);
        if let Some(serve) = serve {
            machine::check(&serve, settings.as_ref(), &mut findings).await;
        }
        Ok(findings)
    }

    /// A stack has its own parameters; an option of `beacon serve` would be ignored.
    fn refuse_serve_options(&self) -> Result<(), clap::Error> {
        let given = self
            .serve
            .0
            .iter()
            .find(|text| text.source == Source::CommandLine);
        match given {
            None => Ok(()),
            Some(text) => Err(clap::Error::raw(
                ErrorKind::ArgumentConflict,
                format!(
                    "{} is an option of a server on this machine and can't be used with --stack\n",
                    text.flag
                ),
            )),
        }
    }
}
