//! One line of a list of address ranges.

use std::net::IpAddr;

use crate::class::Class;

use super::error::RangeListErrorKind;

/// The longest name of a rule, in bytes.
const MAX_RULE_BYTES: usize = 64;

/// The longest part of a wrong line that a message shows, in characters.
const MAX_SHOWN_CHARACTERS: usize = 80;

/// The length of the prefix that all IPv4 addresses have as IPv6 ones.
const MAPPED_PREFIX_BITS: u8 = 96;

/// A line that names a range.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) cidr: &'a str,
    pub(super) range: Range,
    pub(super) class: Class,
    pub(super) rule: &'a str,
}

/// An address range in CIDR notation; no bits beyond the prefix are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Range {
    first: IpAddr,
    prefix_bits: u8,
}

impl<'a> Line<'a> {
    /// Reads a line; `None` for one that is blank or a comment.
    pub(super) fn parse(text: &'a str) -> Result<Option<Line<'a>>, RangeListErrorKind> {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(None);
        }
        let mut fields = text.split(',').map(str::trim);
        let (Some(cidr), Some(class), Some(rule), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(RangeListErrorKind::Fields { line: shown(text) });
        };
        Ok(Some(Line {
            cidr,
            range: Range::parse(cidr)?,
            class: parse_class(class)?,
            rule: check_rule(rule)?,
        }))
    }
}

impl Range {
    /// Reads an address with the length of its prefix, or one address alone.
    fn parse(cidr: &str) -> Result<Range, RangeListErrorKind> {
        let refused = || RangeListErrorKind::Range { range: shown(cidr) };
        let (address, prefix) = match cidr.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (cidr, None),
        };
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let most = most_prefix_bits(address);
        let prefix_bits = match prefix {
            None => most,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| refused())?
            }
            Some(_) => return Err(refused()),
        };
        if prefix_bits > most {
            return Err(refused());
        }
        let (address, prefix_bits) = unmapped(address, prefix_bits);
        let range = Range::around(address, prefix_bits);
        if range.first == address {
            return Ok(range);
        }
        Err(RangeListErrorKind::BitsBeyondPrefix {
            range: cidr.to_owned(),
            meant: format!("{}/{prefix_bits}", range.first),
            address: address.to_string(),
        })
    }

    /// Returns the range of this prefix that holds `address`.
    fn around(address: IpAddr, prefix_bits: u8) -> Range {
        let first = match address {
            IpAddr::V4(address) => {
                IpAddr::V4((address.to_bits() & !bits_beyond_v4(prefix_bits)).into())
            }
            IpAddr::V6(address) => {
                IpAddr::V6((address.to_bits() & !bits_beyond_v6(prefix_bits)).into())
            }
        };
        Range { first, prefix_bits }
    }

    pub(super) fn is_v4(self) -> bool {
        self.first.is_ipv4()
    }

    /// Returns the first and the last address, as numbers of their own kind.
    pub(super) fn bounds(self) -> (u128, u128) {
        match self.first {
            IpAddr::V4(address) => {
                let first = address.to_bits();
                let last = first | bits_beyond_v4(self.prefix_bits);
                (first.into(), last.into())
            }
            IpAddr::V6(address) => {
                let first = address.to_bits();
                (first, first | bits_beyond_v6(self.prefix_bits))
            }
        }
    }
}

fn most_prefix_bits(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// Returns a range of mapped addresses as the IPv4 addresses that it stands for, and any other as it is.
fn unmapped(address: IpAddr, prefix_bits: u8) -> (IpAddr, u8) {
    match (address, prefix_bits.checked_sub(MAPPED_PREFIX_BITS)) {
        (IpAddr::V6(_), Some(prefix_bits_v4)) if address.to_canonical().is_ipv4() => {
            (address.to_canonical(), prefix_bits_v4)
        }
        _ => (address, prefix_bits),
    }
}

fn bits_beyond_v4(prefix_bits: u8) -> u32 {
    u32::MAX.checked_shr(prefix_bits.into()).unwrap_or(0)
}

fn bits_beyond_v6(prefix_bits: u8) -> u128 {
    u128::MAX.checked_shr(prefix_bits.into()).unwrap_or(0)
}

/// Reads a class. A range of people would hide machines that come through it, so `human` is none.
fn parse_class(class: &str) -> Result<Class, RangeListErrorKind> {
    match Class::from_name(class) {
        Some(Class::Human) | None => Err(RangeListErrorKind::Class {
            class: shown(class),
        }),
        Some(class) => Ok(class),
    }
}

fn check_rule(rule: &str) -> Result<&str, RangeListErrorKind> {
    let is_name = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
    };
    if (1..=MAX_RULE_BYTES).contains(&rule.len()) && rule.bytes().all(is_name) {
        return Ok(rule);
    }
    Err(RangeListErrorKind::Rule { rule: shown(rule) })
}

/// Returns a text as a message shows it: without an end that is too long.
fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
