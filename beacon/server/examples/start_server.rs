//! Starts a server over a lake in a directory: `cargo run -p beacon-server --example start_server`.
//!
//! Prints its addresses, and ends when its standard input does: the last hits are delivered then.

use std::error::Error;
use std::io::{self, Write};

use beacon_core::Settings;
use beacon_lake::{Clock, FileFormat, Lake, SpoolOptions};
use beacon_server::app::{Destination, ServeOptions, start};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "the server's clock starts here")]
async fn main() -> Result<(), Box<dyn Error>> {
    // A program reads settings and credentials from the environment; this lake needs none.
    let lake = Lake::open("lake", std::iter::empty())?;
    let spool = SpoolOptions::new(lake.default_spool(), Clock::system());
    let destination = Destination::Lake {
        lake,
        format: FileFormat::Parquet,
    };
    let settings = Settings::from_lookup(|_| None)?;
    let server = start(ServeOptions::new(settings, destination, spool)).await?;

    let mut output = io::stdout();
    writeln!(output, "http://{}/pixel.gif?page=/", server.address())?;
    writeln!(output, "http://{}/metrics", server.metrics_address())?;
    // Reading blocks, and the server's listeners have threads of their own.
    tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    server.shutdown().await;
    Ok(())
}
