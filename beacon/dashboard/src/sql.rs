//! Runs SQL for the dashboard's owner, and describes the table that it is about.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::Response;
use beacon_catalog::{VIEWS, trino_type, view_columns};
use beacon_core::schema::{PARTITIONS, Schema};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::engine::TableName;
use crate::problem::Problem;
use crate::queries::submitted;
use crate::sql_id::{SqlId, check_owner};
use crate::state::Dashboard;

/// The type of the partitions in SQL.
const PARTITION_TYPE: &str = "integer";

/// The body of `POST /api/sql`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlRequest {
    sql: String,
}

/// `POST /api/sql`
pub(crate) async fn submit(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    request: Result<Json<SqlRequest>, JsonRejection>,
) -> Result<Response, Problem> {
    check_owner(&dashboard.permit(&headers).await?)?;
    let Json(SqlRequest { sql }) = request?;
    let engine = dashboard.engine.submit_sql(sql).await?;
    Ok(submitted(SqlId { engine }.text(&dashboard.config.key)))
}

/// `GET /api/table`
pub(crate) async fn table(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
) -> Result<Json<TableBody>, Problem> {
    check_owner(&dashboard.permit(&headers).await?)?;
    let schema = dashboard.config.settings.schema();
    Ok(Json(TableBody::new(dashboard.engine.table(), &schema)))
}

/// The body of `GET /api/table`.
#[derive(Serialize)]
pub(crate) struct TableBody {
    database: String,
    table: String,
    columns: Vec<ColumnBody>,
    views: Vec<ViewBody>,
}

#[derive(Serialize)]
struct ViewBody {
    name: &'static str,
    comment: &'static str,
    columns: Vec<ColumnBody>,
}

#[derive(Serialize)]
struct ColumnBody {
    name: String,
    #[serde(rename = "type")]
    column_type: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    comment: String,
}

impl TableBody {
    fn new(name: TableName, schema: &Schema) -> TableBody {
        TableBody {
            columns: columns(schema),
            views: match name.has_views {
                true => views(schema),
                false => Vec::new(),
            },
            database: name.database,
            table: name.table,
        }
    }
}

/// Returns the columns of the table, and then its partitions.
fn columns(schema: &Schema) -> Vec<ColumnBody> {
    let mut columns = Vec::new();
    for column in schema.columns() {
        columns.push(ColumnBody {
            name: column.name.to_owned(),
            column_type: trino_type(column.ty),
            comment: column.meaning.replace('`', ""),
        });
    }
    for name in PARTITIONS {
        columns.push(ColumnBody {
            name: name.to_owned(),
            column_type: PARTITION_TYPE,
            comment: format!("UTC {name} of arrival: a condition on it leaves files unread"),
        });
    }
    columns
}

fn views(schema: &Schema) -> Vec<ViewBody> {
    let mut views = Vec::new();
    for view in &VIEWS {
        let columns = view_columns(schema, view)
            .expect("VIEWS is constant, and a test reads the header of every file in it");
        views.push(ViewBody {
            name: view.name,
            comment: view.header("view").unwrap_or_default(),
            columns: columns
                .into_iter()
                .map(|column| ColumnBody {
                    name: column.name,
                    column_type: column.trino,
                    comment: String::new(),
                })
                .collect(),
        });
    }
    views
}
