//! Sets up DataFusion for a lake: its options, its functions, and the table and the views that statements name.

use std::sync::Arc;

use arrow::datatypes::{DataType, Schema as ArrowSchema};
use beacon_core::schema::TABLE;
use beacon_lake::Lake;
use datafusion::catalog::TableProvider;
use datafusion::common::DataFusionError;
use datafusion::datasource::ViewTable;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SessionState, SessionStateBuilder, SessionStateDefaults};
use datafusion::logical_expr::{HigherOrderUDF, LogicalPlan, LogicalPlanBuilder, ScalarUDF};
use datafusion::prelude::{SessionConfig, cast, ident};
use datafusion::sql::parser::Statement;

use super::free_sql::{self, Tables};
use super::names::{CATALOG, DATABASE, VIEWS, View};
use super::table::HitsTable;
use super::{element_at, statement, string_min};

/// The zone of every statement. In it, `now()` is a moment that compares with `received_at`, as in Athena.
const ZONE: &str = "UTC";

/// Returns the state that statements begin with, the table of hits that is registered in it, and the columns that free
/// SQL can name. The statements together
/// hold up to `memory_bytes` of rows, `None` for no limit.
///
/// # Errors
/// Returns an error if a name can't be registered or a view can't be planned.
pub(super) async fn start(
    lake: &Lake,
    store_url: ObjectStoreUrl,
    columns: &ArrowSchema,
    memory_bytes: Option<usize>,
) -> Result<(SessionState, Arc<HitsTable>, Tables), DataFusionError> {
    let mut runtime = RuntimeEnvBuilder::new();
    if let Some(bytes) = memory_bytes {
        runtime = runtime.with_memory_limit(bytes, 1.0);
    }
    let (functions, with_lambdas) = functions();
    let state = SessionStateBuilder::new_with_default_features()
        .with_config(config())
        .with_runtime_env(runtime.build_arc()?)
        .with_object_store(store_url.as_ref(), lake.store())
        .with_scalar_functions(functions)
        .with_higher_order_functions(with_lambdas)
        .with_aggregate_functions(aggregates())
        .build();
    let hits = Arc::new(HitsTable::new(columns, lake.store(), store_url));
    register(&state, TABLE, Arc::clone(&hits) as _)?;
    let mut tables = Tables::from([(TABLE.to_owned(), free_sql::columns(&hits.schema()))]);
    for view in &VIEWS {
        let plan = view_plan(&state, view, &hits).await?;
        let table = ViewTable::new(plan, Some(view.sql.to_owned()));
        tables.insert(view.name.to_owned(), free_sql::columns(&table.schema()));
        register(&state, view.name, Arc::new(table))?;
    }
    Ok((state, hits, tables))
}

/// Returns the plan of a view, without the columns that it needs only for itself. Trino has no unsigned numbers.
async fn view_plan(
    state: &SessionState,
    view: &View,
    hits: &HitsTable,
) -> Result<LogicalPlan, DataFusionError> {
    let plan = state.statement_to_plan(read_statement(view.sql)?).await?;
    let schema = hits.schema();
    let of_table: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    let mut columns = Vec::new();
    for name in view.columns(&of_table) {
        let field = plan.schema().field_with_unqualified_name(name)?;
        columns.push(match field.data_type() {
            DataType::UInt64 => cast(ident(name), DataType::Int64).alias(name),
            _ => ident(name),
        });
    }
    LogicalPlanBuilder::from(plan).project(columns)?.build()
}

fn config() -> SessionConfig {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut config = SessionConfig::new()
        .with_target_partitions(cores)
        .with_default_catalog_and_schema(CATALOG, DATABASE)
        .with_information_schema(true);
    let options = config.options_mut();
    options.sql_parser.default_null_ordering = "nulls_last".to_owned();
    options.sql_parser.collect_spans = true;
    options.execution.time_zone = Some(ZONE.to_owned());
    // A filter on one column decides which rows of the others are decoded at all: the maps are most of a file.
    options.execution.parquet.pushdown_filters = true;
    // A question groups by hit first, and hardly two rows share one: that is to be seen early, and grouped once.
    options
        .execution
        .skip_partial_aggregation_probe_rows_threshold = 10_000;
    config
}

/// The engine's own functions, with ours in the place of those that Trino has differently, and those that free SQL is
/// rewritten to.
fn functions() -> (Vec<Arc<ScalarUDF>>, Vec<Arc<HigherOrderUDF>>) {
    let ours = element_at::element_at();
    let mut functions = SessionStateDefaults::default_scalar_functions();
    functions.push(Arc::new(ours));
    let (of_free_sql, with_lambdas) = free_sql::functions();
    functions.extend(of_free_sql);
    (functions, with_lambdas)
}

fn aggregates() -> Vec<Arc<datafusion::logical_expr::AggregateUDF>> {
    let mut aggregates = SessionStateDefaults::default_aggregate_functions();
    aggregates.push(Arc::new(string_min::min()));
    aggregates
}

fn register(
    state: &SessionState,
    name: &str,
    table: Arc<dyn TableProvider>,
) -> Result<(), DataFusionError> {
    state
        .schema_for_ref(name)?
        .register_table(name.to_owned(), table)?;
    Ok(())
}

fn read_statement(sql: &str) -> Result<Statement, DataFusionError> {
    let statement =
        statement::parse(sql).map_err(|error| DataFusionError::External(error.into()))?;
    Ok(Statement::Statement(Box::new(statement.tree)))
}
