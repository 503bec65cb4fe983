//! Turns an HTTP request into a hit and the hit into one JSON record, and returns the response to send.
//!
//! [`Beacon::handle`] is the entry point; its example shows a request, its record and its response.
//!
//! Suggested reading order: [`Request`] → [`Beacon`], `post` → `routes` → `query_params`, `body`, `track`, `multipart`
//! → `request_context` → `page`, `campaign`, `referrer`, `fragment`, `agent`, `visitor` → `hit`, `value` → [`schema`] → `record`,
//! `json_writer` → `response`, `response_templates`, `preflight` → [`PendingResponse`]. Beside them: `policy` with
//! `privacy`, `trust`, `hints`, `country`, `ranges` and `sites`; [`normalize`] with `url_host`, `url_path`, `url_parts` and `url_syntax`;
//! [`Settings`] with `custom_columns` and `robots`; [`time`]; [`json`], and [`local_host`] for the listeners.
//!
//! **Architecture invariant:** no I/O, no clock, no randomness of its own, no environment, no async, no AWS. Whatever
//! differs between the Lambda and a server is an argument.
//!
//! **Architecture invariant:** a column is one row of [`schema::COLUMNS`]. Nothing else lists columns: the record, the
//! table and its documentation derive from it.
//!
//! **Architecture invariant:** bad input is data. Nothing that a visitor can send makes a function here fail; it
//! ends as a value, a cut value, or a reason in `X-Beacon`. Only settings can be wrong.
//!
//! **Architecture invariant:** a hit is written from borrowed input into the caller's buffer. On its way there is no
//! map, no JSON tree and no URL type.
//!
//! **Architecture invariant:** a response is built without its request; `response::finish` alone looks at both.
//!
//! **Architecture invariant:** no module imports one that imports it, directly or through others.

mod agent;
mod beacon;
mod body;
mod campaign;
mod country;
mod custom_columns;
mod form_encoding;
mod fragment;
pub mod headers;
mod hints;
mod hit;
mod hit_id;
pub mod json;
mod json_writer;
mod limits;
pub mod local_host;
mod multipart;
pub mod normalize;
mod outcome;
mod page;
mod parameter_names;
mod percent;
mod policy;
mod post;
mod preflight;
mod privacy;
mod query_params;
mod ranges;
mod record;
mod referrer;
mod request;
mod request_context;
mod response;
mod response_templates;
mod robots;
mod routes;
pub mod schema;
pub mod settings;
mod sites;
mod text;
pub mod time;
mod track;
mod trust;
mod url_host;
mod url_parts;
mod url_path;
mod url_syntax;
mod value;
mod visitor;

pub use beacon::Beacon;
pub use country::CountryLookup;
pub use limits::MAX_RECORD_BYTES;
pub use outcome::{Outcome, PendingResponse, RequestKind};
pub use ranges::{RangeLookup, RangeRule, Ranges};
pub use request::{Arrival, MAX_BODY_BYTES, Request};
pub use response::Response;
pub use response_templates::fallback_response;
pub use routes::{PixelKind, Route};
pub use schema::Schema;
pub use settings::{Settings, SettingsError};
pub use sites::{NotASite, Sites};
pub use visitor::{SALT_BYTES, Salt};
