use std::time::Duration;

use beacon_aws::{Credentials, TrustStore};
use beacon_testing::dynamodb::{FakeDynamoDb, TableFault};
use serde_json::{Value, json};

use super::*;

/// 2026-11-26T12:00:00Z
const NOON_MS: u64 = 1_795_694_400_000;
const MIDNIGHT_MS: u64 = NOON_MS + DAY_MS / 2;
/// Longer than a stall of the machine.
const PATIENCE_MS: u64 = 30_000;
const MIDNIGHT: &str = "2026-11-27T00:00:00Z";

fn table(endpoint: &FakeDynamoDb, clock: fn() -> u64) -> SaltTable {
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        credentials: Credentials::fixed("AKIDEXAMPLE", "secret", None),
        endpoint_url: Some(format!("http://{}", endpoint.address())),
        trust_store: TrustStore::amazon(),
        attempt_timeout: Duration::from_millis(PATIENCE_MS),
    };
    SaltTable::new("salts".to_owned(), connection, clock)
}

fn item() -> Value {
    json!({"ends_at": {"S": MIDNIGHT}, "salt": {"B": STANDARD.encode([7; SALT_BYTES])}})
}

#[test]
fn names_are_those_of_tables() {
    for name in [
        "abc",
        "beacon-VisitorStack-1A.SaltTable_1",
        &"x".repeat(255),
    ] {
        assert!(is_table_name(name), "{name}");
    }
    for name in [
        "",
        "ab",
        "a b",
        "arn:aws:dynamodb",
        "täble",
        &"x".repeat(256),
    ] {
        assert!(!is_table_name(name), "{name}");
    }
}

/// EventBridge Scheduler writes the moment so, and the deletion finds the item by the same text.
#[test]
fn the_key_is_the_moment_as_the_scheduler_writes_it() {
    assert_eq!(key(MIDNIGHT_MS), MIDNIGHT);
    assert_eq!(key(0), "1970-01-01T00:00:00Z");
}

#[tokio::test]
async fn a_salt_is_found_under_the_midnight_that_ends_its_day() {
    let endpoint = FakeDynamoDb::start().await;
    endpoint.put(MIDNIGHT, item());
    let table = table(&endpoint, || NOON_MS);
    for at_ms in [NOON_MS, MIDNIGHT_MS - DAY_MS, MIDNIGHT_MS - 1] {
        let salt = table.salt(at_ms).await.unwrap().unwrap();
        assert!(salt.is_of(at_ms), "{at_ms}");
    }
    let read: Vec<String> = endpoint
        .calls()
        .into_iter()
        .map(|call| call.operation)
        .collect();
    assert_eq!(read, ["GetItem"; 3]);
}

#[tokio::test]
async fn an_item_without_a_salt_gets_one() {
    let endpoint = FakeDynamoDb::start().await;
    endpoint.put(MIDNIGHT, json!({"ends_at": {"S": MIDNIGHT}}));
    let salt = table(&endpoint, || NOON_MS).salt(NOON_MS).await.unwrap();
    assert!(salt.unwrap().is_of(NOON_MS));
    assert!(endpoint.items()[MIDNIGHT]["salt"]["B"].is_string());
}

/// The item is deleted at midnight: one that is made after it would stay.
#[tokio::test]
async fn no_salt_is_made_for_a_day_that_is_over_or_in_its_last_moment() {
    let clocks: [fn() -> u64; 3] = [
        || MIDNIGHT_MS,
        || MIDNIGHT_MS + 1,
        || MIDNIGHT_MS - LAST_MOMENT_MS,
    ];
    for clock in clocks {
        let endpoint = FakeDynamoDb::start().await;
        let salt = table(&endpoint, clock).salt(MIDNIGHT_MS - 1).await;
        assert!(salt.unwrap().is_none());
        assert_eq!(endpoint.items().len(), 0);
    }
    // Before that it is made, and one that is there already is taken.
    let endpoint = FakeDynamoDb::start().await;
    let early = table(&endpoint, || MIDNIGHT_MS - LAST_MOMENT_MS - PATIENCE_MS);
    assert!(early.salt(NOON_MS).await.unwrap().is_some());
    let endpoint = FakeDynamoDb::start().await;
    endpoint.put(MIDNIGHT, item());
    let salt = table(&endpoint, || MIDNIGHT_MS).salt(MIDNIGHT_MS - 1).await;
    assert!(salt.unwrap().is_some());
}

/// A call that lasts over midnight arrives after the deletion, so it is not waited for, however long the timeout is.
#[tokio::test]
async fn a_call_that_makes_a_salt_is_given_up_before_the_last_moment() {
    let endpoint = FakeDynamoDb::start().await;
    endpoint.script([TableFault::Answer, TableFault::Silence]);
    let table = table(&endpoint, || MIDNIGHT_MS - LAST_MOMENT_MS - 20);
    let error = table.salt(NOON_MS).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "timed out: DynamoDB took longer than 20 ms"
    );
    assert_eq!(endpoint.items().len(), 0);
}

#[tokio::test]
async fn a_table_that_is_not_there_is_unreachable() {
    let nobody = beacon_testing::machine::Unreachable::bind();
    let endpoint = FakeDynamoDb::start().await;
    let mut table = table(&endpoint, || NOON_MS);
    table.connection.endpoint_url = Some(format!("http://{}", nobody.address()));
    let error = table.salt(NOON_MS).await.unwrap_err();
    assert_eq!(error.kind, SaltErrorKind::Unreachable, "{error}");
}

#[test]
fn a_limit_or_a_fault_of_the_service_is_busy() {
    let kind = |code: &str| {
        kind_of(&CallError::Refused {
            operation: "GetItem".to_owned(),
            code: code.to_owned(),
            message: String::new(),
        })
    };
    for code in ["ThrottlingException", "InternalServerError", "status 503"] {
        assert_eq!(kind(code), SaltErrorKind::Busy, "{code}");
    }
    for code in [
        "AccessDeniedException",
        "ResourceNotFoundException",
        "status 403",
    ] {
        assert_eq!(kind(code), SaltErrorKind::Refused, "{code}");
    }
}
