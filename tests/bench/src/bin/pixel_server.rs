//! The pixel's server alone, to count the instructions of a hit: no engine, no dashboard, no delivery.
//!
//! `pixel_server [SPOOL [SALTS]]` prints its address, and ends when its standard input does. Count with
//! `valgrind --tool=callgrind target/release/pixel_server` how many instructions the 200 and the 1,200 hits of one
//! connection take: the difference is that of 1,000 hits.

#![expect(clippy::print_stdout, reason = "the address goes to whoever measures")]

use std::io::{self, Read};
use std::sync::Arc;

use beacon_core::Beacon;
use beacon_core::settings::Settings;
use beacon_lake::{Clock, Observer, Spool, SpoolOptions};
use beacon_server::metrics::Metrics;
use beacon_server::pixel::{PixelServer, PixelService};
use beacon_server::salts::{SaltDirectory, Salts};

#[expect(
    clippy::disallowed_methods,
    reason = "a program reads the clock where it starts"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| "spool".into());
    let salts = std::env::args_os().nth(2).unwrap_or_else(|| "salts".into());
    let clock = Clock::system();
    let salts = Salts::new(SaltDirectory::new(Some(salts.into())), clock.clone());
    let options = SpoolOptions::new(folder, clock.clone());
    let spool = Spool::start(&options, Observer::none())?;
    let service = PixelService::new(
        Arc::new(Beacon::new(Settings::from_lookup(|_| None)?)),
        spool.writer(),
        Arc::new(Metrics::new(&options.directory)),
        clock,
        Some(Arc::new(salts)),
    );
    let server = PixelServer::start(([127, 0, 0, 1], 0).into(), 1, &service)?;
    println!("{}", server.address());
    io::stdin().read_to_end(&mut Vec::new())?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(server.stop());
    spool.close();
    Ok(())
}
