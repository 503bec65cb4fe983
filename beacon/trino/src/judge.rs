//! Judges this crate by Trino: each expression of `trino_answers.jsonl` runs on DataFusion through the crate, and its
//! answer is compared with Trino's own. A difference fails; a refusal counts against the share of answers.
//!
//! `cargo test -p beacon-trino judge -- --nocapture` prints what is refused, and why.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int32Type, Int64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::Statement as SqlStatement;
use serde_json::{Map, Value, json};

use crate::types::Type;
use crate::{register_functions, rewritten};

/// Trino's answers to these expressions, one line of JSON each.
pub(crate) const ANSWERS: &str = include_str!("../trino_answers.jsonl");

/// Trino's answers that must be given, in percent: raise it with the share, never lower it.
const LEAST_SHARE: usize = 97;

/// Doubles agree to this share of themselves, which is 12 digits.
const TOLERANCE: f64 = 1e-12;

#[tokio::test]
#[expect(
    clippy::print_stderr,
    reason = "what is refused is for whoever raises the share"
)]
async fn answers_are_those_of_trino_or_there_is_none() {
    let (mut answers, mut given) = (0, 0);
    let mut differences = Vec::new();
    let mut refusals: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let file = other_answers();
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    register_functions(&context);
    for line in file.as_deref().unwrap_or(ANSWERS).lines() {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        let sql = case["sql"].as_str().expect("a case has SQL").to_owned();
        let (asked, context) = (sql.clone(), context.clone());
        // A task of its own: a panic is a difference like any other.
        let ours = tokio::spawn(async move { answer(&context, &asked).await }).await;
        let is_answered = case["trino"].is_array();
        answers += usize::from(is_answered);
        let difference = match ours {
            Err(panic) => Some(format!("panics: {panic}")),
            Ok(Ok((rows, _))) if !is_answered => Some(rows.to_string()),
            Ok(Ok((rows, types))) => match agrees_with(&rows, &types, &case) {
                true => None,
                false => Some(format!("{rows} {types:?}")),
            },
            Ok(Err(reason)) => {
                if is_answered {
                    let group = case["group"].to_string();
                    let refused = format!("{sql}\n      {reason}");
                    refusals.entry(group).or_default().push(refused);
                }
                continue;
            }
        };
        match difference {
            None => given += 1,
            Some(ours) => differences.push(format!(
                "{sql}\n  Trino: {} {}\n  ours:  {ours}",
                case["trino"], case["types"]
            )),
        }
    }
    let share = given * 100 / answers;
    eprintln!("{given} of Trino's {answers} answers are given, {share} percent; refused are");
    for (group, refused) in &refusals {
        eprintln!("  {} of {group}", refused.len());
        for case in refused {
            eprintln!("    {case}");
        }
    }
    assert!(
        differences.is_empty(),
        "{} answers differ from Trino's:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(
        share >= LEAST_SHARE,
        "only {share} percent of Trino's answers are given"
    );
}

/// A file of answers that is tried in place of the committed one, while it grows.
#[expect(
    clippy::disallowed_methods,
    reason = "names a file for whoever runs this test alone; no setting of the beacon"
)]
fn other_answers() -> Option<String> {
    let file = std::env::var("TRINO_ANSWERS").ok()?;
    Some(std::fs::read_to_string(file).expect("TRINO_ANSWERS is a file"))
}

/// Returns the rows of an answer as JSON and the types of its columns, or why there is none.
async fn answer(context: &SessionContext, sql: &str) -> Result<(Value, Vec<Type>), String> {
    let tables = BTreeMap::new();
    let (query, types) =
        rewritten(sql, &tables, &[], &[]).map_err(|refusal| refusal.to_string())?;
    let text = query.to_string();
    let run = async {
        let statement = Statement::Statement(Box::new(SqlStatement::Query(Box::new(query))));
        let plan = context.state().statement_to_plan(statement).await?;
        context.execute_logical_plan(plan).await?.collect().await
    };
    let batches = run
        .await
        .map_err(|error| format!("{error}\n      {text}"))?;
    let mut rows = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            rows.push(Value::Array(cells(batch, row)));
        }
    }
    Ok((Value::Array(rows), types))
}

/// Returns true if rows are Trino's, and types too where the case has them.
fn agrees_with(rows: &Value, types: &[Type], case: &Value) -> bool {
    let sql = case["sql"].as_str().unwrap_or_default();
    if let Some(expected) = case["types"].as_array() {
        let ours: Vec<String> = types
            .iter()
            .map(|ty| without_lengths(&ty.to_string()))
            .collect();
        let expected: Vec<String> = expected
            .iter()
            .map(|ty| without_lengths(ty.as_str().unwrap_or_default()))
            .collect();
        if ours != expected {
            return false;
        }
    }
    [&case["trino"], &case["if_double"]]
        .into_iter()
        .any(|expected| expected.is_array() && agrees(rows, expected, sql))
}

/// A type without the length of its texts, which this crate doesn't follow.
fn without_lengths(ty: &str) -> String {
    let ty = ty.to_lowercase().replace(", ", ",");
    let mut parts = ty.split("varchar(");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("varchar");
        text.push_str(part.split_once(')').map_or("", |(_, behind)| behind));
    }
    text
}

fn cells(batch: &RecordBatch, row: usize) -> Vec<Value> {
    batch
        .columns()
        .iter()
        .map(|column| cell(column, row))
        .collect()
}

fn cell(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Null => Value::Null,
        DataType::Boolean => json!(array.as_boolean().value(row)),
        DataType::Int32 => json!(array.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => json!(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            match value {
                value if value.is_nan() => json!("NaN"),
                f64::INFINITY => json!("Infinity"),
                f64::NEG_INFINITY => json!("-Infinity"),
                value => json!(value),
            }
        }
        DataType::Decimal128(_, scale) => {
            let value = array.as_primitive::<Decimal128Type>().value(row) as f64;
            let value = value / 10_f64.powi(i32::from(*scale));
            if value.fract() == 0.0 && value.abs() < 1e15 {
                json!(value as i64)
            } else {
                json!(value)
            }
        }
        DataType::Timestamp(_, zone) => {
            let format = FormatOptions::new()
                .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.3f"))
                .with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%.3f"));
            let text = formatted(array, row, &format);
            match zone {
                None => json!(text),
                Some(zone) => json!(format!("{text} {zone}")),
            }
        }
        DataType::Time32(_) => {
            let format = FormatOptions::new().with_time_format(Some("%H:%M:%S%.3f"));
            json!(formatted(array, row, &format))
        }
        DataType::Duration(_) => {
            let ms = arrow::compute::cast(array, &DataType::Int64).expect("a duration is a number");
            let ms = ms.as_primitive::<Int64Type>().value(row);
            let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
            json!(format!(
                "{days} {:02}:{:02}:{:02}.{:03}",
                rest / 3_600_000,
                rest / 60_000 % 60,
                rest / 1_000 % 60,
                rest % 1_000
            ))
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            Value::Array((0..items.len()).map(|item| cell(&items, item)).collect())
        }
        DataType::Map(_, _) => {
            let maps = array.as_map();
            let entries = maps.value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            let mut fields = Map::new();
            for entry in 0..entries.len() {
                let key = match cell(keys, entry) {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                fields.insert(key, cell(values, entry));
            }
            Value::Object(fields)
        }
        DataType::Int8 | DataType::UInt64 => panic!("{} is no type of Trino", array.data_type()),
        _ => json!(formatted(array, row, &FormatOptions::new())),
    }
}

fn formatted(array: &dyn Array, row: usize, format: &FormatOptions<'_>) -> String {
    let formatter = ArrayFormatter::try_new(array, format).expect("the type has a text");
    formatter.value(row).to_string()
}

/// Returns true if rows agree; without ORDER BY in any order.
fn agrees(ours: &Value, expected: &Value, sql: &str) -> bool {
    let (Some(ours), Some(expected)) = (ours.as_array(), expected.as_array()) else {
        return false;
    };
    if ours.len() != expected.len() {
        return false;
    }
    if sql.contains("ORDER BY") || ours.len() == 1 {
        return ours
            .iter()
            .zip(expected)
            .all(|(ours, expected)| is_equal(ours, expected));
    }
    let mut left: Vec<&Value> = expected.iter().collect();
    ours.iter().all(
        |row| match left.iter().position(|expected| is_equal(row, expected)) {
            Some(index) => {
                left.swap_remove(index);
                true
            }
            None => false,
        },
    )
}

fn is_equal(ours: &Value, expected: &Value) -> bool {
    match (ours, expected) {
        (Value::Array(ours), Value::Array(expected)) => {
            ours.len() == expected.len()
                && ours
                    .iter()
                    .zip(expected)
                    .all(|(ours, expected)| is_equal(ours, expected))
        }
        (Value::Number(ours), Value::Number(expected)) => {
            if ours.is_f64() != expected.is_f64() {
                return false;
            }
            let (Some(ours), Some(expected)) = (ours.as_f64(), expected.as_f64()) else {
                return false;
            };
            (ours - expected).abs() <= TOLERANCE * expected.abs()
        }
        (ours, expected) => ours == expected,
    }
}
