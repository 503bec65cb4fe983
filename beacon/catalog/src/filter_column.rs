//! Lists the columns that a condition can be on, and the SQL of each. Names that a caller gives are bound.

use std::borrow::Cow;

use crate::scope::ColumnSource;
use crate::spellings::{self, Spellings};

/// A column that a [`crate::Filter`] can be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterColumn {
    /// The column `site`.
    Site,
    /// The column `page`.
    Page,
    /// The page of the visit's first view. A hit that is in no visit has none.
    EntryPage,
    /// The page of the visit's last view, likewise.
    ExitPage,
    /// The column `event`: view, open, click, or the name of a custom event.
    Event,
    /// The visit's channel, such as `Search`. Every visit has one.
    Channel,
    /// The name of the visit's source, such as `Hacker News`. A visit that is direct or unknown has none.
    Source,
    /// The host or app that the visit came from. Case doesn't matter.
    Referrer,
    /// The visit's `utm_source`. Case doesn't matter.
    UtmSource,
    /// The visit's `utm_medium`. Case doesn't matter.
    UtmMedium,
    /// The visit's `utm_campaign`. Case doesn't matter.
    UtmCampaign,
    /// The visit's `utm_term`. Case doesn't matter.
    UtmTerm,
    /// The visit's `utm_content`. Case doesn't matter.
    UtmContent,
    /// The column `browser`.
    Browser,
    /// The column `os`.
    Os,
    /// The column `device`.
    Device,
    /// The size class of the browser's window: `s`, `m`, `l` or `xl`.
    Size,
    /// The column `country`.
    Country,
    /// The column `language`. Case doesn't matter.
    Language,
    /// A custom column.
    Custom(ColumnSource),
    /// The property of this name: a parameter of the hit.
    Property(String),
}

/// The prefix of the names of properties: `prop.plan` is the parameter `plan`.
const PROPERTY: &str = "prop.";

/// The size class as `beacon.js` sends it. Whatever else a client sends is none.
const SIZE: &str =
    "CASE WHEN element_at(params, 'vw') IN ('s', 'm', 'l', 'xl') THEN element_at(params, 'vw') END";

impl FilterColumn {
    /// The columns that every beacon has, in the order in which messages name them.
    pub const ALL: [FilterColumn; 19] = [
        FilterColumn::Site,
        FilterColumn::Page,
        FilterColumn::EntryPage,
        FilterColumn::ExitPage,
        FilterColumn::Event,
        FilterColumn::Channel,
        FilterColumn::Source,
        FilterColumn::Referrer,
        FilterColumn::UtmSource,
        FilterColumn::UtmMedium,
        FilterColumn::UtmCampaign,
        FilterColumn::UtmTerm,
        FilterColumn::UtmContent,
        FilterColumn::Browser,
        FilterColumn::Os,
        FilterColumn::Device,
        FilterColumn::Size,
        FilterColumn::Country,
        FilterColumn::Language,
    ];

    /// Returns the column or property with this name in the dashboard's API and URLs, or `None` if there is none.
    pub fn parse(name: &str) -> Option<FilterColumn> {
        match name.strip_prefix(PROPERTY) {
            Some("") => None,
            Some(property) => Some(FilterColumn::Property(property.to_owned())),
            None => FilterColumn::ALL
                .into_iter()
                .find(|column| column.name() == name),
        }
    }

    /// Returns the name in the dashboard's API and URLs; of a custom column that of its parameter or header.
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            FilterColumn::Custom(source) => Cow::Borrowed(source.name()),
            FilterColumn::Property(name) => Cow::Owned(format!("{PROPERTY}{name}")),
            built_in => Cow::Borrowed(built_in.word()),
        }
    }

    /// Returns true for a custom column or a property, which say more about people than a guest may know.
    pub fn is_private(&self) -> bool {
        matches!(self, FilterColumn::Custom(_) | FilterColumn::Property(_))
    }

    /// Returns true for a column that all hits of a visit have alike, which the statement must read from its visits.
    pub(crate) fn is_of_visit(&self) -> bool {
        match self {
            FilterColumn::EntryPage
            | FilterColumn::ExitPage
            | FilterColumn::Channel
            | FilterColumn::Source
            | FilterColumn::Referrer
            | FilterColumn::UtmSource
            | FilterColumn::UtmMedium
            | FilterColumn::UtmCampaign
            | FilterColumn::UtmTerm
            | FilterColumn::UtmContent => true,
            FilterColumn::Site
            | FilterColumn::Page
            | FilterColumn::Event
            | FilterColumn::Browser
            | FilterColumn::Os
            | FilterColumn::Device
            | FilterColumn::Size
            | FilterColumn::Country
            | FilterColumn::Language
            | FilterColumn::Custom(_)
            | FilterColumn::Property(_) => false,
        }
    }

    /// Returns the word that stands for the column in the header of a statement. No text of a caller is in it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            FilterColumn::Site => "site",
            FilterColumn::Page => "page",
            FilterColumn::EntryPage => "entry_page",
            FilterColumn::ExitPage => "exit_page",
            FilterColumn::Event => "event",
            FilterColumn::Channel => "channel",
            FilterColumn::Source => "source",
            FilterColumn::Referrer => "referrer",
            FilterColumn::UtmSource => "utm_source",
            FilterColumn::UtmMedium => "utm_medium",
            FilterColumn::UtmCampaign => "utm_campaign",
            FilterColumn::UtmTerm => "utm_term",
            FilterColumn::UtmContent => "utm_content",
            FilterColumn::Browser => "browser",
            FilterColumn::Os => "os",
            FilterColumn::Device => "device",
            FilterColumn::Size => "size",
            FilterColumn::Country => "country",
            FilterColumn::Language => "language",
            FilterColumn::Custom(_) => "custom_column",
            FilterColumn::Property(_) => "property",
        }
    }

    /// Returns the SQL of the column's value. It has a `?` if the column has a [`FilterColumn::key`].
    pub(crate) fn value(&self) -> &'static str {
        match self {
            FilterColumn::Referrer => "referrer_host",
            FilterColumn::Size => SIZE,
            FilterColumn::Custom(ColumnSource::Header(_)) => "nullif(element_at(headers, ?), '')",
            FilterColumn::Custom(ColumnSource::Parameter(_)) | FilterColumn::Property(_) => {
                "nullif(element_at(params, ?), '')"
            }
            built_in => built_in.word(),
        }
    }

    /// Returns the key of the map that the value is read from, if it is.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            FilterColumn::Custom(source) => Some(source.name()),
            FilterColumn::Property(name) => Some(name),
            _ => None,
        }
    }

    /// Returns the SQL of the value and of a bound text as they are compared.
    pub(crate) fn compared(&self) -> (Cow<'static, str>, &'static str) {
        match self {
            // The visits have it in lower case.
            FilterColumn::Referrer => (Cow::Borrowed(self.value()), "lower(?)"),
            FilterColumn::UtmSource
            | FilterColumn::UtmMedium
            | FilterColumn::UtmCampaign
            | FilterColumn::UtmTerm
            | FilterColumn::UtmContent
            | FilterColumn::Language => {
                (Cow::Owned(format!("lower({})", self.value())), "lower(?)")
            }
            _ => (Cow::Borrowed(self.value()), "?"),
        }
    }

    /// Returns the texts that stand for a value in records: a site or page may have another in those of version 0.1.0.
    pub(crate) fn spellings(&self, value: &str) -> Vec<String> {
        let Spellings { now, also } = match self {
            FilterColumn::Site => spellings::site(value),
            FilterColumn::Page | FilterColumn::EntryPage | FilterColumn::ExitPage => {
                spellings::page(value)
            }
            _ => return vec![value.to_owned()],
        };
        match now == also {
            true => vec![now],
            false => vec![now, also],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_reads_what_name_returns() {
        for column in FilterColumn::ALL {
            assert_eq!(FilterColumn::parse(&column.name()), Some(column));
        }
        let plan = FilterColumn::Property("user.plan".to_owned());
        assert_eq!(FilterColumn::parse("prop.user.plan"), Some(plan.clone()));
        assert_eq!(plan.name(), "prop.user.plan");
        for unknown in ["visitor", "prop.", "prop", "Page", ""] {
            assert_eq!(FilterColumn::parse(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_key_has_a_mark_of_its_own() {
        let columns = FilterColumn::ALL.into_iter().chain([
            FilterColumn::Property("plan".to_owned()),
            FilterColumn::Custom(ColumnSource::Parameter("user".to_owned())),
            FilterColumn::Custom(ColumnSource::Header("x-user".to_owned())),
        ]);
        for column in columns {
            let marks = column.value().matches('?').count();
            assert_eq!(marks, column.key().iter().count(), "{column:?}");
        }
    }

    #[test]
    fn sites_and_pages_have_the_spellings_of_version_0_1_0() {
        assert_eq!(FilterColumn::Page.spellings("/ü"), ["/ü", "/%C3%BC"]);
        assert_eq!(FilterColumn::Page.spellings("/"), ["/"]);
        assert_eq!(FilterColumn::Event.spellings("ü"), ["ü"]);
        assert_eq!(
            FilterColumn::Site.spellings("bücher.example"),
            ["bücher.example", "xn--bcher-kva.example"]
        );
    }
}
