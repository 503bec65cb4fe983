//! Finds the country of an address in a local file of the MaxMind DB format (MMDB), and reads the file again when it
//! changes.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use maxminddb::{PathElement, Reader};

use crate::watched_file::{ReloadMetrics, WatchedFile};

/// The networks that are read to see whether a file holds countries at all.
const NETWORKS_TO_TRY: usize = 10_000;

/// The places of the code in a network's record: of GeoLite2, DB-IP and IPFire, and of ip-location-db and IPinfo.
const CODE_PLACES: [&[PathElement<'static>]; 2] = [
    &[PathElement::Key("country"), PathElement::Key("iso_code")],
    &[PathElement::Key("country_code")],
];

/// A file of countries in memory. Look-ups never wait, also while another version takes its place.
pub struct CountryFile {
    file: Arc<WatchedFile<Reader<Vec<u8>>>>,
}

impl CountryFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Returns an error that names the file if it can't be read, is not in the format, or holds no countries.
    pub fn open(path: &Path) -> anyhow::Result<CountryFile> {
        Ok(CountryFile {
            file: Arc::new(WatchedFile::open(path, read)?),
        })
    }

    /// Returns the code of the country that an address lies in, as it stands in the file.
    pub fn country(&self, address: IpAddr) -> Option<[u8; 2]> {
        let reader = self.file.content();
        let found = reader.lookup(address).ok()?;
        CODE_PLACES.iter().find_map(|place| {
            let code: &str = found.decode_path(place).ok()??;
            code.as_bytes().try_into().ok()
        })
    }

    /// Checks the file until the task is dropped. Logs what comes of a change, and counts it.
    pub(crate) async fn watch(self: Arc<CountryFile>, metrics: ReloadMetrics) {
        Arc::clone(&self.file).watch("countries", metrics).await;
    }
}

fn read(path: &Path) -> anyhow::Result<Reader<Vec<u8>>> {
    let name = path.display();
    let bytes =
        fs::read(path).with_context(|| format!("cannot read the file of countries {name}"))?;
    let reader = Reader::from_source(bytes).with_context(|| {
        format!("the file of countries {name} is not in the MaxMind DB format (.mmdb)")
    })?;
    if !has_countries(&reader) {
        bail!(
            "the file of countries {name} holds no countries, but data of the type {}: \
             use one such as GeoLite2-Country.mmdb or dbip-country-lite.mmdb",
            reader.metadata().database_type
        );
    }
    Ok(reader)
}

fn has_countries(reader: &Reader<Vec<u8>>) -> bool {
    let Ok(networks) = reader.networks(Default::default()) else {
        return false;
    };
    networks.take(NETWORKS_TO_TRY).flatten().any(|network| {
        CODE_PLACES
            .iter()
            .any(|place| matches!(network.decode_path::<&str>(place), Ok(Some(_))))
    })
}

#[cfg(test)]
mod tests;
