//! The tables of a report without script: their questions, and what their rows are called.

use crate::engine::{Answer, Value};
use crate::report::scope::cell;

/// A table of a question's rows.
pub(super) struct Table {
    pub(super) title: &'static str,
    pub(super) question: &'static str,
    /// The columns that name a row.
    names: &'static [&'static str],
    /// Columns of counts with their headers; those that the answer lacks are left out.
    pub(super) counts: &'static [(&'static str, &'static str)],
}

type Counts = [(&'static str, &'static str)];
const VIEWS: &Counts = &[("visitors", "Visitors"), ("views", "Views")];
const VISITS: &Counts = &[("visitors", "Visitors"), ("visits", "Visits")];
const EMAILS: &Counts = &[
    ("opens", "Opens"),
    ("unique_opens", "Unique opens"),
    ("clicks", "Clicks"),
];

const fn table(
    title: &'static str,
    question: &'static str,
    names: &'static [&'static str],
    counts: &'static Counts,
) -> Table {
    Table {
        title,
        question,
        names,
        counts,
    }
}

/// The tables, in the order of the page's panels.
pub(super) const TABLES: [Table; 17] = [
    table("Sites", "sites", &["site"], VIEWS),
    table("Channels", "channels", &["channel"], VIEWS),
    table("Sources", "sources", &["source"], VIEWS),
    table("Referrers", "referrers", &["referrer_host"], VIEWS),
    table("Top pages", "top_pages", &["site", "page"], VIEWS),
    table(
        "Entry pages",
        "entry_pages",
        &["site", "entry_page"],
        VISITS,
    ),
    table("Exit pages", "exit_pages", &["site", "exit_page"], VISITS),
    table("Countries", "countries", &["country"], VIEWS),
    table("Languages", "languages", &["language"], VIEWS),
    table("Devices", "devices", &["device"], VIEWS),
    table("Browsers", "browsers", &["browser"], VIEWS),
    table("Systems", "systems", &["os"], VIEWS),
    table("Sizes", "sizes", &["size"], VIEWS),
    table(
        "Events",
        "event_names",
        &["event"],
        &[("times", "Times"), ("visitors", "Visitors")],
    ),
    table(
        "Emails",
        "campaigns",
        &["utm_source", "utm_medium", "utm_campaign"],
        EMAILS,
    ),
    table("Messages", "messages", &["campaign", "message"], EMAILS),
    table(
        "Machines",
        "agents",
        &["agent", "agent_rule"],
        &[("views", "Views"), ("opens", "Opens"), ("hits", "Hits")],
    ),
];

impl Table {
    /// Returns the name of a row.
    pub(super) fn name(&self, answer: &Answer, row: &[Value]) -> String {
        let names = self
            .names
            .iter()
            .map(|column| match cell(answer, row, column) {
                Some(Value::Text(text)) => text.as_str(),
                _ => missing(column),
            });
        names.collect::<Vec<_>>().join(" ")
    }

    /// Returns false for rows of emails without an open or a click.
    pub(super) fn shows(&self, answer: &Answer, row: &[Value]) -> bool {
        let has_some =
            |column: &str| matches!(cell(answer, row, column), Some(Value::Integer(1..)));
        self.counts != EMAILS
            || ["opens", "opens_at_most", "clicks"]
                .into_iter()
                .any(has_some)
    }
}

/// Returns what stands for a missing value of a column, as on the page.
fn missing(column: &str) -> &'static str {
    match column {
        "source" | "channel" => "Direct / unknown",
        "site" => "Unknown site",
        "page" | "entry_page" | "exit_page" => "Unknown page",
        "utm_source" | "utm_medium" | "utm_campaign" | "campaign" | "message" => "(none)",
        _ => "Unknown",
    }
}
