//! The document: what the owner makes on the dashboard, and what must be the same in all of its processes.
//!
//! Secrets are in it as hashes only, so that somebody who reads it, or a backup of it, can open nothing.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::filter_request::FilterRequest;
use crate::password::PasswordHash;
use crate::secret::SecretHash;

/// The version of the document's form that this program writes, and the only one that it reads.
const VERSION: u64 = 1;

/// The maximum size of the document in bytes, so that reading it stays cheap.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// The maximum number of API keys.
pub(crate) const MAX_KEYS: usize = 1_000;

/// The maximum number of share links that have not ended.
pub(crate) const MAX_SHARES: usize = 1_000;

/// The maximum length of a name that somebody gives, in characters.
pub(crate) const MAX_NAME_CHARACTERS: usize = 100;

/// API keys, share links, goals and saved filters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    version: u64,
    /// The API keys, oldest first.
    #[serde(default)]
    pub keys: Vec<KeyRecord>,
    /// The share links, oldest first.
    #[serde(default)]
    pub shares: Vec<ShareRecord>,
    /// The goals, in the owner's order.
    #[serde(default)]
    pub(crate) goals: Vec<Goal>,
    /// The saved filters, in the owner's order.
    #[serde(default)]
    pub(crate) saved: Vec<SavedFilter>,
}

/// An API key: read only, for one site or all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// The id by which it is revoked.
    pub id: String,
    /// The owner's name for it.
    pub name: String,
    /// Its site; `None` stands for all.
    pub site: Option<String>,
    /// Its last four characters, by which its owner knows it again.
    pub last4: String,
    /// The time at which it was made, in Unix milliseconds.
    pub created_ms: u64,
    pub(crate) sha256: SecretHash,
}

/// A share link: one site, read only, until a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRecord {
    /// The id by which it is revoked.
    pub id: String,
    /// The owner's name for it.
    pub name: String,
    /// Its site.
    pub site: String,
    /// The end of the link, in Unix milliseconds.
    pub until_ms: u64,
    /// The time at which it was made, in Unix milliseconds.
    pub created_ms: u64,
    /// The hash of its password, if it has one.
    pub password: Option<PasswordHash>,
    pub(crate) sha256: SecretHash,
}

/// Conditions with one on the event, by a name: what visitors are to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Goal {
    pub(crate) name: String,
    pub(crate) filters: Vec<FilterRequest>,
}

/// A view of the dashboard, by a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedFilter {
    pub(crate) name: String,
    /// The query string of its address.
    pub(crate) search: String,
}

/// A record that is named by an id.
pub(crate) trait Record {
    fn id(&self) -> &str;
}

impl Record for KeyRecord {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Record for ShareRecord {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A text that is no document of this program's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnreadableDocument {
    #[error("it is damaged: {reason}")]
    Damaged { reason: String },
    #[error("its version is {version}, and this program knows {VERSION} only")]
    Newer { version: u64 },
}

impl Default for Document {
    fn default() -> Document {
        Document {
            version: VERSION,
            keys: Vec::new(),
            shares: Vec::new(),
            goals: Vec::new(),
            saved: Vec::new(),
        }
    }
}

impl Document {
    /// Reads a document. No text stands for an empty one.
    pub(crate) fn parse(text: Option<&[u8]>) -> Result<Document, UnreadableDocument> {
        let Some(text) = text else {
            return Ok(Document::default());
        };
        let damaged = |reason: String| UnreadableDocument::Damaged { reason };
        let unreadable = |error: serde_json::Error| damaged(error.to_string());
        // A newer one may have any other form beside its version.
        let fields: Map<String, Value> = serde_json::from_slice(text).map_err(unreadable)?;
        match fields.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) if version > VERSION => {
                return Err(UnreadableDocument::Newer { version });
            }
            Some(version) => return Err(damaged(format!("there is no version {version}"))),
            None => return Err(damaged("it has no version".to_owned())),
        }
        serde_json::from_slice(text).map_err(unreadable)
    }

    /// Returns the document as text, which a person can read too.
    pub(crate) fn text(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).expect("a document has plain fields");
        text.push(b'\n');
        text
    }

    /// Removes links that have ended: nobody can use them again.
    pub(crate) fn forget_ended(&mut self, now_ms: u64) {
        self.shares.retain(|share| now_ms < share.until_ms);
    }
}

/// Returns a name without blanks around it, or a message.
pub(crate) fn name(what: &str, text: &str) -> Result<String, String> {
    let name = text.trim();
    let length = name.chars().count();
    if !(1..=MAX_NAME_CHARACTERS).contains(&length) {
        return Err(format!(
            "the name of {what} has {length} characters: give it 1 to {MAX_NAME_CHARACTERS}"
        ));
    }
    match name.chars().find(|character| character.is_control()) {
        Some(character) => Err(format!(
            "the name of {what} has the control character {character:?}: leave it out"
        )),
        None => Ok(name.to_owned()),
    }
}

#[cfg(test)]
mod tests;
