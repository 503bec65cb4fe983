//! Where the lake and its spool are: the arguments that `serve`, `query` and `replay` share.

use std::path::PathBuf;

/// The lake and the spool, as given or by default.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Lake")]
pub struct LakeArgs {
    /// Where the hits are: a folder, or an object store as s3://bucket/prefix with the usual AWS_ variables
    /// (AWS_ENDPOINT_URL for MinIO and the like)
    #[arg(
        long,
        env = "BEACON_LAKE",
        value_name = "FOLDER|URL",
        default_value = "./lake"
    )]
    pub lake: String,

    /// Folder of the hits that are accepted but not yet delivered to the lake; always on a local disk
    /// [default: <lake>/spool, or ./spool where the lake is an object store]
    #[arg(long, env = "BEACON_SPOOL", value_name = "FOLDER")]
    pub spool: Option<PathBuf>,
}

impl LakeArgs {
    /// The folder of the spool: the one given, else `spool` inside a lake that is a folder, else `./spool`.
    pub fn spool_folder(&self) -> PathBuf {
        match &self.spool {
            Some(folder) => folder.clone(),
            None if self.is_object_store() => PathBuf::from("./spool"),
            None => PathBuf::from(&self.lake).join("spool"),
        }
    }

    fn is_object_store(&self) -> bool {
        self.lake.contains("://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lake: &str, spool: Option<&str>, expected: &str) {
        let args = LakeArgs {
            lake: lake.to_owned(),
            spool: spool.map(PathBuf::from),
        };
        assert_eq!(args.spool_folder(), PathBuf::from(expected));
    }

    #[test]
    fn the_spool_is_beside_the_hits_unless_the_lake_is_far_away() {
        check("./lake", None, "./lake/spool");
        check("/data/lake/", None, "/data/lake/spool");
        check("s3://bucket/prefix", None, "./spool");
        check(
            "s3://bucket/prefix",
            Some("/var/spool/beacon"),
            "/var/spool/beacon",
        );
        check("./lake", Some("/fast/spool"), "/fast/spool");
    }
}
