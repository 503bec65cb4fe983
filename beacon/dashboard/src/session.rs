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
use crate::password::{MAX_PASSWORD_BYTES, PasswordHash, hash};
use crate::problem::Problem;
use crate::state::Dashboard;
use crate::token::Purpose;

/// The length of a session: a week.
const SESSION_S: u64 = 7 * 24 * 60 * 60;

/// The same in milliseconds.
pub(crate) const SESSION_MS: u64 = SESSION_S * 1000;

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
        .map_err(|rejection| without_value(rejection, LOG_IN))?;
    let Access::Password(hash) = &dashboard.config.access else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "this dashboard has no password: nobody needs to log in",
        ));
    };
    dashboard.try_password(address)?;
    if !dashboard.is_password(hash, password).await {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "this is not the password",
        ));
    }
    dashboard.lock_rate_limit().reset(address);
    let until_ms = dashboard.config.now_ms() + SESSION_MS;
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

const LOG_IN: &str = r#"{"password": "…"}"#;

/// Returns a problem with the form that the body must have: serde's own words could repeat what was typed.
pub(crate) fn without_value(rejection: JsonRejection, form: &str) -> Problem {
    let problem = Problem::from(rejection);
    match problem.status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Problem::new(problem.status, format!("the body must be {form}"))
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
    pub(crate) fn client_address(&self, request: &Request) -> IpAddr {
        let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = connection.map(|info| info.0.ip());
        let settings = &self.config.settings;
        settings
            .client_address(request.headers(), peer)
            .unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED))
    }

    pub(crate) fn try_password(&self, address: IpAddr) -> Result<(), Problem> {
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

    /// Returns true if the hash is this password's.
    pub(crate) async fn is_password(&self, hash: &PasswordHash, password: String) -> bool {
        if password.len() > MAX_PASSWORD_BYTES {
            return false;
        }
        let hash = hash.clone();
        let check = move || hash.is_of(&password);
        self.in_turn(check).await.unwrap_or(false)
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, password: String) -> Result<PasswordHash, Problem> {
        let hashed = self
            .in_turn(move || PasswordHash::parse(&hash(&password)?))
            .await;
        match hashed {
            Some(Ok(hash)) => Ok(hash),
            Some(Err(error)) => Err(Problem::unprocessable(error.to_string())),
            None => Err(Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the password could not be hashed",
            )),
        }
    }

    /// Runs what takes a core and memory for a while: no more than a few at once, also of those who hang up.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let turn = Arc::clone(&self.hashing).acquire_owned().await;
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// A panic elsewhere leaves counters that still count.
    fn lock_rate_limit(&self) -> std::sync::MutexGuard<'_, crate::rate_limit::RateLimit> {
        self.rate_limit
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
