//! Runs the dashboard as an AWS Lambda function: the page and the API of `beacon-dashboard`, answered by Athena.
//!
//! Suggested reading order:
//!
//! - [`config`]: the environment, read once
//! - [`handler`]: an event through the dashboard's routes
//! - [`athena`]: named queries as query executions
//! - `results`: Athena's pages of strings as typed rows
//! - `failure`: errors of Athena, for the reader and for the log
//!
//! **Invariant:** nothing is kept between two requests but the count of failed logins and, for a minute, the document
//! of keys and share links, because the next request may meet another environment. The id of a query, which is signed,
//! says which query it is.

pub mod athena;
pub mod config;
mod failure;
pub mod handler;
mod results;
