//! Limits how often a password may be tried: per address, and in all, since addresses are cheap.

use std::collections::HashMap;
use std::net::IpAddr;

/// Tries that an address has at once, and the time after which one of them comes back.
const PER_ADDRESS: Rate = Rate {
    burst: 5,
    every_ms: 15_000,
};

/// The same for all addresses together.
const IN_ALL: Rate = Rate {
    burst: 60,
    every_ms: 1_000,
};

/// Addresses that are remembered. Beyond it those that have all their tries are forgotten, and then it makes no
/// difference.
const MAX_ADDRESSES: usize = 10_000;

#[derive(Clone, Copy)]
struct Rate {
    burst: u64,
    every_ms: u64,
}

/// Counts tries in token buckets. Time is an argument.
#[derive(Default)]
pub(crate) struct RateLimit {
    by_address: HashMap<IpAddr, Bucket>,
    all: Bucket,
}

/// When the last of the tries that were used comes back.
#[derive(Clone, Copy, Default)]
struct Bucket {
    full_at_ms: u64,
}

impl Bucket {
    /// Milliseconds to wait before a try, 0 for now.
    fn wait_ms(self, rate: Rate, now_ms: u64) -> u64 {
        let used_ms = self.full_at_ms.saturating_sub(now_ms);
        (used_ms + rate.every_ms).saturating_sub(rate.burst * rate.every_ms)
    }

    fn take(&mut self, rate: Rate, now_ms: u64) {
        self.full_at_ms = self.full_at_ms.max(now_ms) + rate.every_ms;
    }
}

impl RateLimit {
    /// Uses one try of an address.
    ///
    /// # Errors
    /// Returns the number of seconds to wait if the address, or all together, have none left.
    pub(crate) fn check(&mut self, address: IpAddr, now_ms: u64) -> Result<(), u64> {
        let address = network(address);
        if self.by_address.len() >= MAX_ADDRESSES {
            self.by_address
                .retain(|_, bucket| bucket.full_at_ms > now_ms);
        }
        let own = self.by_address.get(&address).copied().unwrap_or_default();
        let wait_ms = own
            .wait_ms(PER_ADDRESS, now_ms)
            .max(self.all.wait_ms(IN_ALL, now_ms));
        if wait_ms > 0 {
            return Err(wait_ms.div_ceil(1000));
        }
        self.all.take(IN_ALL, now_ms);
        self.by_address
            .entry(address)
            .or_default()
            .take(PER_ADDRESS, now_ms);
        Ok(())
    }

    /// Gives an address all its tries back, after the right password.
    pub(crate) fn reset(&mut self, address: IpAddr) {
        self.by_address.remove(&network(address));
    }
}

/// Returns the address that tries are counted by: with IPv6 a subscriber has a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests;
