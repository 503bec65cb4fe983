//! Defines where the document is kept: a place that replaces it only if it still has the version that was read.

use std::error::Error;

use futures::future::BoxFuture;

/// The error of a place: of the disk, or of a service.
pub type StoreFailure = Box<dyn Error + Send + Sync>;

/// Keeps one small text. Its versions tell a writer whether somebody else was faster.
pub trait DocumentStore: Send + Sync + 'static {
    /// Returns the place as messages name it: a path or a URL.
    fn place(&self) -> String;

    /// Reads the text and its version.
    ///
    /// # Errors
    /// Returns the failure of the disk or the service.
    fn read(&self) -> BoxFuture<'_, Result<Stored, StoreFailure>>;

    /// Replaces the text if it still has this version, and returns whether it had. A reader sees the old text or the new
    /// one, whole, and a crash keeps one of them.
    ///
    /// # Errors
    /// Returns the failure of the disk or the service. The text may have been replaced nevertheless.
    fn replace<'a>(
        &'a self,
        text: Vec<u8>,
        version: &'a Version,
    ) -> BoxFuture<'a, Result<bool, StoreFailure>>;
}

/// A text and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The text; `None` if there is none yet.
    pub text: Option<Vec<u8>>,
    /// Its version.
    pub version: Version,
}

/// The version of a text. Only equality has a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// There is no text yet.
    Absent,
    /// The place's name of the version, such as an ETag.
    Tag(String),
}
