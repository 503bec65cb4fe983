//! Measures what a look at a list of address ranges costs: `cargo bench -p beacon-agents --bench range_cost`.
//!
//! The longest list has as many ranges as the longest one that is published, that of Apple's Private Relay.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use beacon_agents::Ranges;
use divan::{Bencher, black_box};

const LENGTHS: [u32; 3] = [10, 1_000, 285_000];

fn main() {
    divan::main();
}

#[divan::bench(args = LENGTHS, sample_size = 1_000)]
fn ipv4(bencher: Bencher<'_, '_>, length: u32) {
    look(bencher, length, v4);
}

#[divan::bench(args = LENGTHS, sample_size = 1_000)]
fn ipv6(bencher: Bencher<'_, '_>, length: u32) {
    look(bencher, length, v6);
}

/// Measures looks at a list. Each has an address of its own, which nothing in a cache helps.
fn look(bencher: Bencher<'_, '_>, length: u32, address: fn(u32) -> IpAddr) {
    let ranges = Ranges::parse(&list(length)).expect("every line is a range");
    let mut number = 0_u32;
    bencher.bench_local(|| {
        number = number.wrapping_add(1);
        ranges.find(address(black_box(number)))
    });
}

/// Returns a list in which half of the ranges are of IPv4, all over the addresses.
fn list(length: u32) -> String {
    let mut list = String::new();
    for at in 0..length / 2 {
        let first = spread(at) & 0xffff_ff00;
        let v4 = Ipv4Addr::from_bits(first);
        let v6 = Ipv6Addr::from_bits((0x2a02_26f7_u128 << 96) | u128::from(first) << 48);
        writeln!(list, "{v4}/24,bot,cloud\n{v6}/72,bot,cloud").expect("a string takes every text");
    }
    list
}

/// Spreads numbers, each over all 32 bits; none comes twice.
fn spread(number: u32) -> u32 {
    number.wrapping_mul(0x9e37_79b1)
}

fn v4(number: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(spread(number)))
}

fn v6(number: u32) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(
        (0x2a02_26f7_u128 << 96) | u128::from(spread(number)) << 48,
    ))
}
