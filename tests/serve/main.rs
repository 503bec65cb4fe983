//! `beacon serve` as a program: the real binary, real sockets, real signals.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod arrival;
mod backup;
mod countries;
mod dashboard;
mod diagnosis;
mod doctor;
mod firehose;
mod http;
mod keys;
mod lifecycle;
mod limits;
mod metrics;
mod pixel;
mod program;
mod ranges;
mod replay;
mod schema;
mod startup;
mod storage;
mod visitors;
