//! The parameters of a request for a count.

use beacon_core::normalize;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::page_counts::Count;
use crate::period::Period;

/// The query string of a request, each parameter once.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountRequest {
    /// The site, as records have it.
    #[serde(deserialize_with = "site")]
    pub(super) site: String,
    /// The page in either spelling; without one, the whole site.
    pub(super) page: Option<String>,
    #[serde(default)]
    pub(super) period: NamedPeriod,
    #[serde(default)]
    pub(super) metric: Metric,
    #[serde(default)]
    pub(super) format: Format,
}

/// The number that is returned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Metric {
    #[default]
    Views,
    Visitors,
}

/// The form of the response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    #[default]
    Json,
    Svg,
    Text,
}

/// A period with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamedPeriod {
    pub(super) name: &'static str,
    pub(super) period: Period,
}

impl Default for NamedPeriod {
    fn default() -> NamedPeriod {
        NamedPeriod {
            name: "all",
            period: Period::All,
        }
    }
}

impl<'de> Deserialize<'de> for NamedPeriod {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NamedPeriod, D::Error> {
        let name = String::deserialize(deserializer)?;
        let mut named = Period::NAMED.into_iter();
        match named.find(|(known, _)| *known == name) {
            Some((name, period)) => Ok(NamedPeriod { name, period }),
            None => {
                let known = Period::NAMED.map(|(name, _)| name).join(", ");
                Err(D::Error::custom(format!(
                    "there is no period {name:?}; there are {known}"
                )))
            }
        }
    }
}

impl Metric {
    /// Returns the number of this metric.
    pub(super) fn of(self, count: Count) -> u64 {
        match self {
            Metric::Views => count.views,
            Metric::Visitors => count.visitors,
        }
    }

    /// Returns the word beside a number of this metric.
    pub(super) fn label(self, count: u64) -> &'static str {
        match (self, count) {
            (Metric::Views, 1) => "view",
            (Metric::Views, _) => "views",
            (Metric::Visitors, 1) => "visitor",
            (Metric::Visitors, _) => "visitors",
        }
    }
}

fn site<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let site = String::deserialize(deserializer)?;
    Ok(normalize::site(&site).into_owned())
}
