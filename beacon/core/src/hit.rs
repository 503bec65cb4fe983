//! A hit: what one request, or one item of a POST, says. Borrowed from the request; [`record`](crate::record)
//! writes it.

use std::borrow::Cow;
use std::net::IpAddr;

use beacon_agents::Verdict;
use uuid::Uuid;

use crate::campaign::Campaign;
use crate::country::Country;
use crate::value::{KeptHeaders, KeptParameters, QueryString};
use crate::visitor::Visitor;

/// The values of a record that need reading; [`schema`](crate::schema) says which column shows which.
pub(crate) struct Hit<'a> {
    pub(crate) id: Uuid,
    pub(crate) received_at_ms: u64,
    pub(crate) site: Option<Cow<'a, str>>,
    pub(crate) host: Cow<'a, str>,
    pub(crate) path: &'a str,
    pub(crate) event: Cow<'a, str>,
    pub(crate) url: Option<Cow<'a, str>>,
    pub(crate) page: Option<Cow<'a, str>>,
    pub(crate) title: Option<Cow<'a, str>>,
    pub(crate) referrer: Option<Cow<'a, str>>,
    pub(crate) referrer_host: Option<Cow<'a, str>>,
    pub(crate) utm: Campaign<'a>,
    pub(crate) language: Option<Cow<'a, str>>,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) visitor: Option<Visitor>,
    pub(crate) agent: Verdict<'a>,
    pub(crate) country: Option<Country>,
    pub(crate) format: &'static str,
    pub(crate) query_string: QueryString<'a>,
    pub(crate) parameters: KeptParameters<'a>,
    pub(crate) headers: KeptHeaders<'a>,
}
