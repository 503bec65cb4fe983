//! The catalogue from outside: generated files, tables, statements.

#![expect(
    clippy::unwrap_used,
    reason = "what a test's helpers unwrap, the test is about"
)]

mod generated;
mod statements;
mod tables;
mod template;
mod yaml;
