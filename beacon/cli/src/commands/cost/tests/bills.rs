//! Whole bills, what can't be asked for, and what the templates make.

use super::*;

#[test]
fn a_million_hits_a_day_cost_at_most_fourteen_dollars_where_the_usual_costs_fifty() {
    for arguments in [
        "--hits-per-day 1000000",
        "--hits-per-day 1000000 --format json",
    ] {
        let beacon = bill(arguments);
        assert!(beacon.pay_usd <= 14.0, "{arguments}: {beacon:#?}");
    }
    let usual = usual_bill("--hits-per-day 1000000", Usual::HttpApi);
    assert!((45.0..55.0).contains(&usual.pay_usd), "{usual:#?}");
    let rest = usual_bill("--hits-per-day 1000000", Usual::RestApi);
    check(
        &rest,
        "API Gateway",
        "REST API requests",
        30e6,
        105.0,
        105.0,
    );
}

#[test]
fn the_usual_set_up_differs_only_where_it_says() {
    let usual = usual_bill("--hits-per-day 1000000 --format json", Usual::HttpApi);
    // 30 million x 0.04 s x 0.125 GB at 0.0000166667.
    check(&usual, "Lambda", "duration", 150_000.0, 2.500_005, 0.0);
    // 30 million x 300 / 2^30.
    check(
        &usual,
        "CloudWatch",
        "log lines",
        8.381_90,
        4.190_95,
        1.690_95,
    );
    check(&usual, "Glue", "crawler", 10.0, 4.4, 4.4);
    check_absent(&usual, "CloudWatch", "alarms");
    check_absent(&usual, "Data Firehose", "conversion");
    let beacon = bill("--hits-per-day 1000000 --format json");
    for what in ["PUT", "GET", "LIST", "storage"] {
        assert_eq!(find(&usual, "S3", what), find(&beacon, "S3", what));
    }
    // 7 million hits in 1 million requests a day: 210 million records of 5 KB a month, and not 30 million.
    let packed = "--hits-per-day 7000000 --hits-per-request 7 --record-bytes 700";
    let ingested = |bill: &Bill| find(bill, "Data Firehose", "ingestion").unwrap().quantity;
    let (one_each, shared) = (
        ingested(&usual_bill(packed, Usual::HttpApi)),
        ingested(&bill(packed)),
    );
    assert!(
        (one_each / shared - 7.0).abs() < 1e-9,
        "{one_each} {shared}"
    );
}

#[test]
fn a_bill_is_the_sum_of_its_lines() {
    let bill = bill("--hits-per-day 12345 --entry-point cloudfront --waf --partitions crawler");
    let (mut list, mut pay) = (0.0, 0.0);
    for line in &bill.lines {
        assert!(line.pay_usd <= line.list_usd, "{line:#?}");
        list += line.list_usd;
        pay += line.pay_usd;
    }
    assert_eq!((bill.list_usd, bill.pay_usd), (list, pay));
    assert!(list > pay && pay > 0.0, "{list} {pay}");
}

#[test]
fn arguments_that_do_not_go_together_are_refused() {
    check_refused(
        "--hits-per-day 1 --waf",
        "--waf needs --entry-point cloudfront",
    );
    check_refused(
        "--hits-per-day 1 --crawler-runs-per-day 2",
        "--crawler-runs-per-day needs --partitions crawler",
    );
    check_refused("--hits-per-day 0", "0 is not in 1..=100000000000");
    check_refused("--hits-per-day 1 --memory 64", "64 is not in 128..=10240");
    check_refused(
        "--hits-per-day 1 --entry-point rest-api",
        "[possible values: url, http-api, cloudfront]",
    );
    check_refused(
        "--hits-per-day 1 --compare lambda",
        "unexpected argument 'lambda'",
    );
    check_refused("", "--hits-per-day <COUNT>");
}

#[test]
fn the_largest_quantities_are_still_numbers() {
    let most = bill(
        "--hits-per-day 100000000000 --record-bytes 1024000 --retention-days 36500 --stored-bytes 1024000 \
         --queries-per-day 10000000 --days-per-query 36500",
    );
    assert!(most.list_usd.is_finite(), "{most:#?}");
    assert!(
        most.lines.iter().all(|line| line.pay_usd >= 0.0),
        "{most:#?}"
    );
}

/// Each `Type:` of a template at the depth of a resource.
fn types(template: &'static str) -> impl Iterator<Item = &'static str> {
    template
        .lines()
        .filter_map(|line| line.strip_prefix("    Type: "))
}

#[test]
fn the_bill_has_what_the_templates_create() {
    let watched = include_str!("../../../../../../infra/alarms.yaml");
    let alarms = types(watched)
        .filter(|kind| *kind == "AWS::CloudWatch::Alarm")
        .count();
    // The bill has no transformation, whose function would be the user's own.
    let of_transformation = watched
        .matches("Type: AWS::CloudWatch::Alarm\n    Condition: Transforms")
        .count();
    // An alarm on an expression watches each metric in it; the others watch one.
    let expressions = watched.matches("          Expression: ").count();
    let in_expressions = watched.matches("          MetricStat:").count();
    assert_eq!(
        (alarms - of_transformation - expressions + in_expressions) as u64,
        Format::Parquet.alarm_metrics()
    );
    for template in [
        include_str!("../../../../../../infra/template.yaml"),
        include_str!("../../../../../../infra/http-api.yaml"),
        include_str!("../../../../../../infra/stream.yaml"),
        include_str!("../../../../../../infra/dashboard.yaml"),
        watched,
    ] {
        for kind in [
            "AWS::CloudWatch::Dashboard",
            "AWS::KMS::Key",
            "AWS::EC2::NatGateway",
        ] {
            assert!(!template.contains(kind), "{kind} is not on the bill");
        }
    }

    let catalog = include_str!("../../../../../../infra/catalog.yaml");
    let objects =
        types(catalog).filter(|kind| matches!(*kind, "AWS::Glue::Database" | "AWS::Glue::Table"));
    assert_eq!(objects.count() as u64, GLUE_OBJECTS);

    let edge = include_str!("../../../../../../infra/edge.yaml");
    let (_, acl) = edge.split_once("Type: AWS::WAFv2::WebACL").unwrap();
    assert_eq!(acl.matches("        - Name: ").count() as u64, WAF_RULES);
    let functions = types(edge).filter(|kind| *kind == "AWS::CloudFront::Function");
    assert_eq!(functions.count(), 1);
}

/// The number of queries that the dashboard asks at first.
///
/// These are 8 of `initialQueries` in `beacon/dashboard/page/src/panel_queries.ts`, and one for each of its panels of
/// locations, devices, events and visits. A tab that isn't open asks nothing.
const QUERIES_OF_A_VIEW: f64 = 12.0;

#[test]
fn the_documentation_has_the_cost_of_queries() {
    let guide = include_str!("../../../../../../docs/aws.md").replace('\n', " ");
    let template = include_str!("../../../../../../infra/template.yaml");
    let asked = |arguments: &str| {
        let bill = bill(&format!(
            "--hits-per-day 10000 --queries-per-day 10 {arguments}"
        ));
        let line = |service, what| find(&bill, service, what).unwrap().clone();
        (
            line("S3", "LIST"),
            line("S3", "GET"),
            line("Athena", "scanned"),
        )
    };
    let view_usd = |arguments: &str| {
        let (lists, gets, scanned) = asked(arguments);
        let a_question_usd = (lists.list_usd + gets.list_usd + scanned.list_usd) / 300.0;
        a_question_usd * QUERIES_OF_A_VIEW
    };

    let usual = format!("costs about {:.2} USD at 10,000 hits a day", view_usd(""));
    assert!(guide.contains(&usual), "docs/aws.md does not say: {usual}");
    let rare = format!(
        "`BufferIntervalSeconds=900` the view costs about {:.2} USD",
        view_usd("--buffer-seconds 900")
    );
    assert!(guide.contains(&rare), "docs/aws.md does not say: {rare}");
    let described = format!("about {:.2} USD at 10,000 hits a day", view_usd(""));
    assert!(template.contains(&described), "the template: {described}");

    for (arguments, files) in [
        (
            "--buffer-seconds 300",
            "588,000 files a month with an interval of 300 s",
        ),
        ("--buffer-seconds 900", "200,000 with one of 900 s"),
    ] {
        let (_, gets, _) = asked(arguments);
        let thousands = format!("{},000 ", (gets.quantity / 1_000.0).round());
        assert!(files.starts_with(&thousands), "{thousands} {gets:#?}");
        let said = format!("{files} ({:.2} USD)", gets.list_usd);
        assert!(guide.contains(&said), "docs/aws.md does not say: {said}");
    }
}
