//! A lake: its location, and the keys of its objects.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beacon_core::schema::TABLE;
use beacon_core::time::Hour;
use object_store::ObjectStore;
use object_store::path::Path as StorePath;
use url::Url;

use crate::error::LakeError;
use crate::location::Location;
use crate::prefix::{DEFAULT_ERROR_PREFIX, DEFAULT_PREFIX, Prefix, PrefixError};
use crate::store::StoreSetup;

/// A directory, or a part of an object store, that holds the objects of hits and errors. Cheap to clone.
///
/// ```
/// use beacon_lake::{Lake, snapshot};
///
/// # let directory = tempfile::tempdir()?;
/// # let location = directory.path().join("lake").display().to_string();
/// let lake = Lake::open(&location, std::iter::empty())?;
/// lake.create()?;
/// assert!(lake.default_spool().ends_with("lake/spool"));
///
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let snapshot = runtime.block_on(snapshot(&lake, None, None))?;
/// assert!(snapshot.data.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Lake {
    location: Arc<Location>,
    layout: Arc<Layout>,
}

/// Writes the directory, or the URL, for people.
impl fmt::Display for Lake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.local_path() {
            Some(directory) => write!(formatter, "{}", directory.display()),
            None => write!(
                formatter,
                "{}/{}",
                self.url().as_str().trim_end_matches('/'),
                self.prefix()
            ),
        }
    }
}

/// The keys of objects below the lake.
#[derive(Debug)]
struct Layout {
    hits: Prefix,
    errors: Prefix,
    /// The directory of the table.
    table: String,
}

impl Lake {
    /// Opens the lake at `location`, a directory or `s3://bucket/prefix`, with the default prefixes.
    ///
    /// `variables` are those of the environment; the ones that begin with `AWS_` set up the client of the store.
    /// Touches neither disk nor network.
    ///
    /// # Errors
    /// [`LakeError::Location`] for any other location, and [`LakeError::Settings`] where the client refuses the
    /// variables.
    pub fn open(
        location: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Lake, LakeError> {
        Ok(Lake::new(Location::parse(location, variables)?))
    }

    fn new(location: Location) -> Lake {
        let hits =
            Prefix::parse(DEFAULT_PREFIX).expect("the default is constant, and a test parses it");
        let errors = Prefix::parse_error_prefix(DEFAULT_ERROR_PREFIX)
            .expect("the default is constant, and a test parses it");
        let layout = Layout {
            hits,
            errors,
            table: TABLE.to_owned(),
        };
        Lake {
            location: Arc::new(location),
            layout: Arc::new(layout),
        }
    }

    #[cfg(test)]
    pub(crate) fn in_store(store: Arc<dyn ObjectStore>, url: Url, prefix: StorePath) -> Lake {
        Lake::new(Location::of_store(store, url, prefix))
    }

    /// Replaces [`DEFAULT_PREFIX`] and [`DEFAULT_ERROR_PREFIX`], in the grammar of [`Prefix`].
    ///
    /// # Errors
    /// Returns a [`PrefixError`] for a prefix that breaks the grammar, for a prefix of hits that does not end in the
    /// four Hive partitions, and for a prefix that a directory and an object store would not make the same key of.
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
            prefix.check_directories().map_err(|reason| PrefixError {
                prefix: text.to_owned(),
                reason,
            })?;
        }
        let layout = Layout {
            hits: parsed,
            errors: parsed_errors,
            table,
        };
        Ok(Lake {
            location: self.location,
            layout: Arc::new(layout),
        })
    }

    /// Creates the lake's directory where it is missing. Does nothing in an object store.
    ///
    /// # Errors
    /// [`LakeError::NotADirectory`] where something else has the name, and [`LakeError::Io`] where the directory can't
    /// be created.
    pub fn create(&self) -> Result<(), LakeError> {
        let Some(directory) = self.local_path() else {
            return Ok(());
        };
        if directory.exists() && !directory.is_dir() {
            return Err(LakeError::NotADirectory {
                directory: directory.to_path_buf(),
            });
        }
        crate::disk::Disk::default()
            .make_directories(directory)
            .map_err(|source| LakeError::Io {
                path: directory.to_path_buf(),
                source,
            })
    }

    /// Returns the absolute path of a lake in a directory; `None` for a lake in an object store.
    pub fn local_path(&self) -> Option<&Path> {
        self.location.local_path()
    }

    /// Returns how the client of the object store was set up; `None` for a directory.
    pub(crate) fn setup(&self) -> Option<&StoreSetup> {
        self.location.setup()
    }

    /// Returns the client of the store that holds the lake. Paths in it begin with [`Lake::prefix`].
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(self.location.store())
    }

    /// Returns the path in the store at which the lake begins.
    pub fn prefix(&self) -> &StorePath {
        self.location.prefix()
    }

    /// Returns the root of the store, `file:///` or `s3://bucket`, under which an engine registers it.
    pub fn url(&self) -> &Url {
        self.location.url()
    }

    /// Returns the default directory of the spool: `spool` in the lake's directory, or `./spool` for an object store.
    pub fn default_spool(&self) -> PathBuf {
        match self.local_path() {
            Some(directory) => directory.join("spool"),
            None => PathBuf::from("spool"),
        }
    }

    pub(crate) fn hits_prefix(&self) -> &Prefix {
        &self.layout.hits
    }

    pub(crate) fn error_prefix(&self) -> &Prefix {
        &self.layout.errors
    }

    /// Returns the key of the table below the lake, without a slash at its end, such as `hits`.
    pub fn table_key(&self) -> &str {
        &self.layout.table
    }

    /// Returns the key of a partition below the lake.
    pub(crate) fn hits_key(&self, hour: Hour) -> String {
        format!("{}/{}", self.layout.table, hour.partition_path())
    }

    /// Returns the path in the store of a key below the lake, such as `hits/year=2026/…`.
    pub(crate) fn store_path(&self, key: &str) -> StorePath {
        let mut path = self.location.prefix().clone();
        for part in key.split('/').filter(|part| !part.is_empty()) {
            path = path.join(part);
        }
        path
    }
}

#[cfg(test)]
mod tests;
