//! Prints the results of the named queries, and where to look next.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use beacon_catalog::{Question, Scope, TimeRange};
use beacon_lake::{Clock, Lake};
use beacon_query::engine::Engine;
use beacon_query::output;
use beacon_server::app::RunningServer;

use crate::clock;
use crate::environment;

/// Questions whose answers are too long to be read as tables: the dashboard draws them.
const FOR_CHARTS: [&str; 2] = ["views_per_quarter", "views_per_hour"];

/// Prints each named query and its result over the last seven days, except [`FOR_CHARTS`].
pub(super) async fn show_answers(folder: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let lake = Lake::open(&folder.to_string_lossy(), environment::aws_variables())?;
    let spool = lake.default_spool();
    let now_ms = clock::now_ms();
    let schema = environment::settings()?.schema();
    let engine = Engine::new(lake, Some(spool), &schema, Clock::from_fn(move || now_ms)).await?;
    let range = TimeRange::parse(None, None, now_ms)?;
    let scope = Scope::new(range);
    for question in Question::all() {
        if FOR_CHARTS.contains(&question.name) {
            continue;
        }
        writeln!(
            out,
            "{} (beacon query {})\n",
            question.question, question.name
        )?;
        let answer = engine.query(&question.sql, &question.bind(&scope)).await?;
        output::print(answer, output::OutputFormat::Table, out).await?;
        writeln!(out)?;
    }
    Ok(())
}

/// Says where a lake was left, and names nothing that has gone.
pub(super) fn show_what_is_left(lake: Option<&Path>, out: &mut impl Write) -> io::Result<()> {
    let program = program();
    let Some(lake) = lake else {
        writeln!(
            out,
            "The server has ended and its lake is removed. To look around:\n  {program} demo"
        )?;
        return writeln!(
            out,
            "  {program} demo --once --lake ./demo-lake    keeps the lake"
        );
    };
    let lake = lake.display();
    writeln!(
        out,
        "The server has ended; its lake stays in {lake}. To look around:"
    )?;
    writeln!(out, "  {program} serve --lake {lake}")?;
    writeln!(
        out,
        "  {program} query --lake {lake} top_pages --site blog.example"
    )?;
    writeln!(
        out,
        "  {lake}/hits    Parquet files by hour; open them with anything that reads Parquet"
    )
}

fn program() -> String {
    std::env::args_os()
        .next()
        .map_or("beacon".into(), |name| name.to_string_lossy().into_owned())
}

pub(super) fn show_ways_on(
    running: &RunningServer,
    examples: SocketAddr,
    folder: &Path,
    out: &mut impl Write,
) -> io::Result<()> {
    let pixel = running.address();
    let program = program();
    let lake = folder.display();
    writeln!(out, "Where to look")?;
    if let Some(dashboard) = running.dashboard_address() {
        writeln!(
            out,
            "  http://{dashboard}/    the dashboard: it shows a hit as it comes"
        )?;
    }
    writeln!(
        out,
        "  http://{examples}/    example pages: open one, and see its view arrive"
    )?;
    writeln!(
        out,
        "  {lake}/hits    Parquet files by hour; open them with anything that reads Parquet"
    )?;
    writeln!(
        out,
        "  {lake}/spool   what is on disk and not yet delivered"
    )?;
    writeln!(out, "  http://{}/metrics", running.metrics_address())?;
    writeln!(out, "\nTry it by hand")?;
    writeln!(
        out,
        "  curl -i -A 'Mozilla/5.0 Firefox/140.0' 'http://{pixel}/hit?site=example.com&page=/hello'"
    )?;
    writeln!(
        out,
        "  {program} query --lake {lake} top_pages --site example.com"
    )?;
    writeln!(
        out,
        "  {program} query --lake {lake} \"SELECT * FROM hits WHERE site = 'example.com'\""
    )
}
