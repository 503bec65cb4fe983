//! `beacon dashboard-password`: from a password to the setting that holds its hash.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use beacon_dashboard::password::hash;
use console::Term;

/// Hash a password for the dashboard
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "On a terminal, the command asks twice and does not show the password. Otherwise it reads one line of standard input:
  export BEACON_DASHBOARD_PASSWORD_HASH=\"$(beacon dashboard-password)\"
  pass show beacon | beacon dashboard-password"
)]
pub struct PasswordArgs {}

impl PasswordArgs {
    /// Prints the hash.
    ///
    /// # Errors
    /// A password that is too short, or not the same twice.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let password = match io::stdin().is_terminal() {
            true => ask()?,
            false => first_line(&mut io::stdin().lock())?,
        };
        writeln!(io::stdout(), "{}", hash(&password)?).context("can't write to standard output")?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Prompts go to the terminal, not to standard output: that is for the hash.
fn ask() -> anyhow::Result<String> {
    let terminal = Term::stderr();
    let ask = |prompt: &str| -> io::Result<String> {
        terminal.write_str(prompt)?;
        terminal.read_secure_line()
    };
    let password = ask("Password of the dashboard: ")?;
    if ask("The same again: ")? != password {
        bail!("the two are not the same");
    }
    Ok(password)
}

fn first_line(input: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input
        .read_line(&mut line)
        .context("can't read a password from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_a_line_without_its_end() {
        let read = |text: &str| first_line(&mut text.as_bytes()).unwrap();
        assert_eq!(read("two words\nmore"), "two words");
        assert_eq!(read(" kept \r\n"), " kept ");
        assert_eq!(read(""), "");
    }
}
