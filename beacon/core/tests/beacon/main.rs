//! The core from outside: requests go in, records and answers come out.

#![expect(
    clippy::unwrap_used,
    reason = "what a test's helpers unwrap, the test is about"
)]

mod answers;
mod catalog;
mod columns;
mod generated;
mod limits;
mod privacy;
mod records;
mod settings;
mod sites;
mod spelling;
mod statements;
mod template;
mod track;
mod visit;
