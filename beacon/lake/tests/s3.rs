//! Checks the requests that an S3 endpoint gets, and how its answers are taken. The endpoint is a few lines here: the
//! request on the wire is what matters.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::fs;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use beacon_core::schema::Schema;
use beacon_lake::{Delivery, FileFormat, Lake, Observer, Sink, Spool, SpoolOptions};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
const AT_MS: u64 = 1_795_239_296_789;

const NOTHING_LISTED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <ListBucketResult><Name>bucket</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";

const MODIFIED: &str = "Sat, 21 Nov 2026 05:34:56 GMT";

/// Answers listings with nothing and puts with these statuses in turn; the object is there after a 412. Tells the
/// head of every request.
async fn endpoint(put_answers: &'static [&'static str]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, heads) = mpsc::channel();
    tokio::spawn(async move {
        let mut put_answers = put_answers.iter();
        let mut is_there = false;
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            let head = read_request(&mut connection).await;
            let (status, body) = if head.starts_with("PUT ") {
                let status = *put_answers.next().unwrap();
                is_there = status.starts_with("412");
                (status, "")
            } else if head.starts_with("head ") {
                (if is_there { "200 OK" } else { "404 Not Found" }, "")
            } else {
                ("200 OK", NOTHING_LISTED)
            };
            sender.send(head).unwrap();
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nETag: \"1\"\r\nLast-Modified: {MODIFIED}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            connection.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, heads)
}

async fn read_request(connection: &mut TcpStream) -> String {
    let mut reader = BufReader::new(connection);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(
            reader.read_line(&mut head).await.unwrap() > 0,
            "the request ends early: {head}"
        );
    }
    let head = head.to_ascii_lowercase().replace("put /", "PUT /");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await.unwrap();
    head
}

/// Delivers one hit, and says which puts that took.
async fn puts(put_answers: &'static [&'static str]) -> Vec<String> {
    let dir = TempDir::new().unwrap();
    let (url, heads) = endpoint(put_answers).await;
    let variables = [
        ("AWS_ENDPOINT_URL", url.as_str()),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_EXECUTION_ENV", "another tool's"),
        ("HOME", "/"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let lake = Lake::open("s3://bucket/base", variables.into_iter()).unwrap();
    let options = SpoolOptions {
        directory: dir.path().join("spool"),
        stream: "hits".to_owned(),
        buffer_interval: Duration::from_secs(600),
        buffer_size_bytes: 1 << 20,
        clock: beacon_lake::Clock::from_fn(|| AT_MS),
    };
    let mut spool = Spool::start(&options, Observer::none()).unwrap();
    let line = "{\"hit_id\":\"1\",\"received_at\":\"2026-11-21 05:34:56.789\"}\n";
    spool
        .writer()
        .append(line.into(), |result| assert_eq!(result, Ok(())));
    let sink = Sink::Lake {
        lake,
        format: FileFormat::Parquet,
        schema: Schema::builtin(),
    };
    let delivery = Delivery::start(&mut spool, sink, Observer::none()).unwrap();
    spool.close();
    assert!(delivery.finish(Duration::from_secs(120)).await);
    let left: Vec<_> = fs::read_dir(&options.directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["LOCK"]);
    heads
        .try_iter()
        .filter(|head| head.starts_with("PUT "))
        .collect()
}

#[tokio::test]
async fn an_object_is_created_and_never_overwritten() {
    let puts = puts(&["200 OK"]).await;
    assert_eq!(puts.len(), 1);
    assert!(
        puts[0].starts_with("PUT /bucket/base/hits/year"),
        "{}",
        puts[0]
    );
    assert!(puts[0].contains("if-none-match: *\r\n"), "{}", puts[0]);
}

#[tokio::test]
async fn an_object_that_exists_is_delivered() {
    assert_eq!(puts(&["412 Precondition Failed"]).await.len(), 1);
}

/// S3 answers 409 (ConditionalRequestConflict) while another put of the key is under way, which may yet fail.
#[tokio::test]
async fn an_object_in_conflict_is_tried_again() {
    assert_eq!(puts(&["409 Conflict", "200 OK"]).await.len(), 2);
}

#[tokio::test]
async fn a_refusal_is_tried_again() {
    assert_eq!(puts(&["403 Forbidden", "200 OK"]).await.len(), 2);
}
