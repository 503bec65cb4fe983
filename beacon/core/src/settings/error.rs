//! The reasons for refusing settings.

use thiserror::Error;

use crate::limits::MAX_CUSTOM_COLUMNS;

/// A setting that keeps the program from starting. Each message names the variable, shows the value and says what to
/// write.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// `BEACON_PRIVACY` is not one of its modes.
    #[error("BEACON_PRIVACY is `{value}`: set `anonymous` or `full`")]
    Privacy {
        /// The value as set.
        value: String,
    },
    /// An entry of `BEACON_KEEP_HEADERS` is not a valid header name.
    #[error(
        "BEACON_KEEP_HEADERS has `{value}`, which is not a header name: separate names by commas"
    )]
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
    /// `BEACON_TRUST` has none of its forms.
    #[error(
        "BEACON_TRUST is `{value}`: set `none`, `cloudfront` or `proxies=N` with N from 1 to 16"
    )]
    Trust {
        /// The value as set.
        value: String,
    },
    /// `BEACON_TRUST=cloudfront` needs a secret by which CloudFront proves itself.
    #[error(
        "BEACON_TRUST is `cloudfront`, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret"
    )]
    OriginSecretMissing,
    /// `BEACON_REQUIRE_ORIGIN_SECRET` needs a secret to require.
    #[error(
        "BEACON_REQUIRE_ORIGIN_SECRET is on, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret"
    )]
    RequiredSecretMissing,
    /// The secret has a character that a header can't carry.
    #[error(
        "BEACON_ORIGIN_SECRET has a character that a header can't carry (value not shown): use letters and digits"
    )]
    OriginSecretForm,
    /// An entry of `BEACON_SITES` is not a host.
    #[error(
        "BEACON_SITES has `{value}`: write hosts without scheme, port or path, like `blog.example` or `*.shop.example`"
    )]
    Site {
        /// The entry.
        value: String,
    },
    /// An entry of `BEACON_COLUMNS` does not have its form.
    #[error(
        "BEACON_COLUMNS has `{entry}`: write `name=params.parameter` or `name=headers.header-name`"
    )]
    ColumnForm {
        /// The entry.
        entry: String,
    },
    /// The name of a column would need quotes in SQL or DDL.
    #[error(
        "BEACON_COLUMNS names a column `{name}`: use lower-case letters, digits and `_`, no digit first, at most 64 characters"
    )]
    ColumnName {
        /// The column's name.
        name: String,
    },
    /// The table has a column of this name, or reserves it.
    #[error(
        "BEACON_COLUMNS names a column `{name}`, which the table has or reserves: choose another name"
    )]
    ColumnTaken {
        /// The column's name.
        name: String,
    },
    /// The name of a column is a reserved word in SQL.
    #[error(
        "BEACON_COLUMNS names a column `{name}`, which is a reserved word in SQL: choose another name"
    )]
    ColumnReserved {
        /// The column's name.
        name: String,
    },
    /// Two custom columns have the same name.
    #[error("BEACON_COLUMNS names `{name}` twice: remove one")]
    ColumnTwice {
        /// The column's name.
        name: String,
    },
    /// `BEACON_PRIVACY=anonymous` does not keep the header of a column.
    #[error(
        "BEACON_COLUMNS has `{entry}`, but BEACON_PRIVACY=anonymous does not keep that header: add `{header}` to BEACON_KEEP_HEADERS"
    )]
    ColumnHeader {
        /// The entry.
        entry: String,
        /// The header's name.
        header: String,
    },
    /// The header of a column is a credential, which is kept only if `BEACON_KEEP_HEADERS` names it.
    #[error(
        "BEACON_COLUMNS has `{entry}`, but BEACON_PRIVACY=full leaves credentials out: add `{header}` to BEACON_KEEP_HEADERS"
    )]
    ColumnCredential {
        /// The entry.
        entry: String,
        /// The header's name.
        header: String,
    },
    /// There are more custom columns than a record has room for.
    #[error(
        "BEACON_COLUMNS has {count} columns: at most {MAX_CUSTOM_COLUMNS} have room in a record"
    )]
    ColumnCount {
        /// The number of columns.
        count: usize,
    },
    /// An entry of `BEACON_PATHS` does not have its form.
    #[error(
        "BEACON_PATHS has `{entry}`: write `/path=kind` or `/folder/*=kind`, kind one of gif, png, css, js, track, client"
    )]
    PathForm {
        /// The entry.
        entry: String,
    },
    /// An entry of `BEACON_PATHS` names a path that has a route already.
    #[error("BEACON_PATHS has `{path}`, which leads somewhere already: choose another path")]
    PathTaken {
        /// The path.
        path: String,
    },
    /// An entry of `BEACON_PATHS` names the path of counts.
    #[error(
        "BEACON_PATHS has `/count`, where the sites of BEACON_COUNTS are counted: choose another path, or leave \
         BEACON_COUNTS unset"
    )]
    CountPathTaken,
    /// `BEACON_BASE_PATH` is not a path.
    #[error("BEACON_BASE_PATH is `{value}`: write a path like `/stats`, without query")]
    BasePath {
        /// The value as set.
        value: String,
    },
    /// `BEACON_ROBOTS` is neither of its values.
    #[error("BEACON_ROBOTS is `{value}`: set `allow` or `disallow`")]
    Robots {
        /// The value as set.
        value: String,
    },
    /// A variable begins with `BEACON_`, but nothing reads it.
    #[error("{name} is set, which nothing reads: {advice}")]
    UnknownVariable {
        /// The variable's name. Its value is not shown, because it may be a secret.
        name: String,
        /// The fix: the name that was probably meant, or where the names are listed.
        advice: String,
    },
    /// A switch is neither on nor off.
    #[error("{variable} is `{value}`: set `on` or `off`")]
    Switch {
        /// The variable's name.
        variable: &'static str,
        /// The value as set.
        value: String,
    },
}
