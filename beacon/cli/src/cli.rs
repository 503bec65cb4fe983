//! The command line: which commands there are, and how their failures end the process.

use std::io::Write;
use std::process::ExitCode;

use beacon_core::settings::SettingsError;
use beacon_query::engine::STACK_BYTES;
use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::classify::ClassifyArgs;
use crate::commands::cost::CostArgs;
use crate::commands::dashboard_password::PasswordArgs;
use crate::commands::demo::DemoArgs;
use crate::commands::doctor::DoctorArgs;
use crate::commands::forget_salts::ForgetSaltsArgs;
use crate::commands::generate::GenerateArgs;
use crate::commands::key::KeyArgs;
use crate::commands::query::QueryArgs;
use crate::commands::replay::ReplayArgs;
use crate::commands::report::ReportArgs;
use crate::commands::schema::SchemaArgs;
use crate::commands::serve::ServeCommand;
use crate::commands::share::ShareArgs;
use crate::commands::snippet::SnippetArgs;
use crate::environment;
use crate::failure;
use crate::logging::{LOG_HELP, LogArgs};

/// A tracking pixel and the data lake behind it, on one machine.
#[derive(Debug, Parser)]
#[command(
    name = "beacon",
    version,
    max_term_width = 110,
    arg_required_else_help = true,
    after_help = LOG_HELP
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    log: LogArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(ServeCommand),
    Query(QueryArgs),
    Replay(ReplayArgs),
    Schema(SchemaArgs),
    Report(ReportArgs),
    Cost(CostArgs),
    Snippet(SnippetArgs),
    Classify(ClassifyArgs),
    Demo(DemoArgs),
    Doctor(DoctorArgs),
    ForgetSalts(ForgetSaltsArgs),
    DashboardPassword(PasswordArgs),
    Share(ShareArgs),
    Key(KeyArgs),
    #[command(hide = true)]
    Generate(GenerateArgs),
}

impl Command {
    /// Returns the default log level: a server has no output but its log.
    fn log_level(&self) -> &'static str {
        match self {
            Command::Serve(_) => "info",
            _ => "warn",
        }
    }
}

/// Arguments that can't work, by value or together. The process exits with 2, as after clap's errors.
const EXIT_USAGE: u8 = 2;

impl Cli {
    /// Runs the command to its end. What stopped it is one line on standard error.
    pub fn main(self) -> ExitCode {
        match self.run() {
            Ok(code) => code,
            Err(error) => report(&error),
        }
    }

    /// Runs on a thread of its own, because the shell chooses the stack size of the first one.
    fn run(self) -> anyhow::Result<ExitCode> {
        let thread = std::thread::Builder::new()
            .name("beacon".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(|| self.run_here())?;
        match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    fn run_here(self) -> anyhow::Result<ExitCode> {
        let variables = variables_of(&Cli::command());
        // To the doctor, a name that nothing reads is one finding of several. The removal of salts must not fail for the
        // reason for which the server doesn't start.
        if !matches!(self.command, Command::Doctor(_) | Command::ForgetSalts(_)) {
            environment::check_names(&variables)?;
        }
        self.log.start(self.command.log_level())?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self.command {
                Command::Serve(args) => args.run().await,
                Command::Query(args) => args.run().await,
                Command::Replay(args) => args.run().await,
                Command::Schema(args) => args.run(),
                Command::Report(args) => args.run().await,
                Command::Cost(args) => args.run(),
                Command::Snippet(args) => args.run(),
                Command::Classify(args) => args.run(),
                Command::Demo(args) => args.run().await,
                Command::Doctor(args) => args.run(&variables).await,
                Command::ForgetSalts(args) => args.run(),
                Command::DashboardPassword(args) => args.run(),
                Command::Share(args) => args.run().await,
                Command::Key(args) => args.run().await,
                Command::Generate(args) => args.run(&Cli::command()),
            }
        })
    }
}

/// Returns the environment variables of all flags of a command and its subcommands.
fn variables_of(command: &clap::Command) -> Vec<String> {
    let mut variables: Vec<String> = command
        .get_arguments()
        .filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned()))
        .collect();
    for below in command.get_subcommands() {
        variables.extend(variables_of(below));
    }
    variables
}

fn report(error: &anyhow::Error) -> ExitCode {
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        // If nobody reads standard error, the exit code is enough.
        usage.print().ok();
        return ExitCode::from(EXIT_USAGE);
    }
    writeln!(std::io::stderr(), "error: {}", failure::text(error)).ok();
    match error.is::<SettingsError>() {
        true => ExitCode::from(EXIT_USAGE),
        false => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_every_commands_flags_are_known() {
        let variables = variables_of(&Cli::command());
        for variable in [
            "BEACON_LISTEN",
            "BEACON_LOG",
            "BEACON_EXAMPLES_LISTEN",
            "BEACON_ENDPOINT",
        ] {
            assert!(variables.iter().any(|name| name == variable), "{variable}");
        }
    }
}
