//! The directory of the day's salt.

use std::path::{Path, PathBuf};

use beacon_server::salts::{SaltDirectory, is_inside};

use crate::environment;

/// The directory as given or by default.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Visitors")]
pub(crate) struct SaltArgs {
    /// Directory of the day's salt, which tells visitors apart; private, and neither in the lake nor in the spool
    /// [default: RUNTIME_DIRECTORY if systemd sets it, else beacon in XDG_RUNTIME_DIR or XDG_STATE_HOME]
    #[arg(long, env = "BEACON_SALT_DIRECTORY", value_name = "DIRECTORY")]
    salt_directory: Option<PathBuf>,
}

impl SaltArgs {
    /// Returns the directory: that given, otherwise the first usual one outside of `copied`, the lake and the spool.
    pub(crate) fn directory(&self, copied: &[&Path]) -> SaltDirectory {
        if let Some(given) = &self.salt_directory {
            return SaltDirectory::new(Some(given.clone()));
        }
        let usual = environment::salt_directories().into_iter().find(|usual| {
            let is_copied = copied.iter().any(|other| is_inside(usual, other));
            !is_copied
        });
        SaltDirectory::new(usual)
    }

    /// Returns every directory that a server may have used: that given, otherwise all usual ones.
    pub(crate) fn directories(&self) -> Vec<PathBuf> {
        match &self.salt_directory {
            Some(given) => vec![given.clone()],
            None => environment::salt_directories(),
        }
    }
}
