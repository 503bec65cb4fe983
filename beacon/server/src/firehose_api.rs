//! Serves the Firehose API over the spool, for AWS SDKs, the Lambda function and other producers.
//!
//! AWS JSON 1.1 with PutRecord, PutRecordBatch and DescribeDeliveryStream. A put is answered after its
//! records are on disk. Signatures are not verified, so the listener belongs on loopback.

mod error;
mod lines;
mod request;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use beacon_core::schema::Schema;
use beacon_lake::{AppendError, Clock, SpoolWriter};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::metrics::Metrics;
use error::ApiError;
use request::{Put, PutBatch};

/// The largest body that is read: 4 MiB of data in Base64, and 500 times the JSON around it.
pub(crate) const MAX_BODY_BYTES: usize = 8 << 20;

/// The prefix of the operation's name in `X-Amz-Target`.
const TARGET_PREFIX: &str = "Firehose_20150804.";

/// The content type of both directions.
const AWS_JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");

/// The one delivery stream that the endpoint knows.
pub struct DeliveryStream {
    name: String,
    schema: Schema,
    writer: SpoolWriter,
    metrics: Arc<Metrics>,
    clock: Clock,
    created_ms: u64,
}

/// Returns the API of `stream` as a service without a socket.
pub fn router(stream: DeliveryStream) -> Router {
    Router::new()
        .fallback(any(respond))
        .with_state(Arc::new(stream))
}

async fn respond(State(stream): State<Arc<DeliveryStream>>, request: Request) -> Response {
    let result = stream.dispatch(request).await;
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => {
            tracing::debug!(
                error = error.kind(),
                "refused a call of the Firehose API: {error}"
            );
            (error.status(), error.body())
        }
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, AWS_JSON);
    let id = HeaderValue::from_str(&Uuid::now_v7().to_string())
        .expect("a UUID is hexadecimal digits and hyphens");
    headers.insert("x-amzn-requestid", id);
    (status, headers, Body::from(body.to_string())).into_response()
}

impl DeliveryStream {
    /// Creates the stream `name`, whose records are hits if they fit `schema`.
    ///
    /// `writer` makes records durable, `metrics` counts them, and `clock` dates the stream and the records that are not
    /// hits.
    pub fn new(
        name: String,
        schema: Schema,
        writer: SpoolWriter,
        metrics: Arc<Metrics>,
        clock: Clock,
    ) -> DeliveryStream {
        DeliveryStream {
            name,
            schema,
            writer,
            metrics,
            created_ms: clock.now_ms(),
            clock,
        }
    }

    async fn dispatch(&self, request: Request) -> Result<Value, ApiError> {
        let operation = operation(&request)?;
        // The listener has read it, in time and up to the same limit.
        let Ok(body) = to_bytes(request.into_body(), MAX_BODY_BYTES).await else {
            return Err(ApiError::BodyTooLarge {
                limit_bytes: MAX_BODY_BYTES,
            });
        };
        match operation {
            Operation::PutRecord => {
                let record = request::parse::<Put>(&body)?.validate(&self.name)?;
                self.accept(std::slice::from_ref(&record)).await?;
                Ok(json!({"RecordId": record_id(), "Encrypted": false}))
            }
            Operation::PutRecordBatch => {
                let records = request::parse::<PutBatch>(&body)?.validate(&self.name)?;
                let outcomes = self.accept(&records).await?;
                let failed = outcomes.iter().flatten().count();
                let responses: Vec<Value> = outcomes.into_iter().map(entry).collect();
                Ok(
                    json!({"FailedPutCount": failed, "Encrypted": false, "RequestResponses": responses}),
                )
            }
            Operation::Describe => {
                request::parse::<request::Describe>(&body)?.validate(&self.name)?;
                Ok(self.describe())
            }
        }
    }

    /// Makes all records durable, and returns for each the reason to send it again, if there is one.
    ///
    /// Hits and errors have files of their own, so that one can fail without the other.
    ///
    /// # Errors
    /// Returns an error if all records must be sent again.
    async fn accept(&self, records: &[Vec<u8>]) -> Result<Vec<Option<AppendError>>, ApiError> {
        let sorted = lines::sort(&self.schema, records, self.clock.now_ms());
        let metrics = &self.metrics.firehose;
        metrics.received(sorted.hit_count + sorted.refused_count);
        let (hits_done, hits) = oneshot::channel();
        let (errors_done, errors) = oneshot::channel();
        // A caller that hung up hears nothing of the end; its records are as safe as anybody's.
        self.writer.append(sorted.hits, move |result| {
            hits_done.send(result).ok();
        });
        self.writer.append_errors(sorted.errors, move |result| {
            errors_done.send(result).ok();
        });
        let lost_hits = hits.await.unwrap_or(Err(AppendError::ShuttingDown)).err();
        let lost_errors = errors.await.unwrap_or(Err(AppendError::ShuttingDown)).err();
        match lost_hits {
            None => metrics.recorded(sorted.hit_count),
            Some(lost) => metrics.lost(lost.as_str(), sorted.hit_count),
        }
        match lost_errors {
            None => metrics.refused(sorted.refused_count),
            Some(lost) => metrics.lost(lost.as_str(), sorted.refused_count),
        }
        let outcomes: Vec<Option<AppendError>> = sorted
            .parts
            .iter()
            .map(|parts| {
                let hits = lost_hits.filter(|_| parts.hits);
                hits.or(lost_errors.filter(|_| parts.errors))
            })
            .collect();
        match outcomes
            .iter()
            .copied()
            .collect::<Option<Vec<AppendError>>>()
        {
            Some(all) if !all.is_empty() => Err(ApiError::Unavailable { lost: all[0] }),
            _ => Ok(outcomes),
        }
    }

    fn describe(&self) -> Value {
        json!({"DeliveryStreamDescription": {
            "DeliveryStreamName": self.name,
            "DeliveryStreamARN": format!("arn:aws:firehose:local:000000000000:deliverystream/{}", self.name),
            "DeliveryStreamStatus": "ACTIVE",
            "DeliveryStreamType": "DirectPut",
            "VersionId": "1",
            // Seconds with a fraction, as all times of AWS JSON.
            "CreateTimestamp": self.created_ms as f64 / 1000.0,
            "Destinations": [{"DestinationId": "destinationId-000000000001"}],
            "HasMoreDestinations": false,
        }})
    }
}

enum Operation {
    PutRecord,
    PutRecordBatch,
    Describe,
}

fn operation(request: &Request) -> Result<Operation, ApiError> {
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if request.method() != Method::POST {
        return Err(ApiError::UnknownOperation {
            target: target.to_owned(),
        });
    }
    match target.strip_prefix(TARGET_PREFIX) {
        Some("PutRecord") => Ok(Operation::PutRecord),
        Some("PutRecordBatch") => Ok(Operation::PutRecordBatch),
        Some("DescribeDeliveryStream") => Ok(Operation::Describe),
        _ => Err(ApiError::UnknownOperation {
            target: target.to_owned(),
        }),
    }
}

/// Returns one member of a batch's RequestResponses.
fn entry(lost: Option<AppendError>) -> Value {
    match lost {
        None => json!({"RecordId": record_id()}),
        Some(lost) => {
            let error = ApiError::Unavailable { lost };
            json!({"ErrorCode": error.kind(), "ErrorMessage": error.to_string()})
        }
    }
}

fn record_id() -> String {
    Uuid::now_v7().to_string()
}
