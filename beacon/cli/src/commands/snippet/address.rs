//! Reads the addresses in a snippet: of the beacon, the site, the page and the paths.

use std::fmt;
use std::net::Ipv4Addr;

use url::{Host, Url};

/// The public address of the beacon: scheme, host and port, without a `/` at the end.
#[derive(Debug, Clone)]
pub(super) struct Endpoint(Url);

impl Endpoint {
    pub(super) fn parse(text: &str) -> Result<Endpoint, String> {
        let text = text.trim();
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or("not the URL of a beacon: write one like https://b.example")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("every reader would see the user name and password: leave them out".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!(
                "a query or fragment is not part of an endpoint: write {}",
                url.origin().ascii_serialization()
            ));
        }
        if url.path() != "/" {
            let path = url.path().trim_end_matches('/');
            return Err(format!(
                "a path is not part of an endpoint: write --endpoint {} --base-path {path}",
                url.origin().ascii_serialization()
            ));
        }
        Ok(Endpoint(url))
    }

    /// Returns true if the address is reachable from this machine only, so that its pages are here too.
    pub(super) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(host)) => is_local_name(host),
            Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
            Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
            None => false,
        }
    }

    /// Returns a warning if browsers elsewhere, or on https, can't use the address.
    pub(super) fn warning(&self) -> Option<String> {
        if self.is_loopback() {
            return Some(format!("{self} is reachable from this machine only."));
        }
        (self.0.scheme() == "http").then(|| {
            format!(
                "Pages and emails on https load nothing from {self}: give the beacon a certificate."
            )
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.origin().ascii_serialization())
    }
}

/// A host in lower case, as the column `site` holds it.
#[derive(Debug, Clone)]
pub(super) struct Site(String);

impl Site {
    pub(super) fn parse(text: &str) -> Result<Site, String> {
        let text = text.trim();
        if let Ok(url) = Url::parse(text)
            && let Some(host) = url.host_str()
        {
            return Err(format!("a site is a host, not a URL: write {host}"));
        }
        let is_host = !text.is_empty()
            && text.len() <= MAX_HOST_BYTES
            && text
                .chars()
                .all(|letter| letter.is_alphanumeric() || ".-_".contains(letter));
        if !is_host {
            return Err("not a host: write one like blog.example, without port and path".into());
        }
        Ok(Site(text.to_lowercase()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns true if the script takes the host for a developer's machine.
    pub(super) fn is_local(&self) -> bool {
        is_local_name(&self.0)
            || self.0.ends_with(".local")
            || self
                .0
                .parse()
                .is_ok_and(|address: Ipv4Addr| address.is_loopback() || address.is_unspecified())
    }
}

/// Returns true for `localhost` and names below it (RFC 6761, section 6.3).
fn is_local_name(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host == "localhost" || host.ends_with(".localhost")
}

/// The longest name of a host, in bytes (RFC 1035, section 2.3.4).
const MAX_HOST_BYTES: usize = 253;

/// The path or URL of a page, as in the parameter `page`.
#[derive(Debug, Clone)]
pub(super) struct Page(String);

impl Page {
    pub(super) fn parse(text: &str) -> Result<Page, String> {
        let text = text.trim();
        let is_url = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !text.starts_with('/') && !is_url {
            return Err("neither a path nor a URL: write one like /talks".into());
        }
        Ok(Page(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A base path or an alias, as in a URL. It begins with `/` and doesn't end with it.
#[derive(Debug, Clone)]
pub(super) struct PathOption(String);

impl PathOption {
    pub(super) fn parse(text: &str) -> Result<PathOption, String> {
        let path = text.trim().trim_matches('/');
        let is_path = !path.contains("//")
            && path
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"?#*\"<>\\^`{|}".contains(&byte));
        if !is_path {
            return Err(
                "not a path of a beacon: write one like /stats, as BEACON_BASE_PATH and BEACON_PATHS have it"
                    .into(),
            );
        }
        Ok(PathOption(match path {
            "" => String::new(),
            path => format!("/{path}"),
        }))
    }

    /// Returns true if the path has more than one segment.
    pub(super) fn is_deep(&self) -> bool {
        self.0.rfind('/') > Some(0)
    }
}

impl fmt::Display for PathOption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
