//! The place of the document that holds API keys and share links: beside the dashboard's key, or an object.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use beacon_aws::{TrustStore, default_chain};
use beacon_dashboard::document_file::DocumentFile;
use beacon_dashboard::document_store::DocumentStore;
use beacon_dashboard::live_document::{DocumentError, LiveDocument};
use beacon_dashboard_s3::{ATTEMPT_TIMEOUT, DocumentObject, InvalidLocation, ObjectLocation};
use beacon_lake::{Clock, Lake};

use super::key_file;
use crate::environment;

/// The file's name in a directory that is not the lake's, and in a lake.
const FILE_NAME: &str = "dashboard.json";
/// Follows the lake's own name where the file is beside the lake.
const BESIDE_SUFFIX: &str = ".dashboard.json";

/// A file or an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DocumentPlace {
    File(PathBuf),
    Object(ObjectLocation),
}

impl FromStr for DocumentPlace {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<DocumentPlace, InvalidLocation> {
        match text.starts_with("s3://") {
            true => ObjectLocation::parse(text).map(DocumentPlace::Object),
            false => Ok(DocumentPlace::File(PathBuf::from(text))),
        }
    }
}

impl DocumentPlace {
    /// Returns the place beside the dashboard's key, wherever that is.
    pub(crate) fn default_of(lake: &Lake, spool_folder: &Path) -> DocumentPlace {
        let state = environment::state_directory();
        DocumentPlace::File(match lake.local_path() {
            Some(lake) => file_beside(lake, state.as_deref()),
            // The spool of an object store's lake is on this machine.
            None => spool_folder.join(FILE_NAME),
        })
    }

    /// Returns the document in this place.
    ///
    /// # Errors
    /// For an object: there is no region, or there are no credentials.
    pub(crate) async fn open(self, clock: Clock) -> anyhow::Result<LiveDocument> {
        let store: Box<dyn DocumentStore> = match self {
            DocumentPlace::File(path) => Box::new(DocumentFile::new(path)),
            DocumentPlace::Object(location) => {
                let trust_store = match environment::ca_file() {
                    Some(path) => TrustStore::from_file(&path).context("BEACON_CA_FILE")?,
                    None => TrustStore::amazon(),
                };
                let mut connection =
                    default_chain::connection(None, trust_store, ATTEMPT_TIMEOUT).await?;
                connection.endpoint_url = environment::s3_endpoint();
                let now_ms = Box::new(move || clock.now_ms());
                Box::new(DocumentObject::new(connection, location, now_ms))
            }
        };
        Ok(LiveDocument::new(store))
    }

    /// Returns the document in this place for a server, which must not start over one that it can't use.
    ///
    /// # Errors
    /// Returns an error if the document is damaged or newer, or if its file can't be read. An object store that doesn't
    /// answer is no reason not to record hits.
    pub(crate) async fn open_for_server(self, clock: Clock) -> anyhow::Result<LiveDocument> {
        let is_object = matches!(self, DocumentPlace::Object(_));
        let now_ms = clock.now_ms();
        let document = self.open(clock).await?;
        match document.read(now_ms).await {
            Ok(_) => Ok(document),
            Err(error) if is_object && matches!(*error, DocumentError::Unreachable { .. }) => {
                Ok(document)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Returns the file of the dashboard over `lake`, a directory: the one that exists, or else the one beside the
/// dashboard's key, since whatever fits that fits it too.
///
/// A command has no `state` where the server has one, and either may be the first to make the document. So a document
/// that exists counts more than a key; and a key or a document under its plain name above the lake shows that this
/// directory is the server's `state`.
fn file_beside(lake: &Path, state: Option<&Path>) -> PathBuf {
    let above = state.is_none().then(|| lake.canonicalize().ok()).flatten();
    let above = above.as_deref().and_then(Path::parent);
    let key = key_file::find_beside(lake, state).or_else(|| {
        let plain = above?.join(key_file::FILE_NAME);
        plain.exists().then_some(plain)
    });
    let keys = key.into_iter().chain(key_file::places(lake, state));
    let mut places: Vec<PathBuf> = keys.map(|key| beside_key(&key)).collect();
    places.push(lake.join(FILE_NAME));
    places.extend(above.map(|above| above.join(FILE_NAME)));
    let existing = places.iter().find(|path| path.exists());
    existing.unwrap_or(&places[0]).clone()
}

/// Returns the document's file for a key's: `dashboard.json`, or `lake.dashboard.json` for `lake.dashboard.key`.
fn beside_key(key: &Path) -> PathBuf {
    let name = key.file_name().unwrap_or_default().to_string_lossy();
    let name = match name.strip_suffix(key_file::BESIDE_SUFFIX) {
        Some(lake) => format!("{lake}{BESIDE_SUFFIX}"),
        None => FILE_NAME.to_owned(),
    };
    key.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[track_caller]
    fn check(existing: &[&str], state: Option<&str>, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("data/lake")).unwrap();
        fs::create_dir(root.join("state")).unwrap();
        for name in existing {
            fs::write(root.join(name), "").unwrap();
        }
        let state = state.map(|state| root.join(state));
        let file = file_beside(&root.join("data/lake"), state.as_deref());
        assert_eq!(file, root.join(expected), "{existing:?}");
    }

    #[test]
    fn the_document_is_beside_the_key() {
        check(&[], None, "data/lake.dashboard.json");
        check(&[], Some("state"), "state/dashboard.json");
        check(
            &["data/lake.dashboard.key"],
            None,
            "data/lake.dashboard.json",
        );
        check(
            &[
                "state/dashboard.key",
                "state/dashboard.json",
                "data/lake.dashboard.json",
            ],
            Some("state"),
            "state/dashboard.json",
        );
        check(
            &["data/lake/dashboard.key"],
            None,
            "data/lake/dashboard.json",
        );
    }

    #[test]
    fn a_command_finds_the_document_of_the_service() {
        // The service has the directory above the lake as its state directory, the command has none.
        check(&["data/dashboard.key"], Some("data"), "data/dashboard.json");
        check(&["data/dashboard.key"], None, "data/dashboard.json");
        check(&["data/dashboard.json"], None, "data/dashboard.json");
        // The command has made the document before the service has made its key, or after that in a directory of its
        // own.
        for state in [Some("data"), None] {
            let existing = ["data/dashboard.key", "data/lake.dashboard.json"];
            check(&existing, state, "data/lake.dashboard.json");
        }
        let existing = ["state/dashboard.key", "data/lake.dashboard.json"];
        check(&existing, Some("state"), "data/lake.dashboard.json");
        check(
            &["data/lake.dashboard.json"],
            Some("data"),
            "data/lake.dashboard.json",
        );
    }
}
