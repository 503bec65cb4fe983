//! The country that a visitor asked from: as the edge says, else as a caller's table of addresses does.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use http::HeaderMap;

use crate::headers::VIEWER_COUNTRY;
use crate::trust::Trust;

/// Finds the two letters of a country in ISO 3166-1 for a public address, such as in a local file.
pub type CountryLookup = Arc<dyn Fn(IpAddr) -> Option<[u8; 2]> + Send + Sync>;

/// Codes of two letters that networks use and that name no country: Asia and the Pacific, Europe, and nobody knows.
const NO_COUNTRY: [&[u8; 2]; 4] = [b"AP", b"EU", b"XX", b"ZZ"];

/// A country by its code of ISO 3166-1 alpha-2, in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Country([u8; 2]);

impl Country {
    /// Reads a code in any case. `None` for everything else, such as `T1`, which stands for Tor.
    fn from_code(code: &[u8]) -> Option<Country> {
        let code: [u8; 2] = code.try_into().ok()?;
        let code = code.map(|letter| letter.to_ascii_uppercase());
        let is_country = code.iter().all(u8::is_ascii_uppercase) && !NO_COUNTRY.contains(&&code);
        is_country.then_some(Country(code))
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("a country is two letters of ASCII")
    }
}

/// The sources of countries besides the edge.
#[derive(Clone, Default)]
pub(crate) struct Countries {
    pub(crate) lookup: Option<CountryLookup>,
}

impl fmt::Debug for Countries {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.lookup {
            Some(_) => "countries by a lookup",
            None => "countries by the edge alone",
        })
    }
}

impl Countries {
    /// Returns the country of a request. A trusted edge decides, also where it doesn't know.
    pub(crate) fn of(
        &self,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
        trust: &Trust,
    ) -> Option<Country> {
        if let Some(code) = headers.get(VIEWER_COUNTRY)
            && trust.is_edge(headers)
        {
            return Country::from_code(code.as_bytes());
        }
        let lookup = self.lookup.as_ref()?;
        let address = trust.address(headers, peer)?.to_canonical();
        if !is_public(address) {
            return None;
        }
        Country::from_code(&lookup(address)?)
    }
}

/// Tells whether an address may lie in a country: those of a network of one's own lie in none, whatever a file says.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && second & 0b1100_0000 == 64;
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || is_shared)
        }
        IpAddr::V6(address) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local())
        }
    }
}
