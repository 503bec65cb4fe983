//! The owner's requests about API keys.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::api_keys::{CreatedKey, NewKey, create, revoke};
use crate::problem::Problem;
use crate::state::Dashboard;

#[derive(Serialize)]
pub(crate) struct KeyList {
    keys: Vec<ListedKey>,
}

#[derive(Serialize)]
struct ListedKey {
    id: String,
    name: String,
    site: Option<String>,
    last4: String,
    created_ms: u64,
}

/// `GET /api/keys`
pub(crate) async fn list(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
) -> Result<Json<KeyList>, Problem> {
    dashboard.permit_owner(&headers).await?;
    let document = dashboard.owners_document().await?;
    let keys = document.keys.iter().map(|key| ListedKey {
        id: key.id.clone(),
        name: key.name.clone(),
        site: key.site.clone(),
        last4: key.last4.clone(),
        created_ms: key.created_ms,
    });
    Ok(Json(KeyList {
        keys: keys.collect(),
    }))
}

/// `POST /api/keys`
pub(crate) async fn make(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    request: Result<Json<NewKey>, JsonRejection>,
) -> Result<(StatusCode, Json<CreatedKey>), Problem> {
    dashboard.permit_owner(&headers).await?;
    let Json(wanted) = request?;
    let now_ms = dashboard.config.now_ms();
    let created = create(&dashboard.document, wanted, now_ms).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// `DELETE /api/keys/{id}`
pub(crate) async fn end(
    State(dashboard): State<Arc<Dashboard>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    dashboard.permit_owner(&headers).await?;
    let Path(id) = id?;
    revoke(&dashboard.document, &id, dashboard.config.now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}
