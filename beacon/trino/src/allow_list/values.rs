//! Functions of single values: conditions, times, texts, URLs, bytes and numbers.

use crate::function::{Function, scalar};

/// A part of a date.
const PART_OF_DATE: &[&str] = &[
    "(date) -> bigint",
    "(timestamp) -> bigint",
    "(timestamp with time zone) -> bigint",
];

/// A part of a time of day.
const PART_OF_TIME: &[&str] = &[
    "(timestamp) -> bigint",
    "(timestamp with time zone) -> bigint",
    "(time(3)) -> bigint",
];

const OF_TEXT: &[&str] = &["(varchar) -> varchar"];

const WHOLE: &[&str] = &[
    "(integer) -> integer",
    "(bigint) -> bigint",
    "(double) -> double",
    "(decimal) -> decimal",
];

const OF_DOUBLE: &[&str] = &["(double) -> double"];

const BITS: &[&str] = &["(bigint, bigint) -> bigint"];

pub(crate) const FUNCTIONS: &[Function] = &[
    // Conditions
    scalar("coalesce", &["(T, T...) -> T"]),
    scalar("if", &["(boolean, T) -> T", "(boolean, T, T) -> T"]),
    scalar("nullif", &["(T, T) -> T"]),
    scalar("try", &["(T) -> T"]),
    scalar("typeof", &["(T) -> varchar"]),
    // Dates and times
    scalar(
        "at_timezone",
        &["(timestamp with time zone, varchar) -> timestamp with time zone"],
    ),
    scalar(
        "with_timezone",
        &["(timestamp, varchar) -> timestamp with time zone"],
    ),
    scalar("now", &["() -> timestamp with time zone"]),
    scalar(
        "date",
        &[
            "(varchar) -> date",
            "(date) -> date",
            "(timestamp) -> date",
            "(timestamp with time zone) -> date",
        ],
    ),
    scalar(
        "date_add",
        &[
            "(varchar, bigint, date) -> date",
            "(varchar, bigint, timestamp) -> timestamp",
            "(varchar, bigint, timestamp with time zone) -> timestamp with time zone",
        ],
    ),
    scalar(
        "date_diff",
        &[
            "(varchar, date, date) -> bigint",
            "(varchar, timestamp, timestamp) -> bigint",
            "(varchar, timestamp with time zone, timestamp with time zone) -> bigint",
        ],
    ),
    scalar(
        "date_format",
        &[
            "(timestamp, varchar) -> varchar",
            "(timestamp with time zone, varchar) -> varchar",
        ],
    ),
    scalar("date_parse", &["(varchar, varchar) -> timestamp(3)"]),
    scalar(
        "date_trunc",
        &[
            "(varchar, date) -> date",
            "(varchar, timestamp) -> timestamp",
            "(varchar, timestamp with time zone) -> timestamp with time zone",
        ],
    ),
    scalar(
        "format_datetime",
        &[
            "(timestamp, varchar) -> varchar",
            "(timestamp with time zone, varchar) -> varchar",
        ],
    ),
    scalar("from_iso8601_date", &["(varchar) -> date"]),
    scalar(
        "from_iso8601_timestamp",
        &["(varchar) -> timestamp(3) with time zone"],
    ),
    scalar(
        "from_unixtime",
        &["(double) -> timestamp(3) with time zone"],
    ),
    scalar(
        "last_day_of_month",
        &[
            "(date) -> date",
            "(timestamp) -> date",
            "(timestamp with time zone) -> date",
        ],
    ),
    scalar(
        "to_iso8601",
        &[
            "(date) -> varchar",
            "(timestamp) -> varchar",
            "(timestamp with time zone) -> varchar",
        ],
    ),
    scalar("to_milliseconds", &["(interval day to second) -> bigint"]),
    scalar(
        "to_unixtime",
        &[
            "(timestamp) -> double",
            "(timestamp with time zone) -> double",
        ],
    ),
    scalar("day", PART_OF_DATE),
    scalar("day_of_month", PART_OF_DATE),
    scalar("day_of_week", PART_OF_DATE),
    scalar("day_of_year", PART_OF_DATE),
    scalar("dow", PART_OF_DATE),
    scalar("doy", PART_OF_DATE),
    scalar("hour", PART_OF_TIME),
    scalar("millisecond", PART_OF_TIME),
    scalar("minute", PART_OF_TIME),
    scalar("month", PART_OF_DATE),
    scalar("quarter", PART_OF_DATE),
    scalar("second", PART_OF_TIME),
    scalar("timezone_hour", &["(timestamp with time zone) -> bigint"]),
    scalar("timezone_minute", &["(timestamp with time zone) -> bigint"]),
    scalar("week", PART_OF_DATE),
    scalar("week_of_year", PART_OF_DATE),
    scalar("year", PART_OF_DATE),
    scalar("year_of_week", PART_OF_DATE),
    scalar("yow", PART_OF_DATE),
    // Text
    scalar("chr", &["(bigint) -> varchar"]),
    scalar("codepoint", &["(varchar) -> integer"]),
    scalar(
        "concat",
        &[
            "(varchar, varchar...) -> varchar",
            "(array(T), array(T)...) -> array(T)",
        ],
    ),
    scalar("concat_ws", &["(varchar, varchar...) -> varchar"]),
    scalar("format", &["(varchar, T...) -> varchar"]),
    scalar("length", &["(varchar) -> bigint", "(varbinary) -> bigint"]),
    scalar("levenshtein_distance", &["(varchar, varchar) -> bigint"]),
    scalar("lower", OF_TEXT),
    scalar("lpad", &["(varchar, bigint, varchar) -> varchar"]),
    scalar(
        "ltrim",
        &["(varchar) -> varchar", "(varchar, varchar) -> varchar"],
    ),
    scalar(
        "replace",
        &[
            "(varchar, varchar) -> varchar",
            "(varchar, varchar, varchar) -> varchar",
        ],
    ),
    scalar(
        "reverse",
        &["(varchar) -> varchar", "(array(T)) -> array(T)"],
    ),
    scalar("rpad", &["(varchar, bigint, varchar) -> varchar"]),
    scalar(
        "rtrim",
        &["(varchar) -> varchar", "(varchar, varchar) -> varchar"],
    ),
    scalar(
        "split",
        &[
            "(varchar, varchar) -> array(varchar)",
            "(varchar, varchar, bigint) -> array(varchar)",
        ],
    ),
    scalar("split_part", &["(varchar, varchar, bigint) -> varchar"]),
    scalar(
        "split_to_map",
        &["(varchar, varchar, varchar) -> map(varchar, varchar)"],
    ),
    scalar("starts_with", &["(varchar, varchar) -> boolean"]),
    scalar(
        "strpos",
        &[
            "(varchar, varchar) -> bigint",
            "(varchar, varchar, bigint) -> bigint",
        ],
    ),
    scalar(
        "substr",
        &[
            "(varchar, bigint) -> varchar",
            "(varchar, bigint, bigint) -> varchar",
        ],
    ),
    scalar(
        "substring",
        &[
            "(varchar, bigint) -> varchar",
            "(varchar, bigint, bigint) -> varchar",
        ],
    ),
    scalar("translate", &["(varchar, varchar, varchar) -> varchar"]),
    scalar(
        "trim",
        &["(varchar) -> varchar", "(varchar, varchar) -> varchar"],
    ),
    scalar("upper", OF_TEXT),
    scalar("uuid", &["() -> uuid"]),
    // Regular expressions
    scalar("regexp_count", &["(varchar, varchar) -> bigint"]),
    scalar(
        "regexp_extract",
        &[
            "(varchar, varchar) -> varchar",
            "(varchar, varchar, bigint) -> varchar",
        ],
    ),
    scalar(
        "regexp_extract_all",
        &[
            "(varchar, varchar) -> array(varchar)",
            "(varchar, varchar, bigint) -> array(varchar)",
        ],
    ),
    scalar("regexp_like", &["(varchar, varchar) -> boolean"]),
    scalar(
        "regexp_replace",
        &[
            "(varchar, varchar) -> varchar",
            "(varchar, varchar, varchar) -> varchar",
            "(varchar, varchar, (array(varchar)) => varchar) -> varchar",
        ],
    ),
    scalar("regexp_split", &["(varchar, varchar) -> array(varchar)"]),
    // URL
    scalar("url_decode", OF_TEXT),
    scalar("url_encode", OF_TEXT),
    scalar("url_extract_fragment", OF_TEXT),
    scalar("url_extract_host", OF_TEXT),
    scalar("url_extract_parameter", &["(varchar, varchar) -> varchar"]),
    scalar("url_extract_path", OF_TEXT),
    scalar("url_extract_port", &["(varchar) -> bigint"]),
    scalar("url_extract_protocol", OF_TEXT),
    scalar("url_extract_query", OF_TEXT),
    // Bytes
    scalar("from_base64", &["(varchar) -> varbinary"]),
    scalar("from_hex", &["(varchar) -> varbinary"]),
    scalar("from_utf8", &["(varbinary) -> varchar"]),
    scalar("to_base64", &["(varbinary) -> varchar"]),
    scalar("to_hex", &["(varbinary) -> varchar"]),
    scalar("to_utf8", &["(varchar) -> varbinary"]),
    // Numbers
    scalar("abs", WHOLE),
    scalar("bitwise_and", BITS),
    scalar("bitwise_or", BITS),
    scalar("bitwise_xor", BITS),
    scalar("cbrt", OF_DOUBLE),
    scalar("ceil", WHOLE),
    scalar("ceiling", WHOLE),
    scalar("exp", OF_DOUBLE),
    scalar("floor", WHOLE),
    scalar("greatest", &["(orderable T, orderable T...) -> T"]),
    scalar("infinity", &["() -> double"]),
    scalar("is_finite", &["(double) -> boolean"]),
    scalar("is_infinite", &["(double) -> boolean"]),
    scalar("is_nan", &["(double) -> boolean"]),
    scalar("least", &["(orderable T, orderable T...) -> T"]),
    scalar("ln", OF_DOUBLE),
    scalar("log10", OF_DOUBLE),
    scalar("log2", OF_DOUBLE),
    scalar(
        "mod",
        &[
            "(integer, integer) -> integer",
            "(bigint, bigint) -> bigint",
            "(double, double) -> double",
        ],
    ),
    scalar("nan", &["() -> double"]),
    scalar("pi", &["() -> double"]),
    scalar("pow", &["(double, double) -> double"]),
    scalar("power", &["(double, double) -> double"]),
    scalar(
        "round",
        &[
            "(integer) -> integer",
            "(bigint) -> bigint",
            "(double) -> double",
            "(decimal) -> decimal",
            "(double, bigint) -> double",
            "(decimal, bigint) -> decimal",
        ],
    ),
    scalar(
        "sign",
        &[
            "(integer) -> integer",
            "(bigint) -> bigint",
            "(double) -> double",
            "(decimal) -> decimal(1,0)",
        ],
    ),
    scalar("sqrt", OF_DOUBLE),
    scalar(
        "truncate",
        &[
            "(double) -> double",
            "(decimal) -> decimal",
            "(decimal, bigint) -> decimal",
        ],
    ),
];
