//! Share links: one site, read only, until a date. The document has the hashes of their secrets and passwords.

use serde::Serialize;

use crate::document::{self, Document, MAX_SHARES, ShareRecord};
use crate::live_document::{ChangeError, LiveDocument};
use crate::password::PasswordHash;
use crate::secret::{self, SecretHash};
use crate::shared_site::shared_site;

/// The latest end of a share link: a year and a day from now.
const MAX_SHARE_MS: u64 = 366 * 24 * 60 * 60 * 1000;

/// The wanted link.
#[derive(Debug, Clone)]
pub struct NewShare {
    /// The owner's name for it; without one it has the site's.
    pub name: Option<String>,
    /// Its site.
    pub site: String,
    /// The end of the link, in Unix milliseconds.
    pub until_ms: u64,
    /// The hash of its password, if it has one.
    pub password: Option<PasswordHash>,
}

/// A link that was made.
#[derive(Debug, Clone, Serialize)]
pub struct CreatedShare {
    /// The id by which it is revoked.
    pub id: String,
    /// The part of the link behind the dashboard's address. Nobody can show it again.
    pub path: String,
    /// The token in the path.
    pub token: String,
}

/// Makes a link.
///
/// # Errors
/// Returns an error if name, site or end can't be, if there are too many links, or if the document can't be changed.
pub async fn create(
    document: &LiveDocument,
    wanted: NewShare,
    now_ms: u64,
) -> Result<CreatedShare, ChangeError> {
    let site = shared_site("a share link", &wanted.site).map_err(ChangeError::invalid)?;
    let name = match &wanted.name {
        None => site.chars().take(document::MAX_NAME_CHARACTERS).collect(),
        Some(name) => document::name("a share link", name).map_err(ChangeError::invalid)?,
    };
    if wanted.until_ms <= now_ms || wanted.until_ms > now_ms + MAX_SHARE_MS {
        return Err(ChangeError::invalid(
            "until_ms must be in the future, and no more than 366 days away",
        ));
    }
    let token = secret::make()?;
    let record = ShareRecord {
        id: secret::make_id()?,
        name,
        site,
        until_ms: wanted.until_ms,
        created_ms: now_ms,
        password: wanted.password,
        sha256: SecretHash::of(&token),
    };
    let add = |document: &mut Document| {
        if document.shares.contains(&record) {
            return Ok(());
        }
        if document.shares.len() >= MAX_SHARES {
            return Err(ChangeError::invalid(format!(
                "there are {MAX_SHARES} share links already: revoke those that nobody uses"
            )));
        }
        document.shares.push(record.clone());
        Ok(())
    };
    document.change(now_ms, add).await?;
    Ok(CreatedShare {
        id: record.id,
        path: format!("/#share={token}"),
        token,
    })
}

/// Ends a link.
///
/// # Errors
/// Returns an error if there is no such link, or if the document can't be changed.
pub async fn revoke(document: &LiveDocument, id: &str, now_ms: u64) -> Result<(), ChangeError> {
    document
        .remove(now_ms, "share link", id, |document| &mut document.shares)
        .await
}
