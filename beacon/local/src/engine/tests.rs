//! What the engine promises to free SQL.

mod dialect;
mod messages;
mod printing;
mod pruning;
mod sources;
