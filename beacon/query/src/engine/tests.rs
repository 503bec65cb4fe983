//! What the engine promises to free SQL.

mod answers;
mod columns;
mod counted;
mod dialect;
mod files;
mod filters;
mod free_sql;
mod laws;
mod messages;
mod moments;
mod printing;
mod pruning;
mod sources;
mod statements;
mod unreadable;
mod visitors;
mod visits;
