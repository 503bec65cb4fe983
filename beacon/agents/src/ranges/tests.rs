use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(list: &str, address: &str, expected: Option<(Class, &str)>) {
    let ranges = Ranges::parse(list).unwrap();
    let found = ranges.find(address.parse().unwrap());
    let found = found.map(|found| (found.class, found.rule.split_once('/').unwrap().1));
    assert_eq!(found, expected, "{address} in {list:?}");
}

#[track_caller]
fn refused(list: &str, expected: &str) {
    let error = Ranges::parse(list).unwrap_err();
    assert_eq!(error.to_string(), expected, "{list:?}");
}

#[test]
fn an_address_has_the_class_and_rule_of_its_range() {
    let list =
        "192.0.2.0/25,bot,uptime\n2001:db8::/32,scanner,gateway\n198.51.100.7,unknown,office\n";
    let uptime = Some((Class::Bot, "ranges.uptime"));
    check(list, "192.0.2.0", uptime);
    check(list, "192.0.2.127", uptime);
    check(list, "192.0.2.128", None);
    check(list, "192.0.1.255", None);
    check(
        list,
        "198.51.100.7",
        Some((Class::Unknown, "ranges.office")),
    );
    check(list, "198.51.100.8", None);
    let gateway = Some((Class::Scanner, "ranges.gateway"));
    check(list, "2001:db8::", gateway);
    check(list, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", gateway);
    check(list, "2001:db9::", None);
    check("", "192.0.2.0", None);
}

#[test]
fn a_rule_has_the_version_of_the_rules() {
    let ranges = Ranges::parse("192.0.2.0/24,bot,uptime").unwrap();
    let found = ranges.find("192.0.2.1".parse().unwrap()).unwrap();
    assert_eq!(*found.rule, *format!("{VERSION}/ranges.uptime"));
}

#[test]
fn mapped_addresses_are_ipv4_addresses() {
    let bot = Some((Class::Bot, "ranges.a"));
    check("192.0.2.0/24,bot,a", "::ffff:192.0.2.7", bot);
    check("::ffff:192.0.2.0/120,bot,a", "192.0.2.7", bot);
    check("::ffff:192.0.2.0/120,bot,a", "192.0.3.7", None);
    check("::ffff:192.0.2.7,bot,a", "192.0.2.7", bot);
    // The whole of IPv6 holds no IPv4 address.
    check("::/0,bot,a", "192.0.2.7", None);
    check("::/0,bot,a", "ffff::", bot);
    check("0.0.0.0/0,bot,a", "255.255.255.255", bot);
    check("0.0.0.0/0,bot,a", "::1", None);
}

#[test]
fn the_smallest_range_decides() {
    let list = "10.0.0.0/8,bot,all\n10.1.0.0/16,scanner,part\n10.1.2.3,unknown,one\n10.255.255.255,prefetch,last\n";
    let reversed: Vec<&str> = list.lines().rev().collect();
    for list in [list, &reversed.join("\n")] {
        check(list, "10.0.255.255", Some((Class::Bot, "ranges.all")));
        check(list, "10.1.0.0", Some((Class::Scanner, "ranges.part")));
        check(list, "10.1.2.2", Some((Class::Scanner, "ranges.part")));
        check(list, "10.1.2.3", Some((Class::Unknown, "ranges.one")));
        check(list, "10.1.2.4", Some((Class::Scanner, "ranges.part")));
        check(list, "10.2.0.0", Some((Class::Bot, "ranges.all")));
        check(
            list,
            "10.255.255.255",
            Some((Class::Prefetch, "ranges.last")),
        );
        check(list, "11.0.0.0", None);
    }
}

#[test]
fn comments_blanks_and_line_ends_count_for_nothing() {
    let list = "\u{feff}# ours\r\n\r\n  # theirs, too\n \t\n  192.0.2.0/24 , mail_proxy ,\tproxy.a_b-1 \r\n";
    check(
        list,
        "192.0.2.1",
        Some((Class::MailProxy, "ranges.proxy.a_b-1")),
    );
    let ranges = Ranges::parse(list).unwrap();
    assert_eq!(ranges.len(), 1);
    assert!(!ranges.is_empty());
    assert!(Ranges::parse("# nothing\n").unwrap().is_empty());
}

#[test]
fn a_line_that_is_wrong_is_named_with_its_value() {
    let fields =
        "doesn't have three fields: write `cidr,class,rule`, such as `192.0.2.0/24,bot,uptime`";
    refused("192.0.2.0/24", &format!("line 1: `192.0.2.0/24` {fields}"));
    refused(
        "\n192.0.2.0/24,bot,a,b",
        &format!("line 2: `192.0.2.0/24,bot,a,b` {fields}"),
    );
    let range = "is no address range: write one such as `192.0.2.0/24` or `2001:db8::/32`";
    for wrong in [
        "cidr",
        "",
        "192.0.2.0/33",
        "192.0.2.0/",
        "192.0.2.0/+8",
        "192.0.2/24",
        "2001:db8::/129",
        "192.0.2.0/999",
        "192.0.2.0-192.0.2.9",
        "blog.example",
        "192.0.2.0/24/8",
    ] {
        refused(
            &format!("# a comment\n{wrong},bot,a"),
            &format!("line 2: `{wrong}` {range}"),
        );
    }
    refused(
        "192.0.2.7/24,bot,a",
        "line 1: `192.0.2.7/24` has bits beyond its prefix: write `192.0.2.0/24` for the range, or `192.0.2.7` for the address alone",
    );
    refused(
        "2001:db8::1/32,bot,a",
        "line 1: `2001:db8::1/32` has bits beyond its prefix: write `2001:db8::/32` for the range, or `2001:db8::1` for the address alone",
    );
    for class in ["human", "Bot", "", "robot"] {
        refused(
            &format!("192.0.2.0/24,{class},a"),
            &format!(
                "line 1: the class is `{class}`: write `bot`, `scanner`, `mail_proxy`, `prefetch` or `unknown`"
            ),
        );
    }
    for rule in ["", "a b", "Uptime", "a/b", "é", &"x".repeat(65)] {
        refused(
            &format!("192.0.2.0/24,bot,{rule}"),
            &format!("line 1: the rule is `{rule}`: write 1 to 64 of a-z, 0-9, `.`, `_` and `-`"),
        );
    }
    let long = "é".repeat(100);
    refused(&long, &format!("line 1: `{}…` {fields}", "é".repeat(80)));
}

#[test]
fn a_range_has_one_rule() {
    assert_eq!(
        Ranges::parse("192.0.2.0/24,bot,a\n192.0.2.0/24,bot,a")
            .unwrap()
            .len(),
        2
    );
    for other in [
        "192.0.2.0/24,bot,b",
        "192.0.2.0/24,scanner,a",
        "::ffff:192.0.2.0/120,bot,b",
    ] {
        let cidr = other.split_once(',').unwrap().0;
        refused(
            &format!("192.0.2.0/24,bot,a\n\n{other}"),
            &format!(
                "line 3: `{cidr}` has another class or rule on line 1: remove one of the two lines"
            ),
        );
    }
}

/// Ranges that lie within each other often: within 16 addresses at the end of all.
fn nested() -> impl Strategy<Value = (u32, u8)> {
    (0..16_u32, 28..=32_u8).prop_map(|(host, prefix_bits)| {
        let beyond = u32::MAX.checked_shr(prefix_bits.into()).unwrap_or(0);
        ((0xffff_fff0 | host) & !beyond, prefix_bits)
    })
}

proptest! {
    #[test]
    fn a_search_finds_what_a_look_at_every_range_finds(nested in proptest::collection::btree_set(nested(), 0..12)) {
        let line = |(at, (first, bits)): (usize, &(u32, u8))| format!("{}/{bits},bot,r{at}\n", Ipv4Addr::from_bits(*first));
        let list: String = nested.iter().enumerate().map(line).collect();
        let ranges = Ranges::parse(&list).unwrap();
        for address in 0xffff_ffe0..=u32::MAX {
            let holding = nested.iter().enumerate().filter(|(_, (first, bits))| {
                u64::from(address) >= u64::from(*first) && u64::from(address) < u64::from(*first) + (1_u64 << (32 - bits))
            });
            let expected = holding.max_by_key(|(_, (_, bits))| *bits).map(|(at, _)| format!("{VERSION}/ranges.r{at}"));
            let found = ranges.find(IpAddr::V4(Ipv4Addr::from_bits(address)));
            prop_assert_eq!(found.map(|found| found.rule.to_string()), expected, "{}", address);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9a-f:./,# \nbot]{0,40}") {
        let _read_or_refused = Ranges::parse(&text);
    }
}
