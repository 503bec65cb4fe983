//! A bounded load of numbered hits over keep-alive connections.
//!
//! Each hit carries its own number as the parameter `n`. A number is *acknowledged* once its answer says
//! `X-Beacon: recorded`; a number whose answer never came may or may not be in the lake.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a load goes on at most, so that a hanging test can't leave one behind.
const LONGEST: Duration = Duration::from_secs(7200);

/// Between two connections of a client that leaves at once.
const LEAVERS_PAUSE: Duration = Duration::from_millis(5);

/// A running load; stops when told to, or when dropped.
pub struct Load {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    address: SocketAddr,
    stop: AtomicBool,
    next: AtomicU64,
    acknowledged_count: AtomicU64,
    acknowledged: Mutex<Vec<u64>>,
    left_count: AtomicU64,
    ends: Instant,
}

impl Load {
    /// Sends hits to `address` over `connections` connections at once. A connection that is refused or
    /// breaks is opened again, so the server may come and go.
    pub fn start(address: SocketAddr, connections: usize) -> Load {
        let shared = Arc::new(Shared {
            address,
            stop: AtomicBool::new(false),
            next: AtomicU64::new(0),
            acknowledged_count: AtomicU64::new(0),
            acknowledged: Mutex::new(Vec::new()),
            left_count: AtomicU64::new(0),
            ends: Instant::now() + LONGEST,
        });
        let mut load = Load {
            shared,
            threads: Vec::new(),
        };
        load.add(connections, Shared::run);
        load
    }

    /// Adds clients that send a whole request on a new connection, and close it at once. Their hits may be in the lake
    /// or not, and are never acknowledged.
    pub fn with_leavers(mut self, clients: usize) -> Load {
        self.add(clients, Shared::leave_again_and_again);
        self
    }

    fn add(&mut self, clients: usize, run: fn(&Shared)) {
        for _ in 0..clients {
            let shared = Arc::clone(&self.shared);
            self.threads.push(std::thread::spawn(move || run(&shared)));
        }
    }

    /// How many requests were sent whole by clients that left at once.
    pub fn left_count(&self) -> u64 {
        self.shared.left_count.load(Ordering::Acquire)
    }

    /// How many hits have been acknowledged so far.
    pub fn acknowledged_count(&self) -> u64 {
        self.shared.acknowledged_count.load(Ordering::Acquire)
    }

    /// How many numbers have been used so far: no row with a higher one can exist yet.
    pub fn sent_count(&self) -> u64 {
        self.shared.next.load(Ordering::Acquire)
    }

    /// Stops all connections after their current hit and returns the acknowledged numbers, unsorted.
    pub fn stop(mut self) -> Vec<u64> {
        self.halt();
        std::mem::take(&mut self.shared.acknowledged())
    }

    fn halt(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            // A panicked sender has printed its reason; what it acknowledged before still counts.
            thread.join().ok();
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.halt();
    }
}

impl Shared {
    fn acknowledged(&self) -> std::sync::MutexGuard<'_, Vec<u64>> {
        self.acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> bool {
        !self.stop.load(Ordering::Acquire) && Instant::now() < self.ends
    }

    fn run(&self) {
        while self.running() {
            match self.connect() {
                Ok(stream) => self.send_until_broken(stream),
                Err(_) => std::thread::park_timeout(Duration::from_millis(2)),
            }
        }
    }

    fn leave_again_and_again(&self) {
        while self.running() {
            // Few enough that no port of this machine is used up, whatever the server does.
            std::thread::park_timeout(LEAVERS_PAUSE);
            let Ok(mut stream) = TcpStream::connect_timeout(&self.address, Duration::from_secs(1))
            else {
                continue;
            };
            let number = self.next.fetch_add(1, Ordering::AcqRel);
            let request = match number % 2 {
                0 => format!(
                    "GET /pixel.gif?site=load.example&page=/left&n={number} HTTP/1.1\r\nhost: localhost\r\n\r\n"
                ),
                _ => format!(
                    "POST /pixel.gif?site=load.example&page=/left&n={number} HTTP/1.1\r\nhost: localhost\r\n\
                     content-length: 0\r\n\r\n"
                ),
            };
            if stream.write_all(request.as_bytes()).is_ok() {
                self.left_count.fetch_add(1, Ordering::AcqRel);
            }
        }
    }

    fn connect(&self) -> std::io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(1))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(BufReader::new(stream))
    }

    fn send_until_broken(&self, mut stream: BufReader<TcpStream>) {
        while self.running() {
            let number = self.next.fetch_add(1, Ordering::AcqRel);
            let request = format!(
                "GET /pixel.gif?site=load.example&page=/load/{}&n={number} HTTP/1.1\r\nhost: localhost\r\n\
                 user-agent: Mozilla/5.0 (X11; Linux x86_64) load\r\naccept-language: en-GB,en;q=0.8\r\n\r\n",
                number % 50
            );
            match exchange(&mut stream, request.as_bytes()) {
                Ok(true) => {
                    self.acknowledged().push(number);
                    self.acknowledged_count.fetch_add(1, Ordering::AcqRel);
                }
                Ok(false) => {}
                Err(_) => return,
            }
        }
    }
}

/// Sends one request and reads its answer whole. True where the answer says that the hit is recorded.
fn exchange(stream: &mut BufReader<TcpStream>, request: &[u8]) -> std::io::Result<bool> {
    stream.get_mut().write_all(request)?;
    let mut recorded = false;
    let mut body_bytes = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        let Some((name, value)) = text.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("x-beacon") {
            recorded = value.trim() == "recorded";
        } else if name.eq_ignore_ascii_case("content-length") {
            body_bytes = value
                .trim()
                .parse()
                .map_err(|_| std::io::ErrorKind::InvalidData)?;
        }
    }
    let mut body = vec![0; body_bytes];
    stream.read_exact(&mut body)?;
    Ok(recorded)
}
