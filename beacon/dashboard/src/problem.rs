//! Errors as the API gives them: problem details (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::engine::EngineError;

/// One refusal, with the status, what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) detail: String,
    pub(crate) retry_after_s: Option<u64>,
}

#[derive(Serialize)]
struct Body<'a> {
    title: &'static str,
    status: u16,
    detail: &'a str,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            detail: detail.into(),
            retry_after_s: None,
        }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, detail)
    }

    /// The body was understood, and can't be what is wanted.
    pub(crate) fn unprocessable(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// A share link that opens nothing.
    pub(crate) fn closed_share() -> Problem {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "this share link is not valid, or no longer: ask for a new one",
        )
    }

    pub(crate) fn unknown_query() -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "there is no such query, or it is no longer kept: ask again",
        )
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Problem {
        match error {
            EngineError::Busy { retry_after_s } => Problem {
                retry_after_s: Some(retry_after_s),
                ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            },
            EngineError::Refused { reason } => Problem::unprocessable(reason),
            EngineError::Unavailable(source) => {
                tracing::error!(error = source, "the dashboard's engine failed");
                Problem::new(
                    StatusCode::BAD_GATEWAY,
                    "the engine does not answer; the server's log says why",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
        };
        let text = serde_json::to_vec(&body).expect("three plain fields are always JSON");
        let mut response = (self.status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
