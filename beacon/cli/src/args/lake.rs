//! The location of the lake and of its spool.

use std::path::{Path, PathBuf};

use anyhow::bail;
use beacon_lake::{DEFAULT_ERROR_PREFIX, DEFAULT_PREFIX, Lake, LakeError};

use crate::environment;

/// The lake and the spool, as given or by default.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Lake")]
pub(crate) struct LakeArgs {
    #[command(flatten)]
    location: LocationArgs,

    /// Directory for hits that are accepted but not yet delivered; it must be on a local disk
    /// [default: spool in the lake's directory, or ./spool if the hits go to an object store or a stream]
    #[arg(long, env = "BEACON_SPOOL", value_name = "DIRECTORY")]
    pub(crate) spool: Option<PathBuf>,
}

/// Arguments for commands that need the lake but no spool.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Lake")]
pub(crate) struct LocationArgs {
    /// Location of the lake: a directory, or s3://bucket/prefix with the usual AWS_… variables (AWS_ENDPOINT_URL for
    /// MinIO and other S3-compatible stores)
    #[arg(
        long,
        env = "BEACON_LAKE",
        value_name = "DIRECTORY|URL",
        default_value = "./lake"
    )]
    lake: String,

    /// Prefix of hits in the lake, in the syntax of Firehose's Prefix; it must end with the four partitions
    #[arg(long, env = "BEACON_PREFIX", value_name = "PREFIX", default_value = DEFAULT_PREFIX, hide_short_help = true)]
    prefix: String,

    /// Prefix of records that can't be converted, in the syntax of Firehose's ErrorOutputPrefix
    #[arg(long, env = "BEACON_ERROR_PREFIX", value_name = "PREFIX", default_value = DEFAULT_ERROR_PREFIX, hide_short_help = true)]
    error_prefix: String,
}

impl LocationArgs {
    /// Opens the lake, with the settings of its object store from the environment. Touches neither disk nor network.
    ///
    /// # Errors
    /// Returns an error if location, prefixes or settings can't work.
    pub(crate) fn open(&self) -> Result<Lake, LakeError> {
        let lake = Lake::open(&self.lake, environment::aws_variables())?;
        Ok(lake.with_prefixes(&self.prefix, &self.error_prefix)?)
    }
}

impl LakeArgs {
    /// Opens the lake, as [`LocationArgs::open`] does.
    ///
    /// # Errors
    /// Returns an error if location, prefixes or settings can't work.
    pub(crate) fn open(&self) -> Result<Lake, LakeError> {
        self.location.open()
    }

    /// Returns the directory of the spool: that given, otherwise the one in the lake.
    pub(crate) fn spool_folder(&self, lake: &Lake) -> PathBuf {
        self.spool.clone().unwrap_or_else(|| lake.default_spool())
    }
}

/// Refuses a folder that no beacon wrote to: every question would be answered with nothing, and look right.
///
/// # Errors
/// Returns an error that names the folder, and the lake that is probably meant.
pub(crate) fn check_has_lake(lake: &Lake, spool_folder: &Path) -> anyhow::Result<()> {
    const CURE: &str = "check --lake, or start one with `beacon serve`";
    let Some(folder) = lake.local_path() else {
        return Ok(());
    };
    if !folder.is_dir() {
        bail!("there is no lake at {}; {CURE}", folder.display());
    }
    let table = lake.table_key();
    if folder.join(table).is_dir() || spool_folder.is_dir() {
        return Ok(());
    }
    let parent = folder
        .parent()
        .filter(|parent| parent.join(table) == folder);
    match parent {
        Some(parent) => bail!(
            "{} is a part of a lake; did you mean --lake {}?",
            folder.display(),
            parent.display()
        ),
        None => bail!(
            "{} is not a lake: it has neither {table}/ nor a spool; {CURE}",
            folder.display()
        ),
    }
}
