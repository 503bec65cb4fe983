//! Adds conditions to the WHERE of a named query. The SQL of a condition is fixed, and its value is bound.

/// A column that a [`Filter`] can be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterColumn {
    /// The column `site`, only to find hits without one: [`crate::Scope`] has a field for a value.
    Site,
    /// The column `page`, likewise.
    Page,
    /// The column `event`: view, open, click, or the name of a custom event.
    Event,
    /// The name of the visit's source, such as `Hacker News`. A visit that is direct or unknown has none.
    Source,
    /// The visit's channel, such as `Search`. Every visit has one.
    Channel,
    /// The host or app that the visit came from. Case doesn't matter.
    Referrer,
    /// The visit's `utm_source`. Case doesn't matter.
    UtmSource,
    /// The visit's `utm_medium`. Case doesn't matter.
    UtmMedium,
    /// The visit's `utm_campaign`. Case doesn't matter.
    UtmCampaign,
    /// The page of the visit's first view. A hit that is in no visit has none.
    EntryPage,
    /// The page of the visit's last view, likewise.
    ExitPage,
    /// The column `browser`.
    Browser,
    /// The column `os`.
    Os,
    /// The column `device`.
    Device,
    /// The column `country`.
    Country,
    /// The column `language`. Case doesn't matter.
    Language,
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: FilterColumn,
    /// The value that hits must have, or `None` for hits without one.
    pub value: Option<String>,
}

impl FilterColumn {
    /// All columns, in the order in which messages name them.
    pub const ALL: [FilterColumn; 16] = [
        FilterColumn::Site,
        FilterColumn::Page,
        FilterColumn::Event,
        FilterColumn::Source,
        FilterColumn::Channel,
        FilterColumn::Referrer,
        FilterColumn::UtmSource,
        FilterColumn::UtmMedium,
        FilterColumn::UtmCampaign,
        FilterColumn::EntryPage,
        FilterColumn::ExitPage,
        FilterColumn::Browser,
        FilterColumn::Os,
        FilterColumn::Device,
        FilterColumn::Country,
        FilterColumn::Language,
    ];

    /// Returns the column with this name in the dashboard's API and URLs, or `None` if there is none.
    pub fn parse(name: &str) -> Option<FilterColumn> {
        FilterColumn::ALL
            .into_iter()
            .find(|column| column.name() == name)
    }

    /// Returns the name of the column in the dashboard's API and URLs.
    pub fn name(self) -> &'static str {
        match self {
            FilterColumn::Site => "site",
            FilterColumn::Page => "page",
            FilterColumn::Event => "event",
            FilterColumn::Source => "source",
            FilterColumn::Channel => "channel",
            FilterColumn::Referrer => "referrer",
            FilterColumn::UtmSource => "utm_source",
            FilterColumn::UtmMedium => "utm_medium",
            FilterColumn::UtmCampaign => "utm_campaign",
            FilterColumn::EntryPage => "entry_page",
            FilterColumn::ExitPage => "exit_page",
            FilterColumn::Browser => "browser",
            FilterColumn::Os => "os",
            FilterColumn::Device => "device",
            FilterColumn::Country => "country",
            FilterColumn::Language => "language",
        }
    }

    /// Returns true for a column that all hits of a visit have alike, which the statement must read from its visits.
    pub(crate) fn is_of_visit(self) -> bool {
        match self {
            FilterColumn::Source
            | FilterColumn::Channel
            | FilterColumn::Referrer
            | FilterColumn::UtmSource
            | FilterColumn::UtmMedium
            | FilterColumn::UtmCampaign
            | FilterColumn::EntryPage
            | FilterColumn::ExitPage => true,
            FilterColumn::Site
            | FilterColumn::Page
            | FilterColumn::Event
            | FilterColumn::Browser
            | FilterColumn::Os
            | FilterColumn::Device
            | FilterColumn::Country
            | FilterColumn::Language => false,
        }
    }

    fn is_value(self) -> String {
        match self {
            FilterColumn::Site
            | FilterColumn::Page
            | FilterColumn::Event
            | FilterColumn::Source
            | FilterColumn::Channel
            | FilterColumn::EntryPage
            | FilterColumn::ExitPage
            | FilterColumn::Browser
            | FilterColumn::Os
            | FilterColumn::Device
            | FilterColumn::Country => format!("{} = ?", self.name()),
            FilterColumn::Referrer => "referrer_host = lower(?)".to_owned(),
            FilterColumn::UtmSource
            | FilterColumn::UtmMedium
            | FilterColumn::UtmCampaign
            | FilterColumn::Language => format!("lower({}) = lower(?)", self.name()),
        }
    }

    fn is_empty(self) -> String {
        match self {
            FilterColumn::Referrer => "referrer_host IS NULL".to_owned(),
            other => format!("{} IS NULL", other.name()),
        }
    }
}

impl Filter {
    /// Returns the condition in SQL, with a `?` for its value if it has one.
    pub(crate) fn condition(&self) -> String {
        match self.value {
            Some(_) => self.column.is_value(),
            None => self.column.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_reads_what_name_returns() {
        for column in FilterColumn::ALL {
            assert_eq!(FilterColumn::parse(column.name()), Some(column));
        }
        assert_eq!(FilterColumn::parse("visitor"), None);
    }
}
