//! SQL: for the owner alone, polled and downloaded as named queries are.

use beacon_core::schema::Schema;
use http::StatusCode;
use serde_json::json;

use crate::caller::{Caller, NOW_MS, PASSWORD, about_today, location};

const SELECT: &str = "SELECT page, views FROM hits";

#[tokio::test]
async fn sql_is_answered_like_a_question_without_its_text() {
    let caller = Caller::open();
    let submitted = caller.post("/api/sql", &[], &json!({"sql": SELECT})).await;
    let path = location(&submitted);
    assert_eq!(
        path,
        format!("/api/queries/{}", submitted.json()["id"].as_str().unwrap())
    );
    assert_eq!(caller.engine.sql("1"), SELECT);
    let answer = caller.get(&path, &[]).await.json();
    assert_eq!(answer["state"], "succeeded");
    assert_eq!(
        answer["columns"][1],
        json!({"name": "views", "type": "bigint"})
    );
    assert_eq!(answer["rows"][0], json!(["/", 1]));
    assert_eq!(answer["statistics"]["bytes_scanned"], 7);
    for absent in ["question", "sql", "parameters"] {
        assert!(answer.get(absent).is_none(), "{answer}");
    }
    let csv = caller.get(&format!("{path}/csv"), &[]).await;
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"sql-2026-11-21.csv\""
    );
    let cancelled = caller.call("DELETE", &path, &[], "").await;
    assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn guests_neither_run_sql_nor_see_its_results() {
    const REFUSED: &str =
        "SQL reads all sites with all columns, and is for the dashboard's owner only";
    let caller = Caller::open();
    let wanted = json!({"site": "a.example", "name": "Friends", "until_ms": NOW_MS + 60_000});
    let made = caller.post("/api/shares", &[], &wanted).await.json();
    let guest = [("x-beacon-share", made["token"].as_str().unwrap())];
    let body = json!({"sql": SELECT});
    let path = location(&caller.post("/api/sql", &[], &body).await);
    let csv = format!("{path}/csv");
    for refused in [
        caller.post("/api/sql", &guest, &body).await,
        caller.get("/api/table", &guest).await,
        caller.get(&path, &guest).await,
        caller.get(&csv, &guest).await,
        caller.call("DELETE", &path, &guest, "").await,
    ] {
        assert_eq!(refused.problem(), (403, REFUSED.to_owned()));
    }
    assert_eq!(caller.engine.count(), 1);
    assert_eq!(caller.get("/api/about", &guest).await.json()["sql"], false);
    assert_eq!(caller.get("/api/about", &[]).await.json()["sql"], true);
}

#[tokio::test]
async fn sql_needs_the_password_and_this_sites_own_page() {
    let body = json!({"sql": SELECT});
    let protected = Caller::protected();
    assert_eq!(
        protected.post("/api/sql", &[], &body).await.problem().0,
        401
    );
    assert_eq!(protected.get("/api/table", &[]).await.problem().0, 401);
    let cookie = protected.log_in(PASSWORD).await;
    let cookie = cookie.header("set-cookie").split(';').next().unwrap();
    let cookie = [("cookie", cookie)];
    location(&protected.post("/api/sql", &cookie, &body).await);

    let caller = Caller::open();
    for foreign in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://localhost:9999"),
    ] {
        let refused = caller.post("/api/sql", &[foreign], &body).await;
        assert_eq!(refused.problem().0, 403, "{foreign:?}");
    }
    let text = [("content-type", "text/plain")];
    let plain = body.to_string();
    let refused = caller.call("POST", "/api/sql", &text, &plain).await;
    assert_eq!(refused.problem().0, 415);
    let other = caller
        .post("/api/sql", &[], &json!({"query": SELECT}))
        .await;
    assert_eq!(other.problem().0, 422);
    assert_eq!(caller.engine.count(), 0);
}

#[tokio::test]
async fn the_table_is_described_with_custom_columns_and_views() {
    let table = Caller::open().get("/api/table", &[]).await.json();
    assert_eq!(table["table"], "hits");
    let columns = table["columns"].as_array().unwrap();
    let column = |name: &str| columns.iter().find(|column| column["name"] == name);
    for known in Schema::builtin().columns() {
        assert!(column(known.name).is_some(), "{}", known.name);
    }
    let moment = column("received_at").unwrap();
    assert_eq!(moment["type"], "timestamp(3)");
    assert!(!moment["comment"].as_str().unwrap().is_empty());
    assert_eq!(column("userid").unwrap()["type"], "varchar");
    assert_eq!(column("hour").unwrap()["type"], "integer");
    let views = table["views"].as_array().unwrap();
    let names: Vec<_> = views
        .iter()
        .map(|view| view["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["unique_hits", "visits"]);
    assert_eq!(
        views[1]["columns"][0],
        json!({"name": "visit_id", "type": "varchar"})
    );
}

#[tokio::test]
async fn owners_see_how_to_ask_elsewhere_and_guests_do_not() {
    let caller = Caller::open();
    let mut ask = about_today("top_pages");
    ask["site"] = json!("o'brien.example");
    ask["filters"] = json!([{"column": "page", "op": "starts_with", "values": ["/a b"]}]);
    let path = location(&caller.post("/api/queries", &[], &ask).await);
    let answer = caller.get(&path, &[]).await.json();
    assert_eq!(
        answer["command"],
        r"beacon query top_pages --from 2026-11-21 --to 2026-11-21 --site 'o'\''brien.example' --filter 'page.starts=/a b'"
    );
    let sql = answer["athena_sql"].as_str().unwrap();
    for part in [
        "FROM \"beacon\".\"hits\"",
        "'o''brien.example'",
        "starts_with(page, '/a b')",
    ] {
        assert!(sql.contains(part), "{part} in {sql}");
    }
    let wanted = json!({"site": "o'brien.example", "name": "Friends", "until_ms": NOW_MS + 60_000});
    let made = caller.post("/api/shares", &[], &wanted).await.json();
    let guest = [("x-beacon-share", made["token"].as_str().unwrap())];
    let seen = caller.get(&path, &guest).await.json();
    assert_eq!(seen["sql"], answer["sql"]);
    assert!(
        seen.get("command").is_none() && seen.get("athena_sql").is_none(),
        "{seen}"
    );
    // Until it is answered, there is nothing to show.
    let path = location(&caller.ask("campaigns", &[]).await);
    assert!(caller.get(&path, &[]).await.json().get("command").is_none());
}
