use aws_sdk_athena::types::AthenaError;

use super::*;

#[track_caller]
fn check(reason: &str, retryable: bool, expected: &str) {
    let status = QueryExecutionStatus::builder()
        .state_change_reason(reason)
        .athena_error(AthenaError::builder().retryable(retryable).build())
        .build();
    assert_eq!(for_reader("q-1", &status), expected);
}

#[test]
fn a_reader_learns_what_to_do_and_no_details() {
    check(
        "HIVE_BAD_DATA: Error reading s3://secret/hits/year=2026/x.parquet",
        false,
        "Athena failed with HIVE_BAD_DATA: its reason is in the function's log (query q-1)",
    );
    check(
        "Access denied: s3://secret/",
        false,
        "Athena failed: its reason is in the function's log (query q-1)",
    );
    check("", true, "Athena failed: ask again (query q-1)");
    check(
        "Query cancelled! : Bytes scanned limit was exceeded",
        false,
        "the question would read more than the work group lets one query read: ask for a shorter time, or raise \
             ScanCutoffBytes",
    );
}

#[test]
fn the_owner_learns_what_athena_says_of_their_sql() {
    #[track_caller]
    fn check(reason: &str, expected: &str) {
        let status = QueryExecutionStatus::builder().state_change_reason(reason);
        // 2026-11-21 05:30 UTC
        assert_eq!(for_owner(&status.build(), 1_795_239_000_000), expected);
    }
    let syntax = "SYNTAX_ERROR: line 1:8: Column 'pge' cannot be resolved";
    check(syntax, syntax);
    check("", "Athena failed and gives no reason: run the query again");
    check(
        "Query cancelled! : Bytes scanned limit was exceeded",
        "the query would read more than the work group lets one query read: name a period in its WHERE, such as \
         year = 2026 AND month = 11 AND day = 21, or raise ScanCutoffBytes",
    );
}
