//! Why settings are refused.

use thiserror::Error;

use crate::limits::MAX_CUSTOM_COLUMNS;

/// A setting that stops the start. Each message names the variable, shows the value and says what to write.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// `BEACON_PRIVACY` is no mode.
    #[error("BEACON_PRIVACY is `{value}`: set `anonymous` or `full`")]
    Privacy {
        /// As set.
        value: String,
    },
    /// An entry of `BEACON_KEEP_HEADERS` can't be a header's name.
    #[error("BEACON_KEEP_HEADERS has `{value}`, which is no header name: separate names by commas")]
    KeepHeader {
        /// The entry.
        value: String,
    },
    /// An entry of `BEACON_KEEP_HEADERS` could identify a visitor.
    #[error(
        "BEACON_KEEP_HEADERS has `{value}`, which identifies visitors: leave it out, or set BEACON_PRIVACY=full"
    )]
    KeepIdentifyingHeader {
        /// The entry.
        value: String,
    },
    /// An entry of `BEACON_KEEP_HEADERS` would hand the edge's secret to every reader of the lake.
    #[error("BEACON_KEEP_HEADERS has `{value}`, which no record keeps: leave it out")]
    KeepOriginSecret {
        /// The entry.
        value: String,
    },
    /// `BEACON_TRUST` is none of its forms.
    #[error(
        "BEACON_TRUST is `{value}`: set `none`, `cloudfront` or `proxies=N` with N from 1 to 16"
    )]
    Trust {
        /// As set.
        value: String,
    },
    /// CloudFront can't be believed without a proof.
    #[error(
        "BEACON_TRUST is `cloudfront`, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret"
    )]
    OriginSecretMissing,
    /// Nobody could be let in.
    #[error(
        "BEACON_REQUIRE_ORIGIN_SECRET is on, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret"
    )]
    RequiredSecretMissing,
    /// The secret can't be sent as a header.
    #[error(
        "BEACON_ORIGIN_SECRET has a character that a header can't carry (value not shown): use letters and digits"
    )]
    OriginSecretForm,
    /// An entry of `BEACON_SITES` is no host.
    #[error(
        "BEACON_SITES has `{value}`: write hosts without scheme, port or path, like `blog.example` or `*.shop.example`"
    )]
    Site {
        /// The entry.
        value: String,
    },
    /// An entry of `BEACON_COLUMNS` has another form.
    #[error(
        "BEACON_COLUMNS has `{entry}`: write `name=params.parameter` or `name=headers.header-name`"
    )]
    ColumnForm {
        /// The entry.
        entry: String,
    },
    /// A column's name must need no quotes anywhere.
    #[error(
        "BEACON_COLUMNS names a column `{name}`: use lower-case letters, digits and `_`, no digit first, at most 64 characters"
    )]
    ColumnName {
        /// The name.
        name: String,
    },
    /// The table has such a column, or will have.
    #[error(
        "BEACON_COLUMNS names a column `{name}`, which the table has or reserves: choose another name"
    )]
    ColumnTaken {
        /// The name.
        name: String,
    },
    /// SQL would need quotes around it.
    #[error(
        "BEACON_COLUMNS names a column `{name}`, which is a reserved word in SQL: choose another name"
    )]
    ColumnReserved {
        /// The name.
        name: String,
    },
    /// Two own columns of one name.
    #[error("BEACON_COLUMNS names `{name}` twice: remove one")]
    ColumnTwice {
        /// The name.
        name: String,
    },
    /// The header would never be there.
    #[error(
        "BEACON_COLUMNS has `{entry}`, but BEACON_PRIVACY=anonymous does not keep that header: add `{header}` to BEACON_KEEP_HEADERS"
    )]
    ColumnHeader {
        /// The entry.
        entry: String,
        /// The header's name.
        header: String,
    },
    /// The header is a credential, which is kept only where it is named.
    #[error(
        "BEACON_COLUMNS has `{entry}`, but BEACON_PRIVACY=full leaves credentials out: add `{header}` to BEACON_KEEP_HEADERS"
    )]
    ColumnCredential {
        /// The entry.
        entry: String,
        /// The header's name.
        header: String,
    },
    /// Too many own columns.
    #[error(
        "BEACON_COLUMNS has {count} columns: at most {MAX_CUSTOM_COLUMNS} have room in a record"
    )]
    ColumnCount {
        /// How many.
        count: usize,
    },
    /// An entry of `BEACON_PATHS` has another form.
    #[error(
        "BEACON_PATHS has `{entry}`: write `/path=kind` or `/folder/*=kind`, kind one of gif, png, css, js, track, client"
    )]
    PathForm {
        /// The entry.
        entry: String,
    },
    /// A path that leads somewhere already.
    #[error("BEACON_PATHS has `{path}`, which leads somewhere already: choose another path")]
    PathTaken {
        /// The path.
        path: String,
    },
    /// `BEACON_BASE_PATH` is no path.
    #[error("BEACON_BASE_PATH is `{value}`: write a path like `/stats`, without query")]
    BasePath {
        /// As set.
        value: String,
    },
    /// A variable that nothing reads.
    #[error("{name} is set, which nothing reads: {advice}")]
    UnknownVariable {
        /// Its name; its value may be a secret.
        name: String,
        /// What to do.
        advice: String,
    },
    /// A switch that is neither on nor off.
    #[error("{variable} is `{value}`: set `on` or `off`")]
    Switch {
        /// Which.
        variable: &'static str,
        /// As set.
        value: String,
    },
}
