//! Reads what Lambda hands over, in one of four formats, as one kind of request.

use std::fmt;

use lambda_runtime::Diagnostic;
use serde::{Deserialize, Deserializer};

use crate::event_fields::EventFields;
use crate::request::{self, LambdaRequest};

/// An event, as the request in it or as an error.
///
/// Deserializing never fails for an unknown event, because `lambda_runtime` would put the deserializer's message, with
/// pieces of the event in it, into the log.
#[derive(Debug)]
pub struct Event(pub Result<LambdaRequest, UnknownEvent>);

/// The event has none of the known formats.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown event: expected a request from API Gateway (HTTP API with payload 2.0, or REST API), a function URL \
     or an Application Load Balancer"
)]
pub struct UnknownEvent;

/// Writes the message, because `lambda_runtime` logs the error by its `Debug`, once, and nothing else does.
impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<UnknownEvent> for Diagnostic {
    fn from(error: UnknownEvent) -> Diagnostic {
        Diagnostic {
            error_type: "UnknownEvent".to_owned(),
            error_message: error.to_string(),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Event, D::Error> {
        Ok(Event(
            EventFields::deserialize(deserializer)
                .map_err(|_| UnknownEvent)
                .and_then(request_of),
        ))
    }
}

/// Recognizes the format by the members that only it has.
fn request_of(fields: EventFields) -> Result<LambdaRequest, UnknownEvent> {
    if fields.context.is_load_balancer {
        return Ok(request::from_load_balancer(fields));
    }
    if fields.context.is_http && fields.raw_path.is_some() {
        return Ok(request::from_http_api(fields));
    }
    if fields.http_method.is_some() && fields.path.is_some() {
        return Ok(request::from_rest_api(fields));
    }
    Err(UnknownEvent)
}

#[cfg(test)]
mod tests;
