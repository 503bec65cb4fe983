//! What a record keeps of its visitor.

use serde_json::{Value, json};

use crate::visit::Visit;

fn telling_visit() -> Visit {
    Visit::get(
        "/hit?page=https%3A%2F%2Fme:pw@blog.example%2Fa%3Ftoken%3Dsecret1%23secret2&next=//me@b.example/c?secret3&userid=42\
         &https://a.example/?secret4=x&ref=/search?q%3Dsecret5&why=not?",
    )
    .header("host", "stats.example")
    .header("user-agent", "Mozilla/5.0")
    .header("referer", "https://me:pw@blog.example/a?token=secret6")
    .header("origin", "https://blog.example")
    .header("accept", "image/*")
    .header("accept-language", "de-CH")
    .header("sec-fetch-site", "cross-site")
    .header("sec-ch-ua", "\"Chromium\"")
    .header("sec-gpc", "1")
    .header("dnt", "1")
    .header("sec-session-id", "secret7")
    .header("cookie", "id=secret8")
    .header("authorization", "Bearer secret9")
    .header("if-none-match", "\"secret10\"")
    .header("if-modified-since", "secret11")
    .header("x-forwarded-for", "203.0.113.7")
    .header("forwarded", "for=203.0.113.7")
    .header("cloudfront-viewer-address", "203.0.113.7:443")
    .header("x-amzn-trace-id", "Root=secret12")
    .header("x-ja3", "secret13")
    .header("x-beacon-origin-secret", "secret14")
}

#[test]
fn anonymous_keeps_nothing_that_it_does_not_know() {
    let record = telling_visit().record();
    let line = telling_visit().line();
    assert!(!line.contains("secret"), "{line}");
    assert!(
        !line.contains("203.0.113.7") && !line.contains("192.0.2.7"),
        "{line}"
    );
    assert!(!line.contains("me:pw") && !line.contains("me@"), "{line}");
    assert_eq!(record["ip"], Value::Null);
    assert_eq!(
        record["headers"],
        json!({
            "host": "stats.example",
            "user-agent": "Mozilla/5.0",
            "referer": "https://blog.example/a",
            "origin": "https://blog.example",
            "accept": "image/*",
            "accept-language": "de-CH",
            "sec-fetch-site": "cross-site",
            "sec-ch-ua": "\"Chromium\"",
            "sec-gpc": "1",
            "dnt": "1",
        })
    );
    assert_eq!(
        record["params"],
        json!({
            "page": "https://blog.example/a",
            "next": "//b.example/c",
            "userid": "42",
            "https://a.example/": "x",
            "ref": "/search",
            "why": "not?",
        })
    );
    let query = "page=https%3A%2F%2Fblog.example%2Fa&next=%2F%2Fb.example%2Fc&userid=42&https%3A%2F%2Fa.example%2F=x\
                 &ref=%2Fsearch&why=not%3F";
    assert_eq!(record["query_string"], query);
}

#[test]
fn full_keeps_all_but_credentials() {
    let record = telling_visit()
        .header("accept", "text/css")
        .with("BEACON_PRIVACY", "full")
        .record();
    assert_eq!(record["ip"], "192.0.2.7");
    let headers = record["headers"].as_object().unwrap();
    for credential in ["cookie", "authorization", "sec-session-id"] {
        assert_eq!(headers.get(credential), None, "{credential}");
    }
    assert_eq!(headers["if-none-match"], "\"secret10\"");
    assert_eq!(headers["accept"], "image/*, text/css");
    assert_eq!(
        headers["referer"],
        "https://me:pw@blog.example/a?token=secret6"
    );
    assert_eq!(headers.get("x-beacon-origin-secret"), None);
    assert_eq!(headers.len(), 17);
    assert_eq!(
        record["params"]["page"],
        "https://me:pw@blog.example/a?token=secret1#secret2"
    );
    assert!(
        record["query_string"]
            .as_str()
            .unwrap()
            .contains("me:pw@blog.example%2Fa%3Ftoken%3Dsecret1")
    );
    assert_eq!(record["url"], "https://blog.example/a");
}

#[test]
fn kept_headers_are_added() {
    let visit = telling_visit().with("BEACON_KEEP_HEADERS", "X-JA3, cloudfront-viewer-country");
    assert_eq!(visit.record()["headers"]["x-ja3"], "secret13");
}

#[test]
fn items_are_cleaned_too() {
    let body = r#"{"url":"https://me@a.example/b?secret","deep":{"link":"https://c.example/?secret"},"title":"https://d.example/?secret"}"#;
    let visit = Visit::post("/track", body);
    assert!(!visit.line().contains("secret"));
    let record = visit.record();
    assert_eq!(record["params"]["deep.link"], "https://c.example/");
    assert_eq!(record["title"], "https://d.example/");
}

#[test]
fn columns_are_cleaned_of_broken_urls() {
    for target in [
        "/hit?url=https://me:pw@a b/c?secret",
        "/hit?page=ftp://me:pw@a.example/b?secret",
        "/hit?ref=ftp://me:pw@a.example/b?secret",
        "/hit?site=ftp://me:pw@a.example/b?secret",
        "/hit?url=https:///me:pw@a.example?secret",
        "/hit?utm_source=https://me:pw@a.example/b?secret",
        "/hit?page=/a?utm_source%3Dhttps://me:pw@a.example/b%253Fsecret",
        "/hit?event=https://me:pw@a.example/b?secret",
    ] {
        let line = Visit::get(target).line();
        assert!(
            !line.contains("secret") && !line.contains("me:pw"),
            "{line}"
        );
    }
}

#[test]
fn custom_columns_are_cleaned() {
    let visit =
        Visit::get("/hit?to=https://a.example/?secret").with("BEACON_COLUMNS", "target=params.to");
    assert_eq!(visit.record()["target"], "https://a.example/");
}

#[test]
fn full_keeps_a_credential_that_is_asked_for_by_name() {
    let visit = telling_visit()
        .header("x-csrf-token", "secret15")
        .header("x-api-key", "secret16")
        .header("x-amzn-oidc-data", "secret17")
        .with("BEACON_PRIVACY", "full")
        .with("BEACON_COLUMNS", "visit=headers.cookie")
        .with("BEACON_KEEP_HEADERS", "Cookie");
    let record = visit.record();
    assert_eq!(record["headers"]["cookie"], "id=secret8");
    assert_eq!(record["visit"], "id=secret8");
    for other in [
        "authorization",
        "x-csrf-token",
        "x-api-key",
        "x-amzn-oidc-data",
    ] {
        assert_eq!(record["headers"].get(other), None, "{other}");
    }
}

#[test]
fn a_fragment_that_is_no_route_is_kept_nowhere() {
    for privacy in ["anonymous", "full"] {
        for target in [
            "/hit?url=https://app.example/in&page=/access_token%3Dsecret%26state%3Dsecret",
            "/hit?url=https://app.example/in&page=access_token%3Dsecret",
            "/hit?url=https://app.example/in&page=%23id_token%3Dsecret",
            "/hit?url=https://app.example/in%23access_token%3Dsecret",
            "/hit?url=https://app.example/in&page=/app/state%3Dsecret",
            "/hit?url=https://app.example/in&hash=%23access_token%3Dsecret",
            "/hit?url=https://app.example/in&ref=https://app.example/in%23code%3Dsecret",
        ] {
            let visit = Visit::get(target)
                .with("BEACON_PRIVACY", privacy)
                .with("BEACON_COLUMNS", "page_as_sent=params.page");
            let line = visit.line();
            assert!(!line.contains("secret"), "{privacy} {line}");
            assert_eq!(visit.record()["page"], "/in", "{target}");
        }
        let body = r##"{"url":"https://app.example/in","page":"/token=secret","deep":{"hash":"#access_token=secret"}}"##;
        let visit = Visit::post("/track", body).with("BEACON_PRIVACY", privacy);
        assert!(!visit.line().contains("secret"), "{}", visit.line());
    }
    let alone = Visit::get("/hit?page=/access_token%3Dsecret").record();
    assert_eq!(alone["page"], Value::Null);
}

#[test]
fn the_value_of_a_click_id_is_kept_nowhere() {
    let clicks = [
        "gclid",
        "GBRAID",
        "msclkid",
        "fbclid",
        "li_fat_id",
        "igshid",
    ];
    for name in clicks {
        let page = format!("https://blog.example/a?{name}=clicked&x=1#y?{name}=clicked");
        let encoded = page.replace('&', "%26").replace('#', "%23");
        let get = format!(
            "/hit?{name}=clicked&amp;{name}=clicked&page=/a?{name}=clicked&url={encoded}&ref={encoded}&own={encoded}"
        );
        let item = json!({name: "clicked", "url": page.clone(), "ref": page, "click_id": name});
        for visit in [
            Visit::get(&get).header("referer", &page),
            Visit::post("/track", item.to_string()).header("referer", &page),
            Visit::post("/track", json!([item]).to_string()),
        ] {
            let visit = visit.with("BEACON_COLUMNS", &format!("click=params.{name}"));
            let line = visit.line();
            assert!(!line.contains("clicked"), "{line}");
            assert_eq!(visit.record()["params"][name], "", "{line}");
            assert_eq!(visit.record()["click"], Value::Null, "{line}");
        }
    }
    let named = Visit::post("/track", r#"{"page":"/a","click_id":"gclid"}"#);
    assert_eq!(named.record()["params"]["click_id"], "gclid");
    let full = Visit::get("/hit?page=/a&gclid=clicked").with("BEACON_PRIVACY", "full");
    assert_eq!(full.record()["params"]["gclid"], "clicked");
}
