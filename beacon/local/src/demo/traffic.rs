//! A small day of made-up traffic: two sites and a newsletter, the same on every run.

use http::Method;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::json;

/// One request of the day, as a browser or mail program would send it.
#[derive(Clone)]
pub(super) struct Visit {
    /// Minutes after the first request's hour began.
    pub(super) minute: u32,
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// Visits an hour, from midnight: quiet nights, a morning and a long evening.
const VISITS_BY_HOUR: [u32; 24] = [
    6, 4, 3, 2, 2, 4, 9, 18, 30, 34, 31, 28, 30, 27, 26, 28, 30, 33, 38, 44, 47, 40, 26, 14,
];

const BLOG_PAGES: [(&str, &str, u32); 6] = [
    ("/", "Home", 30),
    ("/posts/one-pixel", "One pixel is enough", 26),
    ("/posts/parquet-by-hand", "Parquet by hand", 17),
    ("/posts/no-cookies", "Counting without cookies", 12),
    ("/talks", "Talks", 9),
    ("/about", "About", 6),
];

const SHOP_PAGES: [(&str, &str, u32); 4] = [
    ("/", "Bicycle bells", 20),
    ("/bells/brass", "Brass bell", 16),
    ("/bells/ding-dong", "Ding-dong bell", 10),
    ("/checkout", "Checkout", 4),
];

const REFERRERS: [(&str, u32); 5] = [
    ("", 10),
    ("https://www.google.com/", 6),
    ("https://news.ycombinator.com/item?id=4242", 4),
    ("https://duckduckgo.com/", 2),
    ("https://mastodon.example/@bells/1001", 2),
];

const BROWSERS: [(&str, u32); 4] = [
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
        9,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        7,
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36",
        5,
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0",
        3,
    ),
];

const MAIL_PROGRAM: &str =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";

const LANGUAGES: [(&str, u32); 4] = [
    ("en-GB,en;q=0.8", 8),
    ("de-DE,de;q=0.9,en;q=0.7", 4),
    ("fr-FR,fr;q=0.9", 2),
    ("ja-JP,ja;q=0.9", 1),
];

/// The requests of 24 hours in the order of their time. `first_hour` is the hour of the day, 0 to 23, in which
/// they begin.
pub(super) fn day(first_hour: usize) -> Vec<Visit> {
    let mut random = StdRng::seed_from_u64(20_261_121);
    let mut visits = Vec::new();
    for (hour, count) in (0..).zip(VISITS_BY_HOUR.into_iter().cycle().skip(first_hour).take(24)) {
        for number in 0..count {
            let minute = hour * 60 + number * 60 / count;
            visits.push(match random.random_range(0..100) {
                0..48 => blog_view(&mut random, minute),
                48..58 => view_without_javascript(&mut random, minute),
                58..86 => shop_view(&mut random, minute),
                _ => newsletter_open(&mut random, minute),
            });
        }
    }
    // A page that was closed while its hit was under way sends it again: the same `id`, so it counts once.
    if let Some(checkout) = visits
        .iter()
        .rposition(|visit| visit.method == Method::POST)
    {
        let repeat = visits[checkout].clone();
        visits.insert(checkout + 1, repeat);
    }
    visits
}

/// A page with an image, which names its page because browsers send only the origin to another host.
fn blog_view(random: &mut StdRng, minute: u32) -> Visit {
    let (page, title) = page_of(random, &BLOG_PAGES);
    let referrer = pick(random, &REFERRERS);
    let mut target = format!(
        "/pixel.gif?site=blog.example&page={page}&title={}",
        escaped(title)
    );
    if !referrer.is_empty() {
        target += &format!("&ref={}", escaped(referrer));
    }
    let mut headers = browser(random);
    headers.push(("referer", "https://blog.example/".to_owned()));
    Visit {
        minute,
        method: Method::GET,
        target,
        headers,
        body: String::new(),
    }
}

/// `<link rel="stylesheet" media="none">` on a page that asks for its whole address to be sent.
fn view_without_javascript(random: &mut StdRng, minute: u32) -> Visit {
    let (page, _) = page_of(random, &BLOG_PAGES);
    let mut headers = browser(random);
    headers.push(("referer", format!("https://blog.example{page}")));
    Visit {
        minute,
        method: Method::GET,
        target: "/pixel.css".to_owned(),
        headers,
        body: String::new(),
    }
}

/// The script of a shop: `sendBeacon` with text that holds JSON, the item with an `id` of its own.
fn shop_view(random: &mut StdRng, minute: u32) -> Visit {
    let (page, name) = page_of(random, &SHOP_PAGES);
    let source = pick(
        random,
        &[("", 6), ("newsletter", 3), ("mastodon", 2), ("adverts", 2)],
    );
    let mut item = json!({
        "id": format!("{minute}-{}", random.random::<u32>()),
        "url": format!("https://shop.example{page}"),
        "name": name,
    });
    if !source.is_empty() {
        item["utm_source"] = json!(source);
        item["utm_campaign"] = json!("november-bells");
    }
    // A visit that ends in a purchase sends two items at once.
    let body = match page {
        "/checkout" => {
            let mut order = item.clone();
            order["id"] = json!(format!("{minute}-order-{}", random.random::<u32>()));
            order["event"] = json!("order");
            order["amount"] = json!(24.5);
            json!([item, order])
        }
        _ => item,
    };
    let mut headers = browser(random);
    headers.push(("origin", "https://shop.example".to_owned()));
    headers.push(("content-type", "text/plain;charset=UTF-8".to_owned()));
    Visit {
        minute,
        method: Method::POST,
        target: "/track".to_owned(),
        headers,
        body: body.to_string(),
    }
}

/// The image of a newsletter, opened in a mail program that sends no referrer.
fn newsletter_open(random: &mut StdRng, minute: u32) -> Visit {
    let reader = random.random_range(1000..1400);
    let target = format!(
        "/trackingpixel?userid={reader}&thirdpartyname=postbox&site=blog.example&event=open\
         &utm_source=newsletter&utm_medium=email&utm_campaign=issue-12"
    );
    let headers = vec![
        ("user-agent", MAIL_PROGRAM.to_owned()),
        ("accept-language", "en-GB".to_owned()),
    ];
    Visit {
        minute,
        method: Method::GET,
        target,
        headers,
        body: String::new(),
    }
}

fn browser(random: &mut StdRng) -> Vec<(&'static str, String)> {
    vec![
        ("user-agent", pick(random, &BROWSERS).to_owned()),
        ("accept-language", pick(random, &LANGUAGES).to_owned()),
        ("accept", "image/avif,image/webp,*/*;q=0.8".to_owned()),
    ]
}

fn page_of(
    random: &mut StdRng,
    pages: &[(&'static str, &'static str, u32)],
) -> (&'static str, &'static str) {
    let weighted: Vec<_> = pages
        .iter()
        .map(|(page, title, weight)| ((*page, *title), *weight))
        .collect();
    pick(random, &weighted)
}

fn pick<T: Copy>(random: &mut StdRng, choices: &[(T, u32)]) -> T {
    let chosen = choices.choose_weighted(random, |(_, weight)| *weight);
    chosen
        .expect("the lists above are not empty and have positive weights")
        .0
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
