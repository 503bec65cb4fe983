//! API keys: what they open, and how they end.

use beacon_dashboard::api_keys;
use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, NOW_MS, about_today, location, session};

async fn make(caller: &Caller, body: Value) -> Value {
    let cookie = session(caller).await;
    let made = caller
        .post("/api/keys", &[("cookie", &cookie)], &body)
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    made.json()
}

fn bearer(made: &Value) -> String {
    format!("Bearer {}", made["key"].as_str().unwrap())
}

#[tokio::test]
async fn a_key_for_all_sites_reads_everything_and_changes_nothing() {
    let caller = Caller::protected();
    let made = make(&caller, json!({"name": "Grafana"})).await;
    let authorization = bearer(&made);
    let with = [("authorization", authorization.as_str())];
    let about = caller.get("/api/about", &with).await.json();
    assert_eq!(
        about["access"],
        json!({"kind": "key", "site": null, "until_ms": null})
    );
    assert_eq!(about["custom_columns"], json!(["userid"]));
    let mut ask = about_today("totals");
    ask["column"] = json!({"name": "userid", "value": "7"});
    let path = location(&caller.post("/api/queries", &with, &ask).await);
    let answer = caller.get(&path, &with).await.json();
    assert_eq!(answer["state"], "succeeded");
    assert!(answer["statistics"].is_object());
    let csv = caller.get(&format!("{path}/csv"), &with).await;
    assert_eq!(csv.status, StatusCode::OK);
    assert_eq!(
        caller.get("/api/changes", &with).await.json()["undelivered_s"],
        7_500
    );

    for (method, path, body) in [
        ("GET", "/api/keys", json!(null)),
        ("POST", "/api/keys", json!({"name": "another"})),
        ("DELETE", "/api/keys/1", json!(null)),
        ("GET", "/api/shares", json!(null)),
        (
            "POST",
            "/api/shares",
            json!({"site": "a", "until_ms": NOW_MS + 1}),
        ),
        ("DELETE", "/api/shares/1", json!(null)),
    ] {
        let headers = [with[0], ("content-type", "application/json")];
        let reply = caller.call(method, path, &headers, &body.to_string()).await;
        assert_eq!(reply.problem().0, 403, "{method} {path}");
        assert_eq!(
            reply.header("www-authenticate"),
            "Bearer realm=\"beacon\", error=\"insufficient_scope\""
        );
    }
}

#[tokio::test]
async fn a_key_for_one_site_has_the_permissions_of_a_share_link() {
    let caller = Caller::protected();
    let made = make(
        &caller,
        json!({"name": "Ada", "site": "XN--mnchen-3ya.example"}),
    )
    .await;
    let authorization = bearer(&made);
    let with = [("authorization", authorization.as_str())];
    let about = caller.get("/api/about", &with).await.json();
    assert_eq!(
        about["access"],
        json!({"kind": "key", "site": "münchen.example", "until_ms": null})
    );
    assert_eq!(about["custom_columns"], json!([]));
    let path = location(&caller.ask("totals", &with).await);
    assert_eq!(caller.engine.parameters("1")[11], "münchen.example");
    let answer = caller.get(&path, &with).await.json();
    assert!(answer.get("statistics").is_none());
    let mut other = about_today("totals");
    other["site"] = json!("b.example");
    assert_eq!(
        caller.post("/api/queries", &with, &other).await.problem(),
        (403, "this key is for münchen.example only".to_owned())
    );
    let mut column = about_today("totals");
    column["column"] = json!({"name": "userid", "value": "7"});
    assert_eq!(
        caller.post("/api/queries", &with, &column).await.problem(),
        (
            403,
            "a key can't be filtered or grouped by a custom column or a property".to_owned()
        )
    );
    assert_eq!(caller.get("/api/keys", &with).await.problem().0, 403);
}

#[tokio::test]
async fn a_key_is_shown_once_and_ends_when_it_is_revoked() {
    let caller = Caller::protected();
    let cookie = session(&caller).await;
    let owner = [("cookie", cookie.as_str())];
    let made = make(&caller, json!({"name": " Grafana ", "site": null})).await;
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("beacon_"), "{key}");
    assert_eq!(key.len(), 50);
    let other = make(&caller, json!({"name": "Ada", "site": "a.example"})).await;
    let list = caller.get("/api/keys", &owner).await;
    let last4 = |made: &Value| made["key"].as_str().unwrap()[46..].to_owned();
    assert_eq!(
        list.json(),
        json!({"keys": [
            {"id": made["id"], "name": "Grafana", "site": null, "last4": last4(&made), "created_ms": NOW_MS},
            {"id": other["id"], "name": "Ada", "site": "a.example", "last4": last4(&other), "created_ms": NOW_MS},
        ]})
    );
    let document = std::fs::read_to_string(caller.document()).unwrap();
    for text in [list.text(), document] {
        assert!(!text.contains(&key[7..46]), "{text}");
    }

    let authorization = bearer(&made);
    let with = [("authorization", authorization.as_str())];
    assert_eq!(caller.get("/api/about", &with).await.status, 200);
    let path = format!("/api/keys/{}", made["id"].as_str().unwrap());
    let ended = caller.call("DELETE", &path, &owner, "").await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let refused = caller.get("/api/about", &with).await;
    assert_eq!(
        refused.problem(),
        (
            401,
            "this key is not valid, or was revoked: ask for a new one".to_owned()
        )
    );
    assert_eq!(
        refused.header("www-authenticate"),
        "Bearer realm=\"beacon\", error=\"invalid_token\""
    );
    let authorization = bearer(&other);
    let with = [("authorization", authorization.as_str())];
    assert_eq!(caller.get("/api/about", &with).await.status, 200);
    // From the command, in another process.
    let id = other["id"].as_str().unwrap();
    api_keys::revoke(&caller.other_process(), id, NOW_MS)
        .await
        .unwrap();
    caller.pass_ms(60_000);
    assert_eq!(caller.get("/api/about", &with).await.problem().0, 401);
}

#[tokio::test]
async fn what_is_no_key_of_ours_opens_nothing_and_does_not_stand_in_the_way() {
    let caller = Caller::protected();
    let cookie = session(&caller).await;
    let unknown = format!("Bearer beacon_{}", "A".repeat(43));
    for wrong in ["Bearer beacon_", "bearer beacon_abc", &unknown] {
        let headers = [("authorization", wrong), ("cookie", &cookie)];
        let reply = caller.get("/api/about", &headers).await;
        assert_eq!(reply.problem().0, 401, "{wrong}");
    }
    // A proxy's own.
    for others in ["Basic YTpi", "Bearer eyJhbGciOi", "Bearer"] {
        let headers = [("authorization", others), ("cookie", &cookie)];
        assert_eq!(caller.get("/api/about", &headers).await.status, 200);
        let without_session = caller.get("/api/about", &headers[..1]).await;
        assert_eq!(without_session.problem().0, 401);
        assert_eq!(
            without_session.header("www-authenticate"),
            "Bearer realm=\"beacon\""
        );
    }
}

#[tokio::test]
async fn a_key_has_a_name_and_one_site_or_all() {
    let caller = Caller::open();
    for body in [
        json!({}),
        json!({"name": ""}),
        json!({"name": "a", "site": "*"}),
        json!({"name": "a", "site": ""}),
        json!({"name": "a", "scope": "write"}),
    ] {
        let reply = caller.post("/api/keys", &[], &body).await;
        assert_eq!(reply.problem().0, 422, "{body}");
    }
    assert!(!caller.document().exists());
}
