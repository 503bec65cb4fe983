//! `beacon serve`: from the arguments to a running server, and from a signal to an empty spool.

mod args;
mod running;

pub use args::{ServeArgs, parse_address, parse_stream, run};
pub use running::{DashboardOptions, Destination, Running, ServeOptions, start, waiting};
