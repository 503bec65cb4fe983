//! Random secrets that are shown once, and the hashes by which they are known again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

/// The length of a secret: nobody can guess it, so a plain hash of it is enough.
const SECRET_BYTES: usize = 32;

/// The length of a secret as text.
const SECRET_CHARACTERS: usize = 43;

/// The length of an id, which is no secret.
const ID_BYTES: usize = 6;

/// The system returned no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes")]
pub struct NoRandomness;

/// The SHA-256 of a secret, in hexadecimal digits.
///
/// Comparing two takes no constant time, and needn't: somebody who measures it learns at most how a hash begins, and
/// can't make a secret from that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct SecretHash(String);

/// A text that has not the form of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sha256 isn't 64 hexadecimal digits")]
pub(crate) struct InvalidHash;

impl TryFrom<String> for SecretHash {
    type Error = InvalidHash;

    fn try_from(text: String) -> Result<SecretHash, InvalidHash> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_hash = text.len() == 2 * digest::SHA256_OUTPUT_LEN && text.bytes().all(is_digit);
        match is_hash {
            true => Ok(SecretHash(text)),
            false => Err(InvalidHash),
        }
    }
}

impl SecretHash {
    /// Hashes a secret.
    pub(crate) fn of(secret: &str) -> SecretHash {
        SecretHash(hex(
            digest::digest(&digest::SHA256, secret.as_bytes()).as_ref()
        ))
    }
}

/// Makes a secret of 256 random bits, as letters, digits, `-` and `_`.
pub(crate) fn make() -> Result<String, NoRandomness> {
    Ok(URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>()?))
}

/// Returns true if a text can be one of [`make`].
pub(crate) fn is_secret(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.len() == SECRET_CHARACTERS && text.bytes().all(is_allowed)
}

/// Makes an id by which a record is named.
pub(crate) fn make_id() -> Result<String, NoRandomness> {
    Ok(hex(&random::<ID_BYTES>()?))
}

/// Returns bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], NoRandomness> {
    let mut bytes = [0; LENGTH];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_hash_alone() {
        let secret = make().unwrap();
        assert!(is_secret(&secret), "{secret}");
        let hash = SecretHash::of(&secret);
        assert_eq!(hash, SecretHash::of(&secret));
        assert_ne!(hash, SecretHash::of(&make().unwrap()));
        assert_ne!(hash, SecretHash::of(""));
        assert_ne!(hash, SecretHash::of(&hash.0));
        assert_eq!(SecretHash::try_from(hash.0.clone()), Ok(hash));
        assert_eq!(
            SecretHash::of("abc").0,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_hash_is_64_lower_case_digits() {
        for wrong in [
            String::new(),
            "0".repeat(63),
            "0".repeat(65),
            "A".repeat(64),
        ] {
            assert_eq!(SecretHash::try_from(wrong), Err(InvalidHash));
        }
    }

    #[test]
    fn ids_are_short_and_differ() {
        let [one, other] = [make_id().unwrap(), make_id().unwrap()];
        assert_eq!(one.len(), 12);
        assert_ne!(one, other);
        assert!(!is_secret(&one));
    }
}
