//! The owner's requests about share links, and the password of a link.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{FromRequest, Path, Request, State};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use crate::extract::milliseconds;
use crate::password::PasswordHash;
use crate::problem::Problem;
use crate::session::{SESSION_MS, without_value};
use crate::share_links::{CreatedShare, NewShare, create, revoke};
use crate::share_tokens;
use crate::state::Dashboard;

/// The body of `POST /api/shares`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareRequest {
    site: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(deserialize_with = "milliseconds")]
    until_ms: u64,
    #[serde(default)]
    password: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct ShareList {
    shares: Vec<ListedShare>,
}

#[derive(Serialize)]
struct ListedShare {
    id: String,
    name: String,
    site: String,
    until_ms: u64,
    has_password: bool,
    created_ms: u64,
}

/// `GET /api/shares`
pub(crate) async fn list(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
) -> Result<Json<ShareList>, Problem> {
    dashboard.permit_owner(&headers).await?;
    let now_ms = dashboard.config.now_ms();
    let document = dashboard.owners_document().await?;
    let current = document
        .shares
        .iter()
        .filter(|share| now_ms < share.until_ms);
    let shares = current.map(|share| ListedShare {
        id: share.id.clone(),
        name: share.name.clone(),
        site: share.site.clone(),
        until_ms: share.until_ms,
        has_password: share.password.is_some(),
        created_ms: share.created_ms,
    });
    Ok(Json(ShareList {
        shares: shares.collect(),
    }))
}

/// `POST /api/shares`
pub(crate) async fn make(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    request: Result<Json<ShareRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<CreatedShare>), Problem> {
    dashboard.permit_owner(&headers).await?;
    let Json(wanted) = request?;
    let password = match wanted.password {
        None => None,
        Some(password) => Some(dashboard.hash(password).await?),
    };
    let share = NewShare {
        name: wanted.name,
        site: wanted.site,
        until_ms: wanted.until_ms,
        password,
    };
    let now_ms = dashboard.config.now_ms();
    let created = create(&dashboard.document, share, now_ms).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// `DELETE /api/shares/{id}`
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

/// The body of `POST /api/share-login`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareLogIn {
    token: String,
    password: String,
}

#[derive(Serialize)]
pub(crate) struct UnlockedLink {
    token: String,
}

/// `POST /api/share-login`
pub(crate) async fn log_in(
    State(dashboard): State<Arc<Dashboard>>,
    request: Request,
) -> Result<Json<UnlockedLink>, Problem> {
    let address = dashboard.client_address(&request);
    let Json(ShareLogIn { token, password }) = Json::from_request(request, &())
        .await
        .map_err(|rejection| without_value(rejection, SHARE_LOG_IN))?;
    // A right password gives no tries back: somebody who knows that of one link could else guess all others.
    dashboard.try_password(address)?;
    let now_ms = dashboard.config.now_ms();
    let document = dashboard.document.read(now_ms).await?;
    let share = share_tokens::find(&document, &token, now_ms).ok_or_else(Problem::closed_share)?;
    let hash: Option<&PasswordHash> = share.password.as_ref();
    let hash = hash.ok_or_else(|| {
        Problem::unprocessable("this share link has no password: it opens without one")
    })?;
    if !dashboard.is_password(hash, password).await {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "this is not the password",
        ));
    }
    let until_ms = now_ms + SESSION_MS;
    let token = share_tokens::unlock(share, until_ms, &dashboard.config.key)
        .ok_or_else(Problem::closed_share)?;
    Ok(Json(UnlockedLink { token }))
}

const SHARE_LOG_IN: &str = r#"{"token": "…", "password": "…"}"#;
