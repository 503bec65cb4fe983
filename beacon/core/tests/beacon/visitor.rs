//! The column `visitor`: the same for a visitor of a site within a UTC day, another for all others, and NULL for
//! machines and for people who object.

use std::net::{IpAddr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::visit::{AT_MS, Visit};

const SALT: [u8; 32] = *b"a salt of just thirty-two bytes!";
const OTHER_SALT: [u8; 32] = [7; 32];
const DAY_MS: u64 = 86_400_000;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

fn visit(site: &str, peer: &str, user_agent: &str) -> Visit {
    Visit::get(&format!("/pixel.gif?site={site}&page=/"))
        .header("user-agent", user_agent)
        .from(Some(peer))
        .salted(AT_MS, SALT)
}

fn visitor(visit: &Visit) -> Option<String> {
    match &visit.record()["visitor"] {
        Value::Null => None,
        Value::String(visitor) => Some(visitor.clone()),
        other => panic!("{other} is no visitor"),
    }
}

#[track_caller]
fn check_same(left: &Visit, right: &Visit) {
    assert!(visitor(left).is_some());
    assert_eq!(visitor(left), visitor(right));
}

#[track_caller]
fn check_different(left: &Visit, right: &Visit) {
    assert!(visitor(left).is_some() && visitor(right).is_some());
    assert_ne!(visitor(left), visitor(right));
}

#[track_caller]
fn check_none(visit: &Visit) {
    assert_eq!(visitor(visit), None);
}

/// Computes a visitor as the documentation says, in the most obvious way: RFC 2104 over whole byte strings.
fn expected(salt: &[u8; 32], site: &str, address: IpAddr, user_agent: &[u8]) -> String {
    let mut message = Vec::new();
    let address = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.octets().to_vec(),
            None => address.octets()[..8].to_vec(),
        },
    };
    for part in [site.as_bytes(), &address, user_agent] {
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    let padded = |with: u8| -> Vec<u8> {
        let mut block = [0; 64];
        block[..32].copy_from_slice(salt);
        block.iter().map(|byte| byte ^ with).collect()
    };
    let inner = Sha256::digest([padded(0x36), message].concat());
    let outer = Sha256::digest([padded(0x5c), inner.to_vec()].concat());
    URL_SAFE_NO_PAD.encode(&outer[..16])
}

#[test]
fn visitor_is_the_same_for_all_hits_of_a_day() {
    let first = visit("blog.example", "192.0.2.7", FIREFOX);
    let midnight = AT_MS - AT_MS % DAY_MS;
    assert_eq!(visitor(&first).unwrap().len(), 22);
    check_same(&first, &first.clone().at(midnight));
    check_same(&first, &first.clone().at(midnight + DAY_MS - 1));
    check_same(&first, &first.clone().with("BEACON_PRIVACY", "full"));
    // Neither what is looked at nor what else the browser sends says who looks.
    check_same(
        &first,
        &first.clone().header("accept-language", "de").of(
            http::Method::POST,
            "/track",
            "site=blog.example&event=click",
        ),
    );
}

#[test]
fn visitor_of_another_site_address_agent_or_salt_is_another() {
    let first = visit("blog.example", "192.0.2.7", FIREFOX);
    check_different(&first, &visit("shop.example", "192.0.2.7", FIREFOX));
    check_different(&first, &visit("blog.example", "192.0.2.8", FIREFOX));
    check_different(&first, &visit("blog.example", "192.0.2.7", CHROME));
    check_different(&first, &first.clone().salted(AT_MS, OTHER_SALT));
}

#[test]
fn ipv6_addresses_of_a_network_are_one_visitor() {
    let first = visit("blog.example", "2001:db8:0:1::1", FIREFOX);
    check_same(
        &first,
        &visit("blog.example", "2001:db8:0:1:ffff::2", FIREFOX),
    );
    check_different(&first, &visit("blog.example", "2001:db8:0:2::1", FIREFOX));
    // A socket that serves both families reports an IPv4 address as one of IPv6.
    check_same(
        &visit("blog.example", "::ffff:192.0.2.7", FIREFOX),
        &visit("blog.example", "192.0.2.7", FIREFOX),
    );
    check_different(
        &visit("blog.example", "::ffff:192.0.2.7", FIREFOX),
        &visit("blog.example", "::ffff:192.0.2.8", FIREFOX),
    );
}

#[test]
fn address_is_the_one_that_the_setting_trusts() {
    let direct = visit("blog.example", "198.51.100.4", FIREFOX);
    let proxied = visit("blog.example", "127.0.0.1", FIREFOX)
        .header("x-forwarded-for", "203.0.113.9, 198.51.100.4")
        .with("BEACON_TRUST", "proxies=1");
    check_same(&direct, &proxied);
    check_none(&proxied.without_header("x-forwarded-for"));
}

#[test]
fn hit_without_site_address_or_salt_of_its_day_has_no_visitor() {
    let first = visit("blog.example", "192.0.2.7", FIREFOX);
    check_none(&first.clone().of(http::Method::GET, "/hit", ""));
    check_none(&first.clone().from(None));
    let midnight = AT_MS - AT_MS % DAY_MS;
    check_none(&first.clone().at(midnight - 1));
    check_none(&first.clone().at(midnight + DAY_MS));
    let unsalted = Visit::get("/pixel.gif?site=blog.example&page=/");
    check_none(&unsalted);
}

#[test]
fn setting_turns_visitors_off() {
    let first = visit("blog.example", "192.0.2.7", FIREFOX);
    check_none(&first.clone().with("BEACON_VISITORS", "off"));
    check_same(&first, &first.clone().with("BEACON_VISITORS", "on"));
}

#[test]
fn objection_counts_only_where_the_setting_honours_it() {
    let first = visit("blog.example", "192.0.2.7", FIREFOX);
    for name in ["sec-gpc", "dnt"] {
        let objecting = first.clone().header(name, "1");
        check_same(&first, &objecting);
        check_none(&objecting.with("BEACON_HONOUR_GPC", "on"));
        let consenting = first.clone().header(name, "0");
        check_same(&first, &consenting.with("BEACON_HONOUR_GPC", "on"));
    }
    check_same(&first, &first.clone().with("BEACON_HONOUR_GPC", "on"));
}

#[test]
fn items_of_a_post_have_the_visitor_of_their_site() {
    let body = r#"[{"site":"blog.example"},{"site":"shop.example"},{"site":"blog.example"},{}]"#;
    let records = Visit::post("/track", body)
        .header("user-agent", FIREFOX)
        .salted(AT_MS, SALT)
        .records();
    let visitors: Vec<&Value> = records.iter().map(|record| &record["visitor"]).collect();
    let blog = visitor(&visit("blog.example", "192.0.2.7", FIREFOX)).unwrap();
    let shop = visitor(&visit("shop.example", "192.0.2.7", FIREFOX)).unwrap();
    assert_eq!(
        visitors,
        [
            &Value::from(blog.clone()),
            &shop.into(),
            &blog.into(),
            &Value::Null
        ]
    );
}

#[test]
fn address_of_anonymous_mode_is_in_no_record() {
    let line = visit("blog.example", "192.0.2.7", FIREFOX).line();
    assert!(line.contains(r#""ip":null"#), "{line}");
    assert!(!line.contains("192.0.2.7"), "{line}");
}

#[test]
fn machines_servers_and_mail_proxies_are_no_visitors() {
    for user_agent in [
        "",
        "Mozilla/5.0",
        "curl/8.14.1",
        "Mozilla/5.0 (compatible; GPTBot/1.3; +https://openai.com/gptbot)",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    ] {
        check_none(&visit("blog.example", "192.0.2.7", user_agent));
    }
    let prerendered =
        visit("blog.example", "192.0.2.7", FIREFOX).header("sec-purpose", "prefetch;prerender");
    check_none(&prerendered);
    let reported = visit("blog.example", "192.0.2.7", "python-requests/2.32.5").of(
        http::Method::POST,
        "/track",
        "site=blog.example&event=paid",
    );
    assert_eq!(reported.record()["agent"], "unknown");
    check_none(&reported);
}

/// Plays somebody who has the table the day after. With the salt all of the addresses are tried in no time;
/// without it none is found, not even by the hash of the same parts or by an HMAC under another key.
#[test]
fn brute_force_finds_an_address_with_the_salt_and_none_without() {
    let seen = visitor(&visit("blog.example", "192.0.2.7", FIREFOX)).unwrap();
    let network = |low: u16| IpAddr::from([192, 0, low.to_be_bytes()[0], low.to_be_bytes()[1]]);
    let search = |salt: &[u8; 32]| -> Vec<IpAddr> {
        (0..=u16::MAX)
            .map(network)
            .filter(|address| expected(salt, "blog.example", *address, FIREFOX.as_bytes()) == seen)
            .collect()
    };
    assert_eq!(search(&SALT), [IpAddr::from([192, 0, 2, 7])]);
    assert_eq!(search(&OTHER_SALT), Vec::<IpAddr>::new());
    assert_eq!(search(&[0; 32]), Vec::<IpAddr>::new());
}

fn addresses() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<[u8; 4]>().prop_map(IpAddr::from),
        any::<[u8; 16]>().prop_map(IpAddr::from),
        any::<[u8; 4]>().prop_map(|v4| IpAddr::V6(std::net::Ipv4Addr::from(v4).to_ipv6_mapped())),
        // Addresses of one network, and those that look like IPv4.
        any::<[u16; 2]>().prop_map(|[a, b]| IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0, a, b))),
    ]
}

proptest! {
    #[test]
    fn visitor_is_that_of_the_reference(
        salt in any::<[u8; 32]>(),
        site in "[a-z]{1,20}(\\.[a-z]{1,80}){0,3}",
        address in addresses(),
        // Digits, because letters may be the name of a bot.
        build in "[0-9.]{0,300}",
    ) {
        let user_agent = &format!("{FIREFOX} {build}");
        let user_agent = user_agent.trim();
        let found = visitor(&visit(&site, &address.to_string(), user_agent).salted(AT_MS, salt));
        prop_assert_eq!(found, Some(expected(&salt, &site, address, user_agent.as_bytes())));
    }

    /// Letters that move from the site to the user agent change the visitor, as any other difference does.
    #[test]
    fn parts_are_never_taken_for_one_another(text in "[x-z]{3,40}", cut in 1..3_usize, other in 1..3_usize) {
        prop_assume!(cut != other);
        let at = |cut: usize| {
            let user_agent = format!("{}{FIREFOX}", &text[cut..]);
            visitor(&visit(&text[..cut], "192.0.2.7", &user_agent))
        };
        prop_assert!(at(cut).is_some());
        prop_assert_ne!(at(cut), at(other));
    }
}
