//! Compares the size of a hit in the lake with its record as a line.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::net::IpAddr;
use std::sync::mpsc;
use std::time::Duration;

use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_core::{Arrival, Request};
use beacon_lake::{Delivery, Event, FileFormat, Lake, Observer, Sink, Spool, SpoolOptions};
use http::{HeaderMap, HeaderValue, Method};
use tempfile::TempDir;

/// When the hits here arrive: 2026-11-21 05:34:56.789 UTC, in milliseconds.
const AT_MS: u64 = 1_795_239_296_789;

/// A hit in the lake may take this part of its line.
const WANTED: u64 = 6;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Small numbers far more often, as pages and browsers are visited.
    fn popular(&mut self, end: u64) -> u64 {
        self.below(end).min(self.below(end)).min(self.below(end))
    }
}

fn user_agent(at: u64) -> String {
    let (major, minor) = (100 + at / 4, at % 7);
    match at % 4 {
        0 => format!(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
        ),
        1 => format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{minor} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.{minor} Mobile/15E148 Safari/604.1"
        ),
        2 => format!(
            "Mozilla/5.0 (X11; Linux x86_64; rv:{major}.0) Gecko/20100101 Firefox/{major}.0"
        ),
        _ => format!(
            "Mozilla/5.0 (Linux; Android 14; Pixel {minor}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Mobile Safari/537.36"
        ),
    }
}

/// Pixel requests of a site with a few hundred pages and visitors with a few hundred browsers; a third
/// names a user, half bring a nonce.
fn records(count: u64) -> Vec<u8> {
    let beacon = Beacon::new(Settings::from_lookup(|_| None).unwrap());
    let languages = [
        "en-US,en;q=0.9",
        "de-DE,de;q=0.9,en;q=0.8",
        "fr-FR,fr;q=0.9",
        "en-GB,en;q=0.5",
        "pt-BR,pt;q=0.9",
    ];
    let mut numbers = Numbers(7);
    let mut at_ms = 1_795_239_296_789;
    let mut lines = Vec::new();
    for _ in 0..count {
        at_ms += numbers.below(20);
        let mut headers = HeaderMap::new();
        let mut header = |name: &'static str, value: &str| {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        };
        header("host", "b.example.com");
        header("user-agent", &user_agent(numbers.popular(200)));
        header(
            "accept",
            "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
        );
        header("accept-encoding", "gzip, deflate, br, zstd");
        header("accept-language", languages[numbers.popular(5) as usize]);
        header("referer", "https://www.example.com/");
        header("sec-fetch-dest", "image");
        header("sec-fetch-mode", "no-cors");
        header("sec-fetch-site", "same-site");
        let page = numbers.popular(400);
        let mut query = format!(
            "url=https%3A%2F%2Fwww.example.com%2Fblog%2Farticle-{page}&title=Article%20number%20{page}"
        );
        if numbers.below(3) == 0 {
            query += ["&utm_source=news", "&utm_source=social", "&utm_source=mail"]
                [numbers.below(3) as usize];
        }
        if numbers.below(3) == 0 {
            query += &format!("&userid={:08x}", numbers.below(1 << 32));
        }
        if numbers.below(2) == 0 {
            query += &format!("&_={:012x}", numbers.below(1 << 48));
        }
        let peer = Some(IpAddr::from([192, 0, 2, numbers.below(256) as u8]));
        let request = Request {
            method: &Method::GET,
            path: "/pixel.gif",
            query: &query,
            headers: &headers,
            body: b"",
            peer,
        };
        let mut random = || u128::from(numbers.next()) << 64 | u128::from(numbers.next());
        let answer = beacon.handle(
            &request,
            Arrival {
                at_ms,
                random: &mut random,
                salt: None,
            },
            &mut lines,
        );
        assert_eq!(answer.hits, 1);
    }
    lines
}

#[tokio::test]
async fn a_hit_in_parquet_takes_a_sixth_of_its_line_at_most() {
    const HITS: u64 = 20_000;
    let dir = TempDir::new().unwrap();
    let lines = records(HITS);
    let line_bytes = lines.len() as u64;
    let lake = Lake::open(
        dir.path().join("lake").to_str().unwrap(),
        std::iter::empty(),
    )
    .unwrap();
    lake.create().unwrap();
    let options = SpoolOptions {
        directory: dir.path().join("spool"),
        stream: "hits".to_owned(),
        buffer_interval: Duration::from_secs(600),
        buffer_size_bytes: 1 << 30,
        clock: beacon_lake::Clock::from_fn(|| AT_MS),
    };
    let mut spool = Spool::start(&options, Observer::none()).unwrap();
    spool.writer().append(lines, |result| result.unwrap());
    let (sender, delivered) = mpsc::channel();
    let schema = Settings::from_lookup(|_| None).unwrap().schema();
    let sink = Sink::Lake {
        lake,
        format: FileFormat::Parquet,
        schema,
    };
    let observer = Observer::new(move |event| {
        if let Event::Delivered { hits, bytes, .. } = event {
            sender.send((hits, bytes)).unwrap();
        }
    });
    let delivery = Delivery::start(&mut spool, sink, observer).unwrap();
    spool.close();
    assert!(delivery.finish(Duration::from_secs(300)).await);
    let (hits, bytes) = delivered.recv().unwrap();
    assert_eq!(hits, HITS);
    assert!(
        bytes * WANTED <= line_bytes,
        "a hit takes {} bytes in the lake and {} as a line",
        bytes / HITS,
        line_bytes / HITS
    );
}
