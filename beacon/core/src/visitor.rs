//! Derives the visitor of a hit: a pseudonym for one UTC day, which nobody can derive again once the day's salt is gone.
//!
//! A keyed hash and not a bare one: whoever has the table can try all addresses against a hash, but not against one
//! whose key is gone. The crates that compute it overwrite their state when it is dropped, and so does [`Salt`].

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroize as _;

use crate::time::DAY_MS;

/// The length of a salt in bytes: that of the hash, as RFC 2104 recommends for a key.
pub const SALT_BYTES: usize = 32;

/// The bytes of a visitor: 128 bits, so that two visitors of a day never get the same ones by chance.
const VISITOR_BYTES: usize = 16;

/// The characters of a visitor in base64url without padding.
pub(crate) const VISITOR_CHARACTERS: usize = 22;

/// The bytes that name the network of an IPv6 address. A household has at least a /64, and its devices change their
/// address within it several times a day.
const IPV6_NETWORK_BYTES: usize = 8;

/// The salt of one UTC day, ready to be used. Its bytes are overwritten when it is dropped; copies that a move has left on
/// the stack are not.
pub struct Salt {
    /// Days since 1970-01-01.
    day: u64,
    /// The hash with the salt as its key. Computed once, because a hit then has two blocks less to hash.
    keyed: Hmac<Sha256>,
}

impl Salt {
    /// Takes the random bytes of the UTC day that `at_ms`, a Unix time in milliseconds, lies in.
    pub fn new(at_ms: u64, mut bytes: [u8; SALT_BYTES]) -> Salt {
        let salt = Salt {
            day: at_ms / DAY_MS,
            keyed: Hmac::new_from_slice(&bytes).expect("a key of HMAC has any length"),
        };
        bytes.zeroize();
        salt
    }

    /// Tells whether the salt is for the UTC day of `at_ms`, a Unix time in milliseconds.
    pub fn is_of(&self, at_ms: u64) -> bool {
        self.day == at_ms / DAY_MS
    }

    /// Returns the visitor who asked from `address` with `user_agent` on behalf of `site`.
    pub(crate) fn visitor(&self, site: &str, address: IpAddr, user_agent: &[u8]) -> Visitor {
        let mut keyed = self.keyed.clone();
        add(&mut keyed, site.as_bytes());
        match address.to_canonical() {
            IpAddr::V4(address) => add(&mut keyed, &address.octets()),
            IpAddr::V6(address) => add(&mut keyed, &address.octets()[..IPV6_NETWORK_BYTES]),
        }
        add(&mut keyed, user_agent);
        let hash = keyed.finalize().into_bytes();
        let mut visitor = [0; VISITOR_BYTES];
        visitor.copy_from_slice(&hash[..VISITOR_BYTES]);
        Visitor(visitor)
    }
}

/// Adds a part with its length before it, so that no two lists of parts give the same bytes.
fn add(keyed: &mut Hmac<Sha256>, part: &[u8]) {
    keyed.update(&(part.len() as u64).to_be_bytes());
    keyed.update(part);
}

/// Shows the day and not the salt.
impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the salt of day {} (not shown)", self.day)
    }
}

/// A visitor of one site on one UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visitor([u8; VISITOR_BYTES]);

impl Visitor {
    /// Returns the text of the column: base64url without padding.
    pub(crate) fn text(self) -> [u8; VISITOR_CHARACTERS] {
        let mut text = [0; VISITOR_CHARACTERS];
        URL_SAFE_NO_PAD
            .encode_slice(self.0, &mut text)
            .expect("16 bytes are 22 characters");
        text
    }
}
