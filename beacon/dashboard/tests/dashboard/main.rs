//! The dashboard's service without a socket, over an engine whose answers are known.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod access;
mod api;
mod caller;
mod data;
mod document;
mod engine;
mod goals;
mod keys;
mod share_passwords;
mod shares;
mod sql;
