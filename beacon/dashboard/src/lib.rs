//! Serves the dashboard: an API that runs the named queries of [`beacon_catalog`] and its owner's SQL, and its page.
//!
//! Suggested reading order: `query_request` → `engine` → `state` → `router` → `about`, `sql_id`, `queries` →
//! `show_sql`, `csv` → `sql` → [`zone`], `period` → `address` → `data`, `count`. Requests: `extract` → `problem`. Access:
//! `access` → `session`, `shares`, `keys`, `goals` → [`share_links`], [`api_keys`] → `share_tokens` → `token` → `secret` →
//! `password` → `rate_limit`. The document of links and keys: [`document`] → [`live_document`] → `document_problem` →
//! [`document_store`] → [`document_file`]. Output: `page` → `report`.
//!
//! **Invariant:** this crate links no engine. The caller passes an [`engine::Engine`]: `beacon-cli` passes DataFusion, the
//! dashboard's function passes Athena.
//!
//! **Invariant:** this crate calls no service of AWS. `beacon-dashboard-s3` keeps the document in an object.
//!
//! **Invariant:** guests get results of named queries only. SQL from a caller is run for the dashboard's owner alone, in
//! `sql`, and the engine refuses what doesn't only read.

mod query_request;

pub mod engine;

mod state;

mod about;

mod router;

mod queries;

mod sql_id;

mod sql;

mod show_sql;

mod address;

mod data;

pub mod count;

mod period;

mod csv;

mod extract;
mod filter_request;

mod problem;

pub mod access;

mod session;

mod shares;

mod keys;

mod goals;

pub mod api_keys;

pub mod share_links;

mod share_tokens;

mod shared_site;

mod secret;

pub mod live_document;

pub mod document;

mod document_problem;

pub mod document_store;

pub mod document_file;

pub mod token;

pub mod password;

mod rate_limit;

mod page;

pub mod report;

pub mod zone;

pub use router::app;
pub use state::Config;
