//! The people who read the sites: each has a browser, a language, a country and an address, on all days the same.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::pick::pick;
use super::request::Client;

/// The number of people who read the two sites.
const PEOPLE: u64 = 600;

/// One person, and what their browser tells about itself.
pub(super) struct Person {
    pub(super) client: Client,
    /// Class of the window's width, as beacon.js sends it.
    pub(super) width: &'static str,
    /// True if the screen takes more than one finger.
    pub(super) touch: bool,
    pub(super) has_javascript: bool,
}

/// Returns one of the people; some come more often than others.
pub(super) fn anybody(random: &mut StdRng) -> Person {
    let often = random.random_range(0..PEOPLE);
    person(random.random_range(0..=often))
}

/// Returns the person of this number.
fn person(number: u64) -> Person {
    let mut random = StdRng::seed_from_u64(number);
    let browser = pick(&mut random, &BROWSERS);
    let (country, language) = pick(&mut random, &COUNTRIES);
    Person {
        client: Client::new(browser.user_agent, &address(number), country).reading(language),
        width: browser.width,
        touch: browser.touch,
        has_javascript: random.random_range(0..100) < WITH_JAVASCRIPT_PERCENT,
    }
}

const WITH_JAVASCRIPT_PERCENT: u32 = 88;

/// Returns an address of the networks that are kept for documentation, so that it is nobody's.
fn address(number: u64) -> String {
    const NETWORKS: [&str; 3] = ["192.0.2", "198.51.100", "203.0.113"];
    const HOSTS: u64 = 254;
    let network = NETWORKS[(number / HOSTS) as usize % NETWORKS.len()];
    format!("{network}.{}", number % HOSTS + 1)
}

#[derive(Clone, Copy)]
struct Browser {
    user_agent: &'static str,
    width: &'static str,
    touch: bool,
}

/// Browsers with their weights.
const BROWSERS: [(Browser, u32); 12] = [
    (
        desktop(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
        ),
        24,
    ),
    (
        desktop(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.0.0",
        ),
        8,
    ),
    (
        desktop(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        ),
        8,
    ),
    (
        desktop(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
        ),
        5,
    ),
    (
        desktop("Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0"),
        5,
    ),
    (
        desktop("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:151.0) Gecko/20100101 Firefox/151.0"),
        4,
    ),
    (
        phone(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        ),
        20,
    ),
    (
        phone(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36",
        ),
        16,
    ),
    (
        phone(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
        ),
        5,
    ),
    (
        phone(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_6; en_GB; en; scale=3.00; 1179x2556; 0)",
        ),
        2,
    ),
    // An iPad calls itself a Mac: the fingers on its screen tell.
    (
        tablet(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        ),
        5,
    ),
    (
        tablet(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
        ),
        2,
    ),
];

const fn desktop(user_agent: &'static str) -> Browser {
    Browser {
        user_agent,
        width: "xl",
        touch: false,
    }
}

const fn phone(user_agent: &'static str) -> Browser {
    Browser {
        user_agent,
        width: "s",
        touch: true,
    }
}

const fn tablet(user_agent: &'static str) -> Browser {
    Browser {
        user_agent,
        width: "m",
        touch: true,
    }
}

/// Countries with their language and weight.
const COUNTRIES: [((&str, &str), u32); 11] = [
    (("US", "en-US,en;q=0.9"), 24),
    (("DE", "de-DE,de;q=0.9,en;q=0.7"), 22),
    (("GB", "en-GB,en;q=0.8"), 13),
    (("FR", "fr-FR,fr;q=0.9"), 9),
    (("NL", "nl-NL,nl;q=0.9,en;q=0.8"), 6),
    (("JP", "ja-JP,ja;q=0.9"), 6),
    (("IN", "en-IN,en;q=0.9"), 6),
    (("AT", "de-AT,de;q=0.9"), 5),
    (("CH", "de-CH,de;q=0.9,fr;q=0.6"), 4),
    (("BR", "pt-BR,pt;q=0.9"), 3),
    (("SE", "sv-SE,sv;q=0.9,en;q=0.8"), 2),
];
