//! Measures what a look at a list of address ranges costs, in nanoseconds: `cargo bench -p beacon-agents --bench range_cost`.
//!
//! The longest list has as many ranges as the longest one that is published, that of Apple's Private Relay.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use beacon_agents::Ranges;

const LENGTHS: [u32; 3] = [10, 1_000, 285_000];

/// Few, so that most rounds end before the machine does something else.
const LOOKS: u32 = 1_000;
const ROUNDS: u32 = 3_000;

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for length in LENGTHS {
        let ranges = Ranges::parse(&list(length)).expect("every line is a range");
        for (kind, address) in [
            ("IPv4", v4 as fn(u32) -> IpAddr),
            ("IPv6", v6 as fn(u32) -> IpAddr),
        ] {
            let mut fastest_ns = u128::MAX;
            for number in 0..ROUNDS {
                fastest_ns = fastest_ns.min(round(&ranges, address, number * LOOKS));
            }
            writeln!(
                output,
                "{length:7} ranges  {kind}  {fastest_ns:4} ns a look"
            )?;
        }
    }
    Ok(())
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

/// Returns the nanoseconds that one look takes. Each round has addresses of its own, which nothing in a cache helps.
fn round(ranges: &Ranges, address: fn(u32) -> IpAddr, first: u32) -> u128 {
    let begun = Instant::now();
    for number in first..first + LOOKS {
        black_box(ranges.find(address(black_box(number))));
    }
    begun.elapsed().as_nanos() / u128::from(LOOKS)
}
