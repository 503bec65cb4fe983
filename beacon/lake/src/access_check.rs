//! Checks that a lake can be listed and written, at the start of a server and for its health.

use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};

use crate::disk::{Disk, is_full};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::store::StoreSetup;

/// The name of what is written and removed again. It is outside of the table, and readers of a lake skip names that
/// begin so.
const TRIAL_KEY: &str = "_beacon_start_check";
/// The name of that file in a directory.
const TRIAL_FILE: &str = "._beacon_start_check.tmp";

const CREDENTIALS: &str = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (profiles are not read: `aws configure \
     export-credentials --format env` prints what they hold), or run where a role is attached";
const BUCKET: &str = "create the bucket, or correct --lake, AWS_REGION or AWS_ENDPOINT_URL";
const REGION: &str = "set AWS_REGION to the bucket's region";
const PERMISSIONS: &str =
    "allow s3:ListBucket on the bucket and s3:PutObject on its objects to these credentials";
const ELSE: &str =
    "check AWS_REGION and AWS_ENDPOINT_URL, and that the store can be reached from here";

impl Lake {
    /// Lists the lake and writes into it as delivery does: a file or an object of a few bytes, which it removes again.
    ///
    /// Creates a missing directory. A full disk is not an error, since space can come back.
    ///
    /// # Errors
    /// Returns an error that names the location and the fix where the lake can't be listed or written.
    pub async fn check_access(&self) -> Result<(), LakeError> {
        self.create()?;
        match self.local_path() {
            Some(directory) => {
                try_directory(directory)?;
                let table = directory.join(self.table_key());
                match table.is_dir() {
                    true => try_directory(&table),
                    false => Ok(()),
                }
            }
            None => {
                self.list_once().await?;
                self.put_once().await
            }
        }
    }

    /// Checks that the lake is there, with one listing. Creates a missing directory.
    ///
    /// # Errors
    /// Returns the errors of [`Lake::check_access`].
    pub async fn check_reachable(&self) -> Result<(), LakeError> {
        self.create()?;
        match self.local_path() {
            Some(_) => Ok(()),
            None => self.list_once().await,
        }
    }

    /// Returns true if the lake has something in its table: hits, or directories of hits that were removed.
    ///
    /// # Errors
    /// Returns an error where the lake can't be listed. A missing directory holds nothing.
    pub async fn has_hits(&self) -> Result<bool, LakeError> {
        let Some(directory) = self.local_path() else {
            let path = self.store_path(self.table_key());
            let first = self.store().list(Some(&path)).try_next().await;
            return match first {
                Ok(first) => Ok(first.is_some()),
                Err(error) => Err(self.unreachable("list", error)),
            };
        };
        let table = directory.join(self.table_key());
        match std::fs::read_dir(&table) {
            Ok(mut entries) => Ok(entries.next().is_some()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(LakeError::Io {
                path: table,
                source,
            }),
        }
    }

    /// Returns the error for a lake that did not answer within `waited`.
    pub fn unanswered(&self, waited: Duration) -> LakeError {
        let setup = self.setup().cloned().unwrap_or_default();
        let (reason, fix) = match self.local_path() {
            None if !setup.has_credentials => {
                ("there are no AWS credentials".to_owned(), CREDENTIALS)
            }
            _ => (format!("no answer for {} s", waited.as_secs()), ELSE),
        };
        LakeError::Unreachable {
            doing: "reach",
            location: self.to_string(),
            setup: setup.to_string(),
            reason,
            fix,
        }
    }

    async fn list_once(&self) -> Result<(), LakeError> {
        let path = self.store_path(self.table_key());
        let mut objects = self.store().list(Some(&path));
        match objects.try_next().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.unreachable("list", error)),
        }
    }

    async fn put_once(&self) -> Result<(), LakeError> {
        let (store, path) = (self.store(), self.store_path(TRIAL_KEY));
        let options = PutOptions {
            // Delivery needs conditional writes, so a store without them can't keep a lake.
            mode: PutMode::Create,
            ..PutOptions::default()
        };
        let content = Bytes::from_static(b"beacon serve was here; this may be removed\n");
        match store.put_opts(&path, content.into(), options).await {
            // An earlier start could not remove it: writing is allowed all the same.
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => {}
            Err(error) => return Err(self.unreachable("write to", error)),
        }
        match store.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            // A role that only writes is enough for everything else.
            Err(error) => tracing::info!(
                %path, %error,
                "the object that tried whether the lake can be written stays there; it isn't data"
            ),
        }
        Ok(())
    }

    fn unreachable(&self, doing: &'static str, error: object_store::Error) -> LakeError {
        let setup = self.setup().cloned().unwrap_or_default();
        let (reason, fix) = explain(&error, &setup);
        LakeError::Unreachable {
            doing,
            location: self.to_string(),
            setup: setup.to_string(),
            reason,
            fix,
        }
    }
}

fn try_directory(directory: &Path) -> Result<(), LakeError> {
    check_writable(directory).map_err(|source| LakeError::ReadOnly {
        directory: directory.to_path_buf(),
        source,
    })
}

/// Writes an empty file into `directory` and removes it again. A full disk is not an error, since space can come back.
///
/// # Errors
/// Returns the error of the system where the file can't be written or removed.
pub fn check_writable(directory: &Path) -> io::Result<()> {
    let (disk, path) = (Disk::default(), directory.join(TRIAL_FILE));
    let tried = disk
        .write_file(&path, b"")
        .and_then(|()| disk.remove(&path));
    match tried {
        Err(error) if is_full(&error) => Ok(()),
        tried => tried,
    }
}

/// Returns the reason in a few words, and the way to mend it.
fn explain(error: &object_store::Error, setup: &StoreSetup) -> (String, &'static str) {
    let text = chain(error);
    let has = |part: &str| text.contains(part);
    if !setup.has_credentials && (has("/latest/api/token") || has("/latest/meta-data")) {
        return ("there are no AWS credentials".to_owned(), CREDENTIALS);
    }
    for code in [
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "InvalidToken",
    ] {
        if has(code) {
            return (format!("the credentials are refused ({code})"), CREDENTIALS);
        }
    }
    if has("NoSuchBucket") {
        return ("there is no such bucket".to_owned(), BUCKET);
    }
    if has("PermanentRedirect") || has("AuthorizationHeaderMalformed") || has("redirect") {
        return ("the bucket is in another region".to_owned(), REGION);
    }
    if has("AccessDenied") || has("403") {
        return ("access is denied".to_owned(), PERMISSIONS);
    }
    (text, ELSE)
}

/// Joins an error and its causes, without repetitions.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = cause.source();
    }
    text
}
