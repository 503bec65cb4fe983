//! The document as a process knows it: read at most once a minute, and changed only if nobody else was faster.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::document::{Document, MAX_DOCUMENT_BYTES, Record, UnreadableDocument};
use crate::document_store::{DocumentStore, StoreFailure, Version};
use crate::secret::NoRandomness;

/// The time for which a document that was read is used. What another process revokes ends within this time.
const MAX_AGE_MS: u64 = 60_000;

/// The time for which a failure to read is remembered, so that strangers can't have it tried again and again.
const MAX_FAILURE_AGE_MS: u64 = 5_000;

/// Attempts at a change that meets those of others. In each round one of them wins.
const ATTEMPTS: u32 = 20;

/// The pause after the first lost round; that after the second is twice as long, and so on.
const PAUSE: Duration = Duration::from_millis(5);

/// The document of one place. All of its users in a process share one.
pub struct LiveDocument {
    store: Box<dyn DocumentStore>,
    known: Mutex<Option<Known>>,
}

/// The finding of the last look at the place.
struct Known {
    read_ms: u64,
    found: Result<Arc<Document>, Arc<DocumentError>>,
}

impl Known {
    fn is_fresh(&self, now_ms: u64) -> bool {
        let max_age_ms = match self.found {
            Ok(_) => MAX_AGE_MS,
            Err(_) => MAX_FAILURE_AGE_MS,
        };
        // A clock that was set back makes no document last longer.
        (self.read_ms..self.read_ms.saturating_add(max_age_ms)).contains(&now_ms)
    }
}

/// The reason why the document can't be used. Each message names its place.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The disk or the service fails.
    #[error("the dashboard's document {place} can't be {action}: {source}")]
    Unreachable {
        /// The path or the URL.
        place: String,
        /// Read or written.
        action: &'static str,
        /// The failure.
        source: StoreFailure,
    },
    /// The text is no document of this program's. It is left as it is.
    #[error(
        "the dashboard's document {place} can't be used: {reason}; run the version of beacon that wrote it, \
         restore it from a backup, or move it away to begin with an empty one"
    )]
    Unreadable {
        /// The path or the URL.
        place: String,
        /// Damaged or newer.
        reason: String,
    },
    /// Others were faster each time.
    #[error("others are changing the dashboard's document {place}: try again")]
    Contended {
        /// The path or the URL.
        place: String,
    },
}

/// The reason why a change was not made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ChangeError {
    /// The values can't be.
    #[error("{reason}")]
    Invalid {
        /// The value and what to do.
        reason: String,
    },
    /// There is nothing with this id.
    #[error("there is no {kind} {id:?}")]
    Unknown {
        /// The kind of record.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// The system returned no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The document can't be read or written.
    #[error(transparent)]
    Document(#[from] Arc<DocumentError>),
}

impl ChangeError {
    pub(crate) fn invalid(reason: impl Into<String>) -> ChangeError {
        ChangeError::Invalid {
            reason: reason.into(),
        }
    }
}

impl fmt::Debug for LiveDocument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LiveDocument")
            .field("place", &self.place())
            .finish_non_exhaustive()
    }
}

impl LiveDocument {
    /// Returns the document of a place. Nothing is read yet.
    pub fn new(store: Box<dyn DocumentStore>) -> LiveDocument {
        LiveDocument {
            store,
            known: Mutex::new(None),
        }
    }

    /// Returns the place as messages name it.
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// Returns the document as it was within the last minute, or reads it.
    ///
    /// # Errors
    /// Returns an error if the place fails, or if its text is damaged or that of a newer program.
    pub async fn read(&self, now_ms: u64) -> Result<Arc<Document>, Arc<DocumentError>> {
        // Whoever comes meanwhile waits for the same answer.
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.is_fresh(now_ms)) {
            return known.found.clone();
        }
        let found = match self.load().await {
            Ok((document, _)) => Ok(Arc::new(document)),
            Err(error) => {
                tracing::error!("{error}");
                Err(Arc::new(error))
            }
        };
        *known = Some(Known {
            read_ms: now_ms,
            found: found.clone(),
        });
        found
    }

    /// Changes the document as it is now, and returns what `change` returned. This process sees the change at once.
    ///
    /// `change` is called again with the newer document if somebody else was faster. It may also meet what it has done
    /// itself, where a write's response was lost.
    ///
    /// # Errors
    /// Returns the error of `change`, or one of [`LiveDocument::read`] or of writing. Then nothing has changed, except
    /// that a write without a response may have arrived.
    pub async fn change<T>(
        &self,
        now_ms: u64,
        mut change: impl FnMut(&mut Document) -> Result<T, ChangeError>,
    ) -> Result<T, ChangeError> {
        let mut known = self.known.lock().await;
        for attempt in 1..=ATTEMPTS {
            let (document, version) = self.load().await.map_err(Arc::new)?;
            let mut changed = document.clone();
            changed.forget_ended(now_ms);
            let outcome = change(&mut changed)?;
            if changed == document || self.write(&changed, &version).await? {
                *known = Some(Known {
                    read_ms: now_ms,
                    found: Ok(Arc::new(changed)),
                });
                return Ok(outcome);
            }
            tokio::time::sleep(PAUSE * attempt).await;
        }
        let place = self.place();
        Err(Arc::new(DocumentError::Contended { place }).into())
    }

    /// Removes the record with an id.
    ///
    /// # Errors
    /// Returns an error if there is none, or one of [`LiveDocument::change`].
    pub(crate) async fn remove<T: Record>(
        &self,
        now_ms: u64,
        kind: &'static str,
        id: &str,
        records: impl Fn(&mut Document) -> &mut Vec<T>,
    ) -> Result<(), ChangeError> {
        let mut was_there = false;
        let remove = |document: &mut Document| {
            let records = records(document);
            let count = records.len();
            records.retain(|record| record.id() != id);
            // In a second round it may be gone, because the response to our own write was lost.
            was_there |= records.len() < count;
            match was_there {
                true => Ok(()),
                false => Err(ChangeError::Unknown {
                    kind,
                    id: id.to_owned(),
                }),
            }
        };
        self.change(now_ms, remove).await
    }

    async fn load(&self) -> Result<(Document, Version), DocumentError> {
        let stored = self.store.read().await;
        let stored = stored.map_err(|source| self.unreachable("read", source))?;
        match Document::parse(stored.text.as_deref()) {
            Ok(document) => Ok((document, stored.version)),
            Err(reason) => Err(self.unreadable(&reason)),
        }
    }

    async fn write(&self, document: &Document, version: &Version) -> Result<bool, ChangeError> {
        let text = document.text();
        if text.len() > MAX_DOCUMENT_BYTES {
            return Err(ChangeError::invalid(format!(
                "the dashboard's document would have {} bytes, and {MAX_DOCUMENT_BYTES} are allowed: remove what is no \
                 longer used",
                text.len()
            )));
        }
        let replaced = self.store.replace(text, version).await;
        replaced.map_err(|source| Arc::new(self.unreachable("written", source)).into())
    }

    fn unreachable(&self, action: &'static str, source: StoreFailure) -> DocumentError {
        DocumentError::Unreachable {
            place: self.place(),
            action,
            source,
        }
    }

    fn unreadable(&self, reason: &UnreadableDocument) -> DocumentError {
        DocumentError::Unreadable {
            place: self.place(),
            reason: reason.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
