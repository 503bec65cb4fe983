//! The body of `GET /api/about`: which dashboard this is, and what the caller may ask.

use beacon_catalog::{CustomColumn, FilterColumn, Operator, Question};
use serde::Serialize;

use crate::access::Permissions;
use crate::document::{Document, Goal, SavedFilter};
use crate::engine::{Engine, Freshness};
use crate::state::Config;

/// The column whose values may name sites that a guest must not know.
const SITE: &str = "site";

/// The class of agents, by which everybody may filter.
const AGENT: &str = "agent";

/// Returns the body of `GET /api/about` for a caller with these permissions.
pub(crate) fn about<'a>(
    config: &'a Config,
    engine: &dyn Engine,
    custom_columns: &'a [CustomColumn],
    permit: &Permissions,
    document: Option<&'a Document>,
) -> About<'a> {
    let listed = config.settings.sites();
    let sites = match permit {
        Permissions::All => Some(Sites {
            sites_are_open: listed.is_empty(),
            sites: (!listed.is_empty()).then_some(listed),
        }),
        // A key reads numbers, and a guest one site.
        _ => None,
    };
    let names = custom_columns.iter().map(|column| column.name.as_str());
    let (kind, site, until_ms, custom_columns) = match permit {
        Permissions::All => (config.access.name(), None, None, names.collect()),
        Permissions::ReadAll => ("key", None, None, names.collect()),
        Permissions::Share(share) => {
            let kind = if share.until_ms.is_some() {
                "share"
            } else {
                "key"
            };
            (kind, Some(share.site.clone()), share.until_ms, Vec::new())
        }
    };
    About {
        version: env!("CARGO_PKG_VERSION"),
        privacy: config.settings.privacy(),
        engine: engine.name(),
        endpoint: config.endpoint.as_deref(),
        freshness: match engine.freshness() {
            Freshness::Live => AboutFreshness {
                live: true,
                delay_s: None,
            },
            Freshness::Delayed { delay_s } => AboutFreshness {
                live: false,
                delay_s: Some(delay_s),
            },
        },
        questions: Question::all()
            .map(|question| AboutQuestion {
                name: question.name,
                question: question.question,
                parameters: question.filters(),
            })
            .collect(),
        filters: FilterColumn::ALL
            .iter()
            .map(|column| column.name().into_owned())
            .collect(),
        operators: Operator::ALL.map(Operator::name).to_vec(),
        custom_columns,
        goals: document.map_or_else(Vec::new, |document| goals_for(document, permit)),
        saved: document.map_or(&[], |document| saved_for(document, permit)),
        document_problem: None,
        sites,
        sql: permit.is_owner(),
        access: AboutAccess {
            kind,
            site,
            until_ms,
        },
    }
}

/// Returns the goals that a caller may know: guests get none that filter by a site, a custom column or a property.
fn goals_for<'a>(document: &'a Document, permit: &Permissions) -> Vec<&'a Goal> {
    let is_for_guests = |goal: &&Goal| {
        let mut filters = goal.filters.iter();
        filters
            .all(|filter| filter.column == AGENT || (filter.column != SITE && !filter.is_private()))
    };
    match permit {
        Permissions::All | Permissions::ReadAll => document.goals.iter().collect(),
        Permissions::Share(_) => document.goals.iter().filter(is_for_guests).collect(),
    }
}

/// Returns the saved filters that a caller may know: guests none, since they may name other sites.
fn saved_for<'a>(document: &'a Document, permit: &Permissions) -> &'a [SavedFilter] {
    match permit {
        Permissions::All | Permissions::ReadAll => &document.saved,
        Permissions::Share(_) => &[],
    }
}

#[derive(Serialize)]
pub(crate) struct About<'a> {
    version: &'static str,
    privacy: &'static str,
    engine: &'static str,
    endpoint: Option<&'a str>,
    freshness: AboutFreshness,
    questions: Vec<AboutQuestion>,
    filters: Vec<String>,
    operators: Vec<&'static str>,
    custom_columns: Vec<&'a str>,
    goals: Vec<&'a Goal>,
    saved: &'a [SavedFilter],
    /// Where the owner's goals and saved filters can't be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    document_problem: Option<&'a str>,
    /// Only the owner learns it.
    #[serde(flatten)]
    sites: Option<Sites>,
    /// True if the caller may run SQL.
    sql: bool,
    access: AboutAccess,
}

impl<'a> About<'a> {
    /// Returns the same with the reason why it has no goals and saved filters.
    pub(crate) fn with_document_problem(self, document_problem: Option<&'a str>) -> Self {
        About {
            document_problem,
            ..self
        }
    }

    /// Returns the same for a page that has no server to run SQL, and whose readers may know no other site.
    pub(crate) fn for_report(self) -> Self {
        About {
            sql: false,
            sites: None,
            ..self
        }
    }
}

/// Whose hits are recorded.
#[derive(Serialize)]
struct Sites {
    /// Strangers can add hits of any site.
    sites_are_open: bool,
    sites: Option<Vec<String>>,
}

#[derive(Serialize)]
struct AboutFreshness {
    live: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_s: Option<u64>,
}

#[derive(Serialize)]
struct AboutQuestion {
    name: &'static str,
    question: &'static str,
    parameters: Vec<&'static str>,
}

#[derive(Serialize)]
struct AboutAccess {
    kind: &'static str,
    site: Option<String>,
    until_ms: Option<u64>,
}
