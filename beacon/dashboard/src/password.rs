//! The dashboard's password: its hash in the settings, and the check of what somebody typed.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use crate::secret::hex;

/// The minimum length of a new password, in characters.
pub const MIN_PASSWORD_CHARACTERS: usize = 10;

/// The maximum length of a password, in bytes: hashing takes longer for longer ones.
pub const MAX_PASSWORD_BYTES: usize = 1024;

const SALT_BYTES: usize = 16;

/// The length of a fingerprint. Tokens that hold one are signed, so it must only differ by chance.
const FINGERPRINT_BYTES: usize = 8;

/// An argon2id hash, as `beacon dashboard-password` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PasswordHash(Phc);

impl TryFrom<String> for PasswordHash {
    type Error = PasswordError;

    fn try_from(text: String) -> Result<PasswordHash, PasswordError> {
        PasswordHash::parse(&text)
    }
}

impl From<PasswordHash> for String {
    fn from(hash: PasswordHash) -> String {
        hash.text()
    }
}

/// Errors of a password or its hash.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The setting is not a hash.
    #[error(
        "it is no argon2id hash in PHC form ($argon2id$v=19$m=…,t=…,p=…$salt$hash): {reason}; make one with `beacon dashboard-password`, and put it in single quotes, because a shell expands $"
    )]
    NoHash {
        /// The parser's message.
        reason: String,
    },
    /// The password is short enough to be guessed.
    #[error(
        "the password has {characters} characters: give it {MIN_PASSWORD_CHARACTERS} or more, since whoever reaches the dashboard can try"
    )]
    TooShort {
        /// The number of its characters.
        characters: usize,
    },
    /// The password is longer than a login accepts.
    #[error("the password has {bytes} bytes: the most is {MAX_PASSWORD_BYTES}")]
    TooLong {
        /// The number of its bytes.
        bytes: usize,
    },
    /// The system returned no random bytes.
    #[error("the system gave no random bytes for a salt")]
    NoRandomness,
    /// The hash function failed.
    #[error("the password can't be hashed: {0}")]
    Hash(#[from] argon2::password_hash::Error),
}

impl PasswordHash {
    /// Reads a hash from a setting, in PHC form (`$argon2id$…`).
    ///
    /// # Errors
    /// Returns an error if `text` is not an argon2id hash.
    pub fn parse(text: &str) -> Result<PasswordHash, PasswordError> {
        let refused = |reason: String| PasswordError::NoHash { reason };
        let hash = Phc::new(text.trim()).map_err(|error| refused(error.to_string()))?;
        if hash.algorithm.as_str() != "argon2id" {
            return Err(refused(format!("its function is {}", hash.algorithm)));
        }
        if hash.salt.is_none() || hash.hash.is_none() {
            return Err(refused("salt or hash is missing".to_owned()));
        }
        Ok(PasswordHash(hash))
    }

    /// Returns true if the hash is this password's. It takes tens of milliseconds of one core and 19 MiB, on purpose.
    pub(crate) fn is_of(&self, password: &str) -> bool {
        argon2()
            .verify_password(password.as_bytes(), &self.0)
            .is_ok()
    }

    /// Returns the hash in PHC form.
    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }

    /// Returns a digest that tells this password from the ones before and after it.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = digest::digest(&digest::SHA256, self.text().as_bytes());
        hex(&digest.as_ref()[..FINGERPRINT_BYTES])
    }
}

/// Hashes a new password and returns the value of `BEACON_DASHBOARD_PASSWORD_HASH`.
///
/// # Errors
/// Returns an error if the password has fewer than 10 characters or more than 1,024 bytes, or if the system returns no
/// random bytes.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let characters = password.chars().count();
    if characters < MIN_PASSWORD_CHARACTERS {
        return Err(PasswordError::TooShort { characters });
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::TooLong {
            bytes: password.len(),
        });
    }
    let mut salt = [0; SALT_BYTES];
    SystemRandom::new()
        .fill(&mut salt)
        .map_err(|_| PasswordError::NoRandomness)?;
    let hash: Phc = argon2().hash_password_with_salt(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// The parameters that OWASP recommends for argon2id: 19 MiB, two passes, one lane, which are the crate's defaults too.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

#[cfg(test)]
mod tests;
