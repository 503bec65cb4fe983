//! Opens the dashboard in the user's browser.

use std::ffi::OsString;
use std::io::{IsTerminal, stdout};
use std::process::{Command, Stdio};

use crate::environment;

/// Opens `url` where a person is at a terminal and a browser can be shown. What can't be opened was printed before.
pub(super) fn open(url: &str) {
    if !stdout().is_terminal() || !environment::has_display() {
        return;
    }
    let program = program(environment::browser());
    let started = Command::new(&program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        tracing::debug!(%error, ?program, "no browser was opened");
    }
}

/// `BROWSER` may list several, of which the first is taken; without it, what the system has for it.
fn program(setting: Option<String>) -> OsString {
    let system = match cfg!(target_os = "macos") {
        true => "open",
        false => "xdg-open",
    };
    setting
        .as_deref()
        .and_then(|list| list.split(':').next())
        .filter(|name| !name.is_empty())
        .unwrap_or(system)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_browser_comes_first() {
        assert_eq!(program(Some("firefox:chromium".to_owned())), "firefox");
        assert_eq!(program(None), program(Some(String::new())));
    }
}
