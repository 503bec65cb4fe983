//! The dashboard: an API that asks the named queries of [`beacon_catalog`], and the page over it.
//!
//! Suggested reading order: `query_request` → `engine` → `state` → `router` → `about`, `queries` → `csv`, then who may ask: `access` →
//! `token` → `password` → `rate_limit`, and what is shown: `page` → `report`.
//!
//! **Invariant:** this crate links no engine. Who answers is an [`engine::Engine`]: DataFusion is brought by
//! `beacon-cli`, Athena by the dashboard's own Lambda.
//!
//! **Invariant:** the API asks questions and nothing else: no SQL of a caller's is ever run, so that nothing can be had
//! through it but what the questions count.

mod query_request;

pub mod engine;

mod state;

mod about;

mod query_number;

mod router;

mod queries;

mod csv;

mod body;

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
