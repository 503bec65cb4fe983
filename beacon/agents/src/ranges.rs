//! Address ranges of machines: which class and rule an address has, by a list that the operator keeps.
//!
//! Each line of the list is `cidr,class,rule`. Blank lines, and lines that begin with `#`, count for nothing. Where ranges
//! lie within each other, the smallest decides.

mod error;
mod line;
mod table;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use crate::class::Class;
use crate::texts::VERSION;

use self::line::Line;
use self::table::{Entry, Table};

pub use self::error::{RangeListError, RangeListErrorKind};

/// The class and rule of an address range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeRule {
    /// The class
    pub class: Class,
    /// Version of the rules and name of this one, such as `2026.11/ranges.office`.
    pub rule: Arc<str>,
}

/// A list of address ranges, sorted so that an address is found by a binary search.
///
/// ```
/// use beacon_agents::{Class, Ranges};
///
/// let ranges = Ranges::parse("# ours\n192.0.2.0/24,bot,uptime\n192.0.2.7,unknown,office\n")?;
/// let office = ranges.find("192.0.2.7".parse()?).expect("the address is in the list");
/// assert_eq!(office.class, Class::Unknown);
/// assert!(office.rule.ends_with("/ranges.office"));
/// assert_eq!(ranges.find("198.51.100.1".parse()?), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Ranges {
    v4: Table<u32>,
    v6: Table<u128>,
    rules: Vec<RangeRule>,
    count: usize,
}

impl Ranges {
    /// Reads a list.
    ///
    /// # Errors
    /// Returns the first line that is wrong, with its number, the value and what to write instead.
    pub fn parse(text: &str) -> Result<Ranges, RangeListError> {
        let mut rules = Rules::default();
        let mut known = HashMap::new();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (at, text) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line_number = at + 1;
            let failed = |kind| RangeListError {
                line: line_number,
                kind,
            };
            let Some(line) = Line::parse(text).map_err(failed)? else {
                continue;
            };
            let rule = rules.index(&line);
            let (first_line, first_rule) = *known.entry(line.range).or_insert((line_number, rule));
            if first_rule != rule {
                return Err(failed(RangeListErrorKind::Twice {
                    range: line.cidr.to_owned(),
                    first_line,
                }));
            }
            let (first, last) = line.range.bounds();
            let entries = if line.range.is_v4() { &mut v4 } else { &mut v6 };
            entries.push(Entry { first, last, rule });
        }
        Ok(Ranges {
            count: v4.len() + v6.len(),
            v4: Table::new(v4),
            v6: Table::new(v6),
            rules: rules.list,
        })
    }

    /// Returns the class and rule of the smallest range that holds `address`. An IPv4 address that is mapped to IPv6 is
    /// the IPv4 address.
    #[must_use]
    pub fn find(&self, address: IpAddr) -> Option<&RangeRule> {
        let rule = match address.to_canonical() {
            IpAddr::V4(address) => self.v4.find(address.to_bits()),
            IpAddr::V6(address) => self.v6.find(address.to_bits()),
        }?;
        self.rules.get(rule)
    }

    /// Returns the number of lines that name a range.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Tells whether no line names a range.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The rules of a list, each once, however many ranges have it.
#[derive(Default)]
struct Rules {
    list: Vec<RangeRule>,
    indices: HashMap<(Class, String), u32>,
}

impl Rules {
    fn index(&mut self, line: &Line<'_>) -> u32 {
        let next = self.indices.len() as u32;
        let index = *self
            .indices
            .entry((line.class, line.rule.to_owned()))
            .or_insert(next);
        if index == next {
            self.list.push(RangeRule {
                class: line.class,
                rule: format!("{VERSION}/ranges.{}", line.rule).into(),
            });
        }
        index
    }
}

#[cfg(test)]
mod tests;
