//! What lands in the other columns.

use serde_json::{Value, json};

use crate::visit::Visit;

/// Checks some columns of the record of `visit`.
#[track_caller]
pub(crate) fn check(visit: &Visit, expected: &[(&str, Value)]) {
    let record = visit.record();
    for (column, expected) in expected {
        assert_eq!(&record[*column], expected, "{column} of {record:#}");
    }
}

#[test]
fn the_title_is_title_or_name() {
    check(
        &Visit::get("/hit?title=A+talk"),
        &[("title", json!("A talk"))],
    );
    check(
        &Visit::get("/hit?name=A+talk"),
        &[("title", json!("A talk"))],
    );
    check(
        &Visit::get("/hit?name=b&title=a"),
        &[("title", json!("a")), ("event", json!("view"))],
    );
    check(&Visit::get("/hit"), &[("title", Value::Null)]);
}

#[test]
fn the_event_is_a_view_unless_it_says_otherwise() {
    check(&Visit::get("/hit"), &[("event", json!("view"))]);
    check(&Visit::get("/hit?event="), &[("event", json!("view"))]);
    check(&Visit::get("/hit?event=open"), &[("event", json!("open"))]);
}

#[test]
fn the_language_is_the_first_tag() {
    for (accepted, expected) in [
        ("de-CH,de;q=0.9", json!("de-CH")),
        (" en ;q=1", json!("en")),
        ("*", Value::Null),
        ("", Value::Null),
        (",de", Value::Null),
    ] {
        check(
            &Visit::get("/hit").header("accept-language", accepted),
            &[("language", expected)],
        );
    }
    check(&Visit::get("/hit"), &[("language", Value::Null)]);
}

#[test]
fn host_path_and_format_are_those_of_the_request() {
    let visit = Visit::get("/pixel.png?a").header("host", "Stats.example:8080");
    let expected = [
        ("host", json!("stats.example:8080")),
        ("path", json!("/pixel.png")),
        ("format", json!("png")),
    ];
    check(&visit, &expected);
    check(
        &Visit::get("/hit"),
        &[("host", json!("")), ("format", json!("gif"))],
    );
    check(&Visit::get("/pixel.css"), &[("format", json!("css"))]);
    check(&Visit::get("/pixel.js"), &[("format", json!("js"))]);
    check(&Visit::post("/track", "{}"), &[("format", json!("post"))]);
}

#[test]
fn parameters_are_kept_as_they_came() {
    let visit =
        Visit::get("/trackingpixel?userid=42&thirdpartyname=acme&userid=43&=x&empty=&b%00=%0A%22");
    let expected =
        json!({"userid": "42", "thirdpartyname": "acme", "": "x", "empty": "", "b\0": "\n\""});
    check(&visit, &[("params", expected)]);
    let rebuilt = json!("userid=42&thirdpartyname=acme&userid=43&=x&empty=&b%00=%0A%22");
    check(&visit, &[("query_string", rebuilt)]);
    let raw = json!("userid=42&thirdpartyname=acme&userid=43&=x&empty=&b%00=%0A%22");
    check(
        &visit.with("BEACON_PRIVACY", "full"),
        &[("query_string", raw)],
    );
    check(
        &Visit::get("/hit"),
        &[("params", json!({})), ("query_string", json!(""))],
    );
}

#[test]
fn custom_columns_come_from_parameters_and_headers() {
    let visit = Visit::get("/hit?userid=42&thirdpartyname=")
        .header("user-agent", "Mozilla")
        .with(
            "BEACON_COLUMNS",
            "userid=params.userid, partner=params.thirdpartyname,ua=headers.User-Agent,x=params.x",
        );
    let expected = [
        ("userid", json!("42")),
        ("partner", Value::Null),
        ("ua", json!("Mozilla")),
        ("x", Value::Null),
    ];
    check(&visit, &expected);
    let nested = Visit::post("/track", r#"{"user":{"plan":"free"}}"#)
        .with("BEACON_COLUMNS", "plan=params.user.plan");
    check(&nested, &[("plan", json!("free"))]);
}

#[test]
fn keys_stand_in_the_order_of_the_schema() {
    let visit = Visit::get("/hit?b=1&a=2").with("BEACON_COLUMNS", "zeta=params.a,alpha=params.b");
    let line = visit.line();
    let schema = visit.beacon().schema().clone();
    let mut at = 0;
    for column in schema.columns() {
        let key = format!("\"{}\":", column.name);
        let found = line[at..]
            .find(&key)
            .unwrap_or_else(|| panic!("{key} is not behind byte {at} of {line}"));
        at += found + key.len();
    }
    assert!(
        line.ends_with(",\"zeta\":\"2\",\"alpha\":\"1\"}\n"),
        "{line}"
    );
}

#[test]
fn agent_and_client_are_those_of_the_headers() {
    const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Version/26.1 Mobile/15E148 Safari/604.1";
    let phone = Visit::get("/hit").header("user-agent", IPHONE);
    let columns = [
        ("agent", json!("human")),
        ("browser", json!("Safari")),
        ("os", json!("iOS")),
        ("device", json!("phone")),
    ];
    check(&phone, &columns);
    check(&phone.with("BEACON_PRIVACY", "full"), &columns);
    check(
        &Visit::get("/hit").header(
            "user-agent",
            "Mozilla/5.0 (compatible; GPTBot/1.3; +https://openai.com/gptbot)",
        ),
        &[
            ("agent", json!("bot")),
            (
                "agent_rule",
                json!(format!("{}/ai.training.gptbot", beacon_agents::VERSION)),
            ),
            ("browser", Value::Null),
            ("os", Value::Null),
            ("device", Value::Null),
        ],
    );
    check(&Visit::get("/hit"), &[("agent", json!("bot"))]);
}

#[test]
fn a_prerendered_page_is_a_prefetch() {
    check(
        &Visit::get("/hit")
            .header("user-agent", CHROME)
            .header("sec-purpose", "prefetch;prerender"),
        &[("agent", json!("prefetch")), ("browser", json!("Chrome"))],
    );
}

const CHROME: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15";

#[test]
fn the_script_tells_tablets_and_driven_browsers() {
    let safari = |path| Visit::get(path).header("user-agent", SAFARI);
    check(
        &safari("/hit?touch=1"),
        &[("os", json!("iPadOS")), ("device", json!("tablet"))],
    );
    check(
        &safari("/hit"),
        &[("os", json!("macOS")), ("device", json!("desktop"))],
    );
    check(
        &Visit::get("/hit?webdriver=1").header("user-agent", CHROME),
        &[("agent", json!("bot"))],
    );
}

#[test]
fn items_of_a_post_have_verdicts_of_their_own() {
    let body = r#"[{"site":"a.example"},{"site":"a.example","event":"paid"},{"site":"a.example","webdriver":"1"}]"#;
    let agents = |user_agent: &str| {
        let records = Visit::post("/track", body)
            .header("user-agent", user_agent)
            .records();
        let agents = records.iter().map(|record| record["agent"].clone());
        json!(agents.collect::<Vec<_>>())
    };
    assert_eq!(agents(CHROME), json!(["human", "human", "bot"]));
    assert_eq!(
        agents("python-requests/2.32.5"),
        json!(["bot", "unknown", "bot"])
    );
}

#[test]
fn a_library_that_gets_an_image_is_a_bot_whatever_the_event() {
    for path in ["/hit", "/hit?event=open", "/hit?event=signup"] {
        check(
            &Visit::get(path).header("user-agent", "curl/8.14.1"),
            &[("agent", json!("bot"))],
        );
    }
}
