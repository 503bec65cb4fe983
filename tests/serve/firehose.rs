//! The Firehose endpoint as a part of the server. What a stream promises is in `tests/firehose_contract`.

use beacon_testing::machine::wait_until;

use crate::program::{Beacon, command, refused};

fn start(folder: &std::path::Path) -> Beacon {
    let mut command = command(folder);
    command.args(["--firehose-listen", "127.0.0.1:0"]);
    Beacon::start_with(command, folder)
}

#[test]
fn public_firehose_address_needs_a_flag() {
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

#[test]
fn counts_of_a_server_without_a_lake_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut sender = command(folder.path());
    sender
        .env_remove("BEACON_LAKE")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "eu-west-1")
        .env("BEACON_COUNTS", "blog.example")
        .args(["--firehose", "hits"]);
    let (code, message) = refused(sender);
    assert_eq!(code, Some(1), "{message}");
    assert!(
        message.contains("BEACON_COUNTS is set, and with --firehose the hits go to AWS"),
        "{message}"
    );
}

/// A server without a lake sends its hits to a stream; here that of another server.
#[test]
fn hits_wait_in_the_spool_while_the_stream_is_down() {
    let folder = tempfile::tempdir().unwrap();
    let stream = start(folder.path());
    let sender_folder = tempfile::tempdir().unwrap();
    let sender = |stream: &Beacon| {
        let endpoint = stream.firehose.unwrap();
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
    let first = sender(&stream);
    for page in 0..3 {
        let reply = first.get(&format!("/pixel.gif?page=/{page}"));
        assert_eq!(reply.header("x-beacon"), "recorded");
    }
    wait_until("the stream has the hits", || {
        stream.metric(r#"beacon_recorded_total{through="firehose"}"#) == 3.0
    });
    // It keeps its port, which nobody else can take, and answers no more.
    stream.signal("STOP");

    assert_eq!(
        first.get("/pixel.gif?page=/3").header("x-beacon"),
        "recorded"
    );
    drop(first);
    drop(stream);

    let stream = start(folder.path());
    let second = sender(&stream);
    wait_until("the hit of before is there too", || {
        stream.query("SELECT page FROM hits ORDER BY page").len() == 4
    });
    second.stop();
}
