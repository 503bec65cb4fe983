//! Where the lake is, and how it is laid out.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use beacon_core::schema::TABLE;
use beacon_core::time::Hour;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path as StorePath;
use url::Url;

use crate::prefix::{DEFAULT_ERROR_PREFIX, DEFAULT_PREFIX, Prefix, PrefixError};
use crate::spool::SpoolError;
use crate::store::{StoreSetup, s3};

/// What the files of a lake are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns, zstd.
    Parquet,
    /// One object a line, gzip.
    Json,
}

impl Format {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Parquet => ".parquet",
            Format::Json => ".json.gz",
        }
    }
}

impl FromStr for Format {
    type Err = LakeError;

    fn from_str(text: &str) -> Result<Format, LakeError> {
        match text {
            "parquet" => Ok(Format::Parquet),
            "json" => Ok(Format::Json),
            _ => Err(LakeError::Format {
                text: text.to_owned(),
            }),
        }
    }
}

/// Why a lake cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// Not one of ours.
    #[error("{text:?} is no format; say parquet or json")]
    Format {
        /// As given.
        text: String,
    },
    /// Neither a folder nor a URL that is understood.
    #[error("{location:?} is no place for a lake: {reason}; give a folder or s3://bucket/prefix")]
    Location {
        /// As given.
        location: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The store's settings.
    #[error("cannot use {location}: {source}; check the AWS_… variables")]
    Settings {
        /// As given.
        location: String,
        /// What the store's client said.
        source: object_store::Error,
    },
    /// A prefix that can't be used.
    #[error(transparent)]
    Prefix(#[from] PrefixError),
    /// Nothing there, so a question would be answered with nothing and look right.
    #[error("there is no lake at {}; check --lake, or start one with `beacon serve`", folder.display())]
    Missing {
        /// The folder of the lake.
        folder: PathBuf,
    },
    /// The path of the lake leads to something else.
    #[error("the lake {} is not a folder; give another --lake", folder.display())]
    NotAFolder {
        /// The folder of the lake.
        folder: PathBuf,
    },
    /// The system refused.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Hits can't be written there.
    #[error("the lake {} cannot be written: {source}; make it writable for this user, or give another --lake", folder.display())]
    ReadOnly {
        /// The lake, or the folder in it.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store of the lake does not do what it must.
    #[error("cannot {doing} the lake {location} ({setup}): {reason}; {fix}")]
    Unreachable {
        /// `list` or `write to`.
        doing: &'static str,
        /// As given.
        location: String,
        /// Region and endpoint.
        setup: String,
        /// What the store said.
        reason: String,
        /// What to do.
        fix: &'static str,
    },
    /// The store refused.
    #[error("the lake's store failed: {0}")]
    Store(#[from] object_store::Error),
    /// The spool beside the lake.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// Lines could not be made into rows.
    #[error("cannot convert lines: {0}")]
    Convert(#[from] arrow::error::ArrowError),
    /// Rows could not be written or read as Parquet.
    #[error("cannot convert to Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A background task ended early.
    #[error("a task was cancelled or panicked: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// A folder or a part of an object store that holds `hits/` and `errors/`. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lake {
    store: Arc<dyn ObjectStore>,
    place: Arc<Place>,
}

/// The folder, or the URL, for people.
impl fmt::Display for Lake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_folder() {
            Some(folder) => write!(formatter, "{}", folder.display()),
            None => write!(
                formatter,
                "{}/{}",
                self.url().as_str().trim_end_matches('/'),
                self.prefix()
            ),
        }
    }
}

#[derive(Debug, Clone)]
struct Place {
    folder: Option<PathBuf>,
    setup: Option<StoreSetup>,
    url: Url,
    prefix: StorePath,
    hits: Prefix,
    errors: Prefix,
    /// The folder of the table below the lake.
    table: String,
}

impl Lake {
    /// `location` is a folder or `s3://bucket/prefix`; `variables` are the environment's, of which those
    /// that begin with `AWS_` set up the store. Touches neither disk nor network.
    ///
    /// # Errors
    /// A location of another kind, or settings that the store's client refuses.
    pub fn open(
        location: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Lake, LakeError> {
        let refused = |reason: String| LakeError::Location {
            location: location.to_owned(),
            reason,
        };
        if let Some(folder) = location.strip_prefix("file://") {
            return Lake::of_folder(folder);
        }
        let Some((scheme, _)) = location.split_once("://") else {
            return Lake::of_folder(location);
        };
        if scheme != "s3" {
            return Err(refused(format!("{scheme}:// is not supported")));
        }
        let url = Url::parse(location).map_err(|error| refused(error.to_string()))?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refused("it names no bucket".to_owned()));
        }
        let prefix =
            StorePath::from_url_path(url.path()).map_err(|error| refused(error.to_string()))?;
        let (store, setup) = s3(&url, variables).map_err(|source| LakeError::Settings {
            location: location.to_owned(),
            source,
        })?;
        let mut root = url;
        root.set_path("");
        let mut lake = Lake::new(store, None, root, prefix);
        Arc::make_mut(&mut lake.place).setup = Some(setup);
        Ok(lake)
    }

    fn of_folder(folder: &str) -> Result<Lake, LakeError> {
        let refused = |reason: String| LakeError::Location {
            location: folder.to_owned(),
            reason,
        };
        let absolute = std::path::absolute(folder).map_err(|error| refused(error.to_string()))?;
        let prefix =
            StorePath::from_absolute_path(&absolute).map_err(|error| refused(error.to_string()))?;
        let url = Url::parse("file:///").map_err(|error| refused(error.to_string()))?;
        let store = Arc::new(LocalFileSystem::new());
        Ok(Lake::new(store, Some(absolute), url, prefix))
    }

    fn new(
        store: Arc<dyn ObjectStore>,
        folder: Option<PathBuf>,
        url: Url,
        prefix: StorePath,
    ) -> Lake {
        let hits = Prefix::parse(DEFAULT_PREFIX).expect("a test reads it");
        let errors = Prefix::parse_error_prefix(DEFAULT_ERROR_PREFIX).expect("a test reads it");
        let table = TABLE.to_owned();
        let place = Arc::new(Place {
            folder,
            setup: None,
            url,
            prefix,
            hits,
            errors,
            table,
        });
        Lake { store, place }
    }

    #[cfg(test)]
    pub(crate) fn in_store(store: Arc<dyn ObjectStore>, url: Url, prefix: StorePath) -> Lake {
        Lake::new(store, None, url, prefix)
    }

    /// The same place with other prefixes than [`DEFAULT_PREFIX`] and [`DEFAULT_ERROR_PREFIX`], in the
    /// grammar of Firehose.
    ///
    /// # Errors
    /// A prefix that breaks the grammar, whose partitions could not be read back, or whose folders are not below
    /// the lake or not the same for all who read it.
    pub fn with_prefixes(self, hits: &str, errors: &str) -> Result<Lake, PrefixError> {
        let parsed = Prefix::parse(hits)?;
        let Some(table) = parsed.hive_root().map(str::to_owned) else {
            let reason = format!("readers find hits by partition; end it like {DEFAULT_PREFIX}");
            return Err(PrefixError {
                prefix: hits.to_owned(),
                reason,
            });
        };
        let parsed_errors = Prefix::parse_error_prefix(errors)?;
        for (text, prefix) in [(hits, &parsed), (errors, &parsed_errors)] {
            prefix.check_folders().map_err(|reason| PrefixError {
                prefix: text.to_owned(),
                reason,
            })?;
        }
        let place = Place {
            hits: parsed,
            errors: parsed_errors,
            table,
            ..(*self.place).clone()
        };
        Ok(Lake {
            store: self.store,
            place: Arc::new(place),
        })
    }

    /// Makes the lake's folder where it is one and is missing. An object store needs no making.
    ///
    /// # Errors
    /// The folder cannot be made, or something else has its name.
    pub fn create(&self) -> Result<(), LakeError> {
        let Some(folder) = &self.place.folder else {
            return Ok(());
        };
        if folder.exists() && !folder.is_dir() {
            return Err(LakeError::NotAFolder {
                folder: folder.clone(),
            });
        }
        crate::disk::Disk::default()
            .make_folders(folder)
            .map_err(|source| LakeError::Io {
                path: folder.clone(),
                source,
            })
    }

    /// The folder, where the lake is one.
    pub fn is_folder(&self) -> Option<&Path> {
        self.place.folder.as_deref()
    }

    /// How its object store was set up.
    pub(crate) fn setup(&self) -> Option<&StoreSetup> {
        self.place.setup.as_ref()
    }

    /// The store that holds the lake; paths in it begin with [`Lake::prefix`].
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.store)
    }

    /// Where in the store the lake begins.
    pub fn prefix(&self) -> &StorePath {
        &self.place.prefix
    }

    /// The root of the store, under which an engine registers it: `file:///` or `s3://bucket`.
    pub fn url(&self) -> &Url {
        &self.place.url
    }

    /// The lake's own spool, unless another is named: inside a folder lake, `./spool` beside a store.
    pub fn default_spool(&self) -> PathBuf {
        match &self.place.folder {
            Some(folder) => folder.join("spool"),
            None => PathBuf::from("spool"),
        }
    }

    pub(crate) fn hits_prefix(&self) -> &Prefix {
        &self.place.hits
    }

    pub(crate) fn error_prefix(&self) -> &Prefix {
        &self.place.errors
    }

    /// The folder of the table below the lake, without a slash at its end.
    pub fn table_key(&self) -> &str {
        &self.place.table
    }

    /// The folder of a partition below the lake.
    pub(crate) fn hits_key(&self, hour: Hour) -> String {
        format!("{}/{}", self.place.table, hour.partition_path())
    }

    /// The path in the store of a key below the lake, like `hits/year=2026/…`.
    pub(crate) fn store_path(&self, key: &str) -> StorePath {
        let mut path = self.place.prefix.clone();
        for part in key.split('/').filter(|part| !part.is_empty()) {
            path = path.join(part);
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(location: &str) -> Result<Lake, LakeError> {
        Lake::open(location, std::iter::empty())
    }

    #[test]
    fn a_lake_is_a_folder_or_a_part_of_a_bucket() {
        let lake = open("/data/my lake").unwrap();
        assert_eq!(lake.is_folder(), Some(Path::new("/data/my lake")));
        assert_eq!(lake.url().as_str(), "file:///");
        assert_eq!(lake.store_path("hits/a").to_string(), "data/my lake/hits/a");
        assert_eq!(lake.default_spool(), Path::new("/data/my lake/spool"));
        assert_eq!(
            open("file:///data").unwrap().is_folder(),
            Some(Path::new("/data"))
        );
        assert!(open("lake").unwrap().is_folder().unwrap().is_absolute());

        let lake = open("s3://bucket/a/b/").unwrap();
        assert_eq!(lake.is_folder(), None);
        assert_eq!(lake.url().as_str(), "s3://bucket");
        assert_eq!(lake.prefix().to_string(), "a/b");
        assert_eq!(
            lake.store_path("hits/year=2026/x").to_string(),
            "a/b/hits/year=2026/x"
        );
        assert_eq!(
            open("s3://bucket").unwrap().store_path("hits").to_string(),
            "hits"
        );
    }

    #[test]
    fn another_place_is_refused() {
        let check = |location: &str, expected: &str| {
            assert_eq!(open(location).unwrap_err().to_string(), expected);
        };
        check(
            "ftp://host/a",
            "\"ftp://host/a\" is no place for a lake: ftp:// is not supported; give a folder or s3://bucket/prefix",
        );
        check(
            "s3:///a",
            "\"s3:///a\" is no place for a lake: it names no bucket; give a folder or s3://bucket/prefix",
        );
    }

    #[test]
    fn prefixes_must_be_read_back() {
        let lake = open("/data")
            .unwrap()
            .with_prefixes(&format!("a/{DEFAULT_PREFIX}"), "errors/")
            .unwrap();
        assert_eq!(lake.table_key(), "a/hits");
        let refused = open("/data")
            .unwrap()
            .with_prefixes("hits/", "errors/")
            .unwrap_err();
        assert!(
            refused.reason.starts_with("readers find hits by partition"),
            "{refused}"
        );
    }
}
