//! Runs one statement over a lake, and prints the result as a table.
//!
//! `cargo run -p beacon-query --example query_lake -- ./lake "SELECT count(*) AS hits FROM hits"`

use std::error::Error;
use std::io;

use beacon_core::schema::Schema;
use beacon_lake::{Clock, Lake};
use beacon_query::engine::Engine;
use beacon_query::output::{self, OutputFormat};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "the program's clock starts here")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let location = arguments.next().unwrap_or_else(|| "./lake".to_owned());
    let sql = arguments
        .next()
        .unwrap_or_else(|| "SELECT count(*) AS hits FROM hits".to_owned());
    let lake = Lake::open(&location, std::iter::empty())?;
    let spool = Some(lake.default_spool());
    let engine = Engine::new(lake, spool, &Schema::builtin(), Clock::system()).await?;
    let result = engine.query(&sql, &[]).await?;
    output::print(result, OutputFormat::Table, &mut io::stdout()).await?;
    Ok(())
}
