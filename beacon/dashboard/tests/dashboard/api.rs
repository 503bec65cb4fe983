//! What the API answers.

use beacon_catalog::{FilterColumn, Question};
use flate2::read::GzDecoder;
use http::StatusCode;
use serde_json::json;

use crate::caller::{Caller, about_today, location};

#[tokio::test]
async fn a_question_is_submitted_polled_and_downloaded() {
    let caller = Caller::open();
    let submitted = caller.ask("top_pages", &[]).await;
    let path = location(&submitted);
    assert_eq!(submitted.json()["state"], "queued");
    assert_eq!(
        path,
        format!("/api/queries/{}", submitted.json()["id"].as_str().unwrap())
    );

    let answer = caller.get(&format!("{path}?wait_ms=5000"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.json();
    assert_eq!(answer["id"], submitted.json()["id"]);
    assert_eq!(answer["question"], "top_pages");
    assert_eq!(answer["state"], "succeeded");
    assert!(answer["sql"].as_str().unwrap().contains("FROM hits"));
    assert_eq!(answer["parameters"][0], "2026-11-21 00:00:00.000");
    assert_eq!(answer["parameters"][3], "2026112023");
    assert_eq!(
        answer["columns"],
        json!([{"name": "page", "type": "varchar"}, {"name": "views", "type": "bigint"}])
    );
    assert_eq!(answer["rows"][0], json!(["/", 1]));
    assert_eq!(
        answer["statistics"],
        json!({"bytes_scanned": 7, "took_ms": 3, "reused": false})
    );
    assert_eq!(answer["error"], json!(null));
    assert!(answer.get("truncated").is_none());
    assert_eq!(answer["row_count"], 3);
    assert!(answer.get("warnings").is_none());

    let csv = caller.get(&format!("{path}/csv"), &[]).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"top_pages-2026-11-21-2026-11-21.csv\""
    );
    assert_eq!(
        csv.text(),
        "page,views\r\n/,1\r\n\"'=HYPERLINK(\"\"http://evil.example\"\")\",1\r\n\"a,b\",1\r\n"
    );
}

#[tokio::test]
async fn a_long_answer_says_how_long_it_is_and_its_csv_is_whole() {
    let caller = Caller::open();
    let path = location(&caller.ask("sources", &[]).await);
    let answer = caller.get(&path, &[]).await.json();
    assert_eq!(answer["rows"].as_array().unwrap().len(), 10_000);
    assert_eq!(answer["truncated"], true);
    assert_eq!(answer["row_count"], 10_002);
    assert_eq!(answer["warnings"], json!(["x.parquet is left out"]));
    let csv = caller.get(&format!("{path}/csv"), &[]).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let csv = csv.text();
    assert_eq!(csv.lines().count(), 10_003);
    assert!(csv.starts_with("page,views\r\n/0,1\r\n") && csv.ends_with("/10001,1\r\n"));
}

#[tokio::test]
async fn conditions_are_a_part_of_the_statement_and_their_values_are_bound() {
    let caller = Caller::open();
    let mut ask = about_today("totals");
    ask["filters"] = json!([
        {"column": "event", "value": "open'; --"},
        {"column": "page", "value": null},
    ]);
    let path = location(&caller.post("/api/queries", &[], &ask).await);
    let answer = caller.get(&path, &[]).await.json();
    let sql = answer["sql"].as_str().unwrap();
    assert!(
        sql.contains("\n        AND event = ?\n        AND page IS NULL\n"),
        "{sql}"
    );
    let parameters = answer["parameters"].as_array().unwrap();
    assert_eq!(parameters.last().unwrap(), "open'; --");
    assert_eq!(caller.engine.parameters("1").last().unwrap(), "open'; --");
    // The id holds them, so that the answer can be told from it alone.
    assert_eq!(
        answer["parameters"],
        caller.get(&path, &[]).await.json()["parameters"]
    );
}

#[tokio::test]
async fn conditions_that_can_not_be_are_refused() {
    #[track_caller]
    fn check(reply: &crate::caller::Reply, expected: &str) {
        assert_eq!(reply.problem(), (422, expected.to_owned()));
    }
    let caller = Caller::open();
    let ask = async |filters: serde_json::Value| {
        let mut ask = about_today("totals");
        ask["filters"] = filters;
        caller.post("/api/queries", &[], &ask).await
    };
    check(
        &ask(json!([{"column": "visitor", "value": "1"}])).await,
        "there is no filter on \"visitor\"; there are site, page, entry_page, exit_page, event, channel, source, referrer, \
         utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, size, country, language, \
         userid, prop.NAME",
    );
    let many = vec![json!({"column": "event", "value": "open"}); 33];
    check(
        &ask(json!(many)).await,
        "there are 33 filters, and a query takes 32: join the values of a column in one",
    );
    check(
        &ask(json!([{"column": "event", "value": ""}])).await,
        "a value of the filter on \"event\" has 0 characters; it can have 1 to 1022, and event.empty=yes (is_empty in the API) finds hits without one",
    );
    assert_eq!(caller.engine.count(), 0);
}

#[tokio::test]
async fn filters_reach_the_engine() {
    let caller = Caller::open();
    let mut ask = about_today("totals");
    ask["site"] = json!("a.example");
    ask["page"] = json!("/x");
    ask["column"] = json!({"name": "userid", "value": "7"});
    location(&caller.post("/api/queries", &[], &ask).await);
    assert_eq!(
        caller.engine.parameters("1")[11..].join(" "),
        "a.example a.example a.example /x /x /x uid uid 7 * 7"
    );
}

#[tokio::test]
async fn classes_of_agents_are_chosen_by_name() {
    let caller = Caller::open();
    let ask = async |agents: serde_json::Value| {
        let mut ask = about_today("totals");
        ask["agents"] = agents;
        caller.post("/api/queries", &[], &ask).await
    };
    for (agents, opens_at_most, counted) in [
        (
            json!(null),
            "human,unknown,mail_proxy,prefetch",
            "human,unknown",
        ),
        (json!(["human"]), "human", "human"),
        (json!(["scanner", "bot"]), "scanner,bot", "scanner,bot"),
    ] {
        let path = location(&ask(agents).await);
        let answer = caller.get(&path, &[]).await.json();
        assert_eq!(answer["parameters"][9], opens_at_most);
        assert_eq!(answer["parameters"][10], counted);
    }
    assert_eq!(
        ask(json!(["Human"])).await.problem(),
        (
            422,
            "unknown agent class \"Human\"; the classes are human, unknown, bot, scanner, prefetch, mail_proxy"
                .to_owned()
        )
    );
    assert_eq!(ask(json!([])).await.problem().0, 422);
    assert_eq!(ask(json!("bot")).await.problem().0, 422);
}

#[tokio::test]
async fn a_query_is_cancelled_and_stays_so() {
    let caller = Caller::open();
    let path = location(&caller.ask("campaigns", &[]).await);
    assert_eq!(caller.get(&path, &[]).await.json()["state"], "running");
    let csv = caller.get(&format!("{path}/csv"), &[]).await;
    assert_eq!(
        csv.problem(),
        (409, "the query has no answer: it is running".to_owned())
    );
    let cancelled = caller.call("DELETE", &path, &[], "").await;
    assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
    let answer = caller.get(&path, &[]).await.json();
    assert_eq!(answer["state"], "cancelled");
    assert!(answer.get("rows").is_none());
}

#[tokio::test]
async fn what_failed_says_so_and_what_is_forgotten_is_asked_again() {
    let caller = Caller::open();
    let path = location(&caller.ask("referrers", &[]).await);
    let answer = caller.get(&path, &[]).await.json();
    assert_eq!(
        (&answer["state"], &answer["error"]),
        (&json!("failed"), &json!("out of memory"))
    );

    caller.engine.forget();
    let gone = "there is no such query, or it is no longer kept: ask again";
    for (method, target) in [
        ("GET", path.clone()),
        ("GET", format!("{path}/csv")),
        ("DELETE", path.clone()),
        ("GET", "/api/queries/1".to_owned()),
        ("GET", "/api/queries/a.b".to_owned()),
    ] {
        let reply = caller.call(method, &target, &[], "").await;
        assert_eq!(reply.problem(), (404, gone.to_owned()), "{method} {target}");
    }
}

#[tokio::test]
async fn an_engine_in_trouble_is_told_without_its_secrets() {
    let caller = Caller::open();
    let busy = caller.ask("events", &[]).await;
    assert_eq!(busy.problem().0, 503);
    assert_eq!(busy.header("retry-after"), "5");
    let broken = caller.ask("sites", &[]).await;
    assert_eq!(
        broken.problem(),
        (
            502,
            "the engine does not answer; the server's log says why".to_owned()
        )
    );
}

#[tokio::test]
async fn requests_that_can_not_be_are_problems() {
    let caller = Caller::open();
    let text = caller.call(
        "POST",
        "/api/queries",
        &[("content-type", "text/plain")],
        "{}",
    );
    assert_eq!(text.await.problem().0, 415);
    let none = caller.call("POST", "/api/queries", &[], "{}");
    assert_eq!(none.await.problem().0, 415);
    let json = [("content-type", "application/json; charset=utf-8")];
    assert_eq!(
        caller
            .call("POST", "/api/queries", &json, "{")
            .await
            .problem()
            .0,
        400
    );
    assert_eq!(
        caller
            .call("POST", "/api/queries", &json, "[]")
            .await
            .problem()
            .0,
        422
    );
    let long = format!("\"{}\"", "a".repeat(70_000));
    assert_eq!(
        caller
            .call("POST", "/api/queries", &json, &long)
            .await
            .problem()
            .0,
        413
    );
    assert_eq!(caller.ask("no_question", &[]).await.problem().0, 422);
    assert_eq!(
        caller.get("/api/changes?since=x", &[]).await.problem(),
        (
            400,
            "the query string is invalid: since: \"x\" is not a whole number from 0 to 18446744073709551615".to_owned()
        )
    );
    assert_eq!(
        caller
            .get("/api/changes?wait_ms=25001", &[])
            .await
            .problem()
            .0,
        400
    );
    assert_eq!(caller.get("/api/nothing", &[]).await.problem().0, 404);
    let wrong = caller.call("PUT", "/api/queries", &json, "{}").await;
    assert_eq!(wrong.problem().0, 405);
    assert_eq!(wrong.header("allow"), "POST");
    assert_eq!(caller.engine.count(), 0);
}

#[tokio::test]
async fn changes_are_answered_when_there_are_some() {
    let caller = Caller::open();
    let now = caller.get("/api/changes?since=0&wait_ms=25000", &[]).await;
    assert_eq!(now.json(), json!({"revision": 1, "undelivered_s": 7_500}));
    let unchanged = caller.get("/api/changes?since=1&wait_ms=1", &[]).await;
    assert_eq!(unchanged.json()["revision"], 1);
    let waiting = caller.get("/api/changes?since=1&wait_ms=25000", &[]);
    let hit = async {
        while caller.engine.revision.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
        caller.engine.revision.send_replace(2);
    };
    let (changed, ()) = tokio::join!(waiting, hit);
    assert_eq!(changed.json()["revision"], 2);
    // A page that knows a revision of an earlier run.
    let restarted = caller.get("/api/changes?since=99&wait_ms=25000", &[]).await;
    assert_eq!(restarted.json()["revision"], 2);
}

#[tokio::test]
async fn about_says_what_can_be_asked() {
    let about = Caller::open().get("/api/about", &[]).await.json();
    assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(about["privacy"], "anonymous");
    assert_eq!(about["sites_are_open"], true);
    assert_eq!(about["sites"], serde_json::Value::Null);
    assert_eq!(about["engine"], "datafusion");
    assert_eq!(about["endpoint"], "https://b.example");
    assert_eq!(about["freshness"], json!({"live": false, "delay_s": 300}));
    assert_eq!(about["custom_columns"], json!(["userid"]));
    let filters: Vec<String> = FilterColumn::ALL
        .iter()
        .map(|column| column.name().into_owned())
        .collect();
    assert_eq!(about["filters"], json!(filters));
    assert_eq!(
        about["operators"],
        json!([
            "is",
            "is_not",
            "contains",
            "starts_with",
            "is_empty",
            "is_not_empty"
        ])
    );
    assert_eq!(
        about["access"],
        json!({"kind": "open", "site": null, "until_ms": null})
    );
    assert_eq!(
        about["questions"][0],
        json!({"name": "totals", "question": "How much was counted in all?",
            "parameters": ["from", "to", "site", "page", "column", "filters", "agents"]})
    );
    let questions = about["questions"].as_array().unwrap().iter();
    let names: Vec<&str> = questions
        .map(|question| question["name"].as_str().unwrap())
        .collect();
    let all: Vec<&str> = Question::all().map(|question| question.name).collect();
    assert_eq!(names, all);
}

#[tokio::test]
async fn every_answer_tells_a_browser_what_it_may_do() {
    let caller = Caller::open();
    for target in [
        "/",
        "/dashboard.js",
        "/api/about",
        "/api/nothing",
        "/nothing",
    ] {
        let reply = caller.get(target, &[]).await;
        assert_eq!(
            reply.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "{target}"
        );
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert!(!reply.headers.contains_key("access-control-allow-origin"));
        if target.starts_with("/api/") {
            assert_eq!(reply.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn the_page_is_sent_small_and_once() {
    let caller = Caller::open();
    let index = caller.get("/?period=30d", &[]).await;
    assert_eq!(index.header("content-type"), "text/html; charset=utf-8");
    let script = "/dashboard.js";
    let plain = caller.get(script, &[]).await;
    let gzip = [("accept-encoding", "gzip, br")];
    let small = caller.get(script, &gzip).await;
    assert_eq!(small.header("content-encoding"), "gzip");
    for reply in [&plain, &small] {
        assert_eq!(reply.header("vary"), "accept-encoding");
        assert_eq!(reply.header("cache-control"), "no-cache");
    }
    let unpacked = std::io::read_to_string(GzDecoder::new(small.body.as_slice())).unwrap();
    assert_eq!(unpacked, plain.text());
    for known in [small.header("etag"), plain.header("etag")] {
        let known = [("if-none-match", known), gzip[0]];
        let again = caller.get(script, &known).await;
        assert_eq!(
            (again.status, again.body.len()),
            (StatusCode::NOT_MODIFIED, 0)
        );
        assert_eq!(again.header("vary"), "accept-encoding");
        assert!(!again.headers.contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn responses_are_compressed_for_clients_that_take_gzip() {
    let caller = Caller::open();
    for (accepted, is_compressed) in [
        ("gzip, deflate, br, zstd", true),
        ("br;q=1.0, GZIP;q=0.5", true),
        ("x-gzip", true),
        ("*;q=0, gzip", true),
        ("gzip;q=0, identity", false),
        ("gzip;q=0, *", false),
        ("*, gzip;q=0", false),
        ("br", false),
        ("", false),
    ] {
        let about = caller
            .get("/api/about", &[("accept-encoding", accepted)])
            .await;
        assert_eq!(about.status, StatusCode::OK, "{accepted}");
        let encoding = about.headers.get("content-encoding");
        let expected = is_compressed.then_some("gzip");
        assert_eq!(
            encoding.map(|value| value.to_str().unwrap()),
            expected,
            "{accepted}"
        );
    }
    let gzip = [("accept-encoding", "gzip")];
    // Streamed, and longer than a result of the API.
    let path = location(&caller.ask("sources", &[]).await);
    let csv = caller.get(&format!("{path}/csv"), &gzip).await;
    let unpacked = std::io::read_to_string(GzDecoder::new(csv.body.as_slice())).unwrap();
    assert_eq!(unpacked.lines().count(), 10_003);
    let short = caller.get("/api/changes?since=0", &gzip).await;
    assert!(!short.headers.contains_key("content-encoding"));
}
