//! The rules of an installation that decide what becomes a hit and what a record keeps.

use crate::country::Countries;
use crate::privacy::Privacy;
use crate::ranges::AgentRanges;
use crate::sites::Sites;
use crate::trust::Trust;

/// The rules for the parts of a request to keep, for trusted headers, for the sites that count, and for visitors.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) privacy: Privacy,
    pub(crate) trust: Trust,
    pub(crate) sites: Sites,
    /// Set by the caller that has a table of addresses, and by no variable.
    pub(crate) countries: Countries,
    /// Set by the caller that has a list of address ranges, and by no variable.
    pub(crate) ranges: AgentRanges,
    /// `BEACON_VISITORS`: whether hits have a visitor.
    pub(crate) visitors: bool,
    /// `BEACON_HONOUR_GPC`: whether a visitor who objects by `Sec-GPC` or `DNT` is none.
    pub(crate) honour_gpc: bool,
}
