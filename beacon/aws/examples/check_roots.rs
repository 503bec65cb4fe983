//! Checks a PEM file of root certificates, and builds an HTTPS client that trusts them.
//!
//! ```sh
//! cargo run -p beacon-aws --example check_roots -- beacon/aws/roots/amazon.pem
//! ```

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use beacon_aws::{TrustStore, https_client};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("usage: check_roots <roots.pem>")?;
    let trust_store = TrustStore::from_file(&path)?;
    let _client = https_client(trust_store, Duration::from_secs(10));
    writeln!(std::io::stdout(), "{} can be used", path.display())?;
    Ok(())
}
