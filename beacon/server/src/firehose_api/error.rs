//! The errors of the API, in the shape that AWS SDKs know.

use beacon_lake::AppendError;
use http::StatusCode;
use serde_json::{Value, json};

/// Errors of a call, as Firehose names them.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    /// `X-Amz-Target` names nothing that is here.
    #[error(
        "unknown operation {target:?}: PutRecord, PutRecordBatch and DescribeDeliveryStream are known"
    )]
    UnknownOperation { target: String },
    /// The body is not JSON, or not of the right types.
    #[error("the body is not the JSON of this operation: {source}")]
    Serialization { source: serde_json::Error },
    /// A value breaks a rule of the API.
    #[error("{0}")]
    InvalidArgument(InvalidArgument),
    /// The body is larger than any that the limits allow.
    #[error("the body is larger than {limit_bytes} bytes")]
    BodyTooLarge { limit_bytes: usize },
    /// There is only one stream.
    #[error("Firehose {stream} not found under account 000000000000; this one is named {known}")]
    ResourceNotFound { stream: String, known: String },
    /// The disk would not take the records; an SDK sends them again.
    #[error("the records could not be written down: {lost}; slow down and send them again")]
    Unavailable { lost: AppendError },
}

/// The rules of the API, each with what broke it.
#[derive(Debug, thiserror::Error)]
pub(super) enum InvalidArgument {
    #[error("{member} must be given")]
    Missing { member: &'static str },
    #[error("DeliveryStreamName {name:?} must be 1 to 64 of letters, digits, '_', '.' and '-'")]
    StreamName { name: String },
    #[error("Records must have 1 to {limit} members, not {count}")]
    RecordCount { count: usize, limit: usize },
    #[error("record {index} has {size_bytes} bytes of data, more than {limit_bytes}")]
    RecordSize {
        index: usize,
        size_bytes: usize,
        limit_bytes: usize,
    },
    #[error("Records have {size_bytes} bytes of data together, more than {limit_bytes}")]
    BatchSize {
        size_bytes: usize,
        limit_bytes: usize,
    },
}

impl ApiError {
    /// Returns the name by which SDKs know the error.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            ApiError::UnknownOperation { .. } => "UnknownOperationException",
            ApiError::Serialization { .. } => "SerializationException",
            ApiError::InvalidArgument(_) | ApiError::BodyTooLarge { .. } => {
                "InvalidArgumentException"
            }
            ApiError::ResourceNotFound { .. } => "ResourceNotFoundException",
            ApiError::Unavailable { .. } => "ServiceUnavailableException",
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            ApiError::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    pub(super) fn body(&self) -> Value {
        json!({"__type": self.kind(), "message": self.to_string()})
    }
}

impl From<InvalidArgument> for ApiError {
    fn from(rule: InvalidArgument) -> ApiError {
        ApiError::InvalidArgument(rule)
    }
}
