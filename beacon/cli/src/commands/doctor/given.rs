//! The options of `beacon serve` as texts, so that a wrong value is one finding of several and doesn't end the command.

use clap::builder::{Resettable, ValueParser};
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::finding::Findings;
use crate::commands::serve::ServeCommand;
use crate::environment;

/// The origin of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    CommandLine,
    Environment,
    Default,
}

impl Source {
    /// Returns the source in a few words.
    pub(super) fn name(self) -> &'static str {
        match self {
            Source::CommandLine => "command line",
            Source::Environment => "environment",
            Source::Default => "default",
        }
    }
}

/// An option of `beacon serve` with its text.
#[derive(Debug, Clone)]
pub(super) struct ServeText {
    /// Its flag, such as `--listen`.
    pub(super) flag: String,
    /// Its variable, such as `BEACON_LISTEN`.
    pub(super) variable: Option<String>,
    /// The text; `None` where nobody sets it and it has no default. Of a switch, `true` or `false`.
    pub(super) value: Option<String>,
    pub(super) source: Source,
    /// The reason why the option doesn't take the text.
    pub(super) error: Option<String>,
    is_switch: bool,
}

/// All options of `beacon serve`.
#[derive(Debug, Clone)]
pub(super) struct ServeTexts(pub(super) Vec<ServeText>);

impl ServeTexts {
    /// Reads the options that have valid texts; the others have their defaults. `None`, and a finding, where the valid
    /// ones don't go together.
    pub(super) fn read(&self, findings: &mut Findings) -> Option<ServeCommand> {
        let arguments = self.0.iter().filter(|text| text.error.is_none());
        match parse(arguments.filter_map(ServeText::argument)) {
            Ok(serve) => Some(serve),
            Err(error) => {
                findings.problem("options", first_paragraph(&error));
                None
            }
        }
    }
}

impl ServeText {
    fn new(argument: &clap::Arg, matches: &ArgMatches) -> ServeText {
        let id = argument.get_id().as_str();
        let variable = argument
            .get_env()
            .and_then(|name| Some(name.to_str()?.to_owned()));
        let is_switch = !argument.get_action().takes_values();
        let on_command_line = match is_switch {
            true => matches.get_flag(id).then(|| "true".to_owned()),
            false => matches.get_one::<String>(id).cloned(),
        };
        let in_environment = variable
            .as_ref()
            .and_then(|name| environment::beacon_variables().remove(name));
        let (value, source) = match (on_command_line, in_environment) {
            (Some(value), _) => (Some(value), Source::CommandLine),
            (None, Some(value)) => (Some(value), Source::Environment),
            (None, None) => {
                let default = argument.get_default_values().first();
                let default = default.map(|value| value.to_string_lossy().into_owned());
                (default, Source::Default)
            }
        };
        let mut text = ServeText {
            flag: format!("--{}", argument.get_long().unwrap_or(id)),
            variable,
            value,
            source,
            error: None,
            is_switch,
        };
        text.error = text.refusal();
        text
    }

    /// Returns the reason why the text alone is refused.
    fn refusal(&self) -> Option<String> {
        if self.is_switch {
            let value = self.value.as_deref()?;
            return (value != "true" && value != "false")
                .then(|| format!("{value:?} is neither true nor false"));
        }
        let error = parse(self.argument()).err()?;
        Some(first_paragraph(&error))
    }

    /// The argument that stands for what was given; `None` for a default.
    fn argument(&self) -> Option<String> {
        let value = self.value.as_ref()?;
        match (self.source, self.is_switch) {
            (Source::Default, _) => None,
            (_, false) => Some(format!("{}={value}", self.flag)),
            (_, true) => (value == "true").then(|| self.flag.clone()),
        }
    }
}

impl FromArgMatches for ServeTexts {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ServeTexts, clap::Error> {
        let serve = serve_options();
        let texts = serve
            .get_arguments()
            .map(|argument| ServeText::new(argument, matches));
        Ok(ServeTexts(texts.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = ServeTexts::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for ServeTexts {
    fn augment_args(mut command: Command) -> Command {
        for argument in serve_options().get_arguments() {
            let mut argument = argument.clone().env(Resettable::Reset);
            if argument.get_action().takes_values() {
                argument = argument
                    .action(ArgAction::Set)
                    .default_value(Resettable::Reset)
                    .value_parser(ValueParser::string());
            }
            command = command.arg(argument);
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        ServeTexts::augment_args(command)
    }
}

fn serve_options() -> Command {
    ServeCommand::augment_args(Command::new("serve"))
}

/// Reads options without the environment.
fn parse(arguments: impl IntoIterator<Item = String>) -> Result<ServeCommand, clap::Error> {
    let command = serve_options()
        .no_binary_name(true)
        .mut_args(|argument| argument.env(Resettable::Reset));
    ServeCommand::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

/// The reason, without clap's word for it and without the hint at the help.
fn first_paragraph(error: &clap::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    text.split("\n\n").next().unwrap_or(text).to_owned()
}
