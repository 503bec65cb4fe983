//! API keys: read only, for one site or all. The document has their hashes.

use serde::{Deserialize, Serialize};

use crate::document::{self, Document, KeyRecord, MAX_KEYS};
use crate::live_document::{ChangeError, LiveDocument};
use crate::secret::{self, SecretHash};
use crate::shared_site::shared_site;

/// The beginning of every key, by which people and scanners of secrets know it.
pub(crate) const KEY_PREFIX: &str = "beacon_";

/// The characters of a key that are kept.
const LAST_CHARACTERS: usize = 4;

/// The wanted key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// The owner's name for it.
    pub name: String,
    /// Its site; `None` stands for all.
    #[serde(default)]
    pub site: Option<String>,
}

/// A key that was made.
#[derive(Debug, Clone, Serialize)]
pub struct CreatedKey {
    /// The id by which it is revoked.
    pub id: String,
    /// The key itself. Nobody can show it again.
    pub key: String,
}

/// Makes a key.
///
/// # Errors
/// Returns an error if name or site can't be, if there are too many keys, or if the document can't be changed.
pub async fn create(
    document: &LiveDocument,
    wanted: NewKey,
    now_ms: u64,
) -> Result<CreatedKey, ChangeError> {
    let name = document::name("a key", &wanted.name).map_err(ChangeError::invalid)?;
    let site = match &wanted.site {
        None => None,
        Some(site) => Some(shared_site("a key", site).map_err(ChangeError::invalid)?),
    };
    let key = format!("{KEY_PREFIX}{}", secret::make()?);
    let record = KeyRecord {
        id: secret::make_id()?,
        name,
        site,
        last4: key[key.len() - LAST_CHARACTERS..].to_owned(),
        created_ms: now_ms,
        sha256: SecretHash::of(&key),
    };
    let id = record.id.clone();
    let add = |document: &mut Document| {
        if document.keys.contains(&record) {
            return Ok(());
        }
        if document.keys.len() >= MAX_KEYS {
            return Err(ChangeError::invalid(format!(
                "there are {MAX_KEYS} keys already: revoke those that nobody uses"
            )));
        }
        document.keys.push(record.clone());
        Ok(())
    };
    document.change(now_ms, add).await?;
    Ok(CreatedKey { id, key })
}

/// Ends a key.
///
/// # Errors
/// Returns an error if there is no such key, or if the document can't be changed.
pub async fn revoke(document: &LiveDocument, id: &str, now_ms: u64) -> Result<(), ChangeError> {
    document
        .remove(now_ms, "key", id, |document| &mut document.keys)
        .await
}

/// Returns the record of a key, or `None` if it is none or was revoked.
pub(crate) fn find<'a>(document: &'a Document, key: &str) -> Option<&'a KeyRecord> {
    let hash = SecretHash::of(key);
    document.keys.iter().find(|known| known.sha256 == hash)
}

/// Returns true if a text can be a key.
pub(crate) fn is_key(text: &str) -> bool {
    text.strip_prefix(KEY_PREFIX).is_some_and(secret::is_secret)
}
