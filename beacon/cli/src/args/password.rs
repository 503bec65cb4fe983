//! A password that is typed, or read from standard input.

use std::io::{self, BufRead, IsTerminal};

use anyhow::{Context, bail};
use console::Term;

/// Asks for a new password twice on a terminal, without showing it; otherwise reads one line of standard input.
///
/// # Errors
/// Returns an error if the two differ, or if nothing can be read.
pub(crate) fn read_password(prompt: &str) -> anyhow::Result<String> {
    match io::stdin().is_terminal() {
        true => ask(prompt),
        false => first_line(&mut io::stdin().lock()),
    }
}

/// Prompts go to the terminal, not to standard output: that is for the result.
fn ask(prompt: &str) -> anyhow::Result<String> {
    let terminal = Term::stderr();
    let ask = |prompt: &str| -> io::Result<String> {
        terminal.write_str(prompt)?;
        terminal.read_secure_line()
    };
    let password = ask(prompt)?;
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
