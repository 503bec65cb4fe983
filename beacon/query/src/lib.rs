//! Runs SQL over a lake of hits, and prints the results.
//!
//! Suggested reading order: [`engine`] → [`output`].
//!
//! **Invariant:** DataFusion is a dependency of this crate alone. It takes most of the build, so what changes often
//! (prices, snippets, arguments) is elsewhere.

pub mod engine;
pub mod output;
