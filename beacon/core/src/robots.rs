//! `BEACON_ROBOTS`: what `/robots.txt` says to crawlers.

use crate::settings::error::SettingsError;

/// Whether `/robots.txt` lets crawlers and AI agents request the beacon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Robots {
    Disallow,
    Allow,
}

impl Robots {
    pub(crate) fn parse(setting: Option<&str>) -> Result<Robots, SettingsError> {
        match setting {
            None | Some("disallow") => Ok(Robots::Disallow),
            Some("allow") => Ok(Robots::Allow),
            Some(other) => Err(SettingsError::Robots {
                value: other.to_owned(),
            }),
        }
    }

    /// Returns the file, in the syntax of RFC 9309.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Robots::Disallow => "User-agent: *\nDisallow: /\n",
            Robots::Allow => "User-agent: *\nAllow: /\n",
        }
    }
}
