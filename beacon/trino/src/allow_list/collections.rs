//! Functions of many values: arrays, maps, JSON, aggregates and windows.

use crate::function::{Function, aggregate, scalar, window};

pub(crate) const FUNCTIONS: &[Function] = &[
    // Arrays
    scalar("array_distinct", &["(array(T)) -> array(T)"]),
    scalar("array_except", &["(array(T), array(T)) -> array(T)"]),
    scalar("array_intersect", &["(array(T), array(T)) -> array(T)"]),
    scalar(
        "array_join",
        &[
            "(array(varchar), varchar) -> varchar",
            "(array(bigint), varchar) -> varchar",
            "(array(varchar), varchar, varchar) -> varchar",
            "(array(bigint), varchar, varchar) -> varchar",
        ],
    ),
    scalar("array_max", &["(array(orderable T)) -> T"]),
    scalar("array_min", &["(array(orderable T)) -> T"]),
    scalar("array_position", &["(array(T), T) -> bigint"]),
    scalar("array_remove", &["(array(T), T) -> array(T)"]),
    scalar(
        "array_sort",
        &[
            "(array(orderable T)) -> array(T)",
            "(array(T), (T, T) => integer) -> array(T)",
        ],
    ),
    scalar("array_union", &["(array(T), array(T)) -> array(T)"]),
    scalar("arrays_overlap", &["(array(T), array(T)) -> boolean"]),
    scalar(
        "cardinality",
        &["(array(T)) -> bigint", "(map(K, V)) -> bigint"],
    ),
    scalar("contains", &["(array(T), T) -> boolean"]),
    scalar(
        "element_at",
        &["(array(T), bigint) -> T", "(map(K, V), K) -> V"],
    ),
    scalar("flatten", &["(array(array(T))) -> array(T)"]),
    scalar("repeat", &["(T, bigint) -> array(T)"]),
    scalar(
        "sequence",
        &[
            "(bigint, bigint) -> array(bigint)",
            "(bigint, bigint, bigint) -> array(bigint)",
            "(date, date) -> array(date)",
            "(date, date, interval day to second) -> array(date)",
            "(date, date, interval year to month) -> array(date)",
            "(timestamp, timestamp, interval day to second) -> array(timestamp)",
            "(timestamp, timestamp, interval year to month) -> array(timestamp)",
        ],
    ),
    scalar("slice", &["(array(T), bigint, bigint) -> array(T)"]),
    // Lambdas
    scalar("all_match", &["(array(T), (T) => boolean) -> boolean"]),
    scalar("any_match", &["(array(T), (T) => boolean) -> boolean"]),
    scalar("filter", &["(array(T), (T) => boolean) -> array(T)"]),
    scalar("none_match", &["(array(T), (T) => boolean) -> boolean"]),
    scalar("reduce", &["(array(T), S, (S, T) => S, (S) => R) -> R"]),
    scalar("transform", &["(array(T), (T) => U) -> array(U)"]),
    scalar(
        "map_filter",
        &["(map(K, V), (K, V) => boolean) -> map(K, V)"],
    ),
    scalar("transform_keys", &["(map(K, V), (K, V) => U) -> map(U, V)"]),
    scalar(
        "transform_values",
        &["(map(K, V), (K, V) => U) -> map(K, U)"],
    ),
    // Maps
    scalar("map", &["(array(K), array(V)) -> map(K, V)"]),
    scalar("map_concat", &["(map(K, V), map(K, V)...) -> map(K, V)"]),
    scalar("map_keys", &["(map(K, V)) -> array(K)"]),
    scalar("map_values", &["(map(K, V)) -> array(V)"]),
    // JSON
    scalar(
        "json_array_length",
        &["(varchar) -> bigint", "(json) -> bigint"],
    ),
    scalar(
        "json_extract",
        &["(varchar, varchar) -> json", "(json, varchar) -> json"],
    ),
    scalar(
        "json_extract_scalar",
        &[
            "(varchar, varchar) -> varchar",
            "(json, varchar) -> varchar",
        ],
    ),
    scalar("json_format", &["(json) -> varchar"]),
    scalar("json_parse", &["(varchar) -> json"]),
    scalar(
        "json_size",
        &["(varchar, varchar) -> bigint", "(json, varchar) -> bigint"],
    ),
    // Aggregates
    aggregate("any_value", &["(T) -> T"]),
    aggregate(
        "approx_distinct",
        &["(T) -> bigint", "(T, double) -> bigint"],
    ),
    aggregate(
        "approx_percentile",
        &[
            "(bigint, double) -> bigint",
            "(double, double) -> double",
            "(bigint, array(double)) -> array(bigint)",
            "(double, array(double)) -> array(double)",
        ],
    ),
    aggregate("arbitrary", &["(T) -> T"]),
    aggregate("array_agg", &["(T) -> array(T)"]),
    aggregate(
        "avg",
        &[
            "(bigint) -> double",
            "(double) -> double",
            "(decimal) -> decimal",
        ],
    ),
    aggregate("bool_and", &["(boolean) -> boolean"]),
    aggregate("bool_or", &["(boolean) -> boolean"]),
    aggregate("count", &["(*) -> bigint", "(T) -> bigint"]),
    aggregate("count_if", &["(boolean) -> bigint"]),
    aggregate("every", &["(boolean) -> boolean"]),
    aggregate("grouping", &["(T...) -> integer"]),
    aggregate("listagg", &["(varchar, varchar) -> varchar"]),
    aggregate(
        "max",
        &["(orderable T) -> T", "(orderable T, bigint) -> array(T)"],
    ),
    aggregate("max_by", &["(T, orderable U) -> T"]),
    aggregate(
        "min",
        &["(orderable T) -> T", "(orderable T, bigint) -> array(T)"],
    ),
    aggregate("min_by", &["(T, orderable U) -> T"]),
    aggregate(
        "sum",
        &[
            "(bigint) -> bigint",
            "(double) -> double",
            "(decimal) -> decimal",
        ],
    ),
    // Windows
    window("cume_dist", &["() -> double"]),
    window("dense_rank", &["() -> bigint"]),
    window("first_value", &["(T) -> T"]),
    window(
        "lag",
        &["(T) -> T", "(T, integer) -> T", "(T, integer, T) -> T"],
    ),
    window("last_value", &["(T) -> T"]),
    window(
        "lead",
        &["(T) -> T", "(T, integer) -> T", "(T, integer, T) -> T"],
    ),
    window("nth_value", &["(T, integer) -> T"]),
    window("ntile", &["(integer) -> bigint"]),
    window("percent_rank", &["() -> double"]),
    window("rank", &["() -> bigint"]),
    window("row_number", &["() -> bigint"]),
];
