//! How a server shuts down, and when it delivers files.

use beacon_testing::machine::wait_until;
use serde_json::json;

use crate::http::Client;
use crate::program::{Beacon, command, files, query};

#[test]
fn sigterm_finishes_requests_and_delivers_the_spool() {
    let folder = tempfile::tempdir().unwrap();
    let mut beacon = Beacon::start(folder.path());
    for page in 0..50 {
        assert_eq!(
            beacon
                .get(&format!("/pixel.gif?page=/{page}"))
                .header("x-beacon"),
            "recorded"
        );
    }
    let mut begun = Client::connect(beacon.pixel);
    begun.send(b"POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: 30\r\n\r\n{\"url\":");
    let mut idle = Client::connect(beacon.pixel);
    idle.send(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert_eq!(idle.reply().status, 200);

    beacon.signal("TERM");
    beacon.wait_for_log(
        "ending: requests are finished and hits delivered; a second signal ends at once",
    );
    assert!(idle.is_closed());
    begun.send(b"\"https://a.example/50\"");
    begun.send(b"}");
    assert_eq!(begun.reply().status, 204);
    assert!(beacon.wait().success());

    let lake = folder.path().join("lake");
    let waiting: Vec<_> = files(&lake.join("spool"))
        .into_iter()
        .filter(|path| !path.ends_with("LOCK"))
        .collect();
    assert!(
        waiting.is_empty(),
        "the spool is drained, but has {waiting:?}"
    );
    assert_eq!(
        query(&lake, "SELECT count(*) AS hits FROM hits"),
        [json!({"hits": 51})]
    );
    assert!(
        files(&lake.join("hits"))
            .iter()
            .all(|path| path.extension().is_some_and(|end| end == "parquet"))
    );
}

#[test]
fn ctrl_c_shuts_down_gracefully_and_a_second_signal_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut beacon = Beacon::start(folder.path());
    beacon.signal("INT");
    assert!(beacon.wait().success());

    let mut beacon = Beacon::start(folder.path());
    assert_eq!(
        beacon.get("/pixel.gif?page=/a").header("x-beacon"),
        "recorded"
    );
    // It would be waited for.
    let mut begun = Client::connect(beacon.pixel);
    begun.send(b"GET /pixel.gif HTTP/1.1\r\n");
    assert_eq!(
        beacon.get("/pixel.gif?page=/b").header("x-beacon"),
        "recorded"
    );
    beacon.signal("TERM");
    beacon.wait_for_log(
        "ending: requests are finished and hits delivered; a second signal ends at once",
    );
    beacon.signal("TERM");
    assert_eq!(beacon.wait().code(), Some(130));
    assert_eq!(
        query(
            &folder.path().join("lake"),
            "SELECT count(*) AS hits FROM hits"
        ),
        [json!({"hits": 2})]
    );
}

#[test]
fn files_are_delivered_after_the_buffer_interval() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.args(["--buffer-interval", "1", "--format", "json"]);
    let beacon = Beacon::start_with(command, folder.path());
    assert_eq!(
        beacon.get("/pixel.gif?page=/a").header("x-beacon"),
        "recorded"
    );
    wait_until("the hit is delivered", || {
        beacon.metric("beacon_delivered_total") == 1.0
    });
    let objects = files(&folder.path().join("lake/hits"));
    assert!(
        objects.len() == 1 && objects[0].to_str().unwrap().ends_with(".json.gz"),
        "{objects:?}"
    );
    assert_eq!(
        beacon.query("SELECT page FROM hits"),
        [json!({"page": "/a"})]
    );
}
