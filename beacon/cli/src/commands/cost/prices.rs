//! Reads the price table `prices.json`, with the date and source of each price, and calculates the cost of a quantity.

use std::fmt;

use serde::Deserialize;

use super::format::{grouped, singular};

const TABLE: &str = include_str!("prices.json");

/// All prices, and where they come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceTable {
    /// The date of the prices.
    pub(super) as_of: String,
    pub(super) region: String,
    pub(super) currency: String,
    /// A note for those who open the file: how the table is read.
    #[serde(rename = "reading")]
    _reading: String,
    pub(super) prices: Prices,
}

/// The price of each thing that can be on the bill.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    pub(super) http_api_requests: Price,
    pub(super) rest_api_requests: Price,
    pub(super) function_url_requests: Price,
    pub(super) cloudfront_requests: Price,
    pub(super) cloudfront_transfer: Price,
    pub(super) cloudfront_functions: Price,
    pub(super) waf_acls: Price,
    pub(super) waf_rules: Price,
    pub(super) waf_requests: Price,
    pub(super) route53_zones: Price,
    pub(super) lambda_requests: Price,
    pub(super) lambda_duration_arm64: Price,
    pub(super) lambda_duration_x86_64: Price,
    pub(super) data_transfer_out: Price,
    pub(super) dynamodb_reads: Price,
    pub(super) firehose_ingestion: Price,
    pub(super) firehose_conversion: Price,
    pub(super) s3_puts: Price,
    pub(super) s3_gets: Price,
    pub(super) s3_storage: Price,
    pub(super) logs_ingestion: Price,
    pub(super) logs_storage: Price,
    pub(super) alarm_metrics: Price,
    pub(super) glue_objects: Price,
    pub(super) glue_crawler: Price,
    pub(super) athena_scanned: Price,
}

/// The price of one thing that AWS meters, by month.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    /// The unit, in the plural.
    pub(super) unit: String,
    /// The number of units that a tier's price is for.
    per: f64,
    tiers: Vec<Tier>,
    /// The always-free units per month.
    #[serde(default)]
    pub(super) free: f64,
    /// The page with the current price.
    pub(super) page: String,
    #[serde(rename = "source")]
    _source: String,
    pub(super) certainty: Certainty,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    /// The last unit of a month at this price; `None` for the last tier.
    up_to: Option<f64>,
    usd: f64,
}

/// The reliability of a price's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Certainty {
    /// A document of AWS.
    Primary,
    /// Dated articles or public repositories.
    Secondary,
    /// Common knowledge without a dated source.
    Unchecked,
}

impl PriceTable {
    /// Returns the built-in table.
    pub(super) fn built_in() -> PriceTable {
        serde_json::from_str(TABLE).expect("the table is constant, and a test parses it")
    }
}

impl Price {
    /// Returns the cost of `quantity` units in a month, without the free allowance.
    pub(super) fn usd(&self, quantity: f64) -> f64 {
        let mut usd = 0.0;
        let mut below = 0.0;
        for tier in &self.tiers {
            let end = tier.up_to.unwrap_or(f64::INFINITY).min(quantity);
            usd += (end - below).max(0.0) / self.per * tier.usd;
            below = end.max(below);
        }
        usd
    }

    /// Returns the cost of `quantity` units in a month, after the free allowance.
    pub(super) fn usd_after_free(&self, quantity: f64) -> f64 {
        self.usd((quantity - self.free).max(0.0))
    }

    /// Returns the price of a unit, from the first tier to the one that `quantity` reaches.
    pub(super) fn label(&self, quantity: f64) -> String {
        let reached = self
            .tiers
            .iter()
            .position(|tier| tier.up_to.is_none_or(|end| quantity <= end))
            .unwrap_or(self.tiers.len() - 1);
        let first = Usd(self.tiers[0].usd);
        let per = match self.per {
            1.0 => singular(&self.unit).to_owned(),
            1_000_000.0 => "million".to_owned(),
            per => grouped(per),
        };
        match reached {
            0 => format!("{first}/{per}"),
            reached => format!("{first} to {}/{per}", Usd(self.tiers[reached].usd)),
        }
    }
}

/// A unit price, with at least two decimals and all that it has.
struct Usd(f64);

impl fmt::Display for Usd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = format!("{}", self.0);
        let decimals = exact.split_once('.').map_or(0, |(_, digits)| digits.len());
        write!(formatter, "${:.*}", decimals.max(2), self.0)
    }
}

#[cfg(test)]
mod tests;
