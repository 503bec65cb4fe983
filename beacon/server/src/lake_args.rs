//! Where the lake and its spool are: the arguments that the commands share.

use std::path::PathBuf;

use beacon_lake::{DEFAULT_ERROR_PREFIX, DEFAULT_PREFIX, Lake, LakeError};

use crate::config;

/// The lake and the spool, as given or by default.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Lake")]
pub struct LakeArgs {
    #[command(flatten)]
    place: PlaceArgs,

    /// Directory for hits that are accepted but not yet delivered; always on a local disk
    /// [default: spool in the lake's directory, or ./spool where the hits go to an object store or a stream]
    #[arg(long, env = "BEACON_SPOOL", value_name = "DIRECTORY")]
    pub spool: Option<PathBuf>,
}

/// The lake alone, for who has no spool.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Lake")]
pub struct PlaceArgs {
    /// Where the hits are: a directory, or an object store as s3://bucket/prefix with the usual AWS_… variables
    /// (AWS_ENDPOINT_URL for MinIO and the like)
    #[arg(
        long,
        env = "BEACON_LAKE",
        value_name = "DIRECTORY|URL",
        default_value = "./lake"
    )]
    lake: String,

    /// Where hits go below the lake, in the grammar of Firehose's Prefix; must end with the four partitions, by
    /// which they are found again
    #[arg(long, env = "BEACON_PREFIX", value_name = "PREFIX", default_value = DEFAULT_PREFIX, hide_short_help = true)]
    prefix: String,

    /// Where non-hits go, in the grammar of Firehose's ErrorOutputPrefix
    #[arg(long, env = "BEACON_ERROR_PREFIX", value_name = "PREFIX", default_value = DEFAULT_ERROR_PREFIX, hide_short_help = true)]
    error_prefix: String,
}

impl PlaceArgs {
    /// The lake, with the settings of its object store from the environment. Touches neither disk nor network.
    ///
    /// # Errors
    /// A location, prefixes or settings that can't work.
    pub fn open(&self) -> Result<Lake, LakeError> {
        let lake = Lake::open(&self.lake, config::aws_variables())?;
        Ok(lake.with_prefixes(&self.prefix, &self.error_prefix)?)
    }
}

impl LakeArgs {
    /// As [`PlaceArgs::open`].
    ///
    /// # Errors
    /// As there.
    pub fn open(&self) -> Result<Lake, LakeError> {
        self.place.open()
    }

    /// The folder of the spool: the one given, else the lake's own.
    pub fn spool_folder(&self, lake: &Lake) -> PathBuf {
        self.spool.clone().unwrap_or_else(|| lake.default_spool())
    }
}
