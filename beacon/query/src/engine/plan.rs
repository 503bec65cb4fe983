//! Plans a statement, with its parameters bound.

use datafusion::common::{DataFusionError, ParamValues, ScalarValue};
use datafusion::execution::SessionState;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;

use super::names::tables;
use super::sql_error::SqlError;
use super::statement::ReadStatement;

/// The lengths of a parameter that Athena takes, in characters. Its limit of 1,024 includes two quotes.
pub(super) const PARAMETER_CHARACTERS: std::ops::RangeInclusive<usize> = 1..=1022;

/// Returns the optimised plan of the statement read from `sql`, in which each scan has its filters.
///
/// # Errors
/// Returns an error if the statement is wrong or writes, or if the parameters don't fit its `?`.
pub(super) async fn plan(
    state: &SessionState,
    sql: &str,
    statement: ReadStatement,
    parameters: &[String],
) -> Result<LogicalPlan, SqlError> {
    check_parameters(statement.parameters, parameters)?;
    let values: Vec<ScalarValue> = parameters
        .iter()
        .map(|value| ScalarValue::from(value.as_str()))
        .collect();
    let plan = async {
        let plan = state
            .statement_to_plan(Statement::Statement(Box::new(statement.tree)))
            .await?;
        SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false)
            .verify_plan(&plan)?;
        let plan = plan.with_param_values(ParamValues::from(values))?;
        state.optimize(&plan)
    };
    plan.await
        .map_err(|error: DataFusionError| SqlError::from_planner(sql, &error, &tables()))
}

/// Refuses parameters that are too many, too few or too long.
pub(super) fn check_parameters(expected: usize, given: &[String]) -> Result<(), SqlError> {
    if expected != given.len() {
        return Err(SqlError::new(format!(
            "the statement has {expected} of the parameters ?, and {} are given",
            given.len()
        ))
        .help("each ? takes one --param, in order"));
    }
    for (index, value) in given.iter().enumerate() {
        let characters = value.chars().count();
        if !PARAMETER_CHARACTERS.contains(&characters) {
            return Err(SqlError::new(format!(
                "parameter {} has {characters} characters",
                index + 1
            ))
            .help("a parameter has 1 to 1,022 characters, as in Athena"));
        }
    }
    Ok(())
}
