//! Finds the share link of a token.
//!
//! The token of a link is a random secret, whose hash is in the document. Two kinds of tokens are signed instead: those of
//! links that versions before the document made, which work until their date, and those that `/api/share-login` gives to
//! somebody who knows the password of a link.

use beacon_core::normalize;
use serde::{Deserialize, Serialize};

use crate::document::{Document, ShareRecord};
use crate::secret::{SecretHash, is_secret};
use crate::token::{Key, Purpose};

/// The content of a token that stands for a link and its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnlockedShare {
    /// The id of the link
    id: String,
    /// A fingerprint of the password that unlocked it: a new one ends all tokens of the old
    password: String,
    until_ms: u64,
}

/// The site that a token opens, and its end. It is also the content of a link's token from before the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Opened {
    pub(crate) site: String,
    pub(crate) until_ms: u64,
}

/// The reason why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It is no token, or its link has ended or was revoked.
    Invalid,
    /// The link has a password, and this token doesn't stand for it.
    PasswordRequired,
}

/// A token whose form and signature are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ShareToken {
    /// A link from before the document. It needs none.
    Signed(Opened),
    /// A link in the document.
    Secret(String),
    /// A link in the document, whose password was given.
    Unlocked(UnlockedShare),
}

impl ShareToken {
    /// Reads a token. Returns `None` for one that no document could make valid.
    pub(crate) fn parse(text: &str, key: &Key, now_ms: u64) -> Option<ShareToken> {
        if is_secret(text) {
            return Some(ShareToken::Secret(text.to_owned()));
        }
        if let Some(share) = key.open::<UnlockedShare>(Purpose::UnlockedShare, text) {
            let is_current = now_ms < share.until_ms;
            return is_current.then_some(ShareToken::Unlocked(share));
        }
        let mut opened: Opened = key.open(Purpose::Share, text)?;
        // Links of 0.1.0 hold the site as it was typed.
        opened.site = normalize::site(&opened.site).into_owned();
        (now_ms < opened.until_ms).then_some(ShareToken::Signed(opened))
    }
}

/// Returns the link of a secret, if it has not ended.
pub(crate) fn find<'a>(
    document: &'a Document,
    secret: &str,
    now_ms: u64,
) -> Option<&'a ShareRecord> {
    let hash = SecretHash::of(secret);
    let mut shares = document.shares.iter();
    shares.find(|share| share.sha256 == hash && now_ms < share.until_ms)
}

/// Returns what a secret opens.
pub(crate) fn open(document: &Document, secret: &str, now_ms: u64) -> Result<Opened, Closed> {
    let share = find(document, secret, now_ms).ok_or(Closed::Invalid)?;
    match share.password {
        Some(_) => Err(Closed::PasswordRequired),
        None => Ok(opened(share)),
    }
}

/// Returns what the token of a link with a password opens.
pub(crate) fn open_unlocked(
    document: &Document,
    token: &UnlockedShare,
    now_ms: u64,
) -> Result<Opened, Closed> {
    let share = document.shares.iter().find(|share| share.id == token.id);
    let share = share
        .filter(|share| now_ms < share.until_ms)
        .ok_or(Closed::Invalid)?;
    let password = share.password.as_ref().map(|hash| hash.fingerprint());
    match password.as_ref() == Some(&token.password) {
        true => Ok(opened(share)),
        false => Err(Closed::PasswordRequired),
    }
}

/// Returns the token for somebody who knows the password of a link, and `None` if the link has none.
pub(crate) fn unlock(share: &ShareRecord, until_ms: u64, key: &Key) -> Option<String> {
    let password = share.password.as_ref()?;
    let unlocked = UnlockedShare {
        id: share.id.clone(),
        password: password.fingerprint(),
        until_ms: until_ms.min(share.until_ms),
    };
    Some(key.sign(Purpose::UnlockedShare, &unlocked))
}

fn opened(share: &ShareRecord) -> Opened {
    Opened {
        site: share.site.clone(),
        until_ms: share.until_ms,
    }
}
