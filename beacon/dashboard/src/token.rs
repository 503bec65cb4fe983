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

/// The least that a key is written with, in characters.
const MIN_KEY_CHARACTERS: usize = 32;

/// Bytes of a generated key.
const KEY_BYTES: usize = 32;

/// What signs the tokens. Who has it can write them all.
#[derive(Clone)]
pub struct Key(hmac::Key);

/// Never shows what it is.
impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Session,
    Share,
    Query,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::Session => b"beacon session\0",
            Purpose::Share => b"beacon share\0",
            Purpose::Query => b"beacon query\0",
        }
    }
}

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Short enough to be guessed.
    #[error(
        "the key has {characters} characters and needs {MIN_KEY_CHARACTERS}: make one with `openssl rand -hex 32`"
    )]
    TooShort {
        /// How many it has.
        characters: usize,
    },
    /// The system has no randomness to give.
    #[error("the system gave no random bytes for a key")]
    NoRandomness,
}

impl Key {
    /// The key that a setting or a file says.
    ///
    /// # Errors
    /// A text of fewer than 32 characters.
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

    /// A new key, as the text that [`Key::from_text`] takes.
    ///
    /// # Errors
    /// The system gives no random bytes.
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

    /// The content of a token, if it is one of ours for this.
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
