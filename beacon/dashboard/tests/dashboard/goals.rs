//! Goals and saved filters: who changes them, who sees them, and what they can't be.

use beacon_core::time::DAY_MS;
use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, NOW_MS, Reply};

async fn put(caller: &Caller, target: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
    let headers = [headers, &[("content-type", "application/json")]].concat();
    caller
        .call("PUT", target, &headers, &body.to_string())
        .await
}

fn goal(name: &str, filters: Value) -> Value {
    json!({"name": name, "filters": filters})
}

#[tokio::test]
async fn goals_and_saved_filters_are_replaced_as_a_whole() {
    let caller = Caller::open();
    let about = caller.get("/api/about", &[]).await.json();
    assert_eq!((&about["goals"], &about["saved"]), (&json!([]), &json!([])));
    let goals = json!([
        goal(
            "Sign-ups",
            json!([{"column": "event", "op": "is", "values": ["signup", "register"]}])
        ),
        goal(
            "Paid",
            json!([
                {"column": "event", "op": "starts_with", "values": ["buy"]},
                {"column": "prop.plan", "op": "is_not", "values": ["free"]},
                {"column": "agent", "op": "is", "values": ["human"]},
            ])
        ),
    ]);
    let saved = json!([{"name": "Phones", "search": "?device=phone&page.starts=/a"}]);
    let reply = put(&caller, "/api/goals", &[], &json!({"goals": goals})).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
    let reply = put(&caller, "/api/saved", &[], &json!({"saved": saved})).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
    let about = caller.get("/api/about", &[]).await.json();
    assert_eq!((&about["goals"], &about["saved"]), (&goals, &saved));
    // Keys and links stay.
    let body = json!({"name": "a"});
    let made = caller.post("/api/keys", &[], &body).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let reply = put(&caller, "/api/goals", &[], &json!({"goals": []})).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    let about = caller.get("/api/about", &[]).await.json();
    assert_eq!((&about["goals"], &about["saved"]), (&json!([]), &saved));
    let keys = caller.get("/api/keys", &[]).await.json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn guests_see_the_goals_that_they_may_ask_by_and_change_none() {
    let caller = Caller::open();
    let event = json!({"column": "event", "op": "is", "values": ["signup"]});
    let goals = json!({"goals": [
        goal("For all", json!([event, {"column": "agent", "op": "is", "values": ["human"]}])),
        goal("By column", json!([event, {"column": "userid", "op": "is_empty"}])),
        goal("By property", json!([event, {"column": "prop.plan", "op": "is_empty"}])),
        goal("Of a site", json!([event, {"column": "site", "op": "is", "values": ["secret.example"]}])),
    ]});
    let reply = put(&caller, "/api/goals", &[], &goals).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
    let saved = json!({"saved": [{"name": "Secret", "search": "?site=secret.example"}]});
    put(&caller, "/api/saved", &[], &saved).await;
    let body = json!({"site": "a.example", "until_ms": NOW_MS + DAY_MS});
    let link = caller.post("/api/shares", &[], &body).await.json();
    let guest = [("x-beacon-share", link["token"].as_str().unwrap())];
    let about = caller.get("/api/about", &guest).await;
    assert!(!about.text().contains("secret.example"), "{}", about.text());
    let about = about.json();
    assert_eq!(about["goals"], json!([goals["goals"][0]]));
    assert_eq!(about["saved"], json!([]));

    let key = caller.post("/api/keys", &[], &json!({"name": "a"})).await;
    let authorization = format!("Bearer {}", key.json()["key"].as_str().unwrap());
    let reader = [("authorization", authorization.as_str())];
    let about = caller.get("/api/about", &reader).await.json();
    assert_eq!(about["goals"], goals["goals"]);
    assert_eq!(about["saved"], saved["saved"]);
    for headers in [guest, reader] {
        for (target, body) in [("/api/goals", &goals), ("/api/saved", &saved)] {
            let reply = put(&caller, target, &headers, body).await;
            assert_eq!(reply.problem().0, 403, "{target}");
        }
    }
    let protected = Caller::protected();
    assert_eq!(
        put(&protected, "/api/goals", &[], &goals).await.problem().0,
        401
    );
}

#[tokio::test]
async fn what_can_be_no_goal_says_why() {
    let caller = Caller::open();
    let check = async |goals: Value, expected: &str| {
        let reply = put(&caller, "/api/goals", &[], &json!({"goals": goals})).await;
        let (status, detail) = reply.problem();
        assert_eq!(status, 422, "{detail}");
        assert!(detail.contains(expected), "{detail}");
    };
    let event = json!({"column": "event", "op": "is", "values": ["signup"]});
    check(
        json!([goal(" ", json!([event]))]),
        "the name of a goal has 0 characters",
    )
    .await;
    check(
        json!([goal("a", json!([event])), goal(" a ", json!([event]))]),
        "two have the name \"a\"",
    )
    .await;
    check(
        json!([goal("a", json!([]))]),
        "the goal \"a\" has no condition on event",
    )
    .await;
    check(
        json!([goal(
            "a",
            json!([event, {"column": "ip", "op": "is", "values": ["1"]}])
        )]),
        "the goal \"a\": ",
    )
    .await;
    check(
        json!([goal(
            "a",
            json!([{"column": "event", "op": "like", "values": ["1"]}])
        )]),
        "the goal \"a\": ",
    )
    .await;
    check(
        json!([goal(
            "a",
            json!([event, {"column": "agent", "op": "is", "values": ["robot"]}])
        )]),
        "unknown agent class \"robot\"",
    )
    .await;
    let many: Vec<Value> = (0..101)
        .map(|number| goal(&number.to_string(), json!([event])))
        .collect();
    check(json!(many), "at most 100 are kept").await;
    assert!(!caller.document().exists());
}

#[tokio::test]
async fn what_can_be_no_saved_filter_says_why() {
    let caller = Caller::open();
    let check = async |saved: Value, expected: &str| {
        let reply = put(&caller, "/api/saved", &[], &json!({"saved": saved})).await;
        let (status, detail) = reply.problem();
        assert_eq!(status, 422, "{detail}");
        assert!(detail.contains(expected), "{detail}");
    };
    check(
        json!([{"name": "a", "search": "x".repeat(2_001)}]),
        "the saved filter \"a\" has 2001 characters",
    )
    .await;
    check(
        json!([{"name": "a", "search": "?a=b\n"}]),
        "a control character or #",
    )
    .await;
    check(
        json!([{"name": "a", "search": "?a"}, {"name": "a", "search": "?b"}]),
        "two have the name \"a\"",
    )
    .await;
    check(json!([{"name": "a"}]), "missing field `search`").await;
    assert!(!caller.document().exists());
}
