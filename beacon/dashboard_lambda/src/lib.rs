//! The dashboard as an AWS Lambda function: the page and the API of `beacon-dashboard`, answered by Athena. Suggested
//! reading order:
//!
//! - [`config`]: the environment, read once
//! - [`handler`]: an event through the dashboard's routes to an answer
//! - [`athena`]: questions as query executions
//! - `results`: Athena's pages of text as typed rows
//! - `failure`: what goes wrong there, for the reader and for the log
//!
//! **Invariant:** nothing is remembered between two requests but how often somebody tried the password: the next one
//! meets another environment. What is asked lies in the id of its query, which is signed.

pub mod athena;
pub mod config;
mod failure;
pub mod handler;
mod results;
