//! The class of a sender by its address, as a caller's list of address ranges says.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

pub use beacon_agents::{RangeRule, Ranges};

/// Finds the class and rule of an address, such as in a local file.
pub type RangeLookup = Arc<dyn Fn(IpAddr) -> Option<RangeRule> + Send + Sync>;

/// The caller's list, if there is one.
#[derive(Clone, Default)]
pub(crate) struct AgentRanges {
    pub(crate) lookup: Option<RangeLookup>,
}

impl fmt::Debug for AgentRanges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.lookup {
            Some(_) => "address ranges by a lookup",
            None => "no address ranges",
        })
    }
}
