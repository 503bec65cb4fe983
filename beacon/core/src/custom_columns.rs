//! Reads custom columns from a setting: `BEACON_COLUMNS="userid=params.userid,partner=params.thirdpartyname"`.

use http::HeaderName;

use crate::limits::MAX_CUSTOM_COLUMNS;
use crate::privacy::Privacy;
use crate::schema::{
    COLUMNS, COLUMNS_TO_COME, CustomColumn, FILTERS, PARTITIONS, Source, VIEW_COLUMNS,
};
use crate::settings::error::SettingsError;

/// The longest name of a custom column, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// Reads `BEACON_COLUMNS`. An empty setting is none.
pub(crate) fn parse(setting: &str, privacy: &Privacy) -> Result<Vec<CustomColumn>, SettingsError> {
    let mut columns: Vec<CustomColumn> = Vec::new();
    for entry in setting
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let Some((name, from)) = entry.split_once('=') else {
            return Err(SettingsError::ColumnForm {
                entry: entry.to_owned(),
            });
        };
        let (name, from) = (name.trim(), from.trim());
        check_name(name)?;
        if columns.iter().any(|column| column.name == name) {
            return Err(SettingsError::ColumnTwice {
                name: name.to_owned(),
            });
        }
        columns.push(CustomColumn {
            name: name.to_owned(),
            from: from.to_owned(),
            source: parse_source(entry, from, privacy)?,
        });
    }
    if columns.len() > MAX_CUSTOM_COLUMNS {
        return Err(SettingsError::ColumnCount {
            count: columns.len(),
        });
    }
    Ok(columns)
}

fn check_name(name: &str) -> Result<(), SettingsError> {
    let mut bytes = name.bytes();
    let begins_well = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let goes_on_well =
        bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !begins_well || !goes_on_well || name.len() > MAX_NAME_BYTES {
        return Err(SettingsError::ColumnName {
            name: name.to_owned(),
        });
    }
    if taken().contains(&name) {
        return Err(SettingsError::ColumnTaken {
            name: name.to_owned(),
        });
    }
    if RESERVED_WORDS.contains(&name) {
        return Err(SettingsError::ColumnReserved {
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// Returns the names that the table has or reserves.
pub(crate) fn taken() -> Vec<&'static str> {
    let built_in = COLUMNS.iter().map(|column| column.name);
    let reserved = [&COLUMNS_TO_COME[..], &PARTITIONS, &VIEW_COLUMNS, &FILTERS].concat();
    built_in.chain(reserved).collect()
}

fn parse_source(entry: &str, from: &str, privacy: &Privacy) -> Result<Source, SettingsError> {
    if let Some(parameter) = from.strip_prefix("params.")
        && !parameter.is_empty()
    {
        return Ok(Source::Parameter(parameter.to_owned()));
    }
    if let Some(header) = from.strip_prefix("headers.")
        && let Ok(name) = HeaderName::from_bytes(header.as_bytes())
    {
        if !privacy.keeps_header(&name) && privacy.is_full() {
            return Err(SettingsError::ColumnCredential {
                entry: entry.to_owned(),
                header: header.to_owned(),
            });
        }
        if !privacy.keeps_header(&name) {
            return Err(SettingsError::ColumnHeader {
                entry: entry.to_owned(),
                header: header.to_owned(),
            });
        }
        return Ok(Source::Header(name));
    }
    Err(SettingsError::ColumnForm {
        entry: entry.to_owned(),
    })
}

/// Words that Athena refuses unquoted in DDL (Hive) or queries (Trino), or that DataFusion refuses.
pub(crate) const RESERVED_WORDS: &[&str] = &[
    "all",
    "alter",
    "analyze",
    "and",
    "array",
    "as",
    "asc",
    "authorization",
    "between",
    "bigint",
    "binary",
    "boolean",
    "both",
    "by",
    "case",
    "cast",
    "char",
    "column",
    "commit",
    "conf",
    "constraint",
    "create",
    "cross",
    "cube",
    "current",
    "current_catalog",
    "current_date",
    "current_path",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "cursor",
    "database",
    "date",
    "dayofweek",
    "deallocate",
    "decimal",
    "delete",
    "desc",
    "describe",
    "distinct",
    "double",
    "drop",
    "else",
    "end",
    "escape",
    "except",
    "exchange",
    "execute",
    "exists",
    "extended",
    "external",
    "extract",
    "false",
    "fetch",
    "first",
    "float",
    "floor",
    "following",
    "for",
    "foreign",
    "from",
    "full",
    "function",
    "grant",
    "group",
    "grouping",
    "having",
    "if",
    "import",
    "in",
    "inner",
    "insert",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "join",
    "json_array",
    "json_exists",
    "json_object",
    "json_query",
    "json_table",
    "json_value",
    "last",
    "lateral",
    "left",
    "less",
    "like",
    "limit",
    "listagg",
    "local",
    "localtime",
    "localtimestamp",
    "macro",
    "map",
    "minus",
    "more",
    "natural",
    "none",
    "normalize",
    "not",
    "null",
    "numeric",
    "of",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "over",
    "partialscan",
    "partition",
    "percent",
    "preceding",
    "precision",
    "prepare",
    "preserve",
    "primary",
    "procedure",
    "qualify",
    "range",
    "reads",
    "recursive",
    "reduce",
    "references",
    "regexp",
    "returning",
    "revoke",
    "right",
    "rlike",
    "rollback",
    "rollup",
    "row",
    "rows",
    "select",
    "set",
    "show",
    "skip",
    "smallint",
    "some",
    "start",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "transform",
    "trigger",
    "trim",
    "true",
    "truncate",
    "uescape",
    "unbounded",
    "union",
    "uniquejoin",
    "unnest",
    "update",
    "user",
    "using",
    "values",
    "varchar",
    "views",
    "when",
    "where",
    "window",
    "with",
];
