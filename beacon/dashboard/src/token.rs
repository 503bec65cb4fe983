//! Text that only this dashboard can have written: sessions, share links, the ids of queries.
//!
//! A token is its content and a MAC over what it is for and the content, both as Base64 for URLs. What one is for
//! can't be exchanged: a share link is no session.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The minimum length of a key, in characters.
const MIN_KEY_CHARACTERS: usize = 32;

/// Bytes of a generated key.
const KEY_BYTES: usize = 32;

/// The secret that signs tokens. Anyone who has it can forge all of them.
#[derive(Clone)]
pub struct Key(hmac::Key);

/// Hides the secret.
impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

/// The purpose of a token. One that is signed for another purpose is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Session,
    Share,
    UnlockedShare,
    Query,
    Sql,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::Session => b"beacon session\0",
            Purpose::Share => b"beacon share\0",
            Purpose::UnlockedShare => b"beacon unlocked share\0",
            Purpose::Query => b"beacon query\0",
            Purpose::Sql => b"beacon sql\0",
        }
    }
}

/// Errors of reading or generating a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key is short enough to be guessed.
    #[error(
        "the key has {characters} characters and needs {MIN_KEY_CHARACTERS}: make one with `openssl rand -hex 32`"
    )]
    TooShort {
        /// The number of its characters.
        characters: usize,
    },
    /// The system returned no random bytes.
    #[error("the system gave no random bytes for a key")]
    NoRandomness,
}

impl Key {
    /// Makes a key of the text of a setting or a file.
    ///
    /// # Errors
    /// Returns an error if `text` has fewer than 32 characters.
    pub fn from_text(text: &str) -> Result<Key, KeyError> {
        let text = text.trim();
        let characters = text.chars().count();
        if characters < MIN_KEY_CHARACTERS {
            return Err(KeyError::TooShort { characters });
        }
        // Of text, not all bits are random; its digest is a key of the right size.
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        Ok(Key(hmac::Key::new(hmac::HMAC_SHA256, digest.as_ref())))
    }

    /// Generates a key and returns it as text for [`Key::from_text`].
    ///
    /// # Errors
    /// Returns an error if the system returns no random bytes.
    pub fn generate() -> Result<String, KeyError> {
        let mut bytes = [0; KEY_BYTES];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| KeyError::NoRandomness)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    pub(crate) fn sign(&self, purpose: Purpose, content: &impl Serialize) -> String {
        let content = serde_json::to_vec(content).expect("tokens hold plain fields");
        let tag = self.tag(purpose, &content);
        format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(&content),
            URL_SAFE_NO_PAD.encode(tag)
        )
    }

    /// Returns the content of a token, or `None` if it wasn't signed with this key for this purpose.
    pub(crate) fn open<T: DeserializeOwned>(&self, purpose: Purpose, token: &str) -> Option<T> {
        let (content, tag) = token.split_once('.')?;
        let content = URL_SAFE_NO_PAD.decode(content).ok()?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        // Takes the same time wherever the two differ.
        hmac::verify(&self.0, &[purpose.label(), &content].concat(), &tag).ok()?;
        serde_json::from_slice(&content).ok()
    }

    fn tag(&self, purpose: Purpose, content: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(purpose.label());
        context.update(content);
        context.sign()
    }
}

#[cfg(test)]
mod tests;
