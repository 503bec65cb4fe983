//! The price table: `prices.json`, with the date and the source of each price, and what a quantity costs by it.

use std::fmt;

use serde::Deserialize;

use super::format::{grouped, singular};

const TABLE: &str = include_str!("prices.json");

/// All prices and how they were come by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceTable {
    /// The day on which they were gathered.
    pub(super) as_of: String,
    pub(super) region: String,
    pub(super) currency: String,
    /// How to read the table, for those who open the file.
    #[serde(rename = "reading")]
    _reading: String,
    pub(super) prices: Prices,
}

/// One price for each thing that can be on the bill.
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

/// What a month's quantity of one thing costs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    /// What is counted, in the plural.
    pub(super) unit: String,
    /// So many units cost a tier's price.
    per: f64,
    tiers: Vec<Tier>,
    /// Units a month that no account pays, ever.
    #[serde(default)]
    pub(super) free: f64,
    /// Where the price of today stands.
    pub(super) page: String,
    #[serde(rename = "source")]
    _source: String,
    pub(super) certainty: Certainty,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    /// Units a month up to which it holds; the last has none.
    up_to: Option<f64>,
    usd: f64,
}

/// How well a price is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Certainty {
    /// Read in a document of AWS.
    Primary,
    /// Read in dated articles or public repositories.
    Secondary,
    /// Common knowledge.
    Unchecked,
}

impl PriceTable {
    /// The table that is built in.
    pub(super) fn built_in() -> PriceTable {
        serde_json::from_str(TABLE).expect("the tests read the table that is built in")
    }
}

impl Price {
    /// What `quantity` units in a month cost, without what is free of them.
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

    /// What is paid of it: the free units are taken off first.
    pub(super) fn usd_after_free(&self, quantity: f64) -> f64 {
        self.usd((quantity - self.free).max(0.0))
    }

    /// The price of a unit, from the first tier to the one that `quantity` reaches.
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

/// A unit price: cents, or all the digits that it has.
struct Usd(f64);

impl fmt::Display for Usd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = format!("{}", self.0);
        let decimals = exact.split_once('.').map_or(0, |(_, digits)| digits.len());
        write!(formatter, "${:.*}", decimals.max(2), self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(price: &Price, quantity: f64, list: f64, paid: f64) {
        let close = |left: f64, right: f64| (left - right).abs() < 1e-6;
        assert!(close(price.usd(quantity), list), "{}", price.usd(quantity));
        let after_free = price.usd_after_free(quantity);
        assert!(close(after_free, paid), "{after_free}");
    }

    #[test]
    fn a_quantity_pays_each_tier_for_its_own_part() {
        let prices = PriceTable::built_in().prices;
        check(&prices.http_api_requests, 30e6, 30.0, 30.0);
        // 300 million at 1.00 and 100 million at 0.90 a million.
        check(&prices.http_api_requests, 400e6, 390.0, 390.0);
        // 333 at 3.50, 667 at 2.80, 500 at 2.38.
        check(&prices.rest_api_requests, 1_500e6, 4_223.1, 4_223.1);
    }

    #[test]
    fn what_is_free_comes_off_first() {
        let prices = PriceTable::built_in().prices;
        check(&prices.lambda_requests, 30e6, 6.0, 5.8);
        check(&prices.lambda_requests, 3_000.0, 0.0006, 0.0);
        check(&prices.alarm_metrics, 12.0, 1.2, 0.2);
        check(&prices.function_url_requests, 30e6, 0.0, 0.0);
    }

    #[test]
    fn unit_prices_are_written_with_all_their_digits() {
        let prices = PriceTable::built_in().prices;
        let label = |price: &Price, quantity| price.label(quantity);
        assert_eq!(label(&prices.lambda_requests, 1.0), "$0.20/million");
        assert_eq!(label(&prices.s3_gets, 1.0), "$0.0004/1,000");
        assert_eq!(
            label(&prices.lambda_duration_arm64, 1.0),
            "$0.0000133334/GB-s"
        );
        assert_eq!(label(&prices.waf_rules, 2.0), "$1.00/rule");
        assert_eq!(label(&prices.firehose_ingestion, 10.0), "$0.029/GB");
        assert_eq!(
            label(&prices.http_api_requests, 400e6),
            "$1.00 to $0.90/million"
        );
    }

    #[test]
    fn the_table_is_dated_and_each_price_is_sourced_and_falls_with_the_quantity() {
        #[derive(Deserialize)]
        struct Raw {
            as_of: String,
            prices: std::collections::BTreeMap<String, Price>,
        }
        let raw: Raw = serde_json::from_str(TABLE).unwrap();
        let date: Vec<usize> = raw.as_of.split('-').map(str::len).collect();
        assert_eq!(date, [4, 2, 2], "{}", raw.as_of);
        for (name, price) in raw.prices {
            assert!(
                price.page.starts_with("https://aws.amazon.com/"),
                "{name}: {}",
                price.page
            );
            assert!(price._source.len() > 10, "{name}: {}", price._source);
            assert!(price.per >= 1.0 && price.free >= 0.0, "{name}");
            let (last, others) = price.tiers.split_last().unwrap();
            assert!(last.up_to.is_none(), "{name}: the last tier has no end");
            assert!(
                others.iter().all(|tier| tier.up_to.is_some()),
                "{name}: only the last tier has no end"
            );
            assert!(
                price.tiers.is_sorted_by(|one, next| one.usd > next.usd
                    && next
                        .up_to
                        .is_none_or(|end| one.up_to.is_some_and(|start| start < end))),
                "{name}: tiers are in order"
            );
        }
    }
}
