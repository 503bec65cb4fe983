use super::*;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn an_address_has_five_tries_and_then_one_in_fifteen_seconds() {
    let mut limit = RateLimit::default();
    let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
    for _ in 0..5 {
        assert_eq!(limit.check(one, 1_000), Ok(()));
    }
    assert_eq!(limit.check(one, 1_000), Err(15));
    assert_eq!(limit.check(one, 15_500), Err(1));
    assert_eq!(limit.check(other, 15_500), Ok(()));
    assert_eq!(limit.check(one, 16_000), Ok(()));
    assert_eq!(limit.check(one, 16_000), Err(15));
    limit.reset(one);
    assert_eq!(limit.check(one, 16_000), Ok(()));
}

#[test]
fn all_addresses_together_have_sixty() {
    let mut limit = RateLimit::default();
    for host in 0..60 {
        assert_eq!(limit.check(address(&format!("192.0.2.{host}")), 0), Ok(()));
    }
    assert_eq!(limit.check(address("192.0.2.60"), 0), Err(1));
    assert_eq!(limit.check(address("192.0.2.60"), 1_000), Ok(()));
}

#[test]
fn a_network_of_ipv6_is_one_address() {
    assert_eq!(
        network(address("2001:db8:1:2:3:4:5:6")),
        address("2001:db8:1:2::")
    );
    assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
}

#[test]
fn memory_is_bounded() {
    let mut limit = RateLimit::default();
    for number in 0..30_000_u32 {
        let at_ms = u64::from(number) * 1_000;
        assert_eq!(limit.check(IpAddr::V4(number.into()), at_ms), Ok(()));
    }
    assert!(limit.by_address.len() <= MAX_ADDRESSES);
}
