//! Errors of the document, as the API gives them.

use std::sync::Arc;

use http::StatusCode;

use crate::live_document::{ChangeError, DocumentError};
use crate::problem::Problem;

/// Seconds after which a document that can't be reached is tried again.
const RETRY_AFTER_S: u64 = 5;

/// Names no place: anybody may cause it, with a token or a key that is none.
impl From<Arc<DocumentError>> for Problem {
    fn from(_: Arc<DocumentError>) -> Problem {
        Problem {
            retry_after_s: Some(RETRY_AFTER_S),
            ..Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "keys and share links can't be checked at the moment; the server's log says why",
            )
        }
    }
}

/// For the owner, who alone changes something.
impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Problem {
        match error {
            ChangeError::Invalid { reason } => Problem::unprocessable(reason),
            ChangeError::Unknown { .. } => Problem::new(StatusCode::NOT_FOUND, error.to_string()),
            ChangeError::NoRandomness(error) => {
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
            }
            ChangeError::Document(error) => {
                tracing::error!("{error}");
                for_owner(&error)
            }
        }
    }
}

/// Returns the problem for the owner, who may know where the document is and what is wrong with it.
pub(crate) fn for_owner(error: &DocumentError) -> Problem {
    match error {
        DocumentError::Unreadable { .. } => {
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
        }
        DocumentError::Unreachable { .. } | DocumentError::Contended { .. } => Problem {
            retry_after_s: Some(RETRY_AFTER_S),
            ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
        },
    }
}
