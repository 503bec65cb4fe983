//! The reasons for refusing a list of address ranges.

use thiserror::Error;

/// A line of a list that can't be used. The message names the line, shows the value and says what to write.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {kind}")]
pub struct RangeListError {
    /// The number of the line; the first is 1.
    pub line: usize,
    /// The reason.
    pub kind: RangeListErrorKind,
}

/// The reason for refusing a line.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RangeListErrorKind {
    /// The line doesn't have three fields.
    #[error(
        "`{line}` doesn't have three fields: write `cidr,class,rule`, such as `192.0.2.0/24,bot,uptime`"
    )]
    Fields {
        /// The line, or the beginning of a long one.
        line: String,
    },
    /// The first field is no address range.
    #[error("`{range}` is no address range: write one such as `192.0.2.0/24` or `2001:db8::/32`")]
    Range {
        /// The field.
        range: String,
    },
    /// The address has bits that its prefix doesn't cover.
    #[error(
        "`{range}` has bits beyond its prefix: write `{meant}` for the range, or `{address}` for the address alone"
    )]
    BitsBeyondPrefix {
        /// The field.
        range: String,
        /// The range that holds the address.
        meant: String,
        /// The address.
        address: String,
    },
    /// The class is unknown, or is `human`.
    #[error(
        "the class is `{class}`: write `bot`, `scanner`, `mail_proxy`, `prefetch` or `unknown`"
    )]
    Class {
        /// The field.
        class: String,
    },
    /// The name of the rule has other characters than names of rules have.
    #[error("the rule is `{rule}`: write 1 to 64 of a-z, 0-9, `.`, `_` and `-`")]
    Rule {
        /// The field.
        rule: String,
    },
    /// Another line gives the same range another class or rule.
    #[error(
        "`{range}` has another class or rule on line {first_line}: remove one of the two lines"
    )]
    Twice {
        /// The field.
        range: String,
        /// The number of the other line.
        first_line: usize,
    },
}
