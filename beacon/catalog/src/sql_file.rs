//! Includes the SQL files of `athena/`: named queries and views, each with a header of `-- key: value` lines.

/// An SQL file: a named query of `athena/queries` or a view of `athena/views`.
#[derive(Clone, Copy, Debug)]
pub struct SqlFile<'a> {
    /// The name of the file without `.sql`, in snake_case.
    pub name: &'a str,
    /// The text of the file, with its header. A query with a line `-- visits:` runs with the block of visits before it, as
    /// [`crate::Question::sql`] has it.
    pub sql: &'a str,
}

/// The files of `athena/queries`, in the order in which lists show them.
pub const QUERIES: [SqlFile<'static>; 31] = [
    SqlFile {
        name: "totals",
        sql: include_str!("../../../athena/queries/totals.sql"),
    },
    SqlFile {
        name: "visit_totals",
        sql: include_str!("../../../athena/queries/visit_totals.sql"),
    },
    SqlFile {
        name: "views_per_quarter",
        sql: include_str!("../../../athena/queries/views_per_quarter.sql"),
    },
    SqlFile {
        name: "views_per_day",
        sql: include_str!("../../../athena/queries/views_per_day.sql"),
    },
    SqlFile {
        name: "views_per_hour",
        sql: include_str!("../../../athena/queries/views_per_hour.sql"),
    },
    SqlFile {
        name: "visits_per_quarter",
        sql: include_str!("../../../athena/queries/visits_per_quarter.sql"),
    },
    SqlFile {
        name: "opens_per_quarter",
        sql: include_str!("../../../athena/queries/opens_per_quarter.sql"),
    },
    SqlFile {
        name: "top_pages",
        sql: include_str!("../../../athena/queries/top_pages.sql"),
    },
    SqlFile {
        name: "entry_pages",
        sql: include_str!("../../../athena/queries/entry_pages.sql"),
    },
    SqlFile {
        name: "exit_pages",
        sql: include_str!("../../../athena/queries/exit_pages.sql"),
    },
    SqlFile {
        name: "top_pages_by_source",
        sql: include_str!("../../../athena/queries/top_pages_by_source.sql"),
    },
    SqlFile {
        name: "sources",
        sql: include_str!("../../../athena/queries/sources.sql"),
    },
    SqlFile {
        name: "channels",
        sql: include_str!("../../../athena/queries/channels.sql"),
    },
    SqlFile {
        name: "referrers",
        sql: include_str!("../../../athena/queries/referrers.sql"),
    },
    SqlFile {
        name: "campaigns",
        sql: include_str!("../../../athena/queries/campaigns.sql"),
    },
    SqlFile {
        name: "campaign_tags",
        sql: include_str!("../../../athena/queries/campaign_tags.sql"),
    },
    SqlFile {
        name: "messages",
        sql: include_str!("../../../athena/queries/messages.sql"),
    },
    SqlFile {
        name: "read_with",
        sql: include_str!("../../../athena/queries/read_with.sql"),
    },
    SqlFile {
        name: "events",
        sql: include_str!("../../../athena/queries/events.sql"),
    },
    SqlFile {
        name: "event_names",
        sql: include_str!("../../../athena/queries/event_names.sql"),
    },
    SqlFile {
        name: "property_names",
        sql: include_str!("../../../athena/queries/property_names.sql"),
    },
    SqlFile {
        name: "properties",
        sql: include_str!("../../../athena/queries/properties.sql"),
    },
    SqlFile {
        name: "sites",
        sql: include_str!("../../../athena/queries/sites.sql"),
    },
    SqlFile {
        name: "sites_per_day",
        sql: include_str!("../../../athena/queries/sites_per_day.sql"),
    },
    SqlFile {
        name: "browsers",
        sql: include_str!("../../../athena/queries/browsers.sql"),
    },
    SqlFile {
        name: "systems",
        sql: include_str!("../../../athena/queries/systems.sql"),
    },
    SqlFile {
        name: "devices",
        sql: include_str!("../../../athena/queries/devices.sql"),
    },
    SqlFile {
        name: "sizes",
        sql: include_str!("../../../athena/queries/sizes.sql"),
    },
    SqlFile {
        name: "countries",
        sql: include_str!("../../../athena/queries/countries.sql"),
    },
    SqlFile {
        name: "languages",
        sql: include_str!("../../../athena/queries/languages.sql"),
    },
    SqlFile {
        name: "agents",
        sql: include_str!("../../../athena/queries/agents.sql"),
    },
];

/// The files of `athena/views`.
pub const VIEWS: [SqlFile<'static>; 2] = [
    SqlFile {
        name: "unique_hits",
        sql: include_str!("../../../athena/views/unique_hits.sql"),
    },
    SqlFile {
        name: "visits",
        sql: include_str!("../../../athena/views/visits.sql"),
    },
];

impl<'a> SqlFile<'a> {
    /// Returns the value of a `-- key: value` line at the top of the file, or `None` if there is no such line.
    ///
    /// ```
    /// use beacon_catalog::SqlFile;
    ///
    /// let file = SqlFile { name: "hits", sql: "-- question: How many?\nSELECT count(*) FROM hits" };
    /// assert_eq!(file.header("question"), Some("How many?"));
    /// assert_eq!(file.header("parameters"), None);
    /// ```
    pub fn header(&self, key: &str) -> Option<&'a str> {
        self.sql
            .lines()
            .map_while(|line| line.strip_prefix("--"))
            .find_map(|line| line.trim_start().strip_prefix(key)?.strip_prefix(':'))
            .map(str::trim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_end_with_the_comment_at_the_top() {
        let file = SqlFile {
            name: "view",
            sql: "-- view: A view\n-- columns : none\n--columns: *\nSELECT 1\n-- late: 1",
        };
        assert_eq!(file.header("view"), Some("A view"));
        assert_eq!(file.header("columns"), Some("*"));
        assert_eq!(file.header("late"), None);
    }

    #[test]
    fn every_file_is_included() {
        for (folder, included) in [("queries", &QUERIES[..]), ("views", &VIEWS[..])] {
            let folder = format!("{}/../../athena/{folder}", env!("CARGO_MANIFEST_DIR"));
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .map(|file| file.strip_suffix(".sql").unwrap().to_owned())
                .collect();
            let mut names: Vec<&str> = included.iter().map(|file| file.name).collect();
            files.sort();
            names.sort();
            assert_eq!(files, names);
        }
    }
}
