//! Serves the dashboard: an API that runs the named queries of [`beacon_catalog`], and its page.
//!
//! Suggested reading order: `query_request` → `engine` → `state` → `router` → `about`, `queries` → `csv`. Requests:
//! `extract` → `problem`. Access: `access` → `session`, `shares` → `token` → `password` → `rate_limit`. Output: `page` →
//! `report`.
//!
//! **Invariant:** this crate links no engine. The caller passes an [`engine::Engine`]: `beacon-cli` passes DataFusion, the
//! dashboard's function passes Athena.
//!
//! **Invariant:** the API runs named queries only, never SQL from a caller, so it returns nothing but their results.

mod query_request;

pub mod engine;

mod state;

mod about;

mod router;

mod queries;

mod csv;

mod extract;
mod filter_request;

mod problem;

pub mod access;

mod session;

mod shares;

pub mod token;

pub mod password;

mod rate_limit;

mod page;

pub mod report;

pub use router::app;
pub use state::Config;
