//! Appends one hit to a spool, delivers it into a lake, and lists the lake's files:
//! `cargo run -p beacon-lake --example deliver_hit`.

use std::error::Error;
use std::io::Write as _;
use std::sync::mpsc;
use std::time::Duration;

use beacon_core::Schema;
use beacon_lake::{
    Clock, Delivery, FileFormat, Lake, Observer, Sink, Spool, SpoolOptions, snapshot,
};

/// 2026-11-21 05:34:56.789 UTC in Unix milliseconds. A program passes `Clock::system()`.
const AT_MS: u64 = 1_795_239_296_789;
/// How long to wait for the delivery.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let location = directory.path().join("lake").display().to_string();
    // The variables set up the client of an object store; a directory needs none.
    let lake = Lake::open(&location, std::iter::empty())?;
    lake.create()?;

    let options = SpoolOptions::new(lake.default_spool(), Clock::from_fn(|| AT_MS));
    let mut spool = Spool::start(&options, Observer::none())?;
    let sink = Sink::Lake {
        lake: lake.clone(),
        format: FileFormat::Parquet,
        schema: Schema::builtin(),
    };
    let delivery = Delivery::start(&mut spool, sink, Observer::none())?;

    let (sender, answer) = mpsc::channel();
    let line =
        "{\"hit_id\":\"1\",\"received_at\":\"2026-11-21 05:34:56.789\",\"page\":\"/talks\"}\n";
    spool.writer().append(line.into(), move |result| {
        // The receiver below waits for it.
        sender.send(result).expect("the program waits");
    });
    answer.recv()??;
    let mut out = std::io::stdout().lock();
    writeln!(out, "the hit is on disk, and survives a crash")?;

    // Delivers the open file. Without it the file closes at the end of its hour, or when it is large or old enough.
    spool.close();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    if !runtime.block_on(delivery.finish(PATIENCE)) {
        return Err("the delivery takes too long".into());
    }
    for file in runtime.block_on(snapshot(&lake, None, None))?.data {
        let key = file.path.prefix_match(lake.prefix()).into_iter().flatten();
        let key: Vec<String> = key.map(|part| part.as_ref().to_owned()).collect();
        writeln!(out, "{}, {} bytes", key.join("/"), file.meta.size)?;
    }
    Ok(())
}
