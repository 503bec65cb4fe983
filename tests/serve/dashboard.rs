//! The dashboard of a running server: the real page, API, engine and lake.

use std::io::Write;
use std::net::SocketAddr;
use std::process::Stdio;

use beacon_catalog::AgentClasses;
use beacon_testing::machine;
use serde_json::{Value, json};

use crate::http::{self, Client, Reply};
use crate::program::{Beacon, command};

/// From before all hits of a test to behind them.
const ALL_TIME: (u64, u64) = (1_700_000_000_000, 4_000_000_000_000);

fn send(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> Reply {
    let mut client = Client::connect(address);
    let length = body.len();
    client.send(
        format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n{headers}content-length: {length}\r\n\r\n{body}")
            .as_bytes(),
    );
    client.reply()
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// A person's browser, which counts.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Sends a hit with a user agent.
#[track_caller]
fn hit(beacon: &Beacon, target: &str, user_agent: &str) {
    let headers = format!("user-agent: {user_agent}\r\n");
    let reply = send(beacon.pixel, "GET", target, &headers, "");
    assert_eq!(reply.header("x-beacon"), "recorded");
}

const JSON: &str = "content-type: application/json\r\n";

/// Submits a question and waits for its answer, as the page does.
#[track_caller]
fn ask(address: SocketAddr, question: &str, filters: &Value) -> Value {
    let mut body = json!({"question": question, "from_ms": ALL_TIME.0, "to_ms": ALL_TIME.1});
    body.as_object_mut()
        .unwrap()
        .extend(filters.as_object().unwrap().clone());
    let submitted = send(address, "POST", "/api/queries", JSON, &body.to_string());
    assert_eq!(submitted.status, 202, "{}", submitted.text());
    let path = submitted.headers["location"].clone();
    loop {
        let reply = http::get(address, &format!("{path}?wait_ms=5000"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        let answer = json_of(&reply);
        if answer["state"] != "queued" && answer["state"] != "running" {
            assert_eq!(answer["state"], "succeeded", "{answer}");
            return answer;
        }
    }
}

#[test]
fn dashboard_shows_a_hit_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let dashboard = beacon.dashboard.unwrap();
    let changes = |since: u64| {
        let reply = http::get(
            dashboard,
            &format!("/api/changes?since={since}&wait_ms=25000"),
        );
        json_of(&reply)["revision"].as_u64().unwrap()
    };

    let empty = ask(dashboard, "totals", &json!({}));
    assert_eq!(empty["rows"][0][1], 0);
    let before = changes(0);
    let waiting = std::thread::spawn(move || {
        let reply = http::get(
            dashboard,
            &format!("/api/changes?since={before}&wait_ms=25000"),
        );
        json_of(&reply)["revision"].as_u64().unwrap()
    });
    hit(&beacon, "/hit?site=a.example&page=/talks&userid=7", BROWSER);
    assert_ne!(waiting.join().unwrap(), before);

    let answer = ask(dashboard, "top_pages", &json!({"site": "a.example"}));
    assert_eq!(answer["rows"], json!([["a.example", "/talks", 1, 1]]));
    assert_eq!(
        answer["columns"],
        json!([
            {"name": "site", "type": "varchar"}, {"name": "page", "type": "varchar"},
            {"name": "views", "type": "bigint"}, {"name": "visitors", "type": "bigint"},
        ])
    );
    assert!(
        answer["sql"]
            .as_str()
            .unwrap()
            .starts_with("-- question: Which pages")
    );
    assert!(answer["statistics"]["bytes_scanned"].as_u64().unwrap() > 0);

    // Whether it is read again or not: a test of the engine, whose hour doesn't end in between, sees to that.
    let again = ask(dashboard, "top_pages", &json!({"site": "a.example"}));
    assert_eq!(again["rows"], answer["rows"]);
    hit(&beacon, "/hit?site=a.example&page=/talks", BROWSER);
    let newer = ask(dashboard, "top_pages", &json!({"site": "a.example"}));
    assert_eq!(newer["rows"][0][2], 2);
    // Somebody who waits for changes doesn't keep the server from ending: the wait is broken off, not waited for.
    let mut reader = Client::connect(dashboard);
    reader.send(
        format!(
            "GET /api/changes?since={}&wait_ms=25000 HTTP/1.1\r\nhost: localhost\r\n\r\n",
            changes(0)
        )
        .as_bytes(),
    );
    beacon.stop();
    assert!(reader.is_unanswered(), "the wait was waited for");
}

#[test]
fn everybody_may_read_the_counts_of_the_named_sites() {
    let folder = tempfile::tempdir().unwrap();
    let mut counting = command(folder.path());
    counting.env("BEACON_COUNTS", "blog.example");
    let beacon = Beacon::start_with(counting, folder.path());
    for page in ["/a", "/a", "/b"] {
        hit(
            &beacon,
            &format!("/pixel.gif?site=blog.example&page={page}"),
            BROWSER,
        );
    }
    hit(&beacon, "/pixel.gif?site=other.example&page=/a", BROWSER);
    for (query, count) in [
        ("", "3"),
        ("&page=/a", "2"),
        ("&metric=visitors", "1"),
        ("&page=/c", "0"),
    ] {
        let reply = beacon.get(&format!("/count?site=blog.example&format=text{query}"));
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (200, count),
            "{query}"
        );
    }
    assert_eq!(beacon.get("/count?site=other.example").status, 404);
    assert_eq!(
        beacon.metric("beacon_recorded_total{through=\"pixel\"}"),
        4.0
    );
}

#[test]
fn bots_count_only_for_those_who_ask_for_them() {
    const BOT: &str = "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)";
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let dashboard = beacon.dashboard.unwrap();
    hit(&beacon, "/hit?site=a.example&page=/talks", BROWSER);
    hit(&beacon, "/hit?site=a.example&page=/bots", BOT);
    let pages = |filters: Value| {
        let answer = ask(dashboard, "top_pages", &filters);
        let rows = answer["rows"].as_array().unwrap().iter();
        rows.map(|row| row[1].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(pages(json!({})), ["/talks"]);
    assert_eq!(pages(json!({"agents": ["bot"]})), ["/bots"]);
    assert_eq!(
        pages(json!({"agents": ["bot", "human"]})),
        ["/bots", "/talks"]
    );
    let agents = ask(dashboard, "agents", &json!({}));
    let classes = agents["rows"].as_array().unwrap().iter();
    let classes: Vec<&str> = classes.map(|row| row[0].as_str().unwrap()).collect();
    assert_eq!(classes, ["bot", "human"]);

    let query = |question: &str, options: &[&str]| {
        let output = machine::command(env!("CARGO_BIN_EXE_beacon"))
            .args(["query", question, "--output", "json", "--lake"])
            .arg(folder.path().join("lake"))
            .args(["--from", "2020-01-01", "--to", "2099-12-31"])
            .args(options)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
        (rows, String::from_utf8(output.stderr).unwrap())
    };
    let views = |options: &[&str]| {
        let (rows, _) = query("totals", options);
        (rows[0]["views"].clone(), rows[0]["visitors"].clone())
    };
    assert_eq!(views(&[]), (json!(1), json!(1)));
    assert_eq!(views(&["--agent", "bot"]), (json!(1), json!(0)));
    assert_eq!(
        views(&["--agent", "bot", "--agent", "human"]),
        (json!(2), json!(1))
    );
    // An empty answer says what it leaves out.
    let (rows, errors) = query("top_pages", &["--page", "/bots"]);
    assert_eq!(rows, json!([]));
    assert_eq!(
        errors,
        "note: hits of other agents are left out (bot: 1); --agent bot counts them, beacon query agents shows all\n"
    );
    beacon.stop();
}

#[test]
fn pixel_and_dashboard_listeners_serve_only_their_own_paths() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let dashboard = beacon.dashboard.unwrap();
    for path in ["/api/about", "/dashboard.js", "/api/openapi.json"] {
        assert_eq!(beacon.get(path).status, 404, "{path}");
        assert_eq!(http::get(dashboard, path).status, 200, "{path}");
    }
    for path in ["/hit?page=/x", "/pixel.gif", "/beacon.js", "/metrics"] {
        assert_eq!(http::get(dashboard, path).status, 404, "{path}");
    }
    let page = http::get(dashboard, "/?period=30d&site=a.example");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("dashboard.js"));
    let about = json_of(&http::get(dashboard, "/api/about"));
    assert_eq!(about["endpoint"], format!("http://{}", beacon.pixel));
    assert_eq!(about["access"]["kind"], "open");
    assert_eq!(ask(dashboard, "totals", &json!({}))["rows"][0][0], 0);
}

#[test]
fn dashboard_is_off_if_told_so_or_without_a_lake() {
    let folder = tempfile::tempdir().unwrap();
    let mut off = command(folder.path());
    off.args(["--dashboard-listen", "off"]);
    assert_eq!(Beacon::start_with(off, folder.path()).dashboard, None);
}

/// What a person must not find in an answer, or in anything else that the API says.
#[test]
fn dashboard_api_hides_columns_that_privacy_removes() {
    let secrets = [
        "203.0.113.77",
        "s3cret-cookie",
        "s3cret-token",
        "s3cret-query",
        "s3cret-user",
        "s3cret-agent",
    ];
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let dashboard = beacon.dashboard.unwrap();
    let mut client = Client::connect(beacon.pixel);
    client.send(
        b"GET /hit?site=a.example&url=https://s3cret-user:x@a.example/talks?q=s3cret-query&ref=https://news.example/?q=s3cret-query HTTP/1.1\r\n\
          host: b.example\r\nx-forwarded-for: 203.0.113.77\r\ncookie: id=s3cret-cookie\r\nauthorization: s3cret-token\r\n\
          user-agent: s3cret-agent\r\n\r\n",
    );
    assert_eq!(client.reply().header("x-beacon"), "recorded");

    let about = http::get(dashboard, "/api/about");
    assert_eq!(json_of(&about)["privacy"], "anonymous");
    let mut seen = about.text();
    for question in json_of(&about)["questions"].as_array().unwrap() {
        let name = question["name"].as_str().unwrap();
        let mut all = json!({"agents": AgentClasses::NAMES});
        if name == "properties" {
            all["by"] = json!("plan");
        }
        let answer = ask(dashboard, name, &all);
        seen += &answer.to_string();
        let csv = http::get(
            dashboard,
            &format!("/api/queries/{}/csv", answer["id"].as_str().unwrap()),
        );
        assert_eq!(csv.status, 200);
        seen += &csv.text();
    }
    assert!(seen.contains("news.example"));
    for secret in secrets {
        assert!(!seen.contains(secret), "{secret} is in {seen}");
    }
    // And no SQL of a caller's gets there.
    let body = json!({"question": "SELECT * FROM hits", "from_ms": 0, "to_ms": 1}).to_string();
    assert_eq!(
        send(dashboard, "POST", "/api/queries", JSON, &body).status,
        422
    );
}

/// As `beacon dashboard-password` prints it for a password from a pipe.
fn hash_of(password: &str) -> String {
    let mut child = machine::command(env!("CARGO_BIN_EXE_beacon"))
        .arg("dashboard-password")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn login_needs_the_password_and_sessions_survive_a_restart() {
    let hash = hash_of("correct horse");
    let folder = tempfile::tempdir().unwrap();
    let protected = || {
        let mut command = command(folder.path());
        command.env("BEACON_DASHBOARD_PASSWORD_HASH", &hash);
        Beacon::start_with(command, folder.path())
    };
    let beacon = protected();
    let dashboard = beacon.dashboard.unwrap();
    assert_eq!(http::get(dashboard, "/").status, 200);
    assert_eq!(http::get(dashboard, "/api/about").status, 401);
    let body = json!({"password": "correct horse"}).to_string();
    let entered = send(dashboard, "POST", "/api/session", JSON, &body);
    assert_eq!(entered.status, 204, "{}", entered.text());
    let cookie = entered.headers["set-cookie"].clone();
    let session = cookie.split(';').next().unwrap();
    beacon.stop();

    let beacon = protected();
    let reply = send(
        beacon.dashboard.unwrap(),
        "GET",
        "/api/about",
        &format!("cookie: {session}\r\n"),
        "",
    );
    assert_eq!(json_of(&reply)["access"]["kind"], "password");
}
