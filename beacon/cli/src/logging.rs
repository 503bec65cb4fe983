//! Log lines on standard error: for a person at a terminal, or as JSON for a machine.

use std::io::{IsTerminal, stderr};

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

/// Help for the options of all commands, which stands once instead of in the help of each.
pub const LOG_HELP: &str = "Logging to standard error (options of every command):
  --log-level <FILTER>  error, warn, info, debug or trace; also by module: info,beacon_lake=debug
                        [env: BEACON_LOG] [default: info for serve, else warn]
  --log-format <FORM>   text or json
                        [env: BEACON_LOG_FORMAT] [default: text on a terminal, else json]";

/// The level and format of the log.
#[derive(Debug, Clone, clap::Args)]
pub struct LogArgs {
    /// Log level, or levels by module
    #[arg(
        long,
        env = "BEACON_LOG",
        value_name = "FILTER",
        global = true,
        hide = true
    )]
    log_level: Option<String>,

    /// Format of the log lines
    #[arg(
        long,
        env = "BEACON_LOG_FORMAT",
        value_name = "FORM",
        global = true,
        hide = true
    )]
    log_format: Option<LogFormat>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// One readable line each
    Text,
    /// One JSON object each
    Json,
}

impl LogArgs {
    /// Starts logging for the whole process, at `default_level` unless the arguments set another.
    ///
    /// # Errors
    /// Returns an error if the log level can't be parsed, or if logging has been started before.
    pub fn start(&self, default_level: &str) -> anyhow::Result<()> {
        let level = self.log_level.as_deref().unwrap_or(default_level);
        let filter = EnvFilter::try_new(level)
            .map_err(|error| anyhow::anyhow!("--log-level {level:?}: {error}"))?;
        let terminal = stderr().is_terminal();
        let format = self.log_format.unwrap_or(if terminal {
            LogFormat::Text
        } else {
            LogFormat::Json
        });
        let lines = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(stderr);
        match format {
            LogFormat::Text => lines.with_ansi(terminal).with_target(false).init(),
            LogFormat::Json => lines.json().flatten_event(true).init(),
        }
        Ok(())
    }
}
