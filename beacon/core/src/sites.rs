//! Lists of sites, such as `BEACON_SITES`: whose hits are recorded.

use crate::url_host;

/// The sites of a setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sites {
    exact: Vec<String>,
    /// The part behind `*`, with its dot: `.shop.example`.
    suffixes: Vec<String>,
}

/// An entry that is not a site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{entry}` is not a site: write hosts without scheme, port or path, like `blog.example`")]
pub struct NotASite {
    /// The entry.
    pub entry: String,
}

impl Sites {
    /// Reads hosts separated by commas, as `blog.example` and `*.shop.example`.
    ///
    /// # Errors
    /// Returns an error for an entry that is not a host.
    pub fn parse(setting: &str) -> Result<Sites, NotASite> {
        let mut sites = Sites::default();
        for entry in setting
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
        {
            let host = entry.strip_prefix("*.").unwrap_or(entry);
            let is_host = host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte) || byte >= 0x80);
            if host.is_empty() || !is_host {
                return Err(NotASite {
                    entry: entry.to_owned(),
                });
            }
            let host = url_host::host(host);
            if entry.starts_with("*.") {
                sites.suffixes.push(format!(".{host}"));
            } else {
                sites.exact.push(host.into_owned());
            }
        }
        Ok(sites)
    }

    /// Returns true if none is listed, which allows all.
    pub(crate) fn allow_all(&self) -> bool {
        self.exact.is_empty() && self.suffixes.is_empty()
    }

    /// Returns what is listed, as `blog.example` and `*.shop.example`; nothing if all are allowed.
    pub fn listed(&self) -> Vec<String> {
        let mut listed = self.exact.clone();
        listed.extend(self.suffixes.iter().map(|suffix| format!("*{suffix}")));
        listed
    }

    /// Returns a site that is listed, for a message that shows a command.
    pub(crate) fn example(&self) -> Option<&str> {
        self.exact.first().map(String::as_str)
    }

    /// Tells whether a host, normalized and without port, is listed. `*.shop.example` allows each host below it, not
    /// `shop.example`.
    pub fn allow(&self, host: &str) -> bool {
        self.exact.iter().any(|site| site == host)
            || self
                .suffixes
                .iter()
                .any(|suffix| host.len() > suffix.len() && host.ends_with(suffix.as_str()))
    }
}
