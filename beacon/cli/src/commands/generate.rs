//! `beacon generate`: the man pages and shell completions, for those who package the command.

mod after_help;
mod manual;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap_complete::Shell;

use self::manual::PROGRAM;

/// Shells that get a file of completions; each looks for it in a place of its own.
const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Zsh, Shell::Fish];

/// Write the man pages and shell completions, for packages
#[derive(Debug, clap::Args)]
pub struct GenerateArgs {
    /// Directory that gets man/ and completions/; it is created if it does not exist
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

impl GenerateArgs {
    /// Writes a page for each visible command below `program`, and a file for each shell.
    ///
    /// # Errors
    /// Returns an error that names the file that can't be written.
    pub fn run(self, program: &clap::Command) -> anyhow::Result<ExitCode> {
        let pages = folder(&self.directory, "man")?;
        for page in manual::pages(program)? {
            write(&pages.join(page.file_name), &page.roff)?;
        }
        let completions = folder(&self.directory, "completions")?;
        let mut visible = visible_commands(program);
        for shell in SHELLS {
            clap_complete::generate_to(shell, &mut visible, PROGRAM, &completions)
                .with_context(|| format!("can't write completions to {}", completions.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns the command without the commands that help doesn't list: completions would offer them.
fn visible_commands(program: &clap::Command) -> clap::Command {
    let visible = program
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    clap::Command::new(PROGRAM)
        .version(env!("CARGO_PKG_VERSION"))
        .args(program.get_arguments().cloned())
        .subcommands(visible.cloned())
}

fn folder(parent: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let folder = parent.join(name);
    fs::create_dir_all(&folder).with_context(|| format!("can't create {}", folder.display()))?;
    Ok(folder)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}
