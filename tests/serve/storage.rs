//! The state of storage: what is taken away under a running server, what is told of it, and who may read the files.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use beacon_testing::machine::wait_until;
use serde_json::json;

use crate::http;
use crate::program::{Beacon, command, query, refused};

/// Something else takes the place of the lake: every hit is answered with the image, and said to be lost; health says
/// so, and finds by itself that it is over.
#[test]
fn failing_disk_loses_the_hit_but_serves_the_image() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let lake = folder.path().join("lake");
    assert_eq!(http::get(beacon.metrics, "/health").text(), "ok\n");
    fs::remove_dir_all(&lake).unwrap();
    fs::write(&lake, "").unwrap();

    let reply = beacon.get("/pixel.gif?page=/a");
    assert_eq!(
        (reply.status, reply.header("x-beacon"), reply.body.len()),
        (200, "lost; disk error", 43)
    );
    let reply = http::post(
        beacon.pixel,
        "/track",
        "",
        br#"{"url":"https://a.example/"}"#,
    );
    assert_eq!(
        (reply.status, reply.header("x-beacon")),
        (503, "lost; disk error")
    );
    let lost = r#"beacon_lost_total{through="pixel",reason="disk error"}"#;
    assert_eq!(beacon.metric(lost), 2.0);
    let health = http::get(beacon.metrics, "/health");
    assert_eq!(health.status, 503);
    let text = health.text();
    assert!(
        text.contains("the last write to the spool") && text.contains("failed: disk error"),
        "{text}"
    );
    // Who decides on a restart asks the pixel itself.
    assert_eq!(beacon.get("/health").status, 200);

    fs::remove_file(&lake).unwrap();
    wait_until("health is well again, without a hit", || {
        http::get(beacon.metrics, "/health").status == 200
    });
    assert_eq!(
        beacon.get("/pixel.gif?page=/b").header("x-beacon"),
        "recorded"
    );
    assert_eq!(
        query(&lake, "SELECT page FROM hits"),
        [json!({"page": "/b"})]
    );
}

#[test]
fn removed_spool_is_recreated() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let lake = folder.path().join("lake");
    let spool = lake.join("spool");
    let elsewhere = folder.path().join("elsewhere");
    type Act = fn(&Path, &Path, &Path);
    let acts: [(&str, Act); 3] = [
        ("lake removed", |lake, _, _| {
            fs::remove_dir_all(lake).unwrap();
        }),
        ("spool removed", |_, spool, _| {
            fs::remove_dir_all(spool).unwrap();
        }),
        ("spool renamed", |_, spool, elsewhere| {
            fs::rename(spool, elsewhere).unwrap();
        }),
    ];
    for (count, (what, act)) in acts.into_iter().enumerate() {
        assert_eq!(
            beacon.get("/pixel.gif?page=/before").header("x-beacon"),
            "recorded"
        );
        act(&lake, &spool, &elsewhere);
        for page in ["/a", "/b"] {
            let reply = beacon.get(&format!("/pixel.gif?page={page}"));
            assert_eq!(reply.header("x-beacon"), "recorded", "{what}");
        }
        assert_eq!(
            beacon.query("SELECT page FROM hits ORDER BY page"),
            [json!({"page": "/a"}), json!({"page": "/b"})],
            "{what}"
        );
        assert_eq!(
            beacon.metric("beacon_spool_files_gone_total"),
            (count + 1) as f64
        );
        // The lock was taken again with the folder.
        let (_, message) = refused(command(folder.path()));
        assert!(message.contains("in use by process"), "{what}: {message}");
    }
}

/// Every file and directory below, with its permissions.
fn modes(folder: &Path, found: &mut Vec<(String, u32, bool)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let about = fs::metadata(&path).unwrap();
        let mode = about.permissions().mode() & 0o777;
        found.push((path.display().to_string(), mode, about.is_dir()));
        if about.is_dir() {
            modes(&path, found);
        }
    }
}

#[test]
fn files_are_private_and_the_key_is_outside_the_lake() {
    for privacy in ["anonymous", "full"] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command
            .env("BEACON_PRIVACY", privacy)
            .args(["--buffer-interval", "1"]);
        let beacon = Beacon::start_with(command, folder.path());
        beacon.get("/pixel.gif?page=/a");
        wait_until("a hit is delivered", || {
            beacon.metric("beacon_delivered_total") == 1.0
        });
        beacon.get("/pixel.gif?page=/b");
        let mut found = Vec::new();
        modes(folder.path(), &mut found);
        for part in [
            ".parquet",
            ".hits",
            "LOCK",
            "lake.dashboard.key",
            "/lake/hits",
        ] {
            assert!(
                found.iter().any(|(path, ..)| path.ends_with(part)),
                "{part} is not in {found:?}"
            );
        }
        for (path, mode, is_folder) in &found {
            let expected = if *is_folder { 0o700 } else { 0o600 };
            assert_eq!(*mode, expected, "{path} has {mode:o}");
            assert!(
                !path.ends_with(".key") || !path.contains("/lake/"),
                "{path} would be synced with the lake"
            );
        }
    }
}

/// Answers every request as S3 does for a bucket that is not there.
fn store_without_buckets() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 8192];
            let read = stream.read(&mut head).unwrap();
            if read == 0 {
                continue;
            }
            let body = "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>";
            let answer = format!(
                "HTTP/1.1 404 Not Found\r\ncontent-type: application/xml\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    format!("http://{address}")
}

#[test]
fn object_store_is_checked_at_the_start() {
    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
        ] {
            command.env_remove(name);
        }
        command
            .envs(variables.iter().copied())
            .env("BEACON_SPOOL", folder.path().join("spool"))
            .args(["--lake", "s3://no-such/x"]);
        let (code, message) = refused(command);
        assert_eq!(code, Some(1), "{message}");
        for part in expected {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
    }

    let endpoint = store_without_buckets();
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    check(
        &[
            keys[0],
            keys[1],
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ],
        &[
            "cannot list the lake s3://no-such/x",
            "region eu-west-1",
            &endpoint,
            "there is no such bucket; create the bucket",
        ],
    );
    // Port 1 is reserved, and nobody listens there.
    check(
        &[keys[0], keys[1], ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")],
        &[
            "cannot list the lake s3://no-such/x",
            "region us-east-1, as AWS_REGION is not set",
            "endpoint http://127.0.0.1:1",
            "check AWS_REGION and AWS_ENDPOINT_URL",
        ],
    );
    check(
        &[("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")],
        &["there are no AWS credentials; set AWS_ACCESS_KEY_ID"],
    );
}
