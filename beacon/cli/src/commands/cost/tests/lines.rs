//! Each line of a bill, against a calculation by hand.

use super::*;

#[test]
fn lambda_is_paid_by_request_and_by_gb_second() {
    let bill = bill("--hits-per-day 1000000");
    // 30 million at 0.20 a million; one million is free.
    check(&bill, "Lambda", "requests", 30e6, 6.00, 5.80);
    // 30 million x 0.011 s x 0.125 GB, within the free 400,000.
    check(&bill, "Lambda", "duration", 41_250.0, 0.550_003, 0.0);
}

#[test]
fn a_larger_and_slower_function_on_x86_pays_more_than_is_free() {
    let bill = bill("--hits-per-day 1000000 --architecture x86_64 --memory 1024 --duration-ms 20");
    // 30 million x 0.02 s x 1 GB = 600,000 at 0.0000166667, 200,000 of them after the free ones.
    check(&bill, "Lambda", "duration", 600_000.0, 10.000_02, 3.333_34);
}

#[test]
fn firehose_rounds_each_record_up_to_its_step() {
    let short = bill("--hits-per-day 1000000 --record-bytes 1");
    // 30 million x 5,120 / 2^30 = 143.0511 GB at 0.029 and 0.018.
    check(
        &short,
        "Data Firehose",
        "ingestion",
        143.0511,
        4.148_48,
        4.148_48,
    );
    check(
        &short,
        "Data Firehose",
        "conversion",
        143.0511,
        2.574_92,
        2.574_92,
    );
    let full = bill("--hits-per-day 1000000 --record-bytes 5120");
    check(
        &full,
        "Data Firehose",
        "ingestion",
        143.0511,
        4.148_48,
        4.148_48,
    );
    let over = bill("--hits-per-day 1000000 --record-bytes 5121");
    check(
        &over,
        "Data Firehose",
        "ingestion",
        286.1023,
        8.296_97,
        8.296_97,
    );
}

#[test]
fn hits_of_one_request_share_records_and_invocations() {
    // Seven of 700 bytes fit into 5,120, eight need two records.
    let seven = bill("--hits-per-day 7000000 --hits-per-request 7 --record-bytes 700");
    check(&seven, "Lambda", "requests", 30e6, 6.00, 5.80);
    check(
        &seven,
        "Data Firehose",
        "ingestion",
        143.0511,
        4.148_48,
        4.148_48,
    );
    let eight = bill("--hits-per-day 8000000 --hits-per-request 8 --record-bytes 700");
    check(
        &eight,
        "Data Firehose",
        "ingestion",
        286.1023,
        8.296_97,
        8.296_97,
    );
    // Each of two hits of 6,000 bytes is a record of its own, of two steps.
    let long = bill("--hits-per-day 2000000 --hits-per-request 2 --record-bytes 6000");
    check(
        &long,
        "Data Firehose",
        "ingestion",
        572.2046,
        16.593_93,
        16.593_93,
    );
}

#[test]
fn only_conversion_is_paid_for_as_conversion() {
    let json = bill("--hits-per-day 1000000 --format json");
    check_absent(&json, "Data Firehose", "conversion");
    let orc = bill("--hits-per-day 1000000 --format orc");
    check(
        &orc,
        "Data Firehose",
        "conversion",
        143.0511,
        2.574_92,
        2.574_92,
    );
}

#[test]
fn each_entry_point_has_its_own_lines() {
    let url = bill("--hits-per-day 1000000");
    check(&url, "Function URL", "requests", 30e6, 0.0, 0.0);
    // 30 million x 700 / 2^30 = 19.5578 GB at 0.09; 100 GB are free.
    check(&url, "Data transfer", "out", 19.5578, 1.760_20, 0.0);
    let http_api = bill("--hits-per-day 1000000 --entry-point http-api");
    check(
        &http_api,
        "API Gateway",
        "HTTP API requests",
        30e6,
        30.0,
        30.0,
    );
    check_absent(&http_api, "Function URL", "requests");
    let edge = bill("--hits-per-day 1000000 --entry-point cloudfront");
    // At 0.01 for 10,000, 10 million free.
    check(&edge, "CloudFront", "HTTPS requests", 30e6, 30.0, 20.0);
    check(&edge, "CloudFront", "transfer", 19.5578, 1.662_41, 0.0);
    // At 0.10 a million, two million free.
    check(&edge, "CloudFront", "function", 30e6, 3.0, 2.8);
    check_absent(&edge, "Data transfer", "out");
}

#[test]
fn firewall_and_zone_are_on_the_bill_where_they_are_chosen() {
    let edge = bill("--hits-per-day 1000000 --entry-point cloudfront --waf --hosted-zone");
    check(&edge, "WAF", "web ACL", 1.0, 5.0, 5.0);
    check(&edge, "WAF", "rules", 4.0, 4.0, 4.0);
    check(&edge, "WAF", "requests", 30e6, 18.0, 18.0);
    check(&edge, "Route 53", "hosted zone", 1.0, 0.5, 0.5);
    let url = bill("--hits-per-day 1000000");
    check_absent(&url, "WAF", "web ACL");
    check_absent(&url, "Route 53", "hosted zone");
}

#[test]
fn files_come_by_time_by_size_and_not_without_hits() {
    // A buffer of 300 s opens 0.0864 s after the one before: 86,400 / 300.0864 a day.
    let by_time = bill("--hits-per-day 1000000");
    check(&by_time, "S3", "PUT", 8_638.0, 0.043_19, 0.043_19);
    // 100 hits a day are 864 s apart: 86,400 / (300 + 864) a day.
    let seldom = bill("--hits-per-day 100");
    check(&seldom, "S3", "PUT", 2_227.0, 0.011_135, 0.011_135);
    // 1,000 hits of 5,120 bytes a second fill 128 MiB in 26.2144 s.
    let by_size = bill("--hits-per-day 86400000 --record-bytes 5120");
    check(&by_size, "S3", "PUT", 98_873.0, 0.494_365, 0.494_365);
}

#[test]
fn the_bucket_is_paid_for_what_it_holds() {
    // A million x 100 bytes x 365 days / 2^30.
    let year = bill("--hits-per-day 1000000 --retention-days 365");
    check(&year, "S3", "storage", 33.9933, 0.781_846, 0.781_846);
    let measured = bill("--hits-per-day 1000000 --stored-bytes 51");
    check(&measured, "S3", "storage", 1.424_924, 0.032_773, 0.032_773);
}

#[test]
fn a_question_lists_hours_gets_files_and_scans() {
    let bill = bill("--hits-per-day 1000000");
    // 300 questions x 7 days x 24 hours, and x 287.9172 files a day.
    check(&bill, "S3", "LIST", 50_400.0, 0.252, 0.252);
    check(&bill, "S3", "GET", 604_626.0, 0.241_850, 0.241_850);
    // 300 x a fifth of 700 million bytes, in TB of 2^40.
    check(&bill, "Athena", "scanned", 0.038_199, 0.190_994, 0.190_994);
}

#[test]
fn athena_bills_ten_megabytes_at_least() {
    let least = bill("--hits-per-day 100 --scanned-mb 1");
    // 300 x 10 MB.
    check(&least, "Athena", "scanned", 0.002_861, 0.014_305, 0.014_305);
    let given = bill("--hits-per-day 100 --scanned-mb 1024 --queries-per-day 1");
    check(&given, "Athena", "scanned", 0.029_297, 0.146_484, 0.146_484);
    let none = bill("--hits-per-day 1000000 --queries-per-day 0");
    for (service, what) in [("Athena", "scanned"), ("S3", "LIST"), ("S3", "GET")] {
        check_absent(&none, service, what);
    }
}

#[test]
fn lambdas_own_log_lines_are_paid_for_where_they_are_on() {
    let off = bill("--hits-per-day 1000000");
    check_absent(&off, "CloudWatch", "log lines");
    let on = bill("--hits-per-day 1000000 --system-log-level info --log-retention-days 60");
    // 30 million x 400 / 2^30 = 11.1759 GB at 0.50, 5 GB free.
    check(
        &on,
        "CloudWatch",
        "log lines",
        11.175_87,
        5.587_94,
        3.087_94,
    );
    // Two months of it, compressed to 15%.
    check(&on, "CloudWatch", "log storage", 3.352_76, 0.100_583, 0.0);
}

#[test]
fn a_crawler_is_billed_for_ten_minutes_a_run_and_its_partitions_are_objects() {
    let projection = bill("--hits-per-day 1000");
    check_absent(&projection, "Glue", "crawler");
    check(&projection, "Glue", "catalog", 4.0, 0.000_04, 0.0);
    // 24 x 30 runs x 1/6 hour x 2 DPU at 0.44.
    let hourly = bill("--hits-per-day 1000 --partitions crawler --crawler-runs-per-day 24");
    check(&hourly, "Glue", "crawler", 240.0, 105.6, 105.6);
    let daily = bill("--hits-per-day 1000 --partitions crawler");
    check(&daily, "Glue", "crawler", 10.0, 4.4, 4.4);
    // 30 days of 24 hours beside the three.
    check(&daily, "Glue", "catalog", 724.0, 0.007_24, 0.0);
}

#[test]
fn alarms_cost_a_dime_a_metric_beyond_ten() {
    check(
        &bill("--hits-per-day 1"),
        "CloudWatch",
        "alarms",
        12.0,
        1.2,
        0.2,
    );
    check(
        &bill("--hits-per-day 1 --format json"),
        "CloudWatch",
        "alarms",
        11.0,
        1.1,
        0.1,
    );
}

#[test]
fn the_salt_is_read_where_an_environment_starts() {
    // 30 million x 0.02 x 0.5 read units at 0.125 a million.
    let beacon = bill("--hits-per-day 1000000");
    check(&beacon, "DynamoDB", "reads", 300_000.0, 0.0375, 0.0375);
    let usual = usual_bill("--hits-per-day 1000000", Usual::HttpApi);
    check_absent(&usual, "DynamoDB", "reads");
}
