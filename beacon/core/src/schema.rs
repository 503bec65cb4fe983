//! Defines the columns of the table `hits`. The record's JSON, the Glue table, the DDL, the Arrow schema and the
//! documented table of fields all derive from [`COLUMNS`]: a new column is one row there, and its value in `Hit`.

use std::fmt;

use http::HeaderName;

use crate::hit::Hit;
use crate::limits::{CUSTOM_TEXTS_BYTES, TEXT_BYTES};
use crate::value::{Truncatable, Value};

/// The name of the table, and of the directory that holds its files.
pub const TABLE: &str = "hits";

/// The columns of the partition, integers of the UTC hour of arrival: in the path of a file, not in the file or the
/// record.
pub const PARTITIONS: [&str; 4] = ["year", "month", "day", "hour"];

/// Names that columns of later versions will take, so that no custom column is in their way.
pub(crate) const COLUMNS_TO_COME: [&str; 1] = ["signature"];

/// Filters that aren't columns of the table. A condition with such a name would not find a custom column.
pub(crate) const FILTERS: [&str; 1] = ["size"];

/// The columns that views and the statements over visits add to the table's, those of `athena/blocks` among them. A custom
/// column of such a name would be in `SELECT *` twice.
pub const VIEW_COLUMNS: [&str; 47] = [
    "occurrence",
    "visit_id",
    "source",
    "channel",
    "entry_page",
    "exit_page",
    "hit_referrer",
    "hit_referrer_host",
    "hit_click_id",
    "source_text",
    "source_two_labels",
    "source_three_labels",
    "source_known",
    "hit_source",
    "source_kind",
    "source_medium",
    "source_click_id",
    "source_is_paid",
    "hit_channel",
    "visit_reader",
    "visit_day",
    "visit_rank",
    "hit_page",
    "visit_site_reader",
    "visit_bucket",
    "visit_start",
    "visit_number",
    "visit_key",
    "visit_first",
    "visit_last",
    "visit_source",
    "visit_channel",
    "visit_utm_source",
    "visit_utm_medium",
    "visit_utm_campaign",
    "visit_utm_term",
    "visit_utm_content",
    "visit_click_id",
    "visit_referrer",
    "visit_referrer_host",
    "visit_browser",
    "visit_os",
    "visit_device",
    "visit_country",
    "visit_language",
    "visit_entry_page",
    "visit_exit_page",
];

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A UTF-8 string.
    Text,
    /// A time in UTC, in milliseconds.
    Timestamp,
    /// True or false.
    Boolean,
    /// A map of strings to strings. Keys are never NULL, and values are never NULL in records of the beacon.
    TextMap,
}

/// A built-in column, which every lake has.
#[derive(Clone, Copy)]
pub struct Column {
    /// The name, in `snake_case`; it needs no quotes in SQL.
    pub name: &'static str,
    /// The type of the values.
    pub ty: ColumnType,
    /// True if a record may hold `null`.
    pub nullable: bool,
    /// One sentence for readers of the table, with the unit.
    pub meaning: &'static str,
    pub(crate) value: for<'h> fn(&'h Hit<'h>) -> Value<'h>,
}

const fn text(
    name: &'static str,
    meaning: &'static str,
    value: for<'h> fn(&'h Hit<'h>) -> Value<'h>,
) -> Column {
    Column {
        name,
        ty: ColumnType::Text,
        nullable: false,
        meaning,
        value,
    }
}

const fn text_or_null(
    name: &'static str,
    meaning: &'static str,
    value: for<'h> fn(&'h Hit<'h>) -> Value<'h>,
) -> Column {
    Column {
        name,
        ty: ColumnType::Text,
        nullable: true,
        meaning,
        value,
    }
}

/// The built-in columns in the order of the record's JSON, without [`PARTITIONS`].
///
/// `truncated` stands before what is written after it: the record patches it. `query_string`, `params` and
/// `headers` stand together: they are what is cut when a record is too long.
pub const COLUMNS: &[Column] = &[
    text(
        "hit_id",
        "UUIDv7, or derived from site and `id` for a POST item with its own `id`. The deduplication key",
        |hit| Value::Id(hit.id),
    ),
    Column {
        name: "received_at",
        ty: ColumnType::Timestamp,
        nullable: false,
        meaning: "When the request came: UTC, in milliseconds",
        value: |hit| Value::Timestamp(hit.received_at_ms),
    },
    text_or_null(
        "site",
        "The `site` parameter, else the host of the page; readable, lower-case, without port",
        |hit| Value::text(&hit.site),
    ),
    text(
        "host",
        "The host of the request to the beacon itself; readable, lower-case, with its port if it names one",
        |hit| Value::Text(&hit.host),
    ),
    text(
        "path",
        "The path of the request to the beacon itself, percent-encoded",
        |hit| Value::Text(hit.path),
    ),
    text("event", "`view`, or the `event` parameter", |hit| {
        Value::Text(&hit.event)
    }),
    text_or_null(
        "url",
        "The page's URL without query, fragment and user info, from `url` or `page`, else the Referer; readable",
        |hit| Value::text(&hit.url),
    ),
    text_or_null(
        "page",
        "The page's path, or its name in `page`; readable; NULL where a Referer of another origin holds no more than the origin",
        |hit| Value::text(&hit.page),
    ),
    text_or_null(
        "title",
        "The page's title, from `title`, else `name`",
        |hit| Value::text(&hit.title),
    ),
    text_or_null(
        "referrer",
        "Where the visitor came from, without query, fragment and user info, from `ref` or `referrer`",
        |hit| Value::text(&hit.referrer),
    ),
    text_or_null(
        "referrer_host",
        "The host of `referrer`; readable, lower-case, without port; of an app with its scheme, as `android-app://com.example`; of a page of the site itself as `site`",
        |hit| Value::text(&hit.referrer_host),
    ),
    text_or_null(
        "utm_source",
        "From the beacon's parameters, else from the query or the fragment of the page's URL, there else `ref` or `source`; names in any case",
        |hit| Value::text(&hit.utm[0]),
    ),
    text_or_null(
        "utm_medium",
        "Like `utm_source`, without `ref` and `source`",
        |hit| Value::text(&hit.utm[1]),
    ),
    text_or_null("utm_campaign", "Like `utm_medium`", |hit| {
        Value::text(&hit.utm[2])
    }),
    text_or_null("utm_term", "Like `utm_medium`", |hit| {
        Value::text(&hit.utm[3])
    }),
    text_or_null("utm_content", "Like `utm_medium`", |hit| {
        Value::text(&hit.utm[4])
    }),
    text_or_null("language", "The first tag of Accept-Language", |hit| {
        Value::text(&hit.language)
    }),
    text_or_null(
        "ip",
        "The visitor's address as `BEACON_TRUST` sees it; only with `BEACON_PRIVACY=full`",
        |hit| Value::Address(hit.ip),
    ),
    text_or_null(
        "visitor",
        "A pseudonym of site, address and user agent for one UTC day: an HMAC whose salt is deleted when the day ends; `docs/privacy.md`",
        |hit| Value::Visitor(hit.visitor),
    ),
    text(
        "agent",
        "Who asked, by `agent_rule`: `human`, `bot`, `mail_proxy`, `prefetch`, `scanner` or `unknown`",
        |hit| Value::Text(hit.agent.class.name()),
    ),
    text(
        "agent_rule",
        "The version of the rules for agents and the rule that decided, as `2026.11/ai.training.gptbot`",
        |hit| Value::Text(hit.agent.rule),
    ),
    text_or_null(
        "browser",
        "The browser's name without version, or that of the app that shows the page, from User-Agent and client hints",
        |hit| Value::name(hit.agent.client.browser),
    ),
    text_or_null(
        "os",
        "The operating system's name without version, from User-Agent, client hints and `touch`",
        |hit| Value::name(hit.agent.client.os),
    ),
    text_or_null(
        "device",
        "`phone`, `tablet`, `desktop`, `tv`, `console`, `wearable` or `car`, from User-Agent, client hints and `touch`",
        |hit| Value::name(hit.agent.client.device),
    ),
    text_or_null(
        "country",
        "The country's code of ISO 3166-1 in capitals, from the trusted edge, else by the address from `BEACON_GEOIP`; right for about 9 of 10",
        |hit| {
            hit.country
                .as_ref()
                .map_or(Value::Null, |country| Value::Text(country.as_str()))
        },
    ),
    text(
        "format",
        "The format requested: `gif`, `png`, `css`, `js` or `post`",
        |hit| Value::Text(hit.format),
    ),
    Column {
        name: "truncated",
        ty: ColumnType::Boolean,
        nullable: false,
        meaning: "Whether a value was cut to its limit or left out for length, or the POST was too small for all that its items share",
        value: |_| Value::Truncated,
    },
    text(
        "query_string",
        "The query as received; with `BEACON_PRIVACY=anonymous` built again from the cleaned parameters",
        |hit| Value::Truncatable(Truncatable::QueryString(&hit.query_string)),
    ),
    Column {
        name: "params",
        ty: ColumnType::TextMap,
        nullable: false,
        meaning: "Every parameter, or every scalar of the JSON body with dotted names; the first value of a name wins",
        value: |hit| Value::Truncatable(Truncatable::Parameters(&hit.parameters)),
    },
    Column {
        name: "headers",
        ty: ColumnType::TextMap,
        nullable: false,
        meaning: "The headers that `BEACON_PRIVACY` and `BEACON_KEEP_HEADERS` let pass, names in lower case, repeated ones joined by `, `",
        value: |hit| Value::Truncatable(Truncatable::Headers(&hit.headers)),
    },
    text(
        "version",
        "The version of beacon that wrote the record",
        |_| Value::Text(env!("CARGO_PKG_VERSION")),
    ),
];

#[derive(Clone, Debug)]
pub(crate) struct CustomColumn {
    pub(crate) name: String,
    /// `params.userid`, as the setting says it.
    pub(crate) from: String,
    pub(crate) source: Source,
}

/// The source of a column's values.
#[derive(Clone)]
pub(crate) enum Source {
    BuiltIn(for<'h> fn(&'h Hit<'h>) -> Value<'h>),
    Parameter(String),
    Header(HeaderName),
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::BuiltIn(_) => formatter.write_str("built in"),
            Source::Parameter(name) => write!(formatter, "params.{name}"),
            Source::Header(name) => write!(formatter, "headers.{name}"),
        }
    }
}

/// The source of a custom column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomSource<'a> {
    /// The first parameter of this name.
    Parameter(&'a str),
    /// The header of this name, which is in lower case.
    Header(&'a str),
}

/// The columns of one installation: [`COLUMNS`], then its custom columns in the order of `BEACON_COLUMNS`.
#[derive(Clone, Debug)]
pub struct Schema {
    pub(crate) columns: Vec<SchemaColumn>,
    /// The length of a record in which every text is empty.
    pub(crate) bare_bytes: usize,
    /// The longest text of a custom column, in bytes of escaped JSON.
    pub(crate) custom_text_bytes: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct SchemaColumn {
    pub(crate) name: String,
    /// `,"name":`, ready to be written.
    pub(crate) json_key: String,
    ty: ColumnType,
    nullable: bool,
    meaning: String,
    pub(crate) source: Source,
}

/// A column of a [`Schema`], built-in or custom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnRef<'a> {
    /// The name, in `snake_case`; it needs no quotes in SQL.
    pub name: &'a str,
    /// The type of the values.
    pub ty: ColumnType,
    /// True if a record may hold `null`.
    pub nullable: bool,
    /// One sentence for readers of the table, with the unit.
    pub meaning: &'a str,
}

impl Schema {
    /// Returns the schema of an installation without custom columns.
    pub fn builtin() -> Schema {
        Schema::with_custom(&[])
    }

    pub(crate) fn with_custom(own: &[CustomColumn]) -> Schema {
        let mut columns = Vec::with_capacity(COLUMNS.len() + own.len());
        for column in COLUMNS {
            columns.push(SchemaColumn {
                name: column.name.to_owned(),
                json_key: format!(",\"{}\":", column.name),
                ty: column.ty,
                nullable: column.nullable,
                meaning: column.meaning.to_owned(),
                source: Source::BuiltIn(column.value),
            });
        }
        for column in own {
            columns.push(SchemaColumn {
                name: column.name.clone(),
                json_key: format!(",\"{}\":", column.name),
                ty: ColumnType::Text,
                nullable: true,
                meaning: format!("Custom column: `{}`", column.from),
                source: column.source.clone(),
            });
        }
        let keys = columns
            .iter()
            .map(|column| (column.json_key.as_str(), column.ty));
        Schema {
            bare_bytes: bare_bytes(keys),
            custom_text_bytes: TEXT_BYTES.min(CUSTOM_TEXTS_BYTES / own.len().max(1)),
            columns,
        }
    }

    /// Lists the custom columns by name, each with the parameter or header that fills it.
    pub fn custom_columns(&self) -> impl Iterator<Item = (&str, CustomSource<'_>)> {
        self.columns.iter().filter_map(|column| {
            let source = match &column.source {
                Source::BuiltIn(_) => return None,
                Source::Parameter(name) => CustomSource::Parameter(name),
                Source::Header(name) => CustomSource::Header(name.as_str()),
            };
            Some((column.name.as_str(), source))
        })
    }

    /// Lists all columns in the order of the record's JSON, without [`PARTITIONS`].
    pub fn columns(&self) -> impl Iterator<Item = ColumnRef<'_>> {
        self.columns.iter().map(|column| ColumnRef {
            name: &column.name,
            ty: column.ty,
            nullable: column.nullable,
            meaning: &column.meaning,
        })
    }
}

/// The bytes for an address and the braces, which no record can do without.
const UNCUT_BYTES: usize = 64;

/// Returns the length of a record in which every text is empty. Computed once for a schema.
fn bare_bytes<'c>(columns: impl Iterator<Item = (&'c str, ColumnType)>) -> usize {
    let mut bytes = UNCUT_BYTES;
    for (json_key, ty) in columns {
        bytes += json_key.len();
        bytes += match ty {
            ColumnType::Text => "null".len(),
            ColumnType::Timestamp => "\"2026-11-21 05:11:07.089\"".len(),
            ColumnType::Boolean => "false".len(),
            ColumnType::TextMap => "{}".len(),
        };
    }
    // The one text that is never cut: a UUID.
    bytes + 36
}
