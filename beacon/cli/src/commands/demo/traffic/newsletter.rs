//! The blog's newsletter: openings in mail programs and in the proxies of mail services, and clicks on its links.

use rand::Rng;
use rand::rngs::StdRng;

use super::people::anybody;
use super::pick::pick;
use super::request::{Client, Request, escaped};
use super::source::NEWSLETTER;
use super::visit;

/// The tags of the newsletter's image and links.
const TAGS: &str = "&utm_source=newsletter&utm_medium=email&utm_campaign=issue-12";

/// User agents of mail programs that a reader looks at, with their weights. The last is that of Apple Mail and of the new
/// Outlook alike, and proxies copy it.
const PROGRAMS: [(&str, u32); 3] = [
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0",
        3,
    ),
    (
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.17928; ms-office; MSOffice 16)",
        4,
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        5,
    ),
];

/// User agents of the proxies of mail services, with their weights: they fetch an image when somebody reads the mail, or
/// when it arrives.
const PROXIES: [(&str, u32); 3] = [
    (
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        9,
    ),
    (
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
        3,
    ),
    ("Mozilla/5.0", 6),
];

/// Returns the opening in a mail program, which sends no referrer.
pub(super) fn opening(random: &mut StdRng, at_ms: u64) -> Vec<Request> {
    let reader = anybody(random);
    let program = reader.client.with_user_agent(pick(random, &PROGRAMS));
    vec![image(random, at_ms, &program)]
}

/// Returns the request of a mail service's proxy for the image.
pub(super) fn fetched_by_proxy(random: &mut StdRng, at_ms: u64) -> Vec<Request> {
    let proxy = Client::new(pick(random, &PROXIES), "192.0.2.250", "US");
    vec![image(random, at_ms, &proxy)]
}

/// Returns the click on a link in the newsletter, which its redirect reports, and the visit that it begins.
pub(super) fn click(random: &mut StdRng, at_ms: u64) -> Vec<Request> {
    let person = anybody(random);
    let target = format!(
        "/pixel.gif?site=blog.example&event=click&target={}{TAGS}",
        escaped("https://blog.example/posts/one-pixel")
    );
    let mut requests = vec![Request::get(at_ms, &person.client, target, "")];
    requests.extend(visit::to_blog(random, at_ms, &person, NEWSLETTER));
    requests
}

/// Returns the request of the newsletter's image, in which each reader has a number.
fn image(random: &mut StdRng, at_ms: u64, client: &Client) -> Request {
    let reader = random.random_range(1000..1400);
    let target = format!(
        "/trackingpixel?userid={reader}&thirdpartyname=postbox&site=blog.example&event=open{TAGS}"
    );
    Request::get(at_ms, client, target, "")
}
