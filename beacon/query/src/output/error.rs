//! Errors of printing.

use std::io;

use crate::engine::ExecutionError;

/// Errors of printing. What was printed before stays printed.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The engine stopped on the way.
    #[error(transparent)]
    Execution(#[from] ExecutionError),
    /// The output could not be written.
    #[error("the answer can't be written")]
    Write(#[from] io::Error),
    /// A value has no text.
    #[error("a value can't be shown")]
    Value(#[from] arrow::error::ArrowError),
}
