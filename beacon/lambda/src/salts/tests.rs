use std::time::Duration;

use beacon_aws::{Connection, Credentials, TrustStore};
use beacon_testing::dynamodb::{FakeDynamoDb, TableFault};

use super::*;

/// 2026-11-26T12:00:00Z
const NOON_MS: u64 = 1_795_694_400_000;
const MIDNIGHT_MS: u64 = NOON_MS + DAY_MS / 2;

fn salts(endpoint: &FakeDynamoDb) -> Salts {
    salts_at(endpoint, || NOON_MS)
}

fn salts_at(endpoint: &FakeDynamoDb, clock: fn() -> u64) -> Salts {
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        credentials: Credentials::fixed("AKIDEXAMPLE", "secret", None),
        endpoint_url: Some(format!("http://{}", endpoint.address())),
        trust_store: TrustStore::amazon(),
        attempt_timeout: Duration::from_secs(30),
    };
    let table = SaltTable::new("salts".to_owned(), connection, clock);
    Salts::new(table, "hits".to_owned())
}

#[tokio::test]
async fn a_day_has_one_salt_and_the_next_day_another() {
    let endpoint = FakeDynamoDb::start().await;
    let salts = salts(&endpoint);
    let mut log = Vec::new();
    let today = salts.salt(NOON_MS, &mut log).await.unwrap();
    let later = salts
        .salt(NOON_MS + DAY_MS / 2 - 1, &mut log)
        .await
        .unwrap();
    assert!(Arc::ptr_eq(&today, &later));
    let midnight = NOON_MS + DAY_MS / 2;
    let tomorrow = salts.salt(midnight, &mut log).await.unwrap();
    assert!(tomorrow.is_of(midnight) && !today.is_of(midnight));
    let items = endpoint.items();
    let keys: Vec<&str> = items.keys().map(String::as_str).collect();
    assert_eq!(keys, ["2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z"]);
    assert_ne!(items[keys[0]]["salt"], items[keys[1]]["salt"]);
    assert_eq!(log, b"");
}

#[tokio::test]
async fn a_salt_is_dropped_when_its_day_is_over() {
    let endpoint = FakeDynamoDb::start().await;
    let salts = salts(&endpoint);
    let salt = salts.salt(NOON_MS, &mut Vec::new()).await.unwrap();
    let held = Arc::downgrade(&salt);
    drop(salt);
    salts.forget_ended(NOON_MS + DAY_MS / 2 - 1);
    assert!(held.upgrade().is_some());
    salts.forget_ended(NOON_MS + DAY_MS / 2);
    assert!(held.upgrade().is_none());
}

/// A second after the first failure, twice as long after each further one, at most some minute: only one hit waits then.
#[tokio::test]
async fn after_a_failure_no_hit_waits_for_a_while() {
    let endpoint = FakeDynamoDb::start().await;
    endpoint.always(TableFault::Error(500, "InternalServerError"));
    let salts = salts(&endpoint);
    let mut log = Vec::new();
    let mut at_ms = NOON_MS;
    for (tries, pause_ms) in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 64_000]
        .into_iter()
        .enumerate()
    {
        for moment in [at_ms, at_ms + 1, at_ms + pause_ms - 1] {
            assert!(salts.salt(moment, &mut log).await.is_none());
            assert_eq!(endpoint.calls().len(), tries + 1, "{moment}");
        }
        at_ms += pause_ms;
    }
    assert_eq!(log.iter().filter(|byte| **byte == b'\n').count(), 8);
    endpoint.always(TableFault::Answer);
    assert!(salts.salt(at_ms, &mut log).await.is_some());
}

#[tokio::test]
async fn a_success_or_a_clock_that_is_set_back_ends_the_pause() {
    let endpoint = FakeDynamoDb::start().await;
    let fault = TableFault::Error(400, "AccessDeniedException");
    endpoint.script([fault.clone(), TableFault::Answer, TableFault::Answer, fault]);
    let salts = salts(&endpoint);
    let mut log = Vec::new();
    assert!(salts.salt(NOON_MS, &mut log).await.is_none());
    assert!(salts.salt(NOON_MS - 1, &mut log).await.is_some());
    let tomorrow = NOON_MS + DAY_MS;
    assert!(salts.salt(tomorrow, &mut log).await.is_none());
    // The pause is as short as after a first failure.
    assert!(
        salts
            .salt(tomorrow + FIRST_PAUSE_MS, &mut log)
            .await
            .is_some()
    );
}

/// No salt is made in the last moment of a day, and no hit of that moment asks once more. The next day's first hit asks.
#[tokio::test]
async fn a_day_that_ends_without_a_salt_costs_one_call() {
    let endpoint = FakeDynamoDb::start().await;
    let salts = salts_at(&endpoint, || MIDNIGHT_MS - 1);
    let mut log = Vec::new();
    for at_ms in [MIDNIGHT_MS - 500, MIDNIGHT_MS - 499, MIDNIGHT_MS - 1] {
        assert!(salts.salt(at_ms, &mut log).await.is_none(), "{at_ms}");
        assert_eq!(endpoint.calls().len(), 1, "{at_ms}");
    }
    let fault = TableFault::Error(500, "InternalServerError");
    endpoint.script([fault, TableFault::Answer, TableFault::Answer]);
    assert_eq!(log, b"");
    assert!(salts.salt(MIDNIGHT_MS, &mut log).await.is_none());
    assert!(
        salts
            .salt(MIDNIGHT_MS + FIRST_PAUSE_MS, &mut log)
            .await
            .is_some()
    );
}

#[tokio::test]
async fn the_log_line_is_a_metric_by_reason() {
    let endpoint = FakeDynamoDb::start().await;
    endpoint.always(TableFault::Error(400, "ResourceNotFoundException"));
    let mut log = Vec::new();
    salts(&endpoint).salt(NOON_MS, &mut log).await;
    let line: serde_json::Value = serde_json::from_slice(&log).unwrap();
    assert_eq!(
        line,
        json!({
            "level": "ERROR",
            "timestamp": "2026-11-26T12:00:00Z",
            "message": "no salt, so hits have no visitor",
            "error": "refused: AWS refuses GetItem: ResourceNotFoundException: told to fail",
            "next_try_in_ms": 1_000,
            "_aws": {
                "Timestamp": NOON_MS,
                "CloudWatchMetrics": [{
                    "Namespace": "Beacon",
                    "Dimensions": [["Stream", "Reason"]],
                    "Metrics": [{"Name": "SaltFailures", "Unit": "Count"}],
                }],
            },
            "Stream": "hits",
            "Reason": "refused",
            "SaltFailures": 1,
        })
    );
}
