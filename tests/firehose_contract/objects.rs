//! Names of objects, and the partition that they are in.

use std::time::Duration;

use beacon_core::time::parse_timestamp;
use uuid::Uuid;

use crate::stream::{Program, Turned, hit, hit_with};

const HOUR: Duration = Duration::from_secs(3600);

/// No object is made before it is asked for by the end.
fn patient() -> Turned {
    Turned::start(24 * HOUR, 64 << 20)
}

/// O1, O2: all parts of a name, of either format.
#[test]
fn object_name_begins_with_the_stream() {
    for (format, extension) in [("parquet", ".parquet"), ("json", ".json.gz")] {
        let program = Program::start(&["--format", format, "--stream", "my.pixel-events_2"]);
        let body = serde_json::json!({"DeliveryStreamName": "my.pixel-events_2",
            "Record": {"Data": base64::Engine::encode(&base64::engine::general_purpose::STANDARD, hit("1"))}});
        assert_eq!(program.call("PutRecord", &body.to_string()).status, 200);
        let keys = program.end().keys();
        let [key] = &keys[..] else {
            panic!("one object, not {keys:?}")
        };
        let (partition, name) = key.rsplit_once('/').unwrap();
        let name = name.strip_prefix("my.pixel-events_2-1-").unwrap();
        let name = name.strip_suffix(extension).unwrap();
        let (time, id) = name.split_at_checked(20).unwrap();
        Uuid::try_parse(id).unwrap();
        let numbers: Vec<&str> = time.strip_suffix('-').unwrap().split('-').collect();
        let [year, month, day, hour, _minute, _second] = numbers[..] else {
            panic!("{name}")
        };
        assert_eq!(
            partition,
            format!("hits/year={year}/month={month}/day={day}/hour={hour}")
        );
    }
}

/// O3: the first record of an object gives its time, to the second.
#[test]
fn the_oldest_record_names_the_object() {
    let stream = patient();
    stream.accept(&[hit("1").as_bytes()]);
    stream.turn_to(Duration::from_secs(1500));
    stream.accept(&[hit("2").as_bytes()]);
    // 05:34:56 and 25 minutes are 05:59:56.
    let expected = (
        "hits/year=2026/month=11/day=21/hour=05".to_owned(),
        "2026-11-21-05-34-56".to_owned(),
        vec!["1".to_owned(), "2".to_owned()],
    );
    assert_eq!(stream.end().contents(), [expected]);
}

/// O4: Firehose would put both into the older hour. Here the turn of the hour begins another object, so that a
/// partition holds exactly what arrived in it.
#[test]
fn new_hour_begins_another_object() {
    let stream = patient();
    stream.accept(&[hit("1").as_bytes()]);
    // 05:59:59.999, then 06:00:00.000.
    stream.turn_to(Duration::from_millis(1_503_210));
    stream.accept(&[hit("2").as_bytes()]);
    stream.turn_to(Duration::from_millis(1_503_211));
    stream.accept(&[hit("3").as_bytes()]);
    let contents = stream.end().contents();
    let parts: Vec<_> = contents
        .iter()
        .map(|(partition, time, ids)| (partition.as_str(), time.as_str(), ids.len()))
        .collect();
    assert_eq!(
        parts,
        [
            (
                "hits/year=2026/month=11/day=21/hour=05",
                "2026-11-21-05-34-56",
                2
            ),
            (
                "hits/year=2026/month=11/day=21/hour=06",
                "2026-11-21-06-00-00",
                1
            ),
        ]
    );
}

/// O4: days, months and years turn with the hour.
#[test]
fn new_year_begins_another_object() {
    let stream = patient();
    stream.accept(&[hit("1").as_bytes()]);
    let new_year_ms = parse_timestamp("2027-01-01 00:00:00.000").unwrap();
    stream.turn_to(Duration::from_millis(new_year_ms - crate::stream::AT_MS));
    stream.accept(&[hit("2").as_bytes()]);
    let partitions: Vec<_> = stream
        .end()
        .contents()
        .into_iter()
        .map(|(partition, ..)| partition)
        .collect();
    assert_eq!(
        partitions,
        [
            "hits/year=2026/month=11/day=21/hour=05",
            "hits/year=2027/month=01/day=01/hour=00",
        ]
    );
}

/// O5: a record that names another time is where it arrived. `beacon replay` is for those.
#[test]
fn the_partition_is_that_of_arrival() {
    let stream = patient();
    let old = hit_with("1", r#""site":"a""#)
        .replace("2026-11-21 05:34:56.789", "2020-02-02 02:02:02.000");
    stream.accept(&[old.as_bytes()]);
    let objects = stream.end();
    let key = &objects.keys()[0];
    assert!(
        key.starts_with("hits/year=2026/month=11/day=21/hour=05/"),
        "{key}"
    );
    assert_eq!(
        objects.lines(key)[0]["received_at"],
        "2020-02-02 02:02:02.000"
    );
}
