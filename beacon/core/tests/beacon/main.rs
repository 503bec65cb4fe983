//! The core from outside: requests go in, records and responses come out.

#![expect(
    clippy::unwrap_used,
    reason = "what a test's helpers unwrap, the test is about"
)]

mod budget;
mod campaign;
mod columns;
mod country;
mod generated;
mod hints;
mod limits;
mod normalize;
mod own_parameters;
mod page;
mod post;
mod preflight;
mod privacy;
mod ranges;
mod records;
mod referrer;
mod responses;
mod secret;
mod settings;
mod settings_cases;
mod settings_columns;
mod sites;
mod track;
mod visit;
mod visitor;
