//! The location of a lake: a directory, or a part of an object store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path as StorePath;
use url::Url;

use crate::error::LakeError;
use crate::store::{StoreSetup, s3};

/// A place in a store, with the store's client.
#[derive(Debug)]
pub(crate) struct Location {
    store: Arc<dyn ObjectStore>,
    url: Url,
    prefix: StorePath,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Local(PathBuf),
    S3(StoreSetup),
    #[cfg(test)]
    Memory,
}

impl Location {
    /// Reads a directory or `s3://bucket/prefix`; the variables set up the client of a store.
    ///
    /// # Errors
    /// The scheme is unknown, the bucket is missing, or the client refuses the variables.
    pub(crate) fn parse(
        location: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Location, LakeError> {
        let refused = |reason: String| LakeError::Location {
            location: location.to_owned(),
            reason,
        };
        if let Some(directory) = location.strip_prefix("file://") {
            return Location::local(directory);
        }
        let Some((scheme, _)) = location.split_once("://") else {
            return Location::local(location);
        };
        if scheme != "s3" {
            return Err(refused(format!("{scheme}:// is not supported")));
        }
        let mut url = Url::parse(location).map_err(|error| refused(error.to_string()))?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refused("it names no bucket".to_owned()));
        }
        let prefix =
            StorePath::from_url_path(url.path()).map_err(|error| refused(error.to_string()))?;
        let (store, setup) = s3(&url, variables).map_err(|source| LakeError::Settings {
            location: location.to_owned(),
            source,
        })?;
        url.set_path("");
        Ok(Location {
            store,
            url,
            prefix,
            kind: Kind::S3(setup),
        })
    }

    fn local(directory: &str) -> Result<Location, LakeError> {
        let refused = |reason: String| LakeError::Location {
            location: directory.to_owned(),
            reason,
        };
        let absolute =
            std::path::absolute(directory).map_err(|error| refused(error.to_string()))?;
        let prefix =
            StorePath::from_absolute_path(&absolute).map_err(|error| refused(error.to_string()))?;
        let url = Url::parse("file:///").map_err(|error| refused(error.to_string()))?;
        Ok(Location {
            store: Arc::new(LocalFileSystem::new()),
            url,
            prefix,
            kind: Kind::Local(absolute),
        })
    }

    #[cfg(test)]
    pub(crate) fn of_store(store: Arc<dyn ObjectStore>, url: Url, prefix: StorePath) -> Location {
        Location {
            store,
            url,
            prefix,
            kind: Kind::Memory,
        }
    }

    /// Returns the client of the store. Its paths begin with [`Location::prefix`].
    pub(crate) fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// Returns the root of the store: `file:///` or `s3://bucket`.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the path below the root.
    pub(crate) fn prefix(&self) -> &StorePath {
        &self.prefix
    }

    /// Returns the absolute path of a directory; `None` in an object store.
    pub(crate) fn local_path(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Local(directory) => Some(directory),
            _ => None,
        }
    }

    /// Returns how the client of an object store was set up; `None` for a directory.
    pub(crate) fn setup(&self) -> Option<&StoreSetup> {
        match &self.kind {
            Kind::S3(setup) => Some(setup),
            _ => None,
        }
    }
}
