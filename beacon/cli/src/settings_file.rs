//! The settings file of the Debian package, `/etc/default/beacon`: every variable that `beacon serve` reads, commented out,
//! with its meaning and its default. It is generated from the settings and the arguments, and committed.

use beacon_core::settings::Settings;
use clap::{Arg, Command, CommandFactory};

use crate::cli::Cli;
use crate::environment::{OF_OTHER_PROGRAMS, WITHOUT_FLAG};

const PATH: &str = "packaging/deb/beacon.default";

/// Columns of a comment, with its `# `.
const WIDTH_COLUMNS: usize = 100;

const INTRODUCTION: &str = "\
# Settings of beacon.service. Each line without its # sets a variable; the value shown is the default, if there is one.
# systemd reads this file as it is: no variables in values, no commands.
#
# After a change: systemctl restart beacon. beacon doesn't start with an invalid setting; `journalctl -u beacon` shows why.
# In /usr/share/doc/beacon, settings.md describes what is recorded and operations.md how to operate the service.
";

/// The meaning of a variable for the service, beyond its meaning for the command.
const NOTES: &[(&str, &str)] = &[
    (
        "BEACON_LISTEN",
        "The service doesn't use it, because beacon.socket listens for the pixel: `systemctl edit beacon.socket` \
         changes the address.",
    ),
    (
        "BEACON_LAKE",
        "The service begins in /var/lib/beacon. For a directory elsewhere, also add ReadWritePaths= with \
         `systemctl edit beacon`.",
    ),
    (
        "BEACON_SPOOL",
        "For a directory outside of /var/lib/beacon, also add ReadWritePaths= with `systemctl edit beacon`.",
    ),
    (
        "BEACON_SALT_DIRECTORY",
        "The service has /run/beacon, which is in memory.",
    ),
];

/// Variables that are no flags, because other users can see a process's arguments.
const SECRETS: [(&str, &str); 2] = [
    (
        "BEACON_DASHBOARD_PASSWORD_HASH",
        "The dashboard's password, as `beacon dashboard-password` prints it. Put it between ' and '. Without it, the \
         dashboard serves this machine only.",
    ),
    (
        "BEACON_DASHBOARD_KEY",
        "At least 32 characters that sign sessions. Without it, the server creates a key once: \
         /var/lib/beacon/dashboard.key.",
    ),
];

const CA_FILE: (&str, &str) = (
    "BEACON_CA_FILE",
    "A PEM file of the certificates to trust, instead of Amazon's roots. Region and credentials are variables too, as the AWS \
     CLI reads them: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.",
);

fn settings_file() -> String {
    let program = Cli::command();
    let serve = program.find_subcommand("serve").unwrap();
    let mut file = INTRODUCTION.to_owned();
    begin(&mut file, "What is recorded");
    for variable in Settings::VARIABLES {
        let meaning = capitalised(variable.meaning);
        append(&mut file, variable.name, &meaning, variable.default);
    }
    let mut heading = None;
    for argument in arguments_by_heading(serve) {
        if heading != Some(argument.get_help_heading()) {
            heading = Some(argument.get_help_heading());
            begin(&mut file, argument.get_help_heading().unwrap_or("Server"));
        }
        append_argument(&mut file, argument);
    }
    for (name, meaning) in SECRETS {
        append(&mut file, name, meaning, "");
    }
    begin(&mut file, "AWS");
    append(&mut file, CA_FILE.0, CA_FILE.1, "");
    begin(&mut file, "Log");
    for argument in program.get_arguments() {
        append_argument(&mut file, argument);
    }
    file
}

/// Returns the arguments that have variables. Those without a heading are first, those of the dashboard last.
fn arguments_by_heading(command: &Command) -> Vec<&Arg> {
    let mut headings = Vec::new();
    for argument in command.get_arguments() {
        if !headings.contains(&argument.get_help_heading()) {
            headings.push(argument.get_help_heading());
        }
    }
    let mut sorted: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| argument.get_env().is_some())
        .collect();
    sorted.sort_by_key(|argument| {
        headings
            .iter()
            .position(|heading| *heading == argument.get_help_heading())
    });
    sorted
}

fn append_argument(file: &mut String, argument: &Arg) {
    let Some(name) = argument.get_env().and_then(|name| name.to_str()) else {
        return;
    };
    let help = argument.get_help().unwrap().to_string();
    let value = match argument.get_default_values() {
        [] => "",
        [value, ..] => value.to_str().unwrap(),
    };
    append(file, name, &help, value);
}

fn begin(file: &mut String, heading: &str) {
    file.push_str(&format!("\n\n### {heading}\n"));
}

fn append(file: &mut String, name: &str, meaning: &str, value: &str) {
    let note = NOTES.iter().find(|(of, _)| *of == name);
    file.push('\n');
    comment(file, meaning);
    if let Some((_, note)) = note {
        comment(file, note);
    }
    file.push_str(&format!("#{name}={value}\n"));
}

fn comment(file: &mut String, text: &str) {
    let mut line = "#".to_owned();
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH_COLUMNS {
            file.push_str(&format!("{line}\n"));
            line = "#".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    file.push_str(&format!("{line}\n"));
}

/// Begins a sentence, unless it begins with a value.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}

#[test]
fn the_packages_settings_file_is_up_to_date() {
    beacon_generated_files::check(PATH, &settings_file());
}

#[test]
fn the_packages_settings_file_has_every_variable_that_the_server_reads() {
    let file = settings_file();
    let is_documented = |name: &str| file.contains(&format!("\n#{name}="));
    for name in WITHOUT_FLAG {
        assert!(is_documented(name), "{name}");
    }
    for variable in Settings::VARIABLES {
        assert!(is_documented(variable.name), "{}", variable.name);
    }
    for name in OF_OTHER_PROGRAMS {
        assert!(!is_documented(name), "the server doesn't read {name}");
    }
}
