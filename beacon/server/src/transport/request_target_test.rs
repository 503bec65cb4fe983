use std::cell::RefCell;
use std::convert::Infallible;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::*;

/// Returns the requests that hyper reads from bytes in pieces that end at `cuts`.
fn fed(bytes: &[u8], cuts: &[usize]) -> Vec<u8> {
    let mut targets = RequestTargets::default();
    let mut read = Vec::new();
    let mut begin = 0;
    let ends = cuts.iter().copied().filter(|cut| *cut < bytes.len());
    for end in ends.chain([bytes.len()]) {
        let piece = &bytes[begin.min(end)..end];
        begin = begin.max(end);
        match targets.rewrite(piece) {
            None => read.extend_from_slice(piece),
            Some(instead) => read.extend_from_slice(&instead),
        }
    }
    read.extend_from_slice(&targets.finish());
    read
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (text, expected) = (text.as_bytes(), expected.as_bytes());
    for cut in 0..=text.len() {
        let read = fed(text, &[cut]);
        assert_eq!(
            String::from_utf8_lossy(&read),
            String::from_utf8_lossy(expected),
            "cut at {cut}"
        );
    }
    let every: Vec<usize> = (1..text.len()).collect();
    assert_eq!(fed(text, &every), expected, "byte by byte");
}

/// A request with this target.
fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: b.example\r\n\r\n")
}

#[test]
fn blanks_quotes_and_angle_brackets_are_encoded() {
    for (target, expected) in [
        ("/hit?page=a b", "/hit?page=a%20b"),
        ("/hit?page=a  b ", "/hit?page=a%20%20b%20"),
        ("/hit?t=\"x\"", "/hit?t=%22x%22"),
        ("/hit?t=<b>", "/hit?t=%3Cb%3E"),
        ("/a`b?x", "/a%60b?x"),
        ("/hit?t=ü x", "/hit?t=%C3%BC%20x"),
        ("/hit?t= HTTP/1.1", "/hit?t=%20HTTP/1.1"),
        ("/a b#c", "/a%20b#c"),
    ] {
        check(&get(target), &get(expected));
        let head = |target| get(target).replace("GET", "HEAD").replace("1.1\r", "1.0\r");
        if !target.contains("HTTP/") {
            check(&head(target), &head(expected));
        }
    }
    let latin = b"GET /hit?t=\xfc\xff HTTP/1.1\r\nhost: b\r\n\r\n";
    let read = fed(latin, &[]);
    assert_eq!(read, b"GET /hit?t=%FC%FF HTTP/1.1\r\nhost: b\r\n\r\n");
}

#[test]
fn valid_and_unmendable_targets_stay() {
    for target in [
        "/hit?page=/a&x={y}|z^",
        "/hit?page=ü",
        "/a\"{}?x",
        "/hit?page=a\tb \"",
        "/hit?page=a\u{7f} ",
        "/hit?page=a\rb c",
        "*",
        "http://b.example/hit?x",
    ] {
        check(&get(target), &get(target));
    }
    for line in [
        "GET /a b\r\n\r\n",
        "GET /a b HTTP/2.0\r\n\r\n",
        "GET HTTP/1.1\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\nget /a b HTTP/1.1\r\n\r\n",
    ] {
        check(line, line);
    }
    let post = get("/track?a b").replace("GET", "POST");
    check(&post, &post);
}

#[test]
fn targets_are_encoded_until_a_body_may_follow() {
    let (raw, encoded) = (get("/a b"), get("/a%20b"));
    check(
        &format!("{raw}\r\n{raw}{raw}"),
        &format!("{encoded}\r\n{encoded}{encoded}"),
    );
    let line_feeds = raw.replace("\r\n", "\n");
    check(
        &format!("{line_feeds}{raw}"),
        &format!("{}{encoded}", line_feeds.replace("a b", "a%20b")),
    );
    let options = "OPTIONS /a b HTTP/1.1\r\nhost: b\r\n\r\n";
    check(&format!("{options}{raw}"), &format!("{options}{encoded}"));
    for header in [
        "Content-Length: 0",
        "transfer-ENCODING: chunked",
        "expect:x",
        "upgrade:",
    ] {
        let last = |target: &str| get(target).replace("\r\n\r\n", &format!("\r\n{header}\r\n\r\n"));
        check(
            &format!("{}{raw}", last("/a b")),
            &format!("{}{raw}", last("/a%20b")),
        );
    }
    for header in [
        "Upgrade-Insecure-Requests: 1",
        "Content-Type: a",
        "X-Content-Length: 3",
        "Expecting: 1",
    ] {
        let first =
            |target: &str| get(target).replace("\r\n\r\n", &format!("\r\n{header}\r\n\r\n"));
        check(
            &format!("{}{raw}", first("/a b")),
            &format!("{}{encoded}", first("/a%20b")),
        );
    }
}

#[test]
fn bytes_after_the_request_line_pass_unchanged() {
    let head = "GET /a b HTTP/1.1\r\nhost: b\r\nuser-agent: a \"b\" <c> ü GET /x y HTTP/1.1\r\nx:  \r\n\r\n";
    check(head, &head.replace("/a b", "/a%20b"));
}

#[test]
fn request_line_start_of_a_large_head_is_kept() {
    let long = format!("GET /pixel.gif?x={}", "x".repeat(3 * MAX_HEAD_BYTES));
    let many = format!(
        "GET /pixel.gif HTTP/1.1\r\n{}\r\n",
        "a: b\r\n".repeat(MAX_HEADERS + 1)
    );
    let unfinished = "GET /pixel.gif HTTP/1.1\r\nhost: b".to_owned();
    for head in [long, many, unfinished] {
        let mut targets = RequestTargets::default();
        for piece in head.as_bytes().chunks(8 << 10) {
            targets.rewrite(piece);
        }
        let start = targets.request_line_start().unwrap();
        assert!(start.starts_with(b"GET /pixel.gif"), "{}", head.len());
        assert!(start.len() <= REMEMBERED_BYTES);
    }
    let mut targets = RequestTargets::default();
    targets.rewrite(get("/pixel.gif").as_bytes());
    assert_eq!(targets.request_line_start(), None);
}

/// The parts of a request that reach a service.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heard {
    head: String,
    body: Vec<u8>,
}

/// All requests that hyper makes of these bytes, and how it ends.
fn heard(bytes: &[u8]) -> (Vec<Heard>, Result<(), String>) {
    let requests = Rc::new(RefCell::new(Vec::new()));
    let all = Rc::clone(&requests);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let all = Rc::clone(&all);
        async move {
            let (head, body) = request.into_parts();
            let head = format!("{} {} {:?}", head.method, head.uri, head.headers);
            let body = body.collect().await;
            let body = body
                .map(|body| body.to_bytes().to_vec())
                .unwrap_or_default();
            all.borrow_mut().push(Heard { head, body });
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::new())))
        }
    });
    let canned = Canned(io::Cursor::new(bytes.to_vec()));
    let connection = http1::Builder::new()
        .max_buf_size(MAX_HEAD_BYTES)
        .header_read_timeout(None)
        .half_close(true)
        .serve_connection(TokioIo::new(canned), service);
    let mut connection = pin!(connection);
    let mut context = Context::from_waker(Waker::noop());
    // It yields after some turns, and never waits.
    let end = (0..10_000).find_map(|_| match connection.as_mut().poll(&mut context) {
        Poll::Ready(end) => Some(end.map_err(|error| error.to_string())),
        Poll::Pending => None,
    });
    let requests = requests.borrow().clone();
    (requests, end.expect("it ends with its bytes"))
}

/// A socket whose client has sent all and reads everything.
struct Canned(io::Cursor<Vec<u8>>);

impl AsyncRead for Canned {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Canned {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Pieces of requests, good and bad, that meet in all ways.
fn traffic() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "GET ", "HEAD ", "POST ", "OPTIONS ", "CONNECT ", "GE", "/", "/hit?page=/a", "*", "http://b.example/x",
            " HTTP/1.1", " HTTP/1.0", " HTTP/1.1\r\n", " HTTP/1.1\r\nhost: b\r\n\r\n", " HTTP/1.1\n\n", "\r\n", "\n",
            "\r", "\r\n\r\n", "host: b\r\n", "Content-Length: 5\r\n\r\n", "content-length: 0\r\n\r\n", "hello",
            "Transfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n", "0\r\n\r\n", "Expect: 100-continue\r\n",
            "Upgrade: x\r\n", "Upgrade-Insecure-Requests: 1\r\n", "connection: close\r\n", " ", "\"", "<b>", "ü", "%20",
            "#", "?", "\t", "\0", "`", "{", "GET /hit?page=/a HTTP/1.1\r\nhost: b\r\n\r\n",
            "GET /hit?page=/ü HTTP/1.1\r\nhost: b\r\ncookie: a\r\n\r\n",
            "POST /track HTTP/1.1\r\nhost: b\r\ncontent-length: 25\r\n\r\nGET /a b HTTP/1.1\r\n\r\n1234",
            "POST /track HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n4\r\n\n\nGE\r\n0\r\n\r\n",
            "GET /a b HTTP/1.1\r\nhost: b\r\n\r\n",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// The rule that keeps the rewriting harmless.
    #[test]
    fn requests_that_hyper_accepts_pass_unchanged(
        bytes in traffic(),
        mut cuts in prop::collection::vec(0..400_usize, 0..8),
    ) {
        cuts.sort_unstable();
        let (alone, end) = heard(&bytes);
        let read = fed(&bytes, &cuts);
        if end.is_ok() {
            prop_assert_eq!(&read, &bytes, "hyper takes all of it");
        }
        prop_assert_eq!(&read, &fed(&bytes, &[]), "reads may end anywhere");
        let (with_adapter, _) = heard(&read);
        prop_assert!(
            with_adapter.len() >= alone.len(),
            "{:?} became {:?}", alone, with_adapter
        );
        // The last may be what hyper refused half-way, whose body ended early.
        for (alone, with_adapter) in alone.iter().zip(&with_adapter) {
            prop_assert_eq!(&alone.head, &with_adapter.head);
            prop_assert!(with_adapter.body.starts_with(&alone.body));
        }
    }
}
