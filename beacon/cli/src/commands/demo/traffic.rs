//! Thirty days of made-up traffic: two sites and a newsletter, the same on every run.

use beacon_core::time::{DAY_MS, HOUR_MS};
use http::Method;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::json;

/// One request, as a browser or mail program would send it.
#[derive(Clone)]
pub(super) struct Visit {
    /// When it is received, Unix milliseconds.
    pub(super) at_ms: u64,
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// Visits in each hour of the last day, from midnight: quiet nights, a morning and a long evening.
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

/// Days before the last one, and how much of its traffic each has, in percent.
const EARLIER_DAYS: u64 = 29;
const WEEKDAY_PERCENT: u64 = 18;
const WEEKEND_PERCENT: u64 = 10;

/// The day, counted from the first, on which a news site links to a post, and the day after.
const PEAK_DAY: u64 = 19;
const PEAK_PERCENT: u64 = 60;
/// Visits of that day that come from there.
const PEAK_VIEWS_PERCENT: u64 = 80;
const AFTER_PEAK_PERCENT: u64 = 30;

/// Earlier hours have their visits in the first of several, so that the lake has a file for each of these and the demo
/// starts in seconds; the last of the earlier days are finer.
const COARSE_HOURS: u64 = 12;
const FINE_HOURS: u64 = 6;
const FINE_DAYS: u64 = 6;

const MINUTE_MS: u64 = 60 * 1000;
const DAY_HOURS: u64 = 24;
/// Visits of so many minutes are sent together.
const TOGETHER_MINUTES: u64 = 10;

/// The requests of thirty days from `first_ms` on (Unix milliseconds), in the order of their time: fewer at weekends, more
/// on the day of a peak, most on the last day.
pub(super) fn days(first_ms: u64) -> Vec<Visit> {
    let mut random = StdRng::seed_from_u64(20_261_121);
    let mut visits = Vec::new();
    for day in 0..=EARLIER_DAYS {
        let hours_together = match day {
            EARLIER_DAYS => 1,
            _ if day + FINE_DAYS >= EARLIER_DAYS => FINE_HOURS,
            _ => COARSE_HOURS,
        };
        for hour in (0..DAY_HOURS).step_by(hours_together as usize) {
            let mut begun_ms = first_ms + (day * DAY_HOURS + hour) * HOUR_MS;
            if day < EARLIER_DAYS {
                // One file each, not two.
                begun_ms -= begun_ms % HOUR_MS;
            }
            let count = count(begun_ms, hours_together) * percent(day, begun_ms) / 100;
            for number in 0..count {
                let minute = number * 60 / count / TOGETHER_MINUTES * TOGETHER_MINUTES;
                let at_ms = begun_ms + minute * MINUTE_MS;
                visits.push(visit(&mut random, at_ms, day == PEAK_DAY));
            }
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

/// Visits of the last day in some hours from this time on.
fn count(begun_ms: u64, hours: u64) -> u64 {
    let hour_of_day = |hour: u64| ((begun_ms / HOUR_MS + hour) % DAY_HOURS) as usize;
    (0..hours)
        .map(|hour| u64::from(VISITS_BY_HOUR[hour_of_day(hour)]))
        .sum()
}

fn percent(day: u64, begun_ms: u64) -> u64 {
    const THURSDAY: u64 = 4;
    // The first of January 1970.
    let day_of_week = (begun_ms / DAY_MS + THURSDAY) % 7;
    match (day, day_of_week) {
        (EARLIER_DAYS, _) => 100,
        (PEAK_DAY, _) => PEAK_PERCENT,
        (_, _) if day == PEAK_DAY + 1 => AFTER_PEAK_PERCENT,
        (_, 0 | 6) => WEEKEND_PERCENT,
        _ => WEEKDAY_PERCENT,
    }
}

fn visit(random: &mut StdRng, at_ms: u64, is_peak: bool) -> Visit {
    if is_peak && random.random_range(0..100) < PEAK_VIEWS_PERCENT {
        return peak_view(random, at_ms);
    }
    match random.random_range(0..100) {
        0..44 => blog_view(random, at_ms),
        44..52 => view_without_javascript(random, at_ms),
        52..58 => click(random, at_ms),
        58..82 => shop_view(random, at_ms),
        82..86 => sign_up(random, at_ms),
        _ => newsletter_open(random, at_ms),
    }
}

/// Returns a reader who comes from a news site.
fn peak_view(random: &mut StdRng, at_ms: u64) -> Visit {
    const NEWS: &str = "https://news.ycombinator.com/item?id=4242";
    let target = format!(
        "/pixel.gif?site=blog.example&page=/posts/one-pixel&title={}&ref={}",
        escaped("One pixel is enough"),
        escaped(NEWS)
    );
    let mut headers = browser(random);
    headers.push(("referer", "https://blog.example/".to_owned()));
    image(at_ms, target, headers)
}

/// Returns the click of a reader on a link to another site.
fn click(random: &mut StdRng, at_ms: u64) -> Visit {
    let (page, _) = page_of(random, &BLOG_PAGES);
    let target = pick(
        random,
        &[
            ("https://parquet.example/format", 3),
            ("https://shop.example/", 2),
        ],
    );
    let target = format!(
        "/pixel.gif?site=blog.example&page={page}&event=click&target={}",
        escaped(target)
    );
    image(at_ms, target, browser(random))
}

/// Returns the event of a reader who subscribes to the newsletter.
fn sign_up(random: &mut StdRng, at_ms: u64) -> Visit {
    let (page, _) = page_of(random, &BLOG_PAGES);
    let body = json!({
        "id": format!("{at_ms}-{}", random.random::<u32>()),
        "url": format!("https://blog.example{page}"),
        "event": "signup",
    });
    track(random, at_ms, "https://blog.example", &body)
}

/// Returns a request with items from a script on the site `origin`.
fn track(random: &mut StdRng, at_ms: u64, origin: &str, body: &serde_json::Value) -> Visit {
    let mut headers = browser(random);
    headers.push(("origin", origin.to_owned()));
    headers.push(("content-type", "text/plain;charset=UTF-8".to_owned()));
    Visit {
        at_ms,
        method: Method::POST,
        target: "/track".to_owned(),
        headers,
        body: body.to_string(),
    }
}

/// Returns a request for an image.
fn image(at_ms: u64, target: String, headers: Vec<(&'static str, String)>) -> Visit {
    Visit {
        at_ms,
        method: Method::GET,
        target,
        headers,
        body: String::new(),
    }
}

/// Returns a request for a page's image, which names the page: browsers send other hosts only the origin.
fn blog_view(random: &mut StdRng, at_ms: u64) -> Visit {
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
    image(at_ms, target, headers)
}

/// `<link rel="stylesheet" media="none">` on a page that asks for its whole address to be sent.
fn view_without_javascript(random: &mut StdRng, at_ms: u64) -> Visit {
    let (page, _) = page_of(random, &BLOG_PAGES);
    let mut headers = browser(random);
    headers.push(("referer", format!("https://blog.example{page}")));
    image(at_ms, "/pixel.css".to_owned(), headers)
}

/// Returns the request of a shop's script: JSON as text by `sendBeacon`, with an `id` in the item.
fn shop_view(random: &mut StdRng, at_ms: u64) -> Visit {
    let (page, name) = page_of(random, &SHOP_PAGES);
    let source = pick(
        random,
        &[("", 6), ("newsletter", 3), ("mastodon", 2), ("adverts", 2)],
    );
    let mut item = json!({
        "id": format!("{at_ms}-{}", random.random::<u32>()),
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
            order["id"] = json!(format!("{at_ms}-order-{}", random.random::<u32>()));
            order["event"] = json!("order");
            order["amount"] = json!(24.5);
            json!([item, order])
        }
        _ => item,
    };
    track(random, at_ms, "https://shop.example", &body)
}

/// Returns the request for a newsletter's image, from an email program that sends no referrer.
fn newsletter_open(random: &mut StdRng, at_ms: u64) -> Visit {
    let reader = random.random_range(1000..1400);
    let target = format!(
        "/trackingpixel?userid={reader}&thirdpartyname=postbox&site=blog.example&event=open\
         &utm_source=newsletter&utm_medium=email&utm_campaign=issue-12"
    );
    let headers = vec![
        ("user-agent", MAIL_PROGRAM.to_owned()),
        ("accept-language", "en-GB".to_owned()),
    ];
    image(at_ms, target, headers)
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

#[cfg(test)]
mod tests;
