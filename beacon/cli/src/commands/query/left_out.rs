//! Says whose hits an empty answer leaves out: those of bots, for example of curl.

use std::collections::BTreeMap;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use beacon_catalog::{AgentClasses, Filter, Question, Scope};
use beacon_query::engine::Engine;

/// The question that counts the hits of all classes, and the columns of it that are read.
const AGENTS: &str = "agents";
const AGENT: &str = "agent";
const HITS: &str = "hits";

/// Returns a note on the hits in `scope` that meet `filters`, of classes that don't count by default, or `None` without any.
///
/// # Errors
/// A lake that can't be read.
pub(super) async fn note(
    engine: &Engine,
    scope: &Scope,
    filters: Vec<Filter>,
) -> anyhow::Result<Option<String>> {
    let question = Question::find(AGENTS).expect("agents is a named query");
    let question = question.limited_to(filters);
    let parameters = question.bind(scope);
    let mut hits: BTreeMap<String, i64> = BTreeMap::new();
    for batch in engine
        .query(&question.text(), &parameters)
        .await?
        .collect()
        .await?
    {
        let column = |name| {
            let column = batch.column_by_name(name);
            column.expect("the question has this column")
        };
        let agents = cast(column(AGENT), &DataType::Utf8)?;
        let counts = cast(column(HITS), &DataType::Int64)?;
        let counts = counts.as_primitive::<Int64Type>();
        for (agent, count) in agents.as_string::<i32>().iter().zip(counts) {
            let (Some(agent), Some(count)) = (agent, count) else {
                continue;
            };
            if !AgentClasses::default().names().any(|name| name == agent) {
                *hits.entry(agent.to_owned()).or_default() += count;
            }
        }
    }
    let Some((first, _)) = hits.first_key_value() else {
        return Ok(None);
    };
    let listed: Vec<String> = hits
        .iter()
        .map(|(agent, count)| format!("{agent}: {count}"))
        .collect();
    Ok(Some(format!(
        "hits of other agents are left out ({}); --agent {first} counts them, beacon query agents shows all",
        listed.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use beacon_catalog::TimeRange;
    use beacon_lake_fixture::LakeFixture;

    use super::*;
    use crate::engine_fixture::engine_over;

    async fn note_of(classes: &[&str]) -> Option<String> {
        let rows: Vec<String> = classes
            .iter()
            .enumerate()
            .map(|(id, class)| {
                format!(
                    r#"{{"hit_id":"{id}","received_at":"2026-11-21 05:00:00.000","event":"view","agent":{class}}}"#
                )
            })
            .collect();
        let mut lake = LakeFixture::new();
        lake.parquet("2026-11-21-05", &rows.join("\n"));
        let range = TimeRange::parse(Some("2026-11-21"), Some("2026-11-21"), 0).unwrap();
        note(&engine_over(&lake).await, &Scope::new(range), vec![])
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn classes_that_do_not_count_are_listed_with_their_hits() {
        assert_eq!(
            note_of(&[r#""bot""#, r#""human""#, r#""scanner""#, r#""bot""#])
                .await
                .as_deref(),
            Some(
                "hits of other agents are left out (bot: 2, scanner: 1); --agent bot counts them, beacon query agents \
                 shows all"
            )
        );
        assert_eq!(note_of(&[r#""human""#, "null", r#""unknown""#]).await, None);
    }
}
