//! The Firehose API: its limits, its errors, and where records end up.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::http::{self, Reply};
use crate::program::{Beacon, command, files, refused, wait_until};

const TARGET: &str = "Firehose_20150804.";

fn start(folder: &std::path::Path) -> Beacon {
    let mut command = command(folder);
    command.args(["--firehose-listen", "127.0.0.1:0"]);
    Beacon::start_with(command, folder)
}

fn call(beacon: &Beacon, operation: &str, body: &[u8]) -> Reply {
    let headers = format!(
        "content-type: application/x-amz-json-1.1\r\nx-amz-target: {TARGET}{operation}\r\n"
    );
    let reply = http::post(beacon.firehose.unwrap(), "/", &headers, body);
    assert_eq!(reply.header("content-type"), "application/x-amz-json-1.1");
    assert!(!reply.header("x-amzn-requestid").is_empty());
    reply
}

fn put(beacon: &Beacon, records: &[&[u8]]) -> Reply {
    let records: Vec<_> = records
        .iter()
        .map(|data| json!({"Data": STANDARD.encode(data)}))
        .collect();
    let body = json!({"DeliveryStreamName": "hits", "Records": records});
    call(beacon, "PutRecordBatch", body.to_string().as_bytes())
}

fn hit(id: &str) -> String {
    format!(
        r#"{{"hit_id":"{id}","received_at":"2026-11-21 05:34:56.789","site":"example.com","page":"/{id}"}}"#
    )
}

#[test]
fn records_become_rows() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = start(folder.path());
    let (one, two, three) = (hit("1"), hit("2"), hit("3"));
    let reply = put(
        &beacon,
        &[format!("{one}\n{two}\n").as_bytes(), three.as_bytes(), b""],
    );
    assert_eq!(reply.status, 200);
    let answer = reply.json();
    assert_eq!(
        (&answer["FailedPutCount"], &answer["Encrypted"]),
        (&json!(0), &json!(false))
    );
    let ids: Vec<_> = answer["RequestResponses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["RecordId"].as_str())
        .collect();
    assert!(
        ids.len() == 3 && ids.iter().all(Option::is_some),
        "{answer}"
    );
    let body = json!({"DeliveryStreamName": "hits", "Record": {"Data": STANDARD.encode(hit("4"))}})
        .to_string();
    let answer = call(&beacon, "PutRecord", body.as_bytes()).json();
    assert!(
        answer["RecordId"].is_string() && answer["Encrypted"] == false,
        "{answer}"
    );
    let rows = beacon.query("SELECT hit_id, page FROM hits ORDER BY hit_id");
    let expected: Vec<_> = ["1", "2", "3", "4"]
        .map(|id| json!({"hit_id": id, "page": format!("/{id}")}))
        .into();
    assert_eq!(rows, expected);
    assert_eq!(
        beacon.metric(r#"beacon_recorded_total{through="firehose"}"#),
        4.0
    );
}

#[test]
fn what_is_not_a_hit_goes_to_the_errors_in_firehoses_shape() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = start(folder.path());
    let reply = put(
        &beacon,
        &[b"nonsense \xff", hit("1").as_bytes(), b"{\"a\":1}\n[1]\n"],
    );
    assert_eq!(
        (reply.status, &reply.json()["FailedPutCount"]),
        (200, &json!(0))
    );
    assert_eq!(
        beacon.metric(r#"beacon_refused_total{through="firehose"}"#),
        3.0
    );
    assert_eq!(
        beacon.query("SELECT hit_id FROM hits"),
        [json!({"hit_id": "1"})]
    );
    beacon.stop();

    let objects = files(&folder.path().join("lake/errors"));
    let [object] = &objects[..] else {
        panic!("one object, not {objects:?}")
    };
    let place = object
        .strip_prefix(folder.path().join("lake"))
        .unwrap()
        .to_str()
        .unwrap();
    assert!(
        place.starts_with("errors/format-conversion-failed/year=20"),
        "{place}"
    );
    let mut text = String::new();
    let file = std::fs::File::open(object).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let raw = lines
        .iter()
        .map(|line| STANDARD.decode(line["rawData"].as_str().unwrap()).unwrap());
    assert_eq!(
        raw.collect::<Vec<_>>(),
        [&b"nonsense \xff"[..], b"{\"a\":1}", b"[1]"]
    );
    for line in &lines {
        assert_eq!(line["attemptsMade"], 1);
        assert!(
            line["lastErrorCode"]
                .as_str()
                .unwrap()
                .starts_with("DataFormatConversion."),
            "{line}"
        );
    }
}

#[test]
fn limits_and_errors_are_those_of_aws() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = start(folder.path());

    #[track_caller]
    fn check(reply: Reply, expected: &str) {
        let kind = match reply.status {
            200 => "accepted".to_owned(),
            status => format!("{status} {}", reply.json()["__type"].as_str().unwrap()),
        };
        assert_eq!(kind, expected, "{}", reply.text());
    }
    let raw = |operation: &str, body: &str| call(&beacon, operation, body.as_bytes());
    let sized = |sizes: &[usize]| {
        let records: Vec<Vec<u8>> = sizes.iter().map(|&size| vec![b'\n'; size]).collect();
        put(
            &beacon,
            &records.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        )
    };
    let invalid = "400 InvalidArgumentException";

    check(sized(&[]), invalid);
    check(sized(&[0; 500]), "accepted");
    check(sized(&[0; 501]), invalid);
    check(sized(&[1_024_000]), "accepted");
    check(sized(&[1_024_001]), invalid);
    check(
        sized(&[1_024_000, 1_024_000, 1_024_000, 1_024_000, 98_304]),
        "accepted",
    );
    check(
        sized(&[1_024_000, 1_024_000, 1_024_000, 1_024_000, 98_305]),
        invalid,
    );
    check(sized(&[1_024_000; 7]), "413 InvalidArgumentException");

    check(
        raw(
            "PutRecord",
            r#"{"DeliveryStreamName":"hits","Record":{"Data":"e30="}}"#,
        ),
        "accepted",
    );
    check(
        raw("PutRecord", r#"{"DeliveryStreamName":"hits"}"#),
        invalid,
    );
    check(
        raw("PutRecord", r#"{"DeliveryStreamName":"hits","Record":{}}"#),
        invalid,
    );
    check(raw("PutRecord", r#"{"Record":{"Data":"e30="}}"#), invalid);
    check(
        raw("PutRecordBatch", r#"{"DeliveryStreamName":"hits"}"#),
        invalid,
    );
    check(
        raw(
            "PutRecord",
            r#"{"DeliveryStreamName":"no/name","Record":{"Data":"e30="}}"#,
        ),
        invalid,
    );
    check(
        raw(
            "PutRecord",
            r#"{"DeliveryStreamName":"","Record":{"Data":"e30="}}"#,
        ),
        invalid,
    );
    let missing = "400 ResourceNotFoundException";
    check(
        raw(
            "PutRecord",
            r#"{"DeliveryStreamName":"other","Record":{"Data":"e30="}}"#,
        ),
        missing,
    );
    check(
        raw(
            "DescribeDeliveryStream",
            r#"{"DeliveryStreamName":"other"}"#,
        ),
        missing,
    );

    let not_json = "400 SerializationException";
    check(raw("PutRecord", ""), not_json);
    check(raw("PutRecord", "{"), not_json);
    check(raw("PutRecord", "[]"), not_json);
    check(raw("PutRecord", r#"{"DeliveryStreamName":7}"#), not_json);
    check(
        raw(
            "PutRecord",
            r#"{"DeliveryStreamName":"hits","Record":{"Data":"no base64!"}}"#,
        ),
        not_json,
    );

    check(
        raw("ListDeliveryStreams", "{}"),
        "400 UnknownOperationException",
    );
    check(raw("", "{}"), "400 UnknownOperationException");
    check(
        http::get(beacon.firehose.unwrap(), "/"),
        "400 UnknownOperationException",
    );
}

#[test]
fn the_stream_describes_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.args([
        "--firehose-listen",
        "127.0.0.1:0",
        "--stream",
        "pixel-events",
    ]);
    let beacon = Beacon::start_with(command, folder.path());
    let answer = call(
        &beacon,
        "DescribeDeliveryStream",
        br#"{"DeliveryStreamName":"pixel-events"}"#,
    )
    .json();
    let about = &answer["DeliveryStreamDescription"];
    assert_eq!(about["DeliveryStreamName"], "pixel-events");
    assert_eq!(about["DeliveryStreamStatus"], "ACTIVE");
    assert_eq!(about["DeliveryStreamType"], "DirectPut");
    assert!(about["CreateTimestamp"].is_f64(), "{about}");
}

/// What the disk refuses is to be sent again, which SDKs do by themselves.
#[test]
fn a_failing_disk_is_service_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = start(folder.path());
    std::fs::remove_dir_all(folder.path().join("lake")).unwrap();
    let reply = put(&beacon, &[hit("1").as_bytes()]);
    assert_eq!(
        (reply.status, &reply.json()["__type"]),
        (503, &json!("ServiceUnavailableException"))
    );
    wait_until("the loss is counted", || {
        beacon.metric(r#"beacon_lost_total{through="firehose",reason="disk error"}"#) == 1.0
    });
}

#[test]
fn an_address_for_everybody_needs_saying_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut open = command(folder.path());
    open.args(["--firehose-listen", "0.0.0.0:0"]);
    let (code, message) = refused(open);
    assert_eq!(code, Some(2), "{message}");
    assert!(
        message.contains("signatures are not verified")
            && message.contains("--firehose-allow-remote"),
        "{message}"
    );
    let mut allowed = command(folder.path());
    allowed.args(["--firehose-listen", "0.0.0.0:0", "--firehose-allow-remote"]);
    drop(Beacon::start_with(allowed, folder.path()));
}

/// A server without a lake sends its hits to a stream; here that of another server.
#[test]
fn hits_go_to_a_stream_and_wait_while_it_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let stream = start(folder.path());
    let endpoint = stream.firehose.unwrap();
    let sender_folder = tempfile::tempdir().unwrap();
    let sender = || {
        let mut command = command(sender_folder.path());
        command
            .env_remove("BEACON_LAKE")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_ENDPOINT_URL_FIREHOSE", format!("http://{endpoint}"))
            .args(["--firehose", "hits", "--buffer-interval", "1"]);
        Beacon::start_with(command, sender_folder.path())
    };
    let first = sender();
    for page in 0..3 {
        let reply = first.get(&format!("/pixel.gif?page=/{page}"));
        assert_eq!(reply.header("x-beacon"), "recorded");
    }
    wait_until("the stream has the hits", || {
        stream.metric(r#"beacon_recorded_total{through="firehose"}"#) == 3.0
    });
    drop(stream);

    assert_eq!(
        first.get("/pixel.gif?page=/3").header("x-beacon"),
        "recorded"
    );
    drop(first);

    let mut again = command(folder.path());
    again.args(["--firehose-listen", &endpoint.to_string()]);
    let stream = Beacon::start_with(again, folder.path());
    let second = sender();
    wait_until("the hit of before is there too", || {
        stream.query("SELECT page FROM hits ORDER BY page").len() == 4
    });
    second.stop();
}
