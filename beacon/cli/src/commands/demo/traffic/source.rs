//! The sources of visits: a page that links here, or the tags of a campaign in the link.

use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::pick::pick;

/// Where a visit comes from, as its first page tells.
#[derive(Clone, Copy)]
pub(super) struct Source {
    /// The address of the page before; empty if the browser names none.
    referrer: &'static str,
    /// Names and values, as in a page's address.
    tags: &'static [(&'static str, &'static str)],
}

impl Source {
    /// Returns a source of readers of the blog.
    pub(super) fn of_blog(random: &mut StdRng) -> Source {
        pick(random, &OF_BLOG)
    }

    /// Returns a source of visitors of the shop.
    pub(super) fn of_shop(random: &mut StdRng) -> Source {
        pick(random, &OF_SHOP)
    }

    /// Tells whether it is the site whose readers all come at once.
    pub(super) fn is_news(&self) -> bool {
        self.referrer == NEWS.referrer
    }

    /// Adds it to the first item of a visit.
    pub(super) fn add_to(&self, item: &mut Value) {
        if !self.referrer.is_empty() {
            item["ref"] = json!(self.referrer);
        }
        for (name, value) in self.tags {
            item[*name] = json!(value);
        }
    }
}

/// The site that links to a post on the day of the peak.
pub(super) const NEWS: Source = link("https://news.ycombinator.com/item?id=4242");

/// The links in the newsletter.
pub(super) const NEWSLETTER: Source = tagged(&[
    ("utm_source", "newsletter"),
    ("utm_medium", "email"),
    ("utm_campaign", "issue-12"),
]);

const DIRECT: Source = link("");
const GOOGLE: Source = link("https://www.google.com/");
const CHATGPT: Source = Source {
    referrer: "https://chatgpt.com/",
    tags: &[("utm_source", "chatgpt.com")],
};

/// Sources with their weights.
const OF_BLOG: [(Source, u32); 13] = [
    (DIRECT, 30),
    (GOOGLE, 18),
    (link("https://duckduckgo.com/"), 6),
    (link("https://www.bing.com/"), 4),
    (NEWS, 8),
    (link("https://mastodon.social/"), 6),
    (link("https://go.bsky.app/"), 4),
    (link("android-app://com.linkedin.android/"), 3),
    (link("https://github.com/"), 4),
    (link("https://lobste.rs/s/pixel"), 3),
    (link("https://planet.example/"), 3),
    (CHATGPT, 5),
    (link("https://www.perplexity.ai/"), 2),
];

const OF_SHOP: [(Source, u32); 9] = [
    (DIRECT, 26),
    (GOOGLE, 14),
    (
        tagged(&[
            ("utm_source", "newsletter"),
            ("utm_medium", "email"),
            ("utm_campaign", "november-bells"),
        ]),
        10,
    ),
    (
        Source {
            referrer: "https://www.google.com/",
            tags: &[
                ("utm_source", "google"),
                ("utm_medium", "cpc"),
                ("utm_campaign", "november-bells"),
                ("click_id", "gclid"),
            ],
        },
        9,
    ),
    (
        tagged(&[
            ("utm_source", "instagram"),
            ("utm_medium", "paid-social"),
            ("utm_campaign", "november-bells"),
        ]),
        6,
    ),
    (
        tagged(&[
            ("utm_source", "bike-magazine"),
            ("utm_medium", "banner"),
            ("utm_campaign", "november-bells"),
        ]),
        4,
    ),
    (
        tagged(&[("utm_source", "bell-tests"), ("utm_medium", "affiliate")]),
        3,
    ),
    (link("https://www.reddit.com/"), 4),
    (CHATGPT, 3),
];

const fn link(referrer: &'static str) -> Source {
    Source {
        referrer,
        tags: &[],
    }
}

const fn tagged(tags: &'static [(&'static str, &'static str)]) -> Source {
    Source { referrer: "", tags }
}
