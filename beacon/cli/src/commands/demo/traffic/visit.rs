//! A visit: the pages that one person reads in a row, and the events on them, on the blog or in the shop.

use http::header::{CONTENT_TYPE, ORIGIN};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::people::Person;
use super::pick::pick;
use super::request::{Request, escaped};
use super::source::Source;

pub(super) const MINUTE_MS: u64 = 60 * 1000;

/// Minutes from the first page of a visit to each of its pages, and so the most pages that a visit has.
const PAGE_MINUTES: [u64; 4] = [0, 1, 3, 6];

/// Minutes from a page to an event on it.
const EVENT_MINUTES: u64 = 1;

/// The pages that visits have, with weights.
const PAGES_OF_A_VISIT: [(usize, u32); 4] = [(1, 50), (2, 25), (3, 16), (4, 9)];

type Page = (&'static str, &'static str);

const BLOG_PAGES: [(Page, u32); 6] = [
    (("/", "Home"), 30),
    (ONE_PIXEL, 26),
    (("/posts/parquet-by-hand", "Parquet by hand"), 17),
    (("/posts/no-cookies", "Counting without cookies"), 12),
    (("/talks", "Talks"), 9),
    (("/about", "About"), 6),
];

/// The page that the news link to.
const ONE_PIXEL: Page = ("/posts/one-pixel", "One pixel is enough");

const SHOP_PAGES: [(Page, u32); 4] = [
    (("/", "Bicycle bells"), 18),
    (("/bells/brass", "Brass bell"), 18),
    (("/bells/ding-dong", "Ding-dong bell"), 10),
    (("/bells/thunder", "Thunder bell"), 4),
];
const CHECKOUT: Page = ("/checkout", "Checkout");

const SIGN_UP_PERCENT: u32 = 8;
const OUTBOUND_PERCENT: u32 = 12;
const CHECKOUT_PERCENT: u32 = 12;

/// Returns the requests of a visit to the blog that `source` brought.
pub(super) fn to_blog(
    random: &mut StdRng,
    at_ms: u64,
    person: &Person,
    source: Source,
) -> Vec<Request> {
    let landing = match source.is_news() {
        true => ONE_PIXEL,
        false => pick(random, &BLOG_PAGES),
    };
    let mut visit = Visit::new("blog.example", at_ms, person, source);
    visit.read(random, landing, &BLOG_PAGES);
    if !person.has_javascript {
        return visit.requests;
    }
    let chance = random.random_range(0..100);
    if chance < SIGN_UP_PERCENT {
        let plan = pick(random, &[("weekly", 3), ("monthly", 2)]);
        visit.event(random, "signup", ("plan", plan));
    } else if chance < SIGN_UP_PERCENT + OUTBOUND_PERCENT {
        let target = pick(
            random,
            &[
                ("https://parquet.example/format", 3),
                ("https://shop.example/", 2),
            ],
        );
        visit.event(random, "outbound", ("target", target));
    }
    visit.requests
}

/// Returns the requests of a visit to the shop that `source` brought.
pub(super) fn to_shop(
    random: &mut StdRng,
    at_ms: u64,
    person: &Person,
    source: Source,
) -> Vec<Request> {
    let landing = pick(random, &SHOP_PAGES);
    let mut visit = Visit::new("shop.example", at_ms, person, source);
    visit.read(random, landing, &SHOP_PAGES);
    if person.has_javascript && random.random_range(0..100) < CHECKOUT_PERCENT {
        visit.buy(random);
    }
    visit.requests
}

struct Visit<'a> {
    site: &'static str,
    begun_ms: u64,
    person: &'a Person,
    source: Source,
    requests: Vec<Request>,
    /// The page that is open, and the one before it.
    page: Page,
    before: Option<Page>,
    /// Minutes since the visit began.
    minutes: u64,
}

impl<'a> Visit<'a> {
    fn new(site: &'static str, begun_ms: u64, person: &'a Person, source: Source) -> Visit<'a> {
        Visit {
            site,
            begun_ms,
            person,
            source,
            requests: Vec::new(),
            page: ("/", ""),
            before: None,
            minutes: 0,
        }
    }

    /// Views the landing page, then some of `pages`.
    fn read(&mut self, random: &mut StdRng, landing: Page, pages: &[(Page, u32)]) {
        let count = pick(random, &PAGES_OF_A_VISIT);
        for (number, minutes) in PAGE_MINUTES[..count].iter().enumerate() {
            let next = match number {
                0 => landing,
                _ => pick(random, pages),
            };
            self.minutes = *minutes;
            self.view(random, next);
        }
    }

    /// Views a page: with JavaScript as beacon.js does, otherwise by a style sheet or an image.
    fn view(&mut self, random: &mut StdRng, page: Page) {
        let is_first = self.requests.is_empty();
        self.before = (!is_first).then_some(self.page);
        self.page = page;
        if self.person.has_javascript {
            let mut item = self.item(random, "view");
            if is_first {
                self.source.add_to(&mut item);
            }
            self.post(&item);
            return;
        }
        let url = self.url(page);
        let target = match random.random_bool(0.5) {
            // The page asks for its whole address to be sent, so the style sheet needs no more.
            true => "/pixel.css".to_owned(),
            // A page knows what it is, but not where its reader is from.
            false => format!(
                "/pixel.gif?site={}&page={}&title={}",
                self.site,
                page.0,
                escaped(page.1)
            ),
        };
        let request = Request::get(self.now_ms(), &self.person.client, target, &url);
        self.requests.push(request);
    }

    /// Sends a custom event with a property on the page that is open.
    fn event(&mut self, random: &mut StdRng, event: &str, (name, value): (&str, &str)) {
        self.minutes += EVENT_MINUTES;
        let mut item = self.item(random, event);
        item[name] = json!(value);
        self.post(&item);
    }

    /// Views the checkout and orders at once: two items in one request.
    fn buy(&mut self, random: &mut StdRng) {
        self.minutes += EVENT_MINUTES;
        self.before = Some(self.page);
        self.page = CHECKOUT;
        let view = self.item(random, "view");
        let mut order = self.item(random, "order");
        order["amount"] = json!(pick(random, &[(24.5, 3), (39.0, 1)]));
        self.post(&json!([view, order]));
    }

    /// Returns an item with what beacon.js sends of each hit.
    fn item(&self, random: &mut StdRng, event: &str) -> Value {
        let mut item = json!({
            "id": format!("{}-{}", self.now_ms(), random.random::<u32>()),
            "event": event,
            "site": self.site,
            "url": self.url(self.page),
            "title": self.page.1,
            "vw": self.person.width,
        });
        if let Some(before) = self.before {
            item["ref"] = json!(self.url(before));
        }
        if self.person.touch {
            item["touch"] = json!(1);
        }
        item
    }

    fn post(&mut self, items: &Value) {
        let client = self.person.client.clone();
        let script = client
            .with(ORIGIN, &format!("https://{}", self.site))
            .with(CONTENT_TYPE, "text/plain;charset=UTF-8");
        let request = Request::post(self.now_ms(), script, items);
        self.requests.push(request);
    }

    fn url(&self, page: Page) -> String {
        format!("https://{}{}", self.site, page.0)
    }

    fn now_ms(&self) -> u64 {
        self.begun_ms + self.minutes * MINUTE_MS
    }
}
