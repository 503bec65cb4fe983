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
