//! Bills as people and programs see them.

use super::*;

/// The output up to its table.
fn table(arguments: &str) -> String {
    let text = shown(arguments);
    let (head, rest) = text.split_once("\n\n").unwrap();
    let (table, _) = rest.split_once("\n\n").unwrap();
    format!("{head}\n\n{table}")
}

/// The output after its table.
fn notes(arguments: &str) -> String {
    let text = shown(arguments);
    let (_, notes) = text.rsplit_once("\n\n").unwrap();
    notes.to_owned()
}

#[test]
fn a_bill_for_people() {
    insta::assert_snapshot!(table("--hits-per-day 1000000"), @"
    1,000,000 hits a day for 30 days in us-east-1, in USD, at prices of 2026-11-20

    service        what                                              quantity          unit price  list price  you pay
    -------------  -------------------------------------  -------------------  ------------------  ----------  -------
    Function URL   requests                               30,000,000 requests       $0.00/million        0.00     0.00
    Data transfer  out: responses of 700 bytes                       19.56 GB            $0.09/GB        1.76     0.00
    Lambda         requests                               30,000,000 requests       $0.20/million        6.00     5.80
    Lambda         duration: 11 ms, 128 MB, arm64                 41,250 GB-s  $0.0000133334/GB-s        0.55     0.00
    DynamoDB       reads: the salt, by 2% of requests      300,000 read units      $0.125/million        0.04     0.04
    Data Firehose  ingestion: 5,120 bytes per request               143.05 GB           $0.029/GB        4.15     4.15
    Data Firehose  conversion: to Parquet                           143.05 GB           $0.018/GB        2.57     2.57
    S3             PUT: a file every 300 s at most             8,638 requests        $0.005/1,000        0.04     0.04
    S3             storage: 30 days of 100 bytes per hit        2.79 GB-month     $0.023/GB-month        0.06     0.06
    S3             LIST: by queries, one for each hour        50,400 requests        $0.005/1,000        0.25     0.25
    S3             GET: by queries, one for each file        604,626 requests       $0.0004/1,000        0.24     0.24
    CloudWatch     alarms                                    12 alarm metrics  $0.10/alarm metric        1.20     0.20
    Glue           catalog                                          4 objects       $1.00/100,000      < 0.01     0.00
    Athena         scanned: 300 queries of 134 MB                   0.0382 TB            $5.00/TB        0.19     0.19
    total                                                                                               17.06    13.55
    ");
}

#[test]
fn a_hundred_hits_a_day_for_people() {
    insta::assert_snapshot!(table("--hits-per-day 100 --queries-per-day 1"), @"
    100 hits a day for 30 days in us-east-1, in USD, at prices of 2026-11-20

    service        what                                           quantity          unit price  list price  you pay
    -------------  -------------------------------------  ----------------  ------------------  ----------  -------
    Function URL   requests                                 3,000 requests       $0.00/million        0.00     0.00
    Data transfer  out: responses of 700 bytes                   0.0020 GB            $0.09/GB      < 0.01     0.00
    Lambda         requests                                 3,000 requests       $0.20/million      < 0.01     0.00
    Lambda         duration: 11 ms, 128 MB, arm64                4.12 GB-s  $0.0000133334/GB-s      < 0.01     0.00
    DynamoDB       reads: the salt, by 2% of requests        30 read units      $0.125/million      < 0.01   < 0.01
    Data Firehose  ingestion: 5,120 bytes per request            0.0143 GB           $0.029/GB      < 0.01   < 0.01
    Data Firehose  conversion: to Parquet                        0.0143 GB           $0.018/GB      < 0.01   < 0.01
    S3             PUT: a file every 300 s at most          2,227 requests        $0.005/1,000        0.01     0.01
    S3             storage: 30 days of 100 bytes per hit   0.0003 GB-month     $0.023/GB-month      < 0.01   < 0.01
    S3             LIST: by queries, one for each hour      5,040 requests        $0.005/1,000        0.03     0.03
    S3             GET: by queries, one for each file      15,588 requests       $0.0004/1,000        0.01     0.01
    CloudWatch     alarms                                 12 alarm metrics  $0.10/alarm metric        1.20     0.20
    Glue           catalog                                       4 objects       $1.00/100,000      < 0.01     0.00
    Athena         scanned: 30 queries of 10 MB                  0.0003 TB            $5.00/TB      < 0.01   < 0.01
    total                                                                                             1.25     0.24
    ");
}

#[test]
fn two_setups_side_by_side() {
    insta::assert_snapshot!(table("--hits-per-day 1000000 --compare"), @"
    1,000,000 hits a day for 30 days in us-east-1, in USD, at prices of 2026-11-20

    service                      what                          quantity  beacon $             quantity  HTTP API + Python $
    ---------------------------  -----------------  -------------------  --------  -------------------  -------------------
    Function URL                 requests           30,000,000 requests      0.00
    API Gateway                  HTTP API requests                                 30,000,000 requests                30.00
    Data transfer                out                           19.56 GB      0.00             19.56 GB                 0.00
    Lambda                       requests           30,000,000 requests      5.80  30,000,000 requests                 5.80
    Lambda                       duration                   41,250 GB-s      0.00         150,000 GB-s                 0.00
    DynamoDB                     reads               300,000 read units      0.04
    Data Firehose                ingestion                    143.05 GB      4.15            143.05 GB                 4.15
    Data Firehose                conversion                   143.05 GB      2.57            143.05 GB                 2.57
    S3                           PUT                     8,638 requests      0.04       8,638 requests                 0.04
    S3                           storage                  2.79 GB-month      0.06        2.79 GB-month                 0.06
    S3                           LIST                   50,400 requests      0.25      50,400 requests                 0.25
    S3                           GET                   604,626 requests      0.24     604,626 requests                 0.24
    CloudWatch                   alarms                12 alarm metrics      0.20
    CloudWatch                   log lines                                                     8.38 GB                 1.69
    CloudWatch                   log storage                                             1.26 GB-month                 0.00
    Glue                         catalog                      4 objects      0.00          724 objects                 0.00
    Glue                         crawler                                                  10 DPU-hours                 4.40
    Athena                       scanned                      0.0382 TB      0.19            0.0382 TB                 0.19
    total minus free allowances                                             13.55                                     49.41
    total at list prices                                                    17.06                                     56.41
    ");
}

#[test]
fn notes_say_what_a_bill_assumes() {
    insta::assert_snapshot!(notes("--hits-per-day 1000000"), @"
    You pay the list price minus AWS's always-free allowances. If other use of the account takes these up, you pay up
    to the list price.
    Assumes 11 ms of Lambda per request (--duration-ms), and no log lines of Lambda's own.
    The bucket keeps 30 days of hits; every further 30 days add 0.06 USD a month.
    No dated source for: Data transfer out, DynamoDB reads, Function URL requests.
    These prices were not read from AWS. Check the current price pages before you rely on them:
      https://aws.amazon.com/athena/pricing/
      https://aws.amazon.com/cloudwatch/pricing/
      https://aws.amazon.com/dynamodb/pricing/
      https://aws.amazon.com/ec2/pricing/on-demand/
      https://aws.amazon.com/firehose/pricing/
      https://aws.amazon.com/glue/pricing/
      https://aws.amazon.com/lambda/pricing/
      https://aws.amazon.com/s3/pricing/
    ");
}

#[test]
fn notes_of_few_hits_say_less_than_a_cent() {
    let few = notes("--hits-per-day 100 --system-log-level info");
    assert!(
        few.contains("every further 30 days add < 0.01 USD a month."),
        "{few}"
    );
    assert!(
        few.contains("and 400 bytes of log lines per request of Lambda's own."),
        "{few}"
    );
}

#[test]
fn notes_of_a_comparison_say_what_the_other_column_assumes() {
    let both = notes("--hits-per-day 1000000 --compare");
    insta::assert_snapshot!(both.lines().filter(|line| line.contains("other column")).collect::<String>(), @"The other column assumes 40 ms on x86_64, 300 bytes of log lines per request, a daily crawler, and no alarms.");
    assert!(
        both.contains("\n  https://aws.amazon.com/api-gateway/pricing/\n"),
        "{both}"
    );
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
