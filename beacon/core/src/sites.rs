//! `BEACON_SITES`: whose hits are recorded.

use crate::settings::error::SettingsError;
use crate::url_host;

/// The sites that may be counted; none named means all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sites {
    exact: Vec<String>,
    /// The part behind `*`, with its dot: `.shop.example`.
    suffixes: Vec<String>,
}

impl Sites {
    pub(crate) fn parse(setting: &str) -> Result<Sites, SettingsError> {
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
                return Err(SettingsError::Site {
                    value: entry.to_owned(),
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

    pub(crate) fn allow_all(&self) -> bool {
        self.exact.is_empty() && self.suffixes.is_empty()
    }

    /// Returns what is listed, as `blog.example` and `*.shop.example`; nothing if all are allowed.
    pub(crate) fn listed(&self) -> Vec<String> {
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
    pub(crate) fn allow(&self, host: &str) -> bool {
        self.exact.iter().any(|site| site == host)
            || self
                .suffixes
                .iter()
                .any(|suffix| host.len() > suffix.len() && host.ends_with(suffix.as_str()))
    }
}
