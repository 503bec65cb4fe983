//! Good clients beside bad ones: everything that a stranger can do at once, on the real `beacon` binary.
//!
//! Lasts `BEACON_SIEGE_SECONDS` (5 unless set). `tests/long/run` lets it go on for ten minutes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a suite of tests: what goes wrong in its helpers fails the test, and what it saw is printed"
)]

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use beacon_testing::load::Load;
use beacon_testing::machine::{self, wait_until};
use beacon_testing::serving::Serving;
use beacon_testing::{PATIENCE, number_from};

const BEACON: &str = env!("CARGO_BIN_EXE_beacon");

/// What the server may have in memory at any time: 64 MiB of bodies, heads of some thousand connections, batches, one
/// spool file on its way to Parquet, and the program itself.
const MEMORY_LIMIT_BYTES: u64 = 768 << 20;

/// Files that the server may open. The attackers have more connections than that.
const OPEN_FILES: usize = 512;

/// Pause of an attacker between two turns, so that a machine of two cores has time for the good.
const PAUSE: Duration = Duration::from_millis(50);

/// Connections that an attacker of each kind keeps open.
const HELD: usize = 200;

/// One kind of attack: a turn of it, with the connections that it keeps.
type Attack = fn(&Addresses, &mut Vec<TcpStream>);

#[derive(Clone, Copy)]
struct Addresses {
    pixel: SocketAddr,
    metrics: SocketAddr,
    firehose: SocketAddr,
    dashboard: SocketAddr,
}

#[test]
fn good_clients_lose_no_hit_beside_bad_ones() {
    let seconds = number_from("BEACON_SIEGE_SECONDS").unwrap_or(5);
    let folder = tempfile::tempdir().unwrap();
    let (mut server, addresses) = serve(folder.path());
    let load = Load::start(addresses.pixel, 2);
    let (is_over, left, posted) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let attacks: [Attack; 7] = [
        half_requests,
        stalled_bodies,
        idle_sockets,
        huge_lengths,
        many_items,
        foreign_hosts,
        refusals,
    ];
    std::thread::scope(|scope| {
        for attack in attacks {
            let is_over = &is_over;
            scope.spawn(move || {
                let mut held = Vec::new();
                while !is_over.load(Ordering::Acquire) {
                    attack(&addresses, &mut held);
                    if held.len() > HELD {
                        held.drain(..HELD / 4);
                    }
                    std::thread::park_timeout(PAUSE);
                }
            });
        }
        scope.spawn(|| {
            while !is_over.load(Ordering::Acquire) {
                leave(addresses.pixel);
                left.fetch_add(1, Ordering::AcqRel);
                post(addresses.pixel);
                posted.fetch_add(1, Ordering::AcqRel);
                std::thread::park_timeout(PAUSE);
            }
        });
        let ends = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < ends {
            let peak = peak_bytes(server.process());
            if peak > MEMORY_LIMIT_BYTES || server.has_ended().is_some() {
                break;
            }
            std::thread::park_timeout(Duration::from_millis(200));
        }
        is_over.store(true, Ordering::Release);
    });
    let acknowledged = load.stop();
    let peak = peak_bytes(server.process());
    println!(
        "{} kept-alive hits, {left:?} left at once, {posted:?} posted, peak {} MiB",
        acknowledged.len(),
        peak >> 20
    );
    assert!(peak <= MEMORY_LIMIT_BYTES, "{peak} bytes");
    let counted = |page: &str| {
        let rows = machine::query(
            BEACON,
            folder.path(),
            &format!("SELECT count(*) AS hits FROM hits WHERE page = '{page}'"),
        );
        rows[0]["hits"].as_u64().unwrap()
    };
    let left = left.into_inner();
    wait_until("whoever left is counted", || counted("/left") >= left);
    assert_eq!(counted("/left"), left);
    assert_eq!(counted("/posted"), posted.into_inner());
    // A kept-alive connection may make room for another between two hits; its client then opens a new one.
    let rows = machine::query(
        BEACON,
        folder.path(),
        "SELECT element_at(params, 'n') AS n FROM hits WHERE site = 'load.example'",
    );
    let numbers: HashSet<u64> = rows
        .iter()
        .map(|row| row["n"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(rows.len(), numbers.len(), "a hit was counted twice");
    let missing: Vec<&u64> = acknowledged
        .iter()
        .filter(|number| !numbers.contains(number))
        .collect();
    assert!(
        missing.is_empty(),
        "acknowledged and not there: {missing:?}"
    );
    assert!(!acknowledged.is_empty(), "nobody was served");
    server.stop();
}

fn half_requests(to: &Addresses, held: &mut Vec<TcpStream>) {
    for address in [to.pixel, to.metrics, to.firehose, to.dashboard] {
        held.extend(send(
            address,
            b"GET /hit?page=/half HTTP/1.1\r\nhost: local",
        ));
    }
}

fn stalled_bodies(to: &Addresses, held: &mut Vec<TcpStream>) {
    let head = b"POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1048576\r\n\r\n";
    let mut stalled = head.to_vec();
    stalled.resize(head.len() + (1 << 20) - 1, b' ');
    held.extend(send(to.pixel, &stalled));
}

fn idle_sockets(to: &Addresses, held: &mut Vec<TcpStream>) {
    for address in [to.pixel, to.metrics, to.firehose, to.dashboard] {
        held.extend(send(address, b""));
    }
}

fn huge_lengths(to: &Addresses, _: &mut Vec<TcpStream>) {
    for address in [to.pixel, to.metrics, to.firehose, to.dashboard] {
        send(
            address,
            b"POST /track HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 10000000000\r\n\r\n",
        );
    }
}

fn many_items(to: &Addresses, held: &mut Vec<TcpStream>) {
    let items = vec!["{}"; 500].join(",");
    let agent = "x".repeat(8 << 10);
    let length = items.len() + 2;
    let request = format!(
        "POST /track?site=many.example HTTP/1.1\r\nhost: localhost\r\nuser-agent: {agent}\r\ncontent-length: {length}\r\n\r\n[{items}]"
    );
    // One at a time: this is about memory and disk, and a debug build takes a second for it.
    if let Some(mut stream) = send(to.pixel, request.as_bytes()) {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // Whatever comes of it, and be it the end.
        stream.read_exact(&mut [0]).ok();
        held.push(stream);
    }
}

fn foreign_hosts(to: &Addresses, _: &mut Vec<TcpStream>) {
    for address in [to.metrics, to.firehose, to.dashboard] {
        send(
            address,
            b"GET /metrics HTTP/1.1\r\nhost: rebound.example\r\n\r\n",
        );
        send(address, b"GET /metrics HTTP/1.1\r\n\r\n");
    }
}

fn refusals(to: &Addresses, _: &mut Vec<TcpStream>) {
    let long = format!("GET /pixel.gif?x={}", "x".repeat(100 << 10));
    for request in [
        "nonsense\r\n\r\n",
        "GET /\0 HTTP/1.1\r\n\r\n",
        "\x16\x03\x01",
        &long,
    ] {
        send(to.pixel, request.as_bytes());
    }
}

/// Opens a connection and sends as much of this as it takes. An attacker may fail.
fn send(address: SocketAddr, bytes: &[u8]) -> Option<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream
        .set_write_timeout(Some(Duration::from_millis(200)))
        .ok()?;
    stream.write_all(bytes).ok()?;
    Some(stream)
}

/// A good client that waits for nothing.
fn leave(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /hit?page=/left HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
}

/// A good client that waits for its answer.
fn post(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = r#"{"page":"/posted"}"#;
    let length = body.len();
    write!(
        stream,
        "POST /track HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("x-beacon: recorded"), "{answer}");
}

fn serve(lake: &Path) -> (Serving, Addresses) {
    let mut command = machine::command(BEACON);
    command
        .args(["serve", "--log-format", "json"])
        .args(["--buffer-interval", "5", "--buffer-size", "16"])
        .args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"])
        .args([
            "--dashboard-listen",
            "127.0.0.1:0",
            "--firehose-listen",
            "127.0.0.1:0",
        ])
        .arg("--lake")
        .arg(lake);
    let limited = format!("ulimit -n {OPEN_FILES}; exec \"$@\"");
    let mut command = machine::through_shell(&limited, &command);
    let server = Serving::start(command.stdout(Stdio::null()));
    let address = |listener| server.address(listener).unwrap();
    let addresses = Addresses {
        pixel: address("pixel"),
        metrics: address("metrics"),
        firehose: address("firehose"),
        dashboard: address("dashboard"),
    };
    (server, addresses)
}

/// The most memory that the process has had, by the kernel's count.
fn peak_bytes(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    // A process that has ended has no memory.
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}
