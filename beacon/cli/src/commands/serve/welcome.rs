//! The first start: what to paste, and how to leave out one's own visits.

use std::net::SocketAddr;
use std::time::Duration;

use beacon_lake::oldest_undelivered_ms;
use beacon_server::app::{Destination, ServeOptions};

use crate::dashboard::reachable;

/// The longest time for the lake to show whether it has hits: the start doesn't wait longer for advice.
const LIST_TIMEOUT: Duration = Duration::from_secs(5);

/// The advice of a server whose lake has no hit yet.
pub(super) struct Welcome {
    /// The public address of the pixel, if it was given.
    endpoint: Option<String>,
    base_path: String,
}

impl Welcome {
    /// Returns what to say, where neither the lake nor the spool has a hit. `None` also where that can't be found out:
    /// the start itself says why.
    pub(super) async fn of(options: &ServeOptions, endpoint: Option<String>) -> Option<Welcome> {
        let Destination::Lake { lake, .. } = &options.destination else {
            return None;
        };
        if !matches!(oldest_undelivered_ms(&options.spool.directory), Ok(None)) {
            return None;
        }
        let has_hits = tokio::time::timeout(LIST_TIMEOUT, lake.has_hits()).await;
        matches!(has_hits, Ok(Ok(false))).then(|| Welcome {
            endpoint,
            base_path: options.settings.base_path().to_owned(),
        })
    }

    /// Logs it, one line for each thing to do. `pixel` is the address that the server listens on.
    pub(super) fn log(&self, pixel: SocketAddr) {
        tracing::info!("first start: there are no hits yet");
        tracing::info!("paste this into every page: {}", self.snippet(pixel));
        if self.endpoint.is_none() && pixel.ip().is_loopback() {
            tracing::info!(
                "only pages on this machine reach {pixel}: with a proxy in front, pass its address with --endpoint \
                 https://b.example to get it in the snippet"
            );
        }
        tracing::info!(
            "leave out your own visits: open a page of your site with #beacon-ignore behind its address, once in each \
             browser; #beacon-count counts them again"
        );
    }

    fn snippet(&self, pixel: SocketAddr) -> String {
        let base = match &self.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => format!("http://{}{}", reachable(pixel), self.base_path),
        };
        // A script counts pages of this machine only if it is told so.
        let local = match self.endpoint.is_none() && pixel.ip().is_loopback() {
            true => " data-local",
            false => "",
        };
        format!("<script defer src=\"{base}/beacon.js\"{local}></script>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(endpoint: Option<&str>, pixel: &str, expected: &str) {
        let welcome = Welcome {
            endpoint: endpoint.map(str::to_owned),
            base_path: "/stats".to_owned(),
        };
        assert_eq!(welcome.snippet(pixel.parse().unwrap()), expected);
    }

    #[test]
    fn the_snippet_has_the_public_address_or_the_listeners() {
        check(
            Some("https://b.example/x"),
            "127.0.0.1:8080",
            "<script defer src=\"https://b.example/x/beacon.js\"></script>",
        );
        check(
            None,
            "127.0.0.1:8080",
            "<script defer src=\"http://127.0.0.1:8080/stats/beacon.js\" data-local></script>",
        );
        check(
            None,
            "192.0.2.1:80",
            "<script defer src=\"http://192.0.2.1:80/stats/beacon.js\"></script>",
        );
    }
}
