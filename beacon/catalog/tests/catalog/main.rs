//! Tests the catalog from outside: generated files, tables, statements.

#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap in a helper fails the test"
)]

mod generated;
mod sources;
mod statements;
mod tables;
mod template;
mod yaml;
