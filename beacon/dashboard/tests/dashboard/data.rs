//! The address of a view as the address of its data.

use serde_json::json;

use crate::caller::{Caller, NOW_MS, session};

#[tokio::test]
async fn the_dashboards_query_string_is_that_of_its_data() {
    let caller = Caller::open();
    let reply = caller
        .get(
            "/api/data/top_pages?site=a.example&from=2026-10-25&to=2026-10-25&zone=Europe%2FBerlin&compare=none\
             &page.starts=%2Fa%26b&agent=bot",
            &[],
        )
        .await;
    assert_eq!(reply.status, 200);
    // Another `Accept` gets another body, so none may be kept.
    assert_eq!(reply.header("cache-control"), "no-store");
    let data = reply.json();
    assert_eq!(data["question"], "top_pages");
    assert_eq!(data["state"], "succeeded");
    // A day of 25 hours.
    assert_eq!(data["from_ms"], 1_792_879_200_000_u64);
    assert_eq!(data["to_ms"], 1_792_969_200_000_u64);
    assert_eq!(data["rows"][0], json!(["/", 1]));
    let parameters = caller.engine.parameters("1");
    assert_eq!(parameters[0], "2026-10-24 22:00:00.000");
    assert!(parameters.contains(&"a.example".to_owned()));
    assert_eq!(parameters.last().unwrap(), "/a&b");
    assert!(parameters.contains(&"bot".to_owned()));
    // Its query is like any other.
    let path = format!("/api/queries/{}", data["id"].as_str().unwrap());
    assert_eq!(caller.get(&path, &[]).await.json()["rows"], data["rows"]);
}

#[tokio::test]
async fn data_is_csv_where_that_is_asked_for() {
    let caller = Caller::open();
    for (target, accept, is_csv) in [
        ("/api/data/top_pages", "text/csv", true),
        ("/api/data/top_pages", "text/csv;q=1, */*;q=0.1", true),
        ("/api/data/top_pages", "application/json, text/csv", false),
        ("/api/data/top_pages", "*/*", false),
        ("/api/data/top_pages?format=csv", "application/json", true),
        ("/api/data/top_pages?format=json", "text/csv", false),
    ] {
        let reply = caller.get(target, &[("accept", accept)]).await;
        let content_type = if is_csv {
            "text/csv; charset=utf-8"
        } else {
            "application/json"
        };
        assert_eq!(
            reply.header("content-type"),
            content_type,
            "{target} {accept}"
        );
        assert_eq!(reply.text().starts_with("page,views\r\n"), is_csv);
    }
    let csv = caller
        .get("/api/data/sources?period=yesterday&format=csv", &[])
        .await;
    assert_eq!(
        csv.text().lines().count(),
        10_003,
        "all rows, and the header"
    );
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"sources-2026-11-20-2026-11-20.csv\""
    );
}

#[tokio::test]
async fn an_address_that_is_not_known_has_no_data() {
    let caller = Caller::open();
    let refused = async |target: &str| caller.get(target, &[]).await.problem();
    assert_eq!(
        refused("/api/data/totals?period=8d&visitor=7").await,
        (
            422,
            "This address has a filter that isn't known: period=8d, visitor=7".to_owned()
        )
    );
    assert_eq!(
        refused("/api/data/totals?format=xml").await,
        (
            422,
            "This address has a filter that isn't known: format=xml".to_owned()
        )
    );
    let (status, detail) = refused("/api/data/nothing").await;
    assert_eq!(status, 404);
    assert!(
        detail.starts_with("there is no question \"nothing\"; there are totals, "),
        "{detail}"
    );
    assert_eq!(caller.engine.count(), 0);
}

#[tokio::test]
async fn data_that_is_not_there_in_time_is_asked_for_by_its_id() {
    let caller = Caller::open();
    let reply = caller.get("/api/data/campaigns", &[]).await;
    assert_eq!(reply.status, 202);
    let path = reply.header("location").to_owned();
    assert_eq!(caller.get(&path, &[]).await.json()["state"], "running");
    assert_eq!(
        caller.get("/api/data/referrers", &[]).await.problem(),
        (502, "out of memory".to_owned())
    );
    let busy = caller.get("/api/data/events", &[]).await;
    assert_eq!((busy.problem().0, busy.header("retry-after")), (503, "5"));
}

#[tokio::test]
async fn a_guest_gets_the_data_of_their_site_alone() {
    let caller = Caller::open();
    let wanted = json!({"site": "a.example", "name": "Friends", "until_ms": NOW_MS + 60_000});
    let made = caller.post("/api/shares", &[], &wanted).await.json();
    let guest = [("x-beacon-share", made["token"].as_str().unwrap())];
    let own = caller.get("/api/data/top_pages", &guest).await;
    assert_eq!(own.status, 200);
    for private in ["statistics", "athena_sql", "command"] {
        assert!(own.json().get(private).is_none(), "{private}");
    }
    assert!(
        caller
            .engine
            .parameters("1")
            .contains(&"a.example".to_owned())
    );
    for target in [
        "/api/data/totals?site=b.example",
        "/api/data/totals?userid=7",
        "/api/data/totals?prop.plan=pro",
    ] {
        assert_eq!(
            caller.get(target, &guest).await.problem().0,
            403,
            "{target}"
        );
    }
    assert_eq!(caller.engine.count(), 1);
}

#[tokio::test]
async fn another_sites_page_has_no_data_computed() {
    let caller = Caller::protected();
    let cookie = session(&caller).await;
    let owner = ("cookie", cookie.as_str());
    let target = "/api/data/totals";
    for site in ["cross-site", "same-site"] {
        let foreign = ("sec-fetch-site", site);
        assert_eq!(
            caller.get(target, &[owner, foreign]).await.problem(),
            (
                403,
                "this request comes from the page of another site: type the address, or send a key"
                    .to_owned()
            ),
            "{site}"
        );
    }
    assert_eq!(caller.engine.count(), 0);
    // Somebody who types the address, the page itself, and a program.
    for headers in [
        &[owner, ("sec-fetch-site", "none")][..],
        &[owner, ("sec-fetch-site", "same-origin")],
        &[owner],
    ] {
        assert_eq!(caller.get(target, headers).await.status, 200);
    }
    let made = caller
        .post("/api/keys", &[owner], &json!({"name": "Grafana"}))
        .await
        .json();
    let authorization = format!("Bearer {}", made["key"].as_str().unwrap());
    let with_key = [
        ("authorization", authorization.as_str()),
        ("sec-fetch-site", "cross-site"),
    ];
    assert_eq!(caller.get(target, &with_key).await.status, 200);
    assert_eq!(caller.engine.count(), 4);
}
