//! `beacon serve`: from the arguments to a running server, and from a signal to an empty spool.

mod amounts;
mod args;
mod listen_address;
mod running;

pub use args::{ServeArgs, parse_stream, run};
pub use listen_address::parse_address;
pub use running::{DashboardOptions, Destination, Running, ServeOptions, start, waiting};
