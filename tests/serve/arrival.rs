//! A request that arrived whole is recorded, whether or not its client waits for the answer.

use std::collections::HashMap;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use beacon_testing::load::Load;
use beacon_testing::machine::{through_shell, wait_until};
use serde_json::json;

use crate::program::{Beacon, command, query};

/// Connections of each kind.
const CONNECTIONS: usize = 900;

/// Connections that are open at once.
const AT_ONCE: usize = 90;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Get,
    Post2Kb,
    Post60Kb,
    /// Three requests in one write.
    Pipelined,
    /// A second request, sent when the answer to the first is here and not read.
    Second,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Fin,
    Rst,
}

impl Kind {
    const ALL: [Kind; 5] = [
        Kind::Get,
        Kind::Post2Kb,
        Kind::Post60Kb,
        Kind::Pipelined,
        Kind::Second,
    ];

    fn hits(self) -> usize {
        match self {
            Kind::Get | Kind::Post2Kb | Kind::Post60Kb => 1,
            Kind::Second => 2,
            Kind::Pipelined => 3,
        }
    }

    fn request(self, page: &str) -> Vec<u8> {
        let get = format!("GET /hit?page={page} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        match self {
            Kind::Get | Kind::Second => get.into_bytes(),
            Kind::Pipelined => get.repeat(3).into_bytes(),
            Kind::Post2Kb => post(page, 2 << 10),
            Kind::Post60Kb => post(page, 60 << 10),
        }
    }
}

fn post(page: &str, bytes: usize) -> Vec<u8> {
    let mut body = format!("{{\"page\":\"{page}\"}}");
    body.extend(std::iter::repeat_n(' ', bytes - body.len()));
    format!("POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: {bytes}\r\n\r\n{body}")
        .into_bytes()
}

/// FIN is the plain case. With RST, a client's own kernel throws away what it has not sent yet; what the other one has
/// acknowledged is in the server's receive queue, and Linux hands that out before it reports the reset. So a client here
/// resets when everything is acknowledged, and then all of it must be recorded, read or unread, accepted or not.
#[test]
fn hits_of_clients_that_close_at_once_are_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = Beacon::start(folder.path());
    let load = Load::start(beacon.pixel, 4);
    let mut expected = HashMap::new();
    for kind in Kind::ALL {
        for end in [End::Fin, End::Rst] {
            let page = format!("/{kind:?}-{end:?}").to_lowercase();
            for _ in 0..CONNECTIONS / AT_ONCE {
                send_and_leave(beacon.pixel, kind, end, &page);
            }
            expected.insert(page, (CONNECTIONS * kind.hits()) as u64);
        }
    }
    let loaded = load.stop().len() as u64;
    let all = expected.values().sum::<u64>() + loaded;
    let recorded = || beacon.metric(r#"beacon_recorded_total{through="pixel"}"#);
    let received = || beacon.metric(r#"beacon_received_total{through="pixel"}"#);
    let mut before = -1.0;
    // What is missing would never come: as long as the number grows, there is hope.
    wait_until("the last hit is recorded, or no more come", || {
        let now = recorded();
        let is_done = now >= all as f64 || (now <= before && now >= received());
        before = now;
        std::thread::park_timeout(Duration::from_millis(500));
        is_done
    });
    let rows = beacon.query(
        "SELECT page, count(*) AS hits FROM hits WHERE site IS NULL OR site <> 'load.example' GROUP BY page ORDER BY page",
    );
    let found: HashMap<String, u64> = rows
        .iter()
        .map(|row| {
            let page = row["page"].as_str().unwrap().to_owned();
            (page, row["hits"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(recorded(), all as f64);
}

fn send_and_leave(address: SocketAddr, kind: Kind, end: End, page: &str) {
    let request = kind.request(page);
    let mut open = Vec::new();
    for _ in 0..AT_ONCE {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.write_all(&request).unwrap();
        if kind == Kind::Second {
            stream.peek(&mut [0]).unwrap();
            stream.write_all(&request).unwrap();
        }
        match end {
            End::Fin => drop(stream),
            End::Rst => open.push(stream),
        }
    }
    wait_until("the server's kernel has all", || all_is_acknowledged(&open));
    for stream in open {
        socket2::SockRef::from(&stream)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
    }
}

/// Whether the send queues of these sockets are empty, by the kernel's own table.
fn all_is_acknowledged(streams: &[TcpStream]) -> bool {
    if streams.is_empty() {
        return true;
    }
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let mut unsent = HashMap::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (_, port) = fields[1].split_once(':').unwrap();
        let (unacknowledged, _) = fields[4].split_once(':').unwrap();
        let port = u16::from_str_radix(port, 16).unwrap();
        unsent.insert(port, u64::from_str_radix(unacknowledged, 16).unwrap());
    }
    streams.iter().all(|stream| {
        let port = stream.local_addr().unwrap().port();
        unsent.get(&port) == Some(&0)
    })
}

/// Clients that connect, send and leave while the server ends: whoever was still let in is counted.
#[test]
fn sigterm_serves_every_accepted_connection() {
    let folder = tempfile::tempdir().unwrap();
    let mut beacon = Beacon::start(folder.path());
    let address = beacon.pixel;
    let request = Kind::Get.request("/leaving");
    let is_ended = AtomicBool::new(false);
    let load = Load::start(address, 4);
    let sent = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| send_until_refused(address, &request, &is_ended)))
            .collect();
        wait_until("hits flow", || {
            beacon.metric(r#"beacon_recorded_total{through="pixel"}"#) > 500.0
        });
        beacon.signal("TERM");
        assert!(beacon.wait().success());
        is_ended.store(true, Ordering::Release);
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .sum::<u64>()
    });
    let acknowledged = load.stop().len() as u64;
    let lake = folder.path().join("lake");
    let rows = query(
        &lake,
        "SELECT count(*) FILTER (WHERE page = '/leaving') AS leaving, \
         count(DISTINCT element_at(params, 'n')) AS loaded FROM hits",
    );
    assert_eq!(rows[0]["leaving"], json!(sent));
    let loaded = rows[0]["loaded"].as_u64().unwrap();
    assert!(loaded >= acknowledged, "{loaded} of {acknowledged}");
}

/// How many requests were taken whole by a kernel whose server had accepted the connection.
fn send_until_refused(address: SocketAddr, request: &[u8], is_ended: &AtomicBool) -> u64 {
    let mut sent = 0;
    while !is_ended.load(Ordering::Acquire) {
        let Ok(mut stream) = TcpStream::connect(address) else {
            return sent;
        };
        if stream.write_all(request).is_err() {
            return sent;
        }
        sent += 1;
    }
    sent
}

/// What waits in a socket that systemd holds is served by the next server.
#[test]
fn inherited_socket_keeps_its_queue_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let beacon = Beacon::start_with(activated(folder.path(), &socket), folder.path());
    assert_eq!(beacon.pixel, address);
    assert_eq!(
        beacon.get("/hit?page=/first").header("x-beacon"),
        "recorded"
    );
    beacon.stop();

    for _ in 0..20 {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(&Kind::Get.request("/between")).unwrap();
    }
    let beacon = Beacon::start_with(activated(folder.path(), &socket), folder.path());
    wait_until("those in between are recorded", || {
        beacon.metric(r#"beacon_recorded_total{through="pixel"}"#) == 20.0
    });
    beacon.stop();
}

/// `beacon serve` with a socket as systemd passes it: descriptor 3, and the process named in `LISTEN_PID`.
fn activated(folder: &Path, socket: &TcpListener) -> Command {
    let mut serve = command(folder);
    serve.args(["--workers", "2"]);
    let variables = "LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=beacon.socket";
    let script = format!("{variables} exec \"$@\" 3<&0 </dev/null");
    let mut shell = through_shell(&script, &serve);
    shell
        .stdin(OwnedFd::from(socket.try_clone().unwrap()))
        .stdout(Stdio::null());
    shell
}
