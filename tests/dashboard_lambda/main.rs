//! The dashboard's real binary between a Runtime API and an Athena endpoint behind TLS: what it calls, and what it
//! makes of the answers. That the SQL is right is shown on Trino, beside this file.

mod access;
mod dashboard;
mod failures;
mod pages;
mod queries;
mod sql;
