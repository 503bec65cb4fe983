//! Logging in and out.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, PoisonError};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use crate::access::{Access, SESSION_COOKIE, Session, is_secure};
use crate::password::MAX_PASSWORD_BYTES;
use crate::problem::Problem;
use crate::state::Dashboard;
use crate::token::Purpose;

/// The length of a session: a week.
const SESSION_S: u64 = 7 * 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogIn {
    password: String,
}

/// `POST /api/session`
pub(crate) async fn log_in(
    State(dashboard): State<Arc<Dashboard>>,
    request: Request,
) -> Result<Response, Problem> {
    let address = dashboard.client_address(&request);
    let headers = request.headers().clone();
    let Json(LogIn { password }) = Json::from_request(request, &())
        .await
        .map_err(without_value)?;
    let Access::Password(hash) = &dashboard.config.access else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "this dashboard has no password: nobody needs to log in",
        ));
    };
    dashboard.try_password(address)?;
    let is_right = password.len() <= MAX_PASSWORD_BYTES && {
        let hash = hash.clone();
        // A hash takes a core and memory for a while: no more than a few at once, also of those who hang up.
        let turn = Arc::clone(&dashboard.hashing).acquire_owned().await;
        let check = move || {
            let _turn = turn;
            hash.is_of(&password)
        };
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    };
    if !is_right {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "this is not the password",
        ));
    }
    dashboard.lock_rate_limit().reset(address);
    let until_ms = dashboard.config.now_ms() + SESSION_S * 1000;
    let token = dashboard
        .config
        .key
        .sign(Purpose::Session, &Session::of(hash, until_ms));
    Ok(with_cookie(&headers, &token, SESSION_S))
}

/// `DELETE /api/session`
pub(crate) async fn log_out(headers: HeaderMap) -> Response {
    with_cookie(&headers, "", 0)
}

/// Serde's own words could repeat what was typed.
fn without_value(rejection: JsonRejection) -> Problem {
    let problem = Problem::from(rejection);
    match problem.status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Problem::new(problem.status, r#"the body must be {"password": "…"}"#)
        }
        _ => problem,
    }
}

fn with_cookie(headers: &HeaderMap, token: &str, age_s: u64) -> Response {
    let secure = if is_secure(headers) { "; Secure" } else { "" };
    let cookie = format!(
        "{SESSION_COOKIE}={token}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}"
    );
    let cookie = HeaderValue::try_from(cookie).expect("tokens are letters of Base64 and dots");
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
}

impl Dashboard {
    /// By whom log-ins are counted. Where nobody who is believed names a client, all are one.
    fn client_address(&self, request: &Request) -> IpAddr {
        let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = connection.map(|info| info.0.ip());
        let settings = &self.config.settings;
        settings
            .client_address(request.headers(), peer)
            .unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED))
    }

    fn try_password(&self, address: IpAddr) -> Result<(), Problem> {
        let tried = self.lock_rate_limit().check(address, self.config.now_ms());
        tried.map_err(|wait_s| {
            tracing::warn!("too many log-ins to the dashboard failed; further ones wait");
            Problem {
                retry_after_s: Some(wait_s),
                ..Problem::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    format!("too many tries: try again in {wait_s} s"),
                )
            }
        })
    }

    /// A panic elsewhere leaves counters that still count.
    fn lock_rate_limit(&self) -> std::sync::MutexGuard<'_, crate::rate_limit::RateLimit> {
        self.rate_limit
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
