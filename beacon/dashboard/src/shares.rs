//! Share links: one site, read only, until a date.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use beacon_catalog::ALL;
use beacon_core::normalize;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use crate::access::{Permissions, Share};
use crate::extract::milliseconds;
use crate::problem::Problem;
use crate::state::Dashboard;
use crate::token::Purpose;

/// The latest end of a share link: a year and a day from now.
const MAX_SHARE_MS: u64 = 366 * 24 * 60 * 60 * 1000;

/// The longest name of a host.
const MAX_SITE_CHARACTERS: usize = 253;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareRequest {
    site: String,
    #[serde(deserialize_with = "milliseconds")]
    until_ms: u64,
}

#[derive(Serialize)]
pub(crate) struct ShareCreated {
    path: String,
    token: String,
}

/// `POST /api/shares`
pub(crate) async fn make(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    request: Result<Json<ShareRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<ShareCreated>), Problem> {
    if let Permissions::Share(_) = dashboard.permit(&headers)? {
        return Err(Problem::forbidden("a share link can't make another one"));
    }
    let Json(wanted) = request?;
    let site = normalize::site(&wanted.site).into_owned();
    if site == ALL || !(1..=MAX_SITE_CHARACTERS).contains(&site.chars().count()) {
        return Err(Problem::unprocessable(format!(
            "a share link is for one site, of 1 to {MAX_SITE_CHARACTERS} characters"
        )));
    }
    let now_ms = dashboard.config.now_ms();
    if wanted.until_ms <= now_ms || wanted.until_ms > now_ms + MAX_SHARE_MS {
        return Err(Problem::unprocessable(
            "until_ms must be in the future, and no more than 366 days away",
        ));
    }
    let share = Share {
        site,
        until_ms: wanted.until_ms,
    };
    let token = dashboard.config.key.sign(Purpose::Share, &share);
    let made = ShareCreated {
        path: format!("/#share={token}"),
        token,
    };
    Ok((StatusCode::CREATED, Json(made)))
}
