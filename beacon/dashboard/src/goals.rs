//! Goals and saved filters: lists that the owner replaces as a whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use beacon_catalog::{AgentClasses, CustomColumn, check_filters};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::document::{self, Document, Goal, SavedFilter};
use crate::filter_request::FilterRequest;
use crate::live_document::ChangeError;
use crate::problem::Problem;
use crate::state::Dashboard;

/// The maximum number of goals, and of saved filters.
const MAX_ITEMS: usize = 100;

/// The maximum length of a saved filter's query string, in characters.
const MAX_SEARCH_CHARACTERS: usize = 2_000;

/// The column on which every goal has a condition.
const EVENT: &str = "event";

/// The class of agents, which is no column of a query's filters.
const AGENT: &str = "agent";

/// The body of `PUT /api/goals`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoalsRequest {
    goals: Vec<Goal>,
}

/// The body of `PUT /api/saved`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedRequest {
    saved: Vec<SavedFilter>,
}

/// `PUT /api/goals`
pub(crate) async fn replace_goals(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    request: Result<Json<GoalsRequest>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    dashboard.permit_owner(&headers).await?;
    let Json(GoalsRequest { mut goals }) = request?;
    check_names("a goal", goals.iter_mut().map(|goal| &mut goal.name))?;
    for goal in &goals {
        check_conditions(goal, &dashboard.custom_columns)?;
    }
    let replace = |document: &mut Document| {
        document.goals.clone_from(&goals);
        Ok::<(), ChangeError>(())
    };
    let now_ms = dashboard.config.now_ms();
    dashboard.document.change(now_ms, replace).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/saved`
pub(crate) async fn replace_saved(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    request: Result<Json<SavedRequest>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    dashboard.permit_owner(&headers).await?;
    let Json(SavedRequest { mut saved }) = request?;
    check_names(
        "a saved filter",
        saved.iter_mut().map(|saved| &mut saved.name),
    )?;
    for saved in &saved {
        check_search(saved)?;
    }
    let replace = |document: &mut Document| {
        document.saved.clone_from(&saved);
        Ok::<(), ChangeError>(())
    };
    let now_ms = dashboard.config.now_ms();
    dashboard.document.change(now_ms, replace).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check_names<'a>(
    what: &str,
    names: impl ExactSizeIterator<Item = &'a mut String>,
) -> Result<(), Problem> {
    if names.len() > MAX_ITEMS {
        return Err(Problem::unprocessable(format!(
            "there are {} of {what}: at most {MAX_ITEMS} are kept",
            names.len()
        )));
    }
    let mut known = BTreeSet::new();
    for text in names {
        *text = document::name(what, text).map_err(Problem::unprocessable)?;
        if !known.insert(text.clone()) {
            return Err(Problem::unprocessable(format!(
                "two have the name {text:?}: give one of them another"
            )));
        }
    }
    Ok(())
}

fn check_conditions(goal: &Goal, custom_columns: &[CustomColumn]) -> Result<(), Problem> {
    let name = &goal.name;
    let in_goal = |problem: Problem| Problem {
        detail: format!("the goal {name:?}: {}", problem.detail),
        ..problem
    };
    let mut filters = Vec::with_capacity(goal.filters.len());
    for filter in &goal.filters {
        // The page makes classes of agents of it.
        if filter.column == AGENT {
            AgentClasses::named(&filter.values)
                .map_err(|error| in_goal(Problem::unprocessable(error.to_string())))?;
            continue;
        }
        filters.push(filter.filter(custom_columns).map_err(in_goal)?);
    }
    check_filters(&filters).map_err(|error| in_goal(error.into()))?;
    let is_on_event = |filter: &FilterRequest| filter.column == EVENT;
    match goal.filters.iter().any(is_on_event) {
        true => Ok(()),
        false => Err(Problem::unprocessable(format!(
            "the goal {name:?} has no condition on {EVENT}: a goal is an event that visitors reach"
        ))),
    }
}

fn check_search(saved: &SavedFilter) -> Result<(), Problem> {
    let length = saved.search.chars().count();
    if length > MAX_SEARCH_CHARACTERS {
        return Err(Problem::unprocessable(format!(
            "the saved filter {:?} has {length} characters: at most {MAX_SEARCH_CHARACTERS} are kept",
            saved.name
        )));
    }
    let is_allowed = |character: char| !character.is_control() && character != '#';
    match saved.search.chars().all(is_allowed) {
        true => Ok(()),
        false => Err(Problem::unprocessable(format!(
            "the saved filter {:?} is no query string: it has a control character or #",
            saved.name
        ))),
    }
}
