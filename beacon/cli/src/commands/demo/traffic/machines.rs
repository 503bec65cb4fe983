//! The machines that ask beside the people: crawlers, previews, monitors, scanners, programs, and browsers ahead of time.

use http::HeaderName;
use http::header::CONTENT_TYPE;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;

use super::people::anybody;
use super::pick::pick;
use super::request::{Client, Request};

/// User agents with their weights.
const BOTS: [(&str, u32); 16] = [
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/149.0.0.0 Safari/537.36",
        9,
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
        5,
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)",
        6,
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        5,
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot",
        3,
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)",
        3,
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
        4,
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)",
        2,
    ),
    (
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        4,
    ),
    (
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        6,
    ),
    (
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        3,
    ),
    (
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        3,
    ),
    (
        "Mastodon/4.4.0 (http.rb/5.2.0; +https://mastodon.social/)",
        3,
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/149.0.0.0 Safari/537.36",
        3,
    ),
    ("python-requests/2.32.3", 3),
    ("curl/8.5.0", 2),
];

/// User agents of programs that look for weaknesses, with their weights.
const SCANNERS: [(&str, u32); 2] = [
    ("Mozilla/5.0 zgrab/0.x", 3),
    (
        "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
        1,
    ),
];

/// Pages that machines look at, with their weights.
const PAGES: [((&str, &str), u32); 6] = [
    (("blog.example", "/"), 8),
    (("blog.example", "/posts/one-pixel"), 6),
    (("blog.example", "/posts/parquet-by-hand"), 4),
    (("blog.example", "/talks"), 2),
    (("shop.example", "/"), 5),
    (("shop.example", "/bells/brass"), 3),
];

/// Returns the request of a bot for the image of a page.
pub(super) fn bot(random: &mut StdRng, at_ms: u64) -> Vec<Request> {
    let client = Client::new(pick(random, &BOTS), "192.0.2.251", "US");
    vec![page_image(random, at_ms, &client)]
}

/// Returns the request of a scanner for the image of a page.
pub(super) fn scanner(random: &mut StdRng, at_ms: u64) -> Vec<Request> {
    let client = Client::new(pick(random, &SCANNERS), "192.0.2.252", "NL");
    vec![page_image(random, at_ms, &client)]
}

/// Returns the request of a browser for a page that it expects somebody to open.
pub(super) fn prefetch(random: &mut StdRng, at_ms: u64) -> Vec<Request> {
    let purpose = HeaderName::from_static("sec-purpose");
    let client = anybody(random).client.with(purpose, "prefetch;prerender");
    vec![page_image(random, at_ms, &client)]
}

/// Returns the event that the shop's own server reports when an order leaves the house.
pub(super) fn server_event(random: &mut StdRng, at_ms: u64) -> Vec<Request> {
    let server = Client::new("python-requests/2.32.3", "192.0.2.253", "DE");
    let item = json!({
        "id": format!("{at_ms}-shipped-{}", random.random::<u32>()),
        "site": "shop.example",
        "event": "shipped",
    });
    let server = server.with(CONTENT_TYPE, "application/json");
    vec![Request::post(at_ms, server, &item)]
}

fn page_image(random: &mut StdRng, at_ms: u64, client: &Client) -> Request {
    let (site, page) = pick(random, &PAGES);
    let target = format!("/pixel.gif?site={site}&page={page}");
    Request::get(at_ms, client, target, &format!("https://{site}/"))
}
