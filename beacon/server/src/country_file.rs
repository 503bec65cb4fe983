//! Finds the country of an address in a local file of the MaxMind DB format (MMDB), and reads the file again when it
//! changes. Nothing is ever fetched.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use arc_swap::ArcSwap;
use maxminddb::{PathElement, Reader};
use tokio::time::{MissedTickBehavior, interval};

use crate::metrics::Metrics;

/// The time between two looks at the file. Such files change daily at most.
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// The networks that are read to see whether a file holds countries at all.
const NETWORKS_TO_TRY: usize = 10_000;

/// The places of the code in a network's record: of GeoLite2, DB-IP and IPFire, and of ip-location-db and IPinfo.
const CODE_PLACES: [&[PathElement<'static>]; 2] = [
    &[PathElement::Key("country"), PathElement::Key("iso_code")],
    &[PathElement::Key("country_code")],
];

/// A file of countries in memory. Look-ups never wait, also while another version takes its place.
pub struct CountryFile {
    path: PathBuf,
    reader: ArcSwap<Reader<Vec<u8>>>,
    /// The file's stamp at the last check; `None` if it couldn't be read.
    seen: Mutex<Option<Version>>,
}

/// The properties of a file that change when somebody writes it, replaces it, or changes who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    device: u64,
    inode: u64,
    size_bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Version {
    fn of(path: &Path) -> io::Result<Version> {
        let metadata = fs::metadata(path)?;
        Ok(Version {
            device: metadata.dev(),
            inode: metadata.ino(),
            size_bytes: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}

impl CountryFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Returns an error that names the file if it can't be read, is not in the format, or holds no countries.
    pub fn open(path: &Path) -> anyhow::Result<CountryFile> {
        // Before the file is read: a change in between is one that the next check finds.
        let seen = Version::of(path).ok();
        Ok(CountryFile {
            reader: ArcSwap::from_pointee(read(path)?),
            path: path.to_path_buf(),
            seen: Mutex::new(seen),
        })
    }

    /// Returns the code of the country that an address lies in, as it stands in the file.
    pub fn country(&self, address: IpAddr) -> Option<[u8; 2]> {
        let reader = self.reader.load();
        let found = reader.lookup(address).ok()?;
        CODE_PLACES.iter().find_map(|place| {
            let code: &str = found.decode_path(place).ok()??;
            code.as_bytes().try_into().ok()
        })
    }

    /// Reads the file again if it has changed since the last check, and tells whether it did.
    ///
    /// # Errors
    /// Returns an error that names the file if it can't be read or used, once for each such state. The version in memory
    /// stays.
    pub fn reload(&self) -> anyhow::Result<bool> {
        let version = Version::of(&self.path).ok();
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == version {
                return Ok(false);
            }
            *seen = version;
        }
        self.reader.store(Arc::new(read(&self.path)?));
        Ok(true)
    }

    /// Checks the file until the task is dropped. Logs what comes of a change, and counts it.
    pub(crate) async fn watch(self: Arc<CountryFile>, metrics: Arc<Metrics>) {
        let mut checks = interval(CHECK_INTERVAL);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            checks.tick().await;
            let file = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || file.reload()).await {
                Ok(Ok(false)) => {}
                Ok(Ok(true)) => {
                    metrics.country_file.reloads.inc();
                    tracing::info!(path = %self.path.display(), "the file of countries has changed and is read again");
                }
                Ok(Err(error)) => {
                    metrics.country_file.reload_failures.inc();
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "the file of countries cannot be used; the one before stays"
                    );
                }
                Err(error) => tracing::error!(%error, "the file of countries could not be checked"),
            }
        }
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
