//! Bills as people and programs see them.

use super::*;

#[test]
fn a_bill_for_people() {
    insta::assert_snapshot!(shown("--hits-per-day 1000000"), @r"
    1,000,000 hits a day for 30 days in us-east-1, in USD, at the prices known on 2026-11-20

    service        what                                            quantity          unit price  list price  you pay
    -------------  -----------------------------------  -------------------  ------------------  ----------  -------
    Function URL   requests                             30,000,000 requests       $0.00/million        0.00     0.00
    Data transfer  out: answers of 700 bytes                       19.56 GB            $0.09/GB        1.76     0.00
    Lambda         requests                             30,000,000 requests       $0.20/million        6.00     5.80
    Lambda         duration: 11 ms, 128 MB, arm64               41,250 GB-s  $0.0000133334/GB-s        0.55     0.00
    Data Firehose  ingestion: 5,120 bytes a request               143.05 GB           $0.029/GB        4.15     4.15
    Data Firehose  conversion: to Parquet                         143.05 GB           $0.018/GB        2.57     2.57
    S3             PUT: a file each 300 s at most            8,638 requests        $0.005/1,000        0.04     0.04
    S3             storage: 30 days of 100 bytes a hit        2.79 GB-month     $0.023/GB-month        0.06     0.06
    S3             LIST: by queries, one for each hour      50,400 requests        $0.005/1,000        0.25     0.25
    S3             GET: by queries, one for each file      604,626 requests       $0.0004/1,000        0.24     0.24
    CloudWatch     alarms                                  11 alarm metrics  $0.10/alarm metric        1.10     0.10
    Glue           catalogue                                      3 objects       $1.00/100,000      < 0.01     0.00
    Athena         scanned: 300 queries of 134 MB                 0.0382 TB            $5.00/TB        0.19     0.19
    total                                                                                             16.93    13.42

    What you pay is the list price less what AWS gives every account each month for ever. Where the account uses
    that up otherwise, it is up to the list price.
    Lambda is reckoned with 11 ms a request (--duration-ms). Log lines of its own: none.
    The bucket holds the hits of 30 days; each further 30 days kept add 0.06 USD a month.
    Without a dated source is the price of: Data transfer out, Function URL requests.
    The prices were not read from AWS: check the current price pages before you rely on them:
      https://aws.amazon.com/athena/pricing/
      https://aws.amazon.com/cloudwatch/pricing/
      https://aws.amazon.com/ec2/pricing/on-demand/
      https://aws.amazon.com/firehose/pricing/
      https://aws.amazon.com/glue/pricing/
      https://aws.amazon.com/lambda/pricing/
      https://aws.amazon.com/s3/pricing/
    ");
}

#[test]
fn a_hundred_hits_a_day_for_people() {
    insta::assert_snapshot!(shown("--hits-per-day 100 --queries-per-day 1"), @r"
    100 hits a day for 30 days in us-east-1, in USD, at the prices known on 2026-11-20

    service        what                                         quantity          unit price  list price  you pay
    -------------  -----------------------------------  ----------------  ------------------  ----------  -------
    Function URL   requests                               3,000 requests       $0.00/million        0.00     0.00
    Data transfer  out: answers of 700 bytes                   0.0020 GB            $0.09/GB      < 0.01     0.00
    Lambda         requests                               3,000 requests       $0.20/million      < 0.01     0.00
    Lambda         duration: 11 ms, 128 MB, arm64              4.12 GB-s  $0.0000133334/GB-s      < 0.01     0.00
    Data Firehose  ingestion: 5,120 bytes a request            0.0143 GB           $0.029/GB      < 0.01   < 0.01
    Data Firehose  conversion: to Parquet                      0.0143 GB           $0.018/GB      < 0.01   < 0.01
    S3             PUT: a file each 300 s at most         2,227 requests        $0.005/1,000        0.01     0.01
    S3             storage: 30 days of 100 bytes a hit   0.0003 GB-month     $0.023/GB-month      < 0.01   < 0.01
    S3             LIST: by queries, one for each hour    5,040 requests        $0.005/1,000        0.03     0.03
    S3             GET: by queries, one for each file    15,588 requests       $0.0004/1,000        0.01     0.01
    CloudWatch     alarms                               11 alarm metrics  $0.10/alarm metric        1.10     0.10
    Glue           catalogue                                   3 objects       $1.00/100,000      < 0.01     0.00
    Athena         scanned: 30 queries of 10 MB                0.0003 TB            $5.00/TB      < 0.01   < 0.01
    total                                                                                           1.15     0.14

    What you pay is the list price less what AWS gives every account each month for ever. Where the account uses
    that up otherwise, it is up to the list price.
    Lambda is reckoned with 11 ms a request (--duration-ms). Log lines of its own: none.
    The bucket holds the hits of 30 days; each further 30 days kept add < 0.01 USD a month.
    Without a dated source is the price of: Data transfer out, Function URL requests.
    The prices were not read from AWS: check the current price pages before you rely on them:
      https://aws.amazon.com/athena/pricing/
      https://aws.amazon.com/cloudwatch/pricing/
      https://aws.amazon.com/ec2/pricing/on-demand/
      https://aws.amazon.com/firehose/pricing/
      https://aws.amazon.com/glue/pricing/
      https://aws.amazon.com/lambda/pricing/
      https://aws.amazon.com/s3/pricing/
    ");
}

#[test]
fn two_set_ups_side_by_side() {
    insta::assert_snapshot!(shown("--hits-per-day 1000000 --compare"), @r"
    1,000,000 hits a day for 30 days in us-east-1, in USD, at the prices known on 2026-11-20

    service                   what                          quantity  beacon $             quantity  HTTP API + Python $
    ------------------------  -----------------  -------------------  --------  -------------------  -------------------
    Function URL              requests           30,000,000 requests      0.00
    API Gateway               HTTP API requests                                 30,000,000 requests                30.00
    Data transfer             out                           19.56 GB      0.00             19.56 GB                 0.00
    Lambda                    requests           30,000,000 requests      5.80  30,000,000 requests                 5.80
    Lambda                    duration                   41,250 GB-s      0.00         150,000 GB-s                 0.00
    Data Firehose             ingestion                    143.05 GB      4.15            143.05 GB                 4.15
    Data Firehose             conversion                   143.05 GB      2.57            143.05 GB                 2.57
    S3                        PUT                     8,638 requests      0.04       8,638 requests                 0.04
    S3                        storage                  2.79 GB-month      0.06        2.79 GB-month                 0.06
    S3                        LIST                   50,400 requests      0.25      50,400 requests                 0.25
    S3                        GET                   604,626 requests      0.24     604,626 requests                 0.24
    CloudWatch                alarms                11 alarm metrics      0.10
    CloudWatch                log lines                                                     8.38 GB                 1.69
    CloudWatch                log storage                                             1.26 GB-month                 0.00
    Glue                      catalogue                    3 objects      0.00          723 objects                 0.00
    Glue                      crawler                                                  10 DPU-hours                 4.40
    Athena                    scanned                      0.0382 TB      0.19            0.0382 TB                 0.19
    total, less what is free                                             13.42                                     49.41
    total at list prices                                                 16.93                                     56.41

    What you pay is the list price less what AWS gives every account each month for ever. Where the account uses
    that up otherwise, it is up to the list price.
    Lambda is reckoned with 11 ms a request (--duration-ms). Log lines of its own: none.
    The other column assumes 40 ms on x86_64, log lines of 300 bytes, a crawler once a day, and no alarms.
    The bucket holds the hits of 30 days; each further 30 days kept add 0.06 USD a month.
    Without a dated source is the price of: Data transfer out, Function URL requests.
    The prices were not read from AWS: check the current price pages before you rely on them:
      https://aws.amazon.com/api-gateway/pricing/
      https://aws.amazon.com/athena/pricing/
      https://aws.amazon.com/cloudwatch/pricing/
      https://aws.amazon.com/ec2/pricing/on-demand/
      https://aws.amazon.com/firehose/pricing/
      https://aws.amazon.com/glue/pricing/
      https://aws.amazon.com/lambda/pricing/
      https://aws.amazon.com/s3/pricing/
    ");
}

#[test]
fn a_bill_for_programs() {
    let text = shown("--hits-per-day 1000000 --compare=rest-api --output json");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["region"], "us-east-1");
    assert_eq!(report["setups"][0]["setup"]["entry_point"], "url");
    assert_eq!(report["setups"][1]["setup"]["entry_point"], "rest-api");
    let lines = report["setups"][0]["bill"]["lines"].as_array().unwrap();
    let lambda = lines
        .iter()
        .find(|line| line["service"] == "Lambda" && line["what"] == "requests")
        .unwrap();
    assert_eq!(lambda["quantity"], 30e6);
    assert_eq!(lambda["unit_price"], "$0.20/million");
    assert_eq!(lambda["free_quantity"], 1e6);
}
