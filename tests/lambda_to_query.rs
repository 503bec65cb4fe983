//! The whole way, on this machine: the real Lambda binary, invoked through a Runtime API, writes over TLS
//! through the real AWS SDK to the Firehose endpoint of `beacon serve`, and `beacon query` counts the rows.
//! What could not be sent comes back by `beacon replay`.
#![expect(
    clippy::unwrap_used,
    reason = "a suite of tests: what goes wrong in its helpers fails the test"
)]

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Output, Stdio};

use beacon_testing::function::{Function, fixture};
use beacon_testing::machine::{self, Unreachable};
use beacon_testing::program::built;
use beacon_testing::serving::Serving;
use serde_json::{Value, json};

const BEACON: &str = env!("CARGO_BIN_EXE_beacon");

#[tokio::test]
async fn a_hit_of_the_lambda_is_a_row_of_the_lake() {
    let folder = tempfile::tempdir().unwrap();
    let (server, firehose) = serve(folder.path());
    let bootstrap = built("bootstrap");
    let function = Function::start(&bootstrap, firehose, []).await;

    for event in [
        "http-api-get",
        "function-url-get",
        "rest-api-get",
        "alb-get",
        "http-api-post",
    ] {
        let answer = function.invoke(&fixture(event)).await.outcome.unwrap();
        assert!(
            answer["statusCode"].as_u64().unwrap() < 300,
            "{event}: {answer}"
        );
    }
    let by_format = "SELECT format, count(*) AS hits, count(DISTINCT hit_id) AS ids FROM hits \
                     GROUP BY format ORDER BY format";
    let expected =
        json!([{"format": "gif", "hits": 4, "ids": 4}, {"format": "post", "hits": 1, "ids": 1}]);
    assert_eq!(query(folder.path(), by_format), expected);
    let read = "SELECT element_at(params, 'userid') AS userid, element_at(params, 'thirdpartyname') AS partner, \
                page, utm_source FROM hits WHERE format = 'gif' GROUP BY 1, 2, 3, 4";
    let row = json!([{"userid": "u-17", "partner": "Acme GmbH", "page": "/talks", "utm_source": "newsletter"}]);
    assert_eq!(query(folder.path(), read), row);

    server.stop();
    assert_eq!(query(folder.path(), by_format), expected);
}

#[tokio::test]
async fn an_unsent_hit_comes_back_once_by_replay() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    // The put fails, the image comes back, and the log keeps the record.
    let nobody = Unreachable::bind();
    let bootstrap = built("bootstrap");
    let function = Function::start(&bootstrap, nobody.address(), []).await;
    let answer = function
        .runtime_api
        .invoke(fixture("http-api-get"), std::time::Duration::from_secs(3))
        .await
        .outcome
        .unwrap();
    assert_eq!(answer["statusCode"], 200);
    assert!(
        answer["headers"]["x-beacon"]
            .as_str()
            .unwrap()
            .starts_with("lost; "),
        "{answer}"
    );
    let log = folder.path().join("lambda.log");
    std::fs::write(&log, function.end().await.join("\n")).unwrap();

    let replayed = beacon(&["replay", "--lake", text(&lake), text(&log)]);
    assert!(replayed.status.success(), "{replayed:?}");
    let report = String::from_utf8(replayed.stdout).unwrap();
    assert!(
        report.starts_with("sent      1 hit from 1 file to "),
        "{report}"
    );
    let again = beacon(&["replay", "--lake", text(&lake), text(&log)]);
    let report = String::from_utf8(again.stdout).unwrap();
    assert!(
        report.starts_with("sent      0 hits from 1 file to "),
        "{report}"
    );
    assert!(report.contains("known     1: replayed before"), "{report}");

    let count = "SELECT count(*) AS hits, max(page) AS page FROM hits";
    assert_eq!(query(&lake, count), json!([{"hits": 1, "page": "/talks"}]));
}

/// A server with this lake, and where its Firehose endpoint is.
fn serve(lake: &Path) -> (Serving, SocketAddr) {
    let mut command = machine::command(BEACON);
    command
        .args(["serve", "--log-format", "json", "--dashboard-listen", "off"])
        .args(["--listen", "127.0.0.1:0"])
        .args(["--metrics-listen", "127.0.0.1:0"])
        .args(["--firehose-listen", "127.0.0.1:0"])
        .args(["--lake", text(lake)])
        .stdout(Stdio::null());
    let server = Serving::start(&mut command);
    let firehose = server.address("firehose").unwrap();
    (server, firehose)
}

#[track_caller]
fn query(lake: &Path, sql: &str) -> Value {
    machine::query(BEACON, lake, sql).into()
}

fn beacon(arguments: &[&str]) -> Output {
    machine::command(BEACON).args(arguments).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
