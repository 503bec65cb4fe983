//! `beacon demo`: thirty days of traffic through a real server in a few seconds, and the results in SQL.

mod browser;
mod examples;
mod traffic;

use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use beacon_core::headers::X_BEACON;
use beacon_dashboard::token::Key;
use beacon_lake::{Clock, DEFAULT_BUFFER_SIZE_BYTES, DEFAULT_STREAM, Format, Lake, SpoolOptions};
use bytes::Bytes;
use futures::future::join_all;
use http::header::{CONTENT_LENGTH, HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};

use self::traffic::Visit;
use crate::dashboard::{Secrets, Shown};
use beacon_dashboard::questions::{self, Scope, TimeRange};
use beacon_query::engine::Engine;
use beacon_query::output;
use beacon_server::serve::{Destination, Running, ServeOptions, parse_address, start};
use beacon_server::transport::Inherited;
use beacon_server::{clock, config};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Days of traffic: what the dashboard's longest preset shows.
const DAYS: u64 = 30;

/// Connections that send at the same time, so that they share a write to the disk.
const CONNECTIONS: usize = 8;

/// Play thirty days of made-up traffic through a server of its own, and show the results in SQL
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon demo                         shows the tables, opens the dashboard, and serves until Ctrl-C
  beacon demo --once                  ends after the tables, and leaves nothing behind
  beacon demo --no-open               does not open the dashboard in a browser
  beacon demo --lake ./demo-lake      keeps the lake, to look around in it
  beacon demo --once --lake ./demo-lake
                                      leaves a lake to query, and no server")]
pub struct DemoArgs {
    /// Address of the pixel; another port is used if it is taken
    #[arg(
        long,
        env = "BEACON_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        value_parser = parse_address
    )]
    listen: SocketAddr,

    /// Directory for the lake [default: a new one, which is removed at the end]
    #[arg(long, value_name = "DIRECTORY")]
    lake: Option<PathBuf>,

    /// Address of the dashboard; another port is used if it is taken
    #[arg(
        long,
        env = "BEACON_DASHBOARD_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081",
        value_parser = parse_loopback
    )]
    dashboard_listen: SocketAddr,

    /// Address of the example pages; another port is used if it is taken
    #[arg(
        long,
        env = "BEACON_EXAMPLES_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8082",
        value_parser = parse_loopback
    )]
    examples_listen: SocketAddr,

    /// Don't open the dashboard in a browser
    #[arg(long)]
    no_open: bool,

    /// End after the tables
    #[arg(long)]
    once: bool,
}

impl DemoArgs {
    /// Serves, plays, shows; then serves on until Ctrl-C, unless told to end.
    ///
    /// # Errors
    /// A server that can't start, or that doesn't answer as it should.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let temporary;
        let folder = match &self.lake {
            Some(folder) => folder.as_path(),
            None => {
                temporary = tempfile::Builder::new()
                    .prefix("beacon-demo-")
                    .tempdir()
                    .context("can't make a folder for the lake; give one with --lake")?;
                temporary.path()
            }
        };
        let time = DemoTime::default();
        let running = self.serve(folder, &time).await?;
        let address = running.address();
        let played = play(address, &time).await?;
        let mut out = io::stdout();
        writeln!(out, "{played}\n")?;
        show_answers(folder, &mut out).await?;
        if self.once {
            running.shutdown().await;
            show_what_is_left(self.lake.as_deref(), &mut out)?;
            return Ok(ExitCode::SUCCESS);
        }
        let examples = examples::serve(self.examples_listen, address)
            .await
            .context(
                "can't serve the example pages; give another address with --examples-listen",
            )?;
        show_ways_on(&running, examples, folder, &mut out)?;
        if let Some(dashboard) = running.dashboard_address().filter(|_| !self.no_open) {
            browser::open(&format!("http://{dashboard}/"));
        }
        writeln!(out, "\nServing until Ctrl-C.")?;
        let mut terminate = signal(SignalKind::terminate()).context("can't wait for SIGTERM")?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.context("can't wait for Ctrl-C")?,
            _ = terminate.recv() => {}
        }
        running.shutdown().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// The time of the demo's server: that of the visit being played, and the real one after the last.
#[derive(Clone, Default)]
struct DemoTime(Arc<AtomicU64>);

impl DemoTime {
    fn set(&self, at_ms: u64) {
        self.0.store(at_ms, Ordering::Release);
    }

    fn set_real(&self) {
        self.set(0);
    }

    fn clock(&self) -> Clock {
        let played = Arc::clone(&self.0);
        Clock::from_fn(move || match played.load(Ordering::Acquire) {
            0 => clock::now_ms(),
            at_ms => at_ms,
        })
    }
}

impl DemoArgs {
    /// Starts the server at its addresses, or at another port of those that are taken. It is the server itself that
    /// finds out: a port that was free a moment ago may not be any more.
    async fn serve(&self, folder: &Path, time: &DemoTime) -> anyhow::Result<Running> {
        let mut listen = [self.listen, self.dashboard_listen];
        loop {
            let error = match serve_at(listen, folder, time).await {
                Ok(running) => return Ok(running),
                Err(error) => error,
            };
            let message = error.to_string();
            let taken = listen
                .iter_mut()
                .find(|address| address.port() != 0 && message.contains(&address.to_string()));
            match taken {
                Some(address) if is_taken(&error) => {
                    tracing::warn!("{address} is taken; the demo uses another port");
                    address.set_port(0);
                }
                _ => return Err(error),
            }
        }
    }
}

/// Whether something else listens there.
fn is_taken(error: &anyhow::Error) -> bool {
    let kind = error.root_cause().downcast_ref().map(io::Error::kind);
    kind == Some(io::ErrorKind::AddrInUse)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the dashboard shows the time of day"
)]
async fn serve_at(
    [listen, dashboard_listen]: [SocketAddr; 2],
    folder: &Path,
    time: &DemoTime,
) -> anyhow::Result<Running> {
    let location = folder
        .to_str()
        .context("the lake's folder must have a name in UTF-8")?;
    let lake = Lake::open(location, config::aws_variables())?;
    lake.create()?;
    let settings = config::settings()?;
    let shown = Shown {
        listen: dashboard_listen,
        // The demo's lake goes with it, and so does its key.
        secrets: Secrets::new(
            (None, Some(Key::generate()?)),
            dashboard_listen,
            &lake,
            &lake.default_spool(),
            None,
        )?,
        lake: lake.clone(),
        spool_folder: lake.default_spool(),
        // Its hits are of days that are over, and were never late.
        waiting: None,
        settings: settings.clone(),
        endpoint: None,
        clock: Clock::system(),
    };
    let options = ServeOptions {
        settings,
        listen,
        workers: 1,
        metrics_listen: SocketAddr::new(listen.ip(), 0),
        firehose_listen: None,
        spool: SpoolOptions {
            folder: lake.default_spool(),
            stream: DEFAULT_STREAM.to_owned(),
            // The hour decides: a file is closed when the next one begins.
            buffer_interval: Duration::from_secs(3600),
            buffer_size_bytes: DEFAULT_BUFFER_SIZE_BYTES,
            clock: time.clock(),
        },
        destination: Destination::Lake {
            lake,
            format: Format::Parquet,
        },
        dashboard: Some(shown.listener().await?),
        inherited: Inherited::default(),
    };
    start(options).await
}

/// The demo has no password.
fn parse_loopback(text: &str) -> Result<SocketAddr, String> {
    parse_address(text).and_then(|address| match address.ip().is_loopback() {
        true => Ok(address),
        false => Err("the demo's dashboard has no password: use a loopback address".to_owned()),
    })
}

/// What the server said to the visits.
struct Played {
    address: SocketAddr,
    requests: usize,
    recorded: usize,
    took: Duration,
}

impl fmt::Display for Played {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{DAYS} days of traffic in {:.1} s: {} requests to http://{}, {} of them recorded.",
            self.took.as_secs_f64(),
            self.requests,
            self.address,
            self.recorded
        )
    }
}

/// Sends the visits as if the last days had just gone by: those of the same time together, each over a connection of
/// several.
async fn play(address: SocketAddr, time: &DemoTime) -> anyhow::Result<Played> {
    let begun = Instant::now();
    let first_ms = clock::now_ms() - DAYS * DAY_MS;
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(connect(address).await?);
    }
    let visits = traffic::days(first_ms);
    let requests = visits.len();
    let style =
        ProgressStyle::with_template("playing the traffic of 30 days {bar:40} {pos} of {len}")?;
    let progress = ProgressBar::new(requests as u64).with_style(style);
    let mut recorded = 0;
    for together in visits.chunk_by(|one, other| one.at_ms == other.at_ms) {
        time.set(together[0].at_ms);
        let share = together.len().div_ceil(CONNECTIONS);
        let sent = connections
            .iter_mut()
            .zip(together.chunks(share))
            .map(|(connection, visits)| send_all(connection, address, visits));
        for count in join_all(sent).await {
            recorded += count?;
        }
        progress.inc(together.len() as u64);
    }
    progress.finish_and_clear();
    time.set_real();
    Ok(Played {
        address,
        requests,
        recorded,
        took: begun.elapsed(),
    })
}

/// Sends the visits one after the other, and returns how many are recorded.
async fn send_all(
    connection: &mut SendRequest<Full<Bytes>>,
    address: SocketAddr,
    visits: &[Visit],
) -> anyhow::Result<usize> {
    let mut recorded = 0;
    for visit in visits {
        let was_recorded = send(connection, address, visit.clone())
            .await
            .with_context(|| format!("{} got no answer", visit.target))?;
        recorded += usize::from(was_recorded);
    }
    Ok(recorded)
}

async fn connect(address: SocketAddr) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address)
        .await
        .context("the demo's own server can't be reached")?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the demo's connection ended");
        }
    });
    Ok(sender)
}

/// True where the answer says that the hit is in the spool.
async fn send(
    connection: &mut SendRequest<Full<Bytes>>,
    address: SocketAddr,
    visit: Visit,
) -> anyhow::Result<bool> {
    let mut request = http::Request::builder()
        .method(visit.method)
        .uri(visit.target)
        .header(HOST, address.to_string())
        .header(CONTENT_LENGTH, visit.body.len());
    for (name, value) in visit.headers {
        request = request.header(name, value);
    }
    connection.ready().await?;
    let answer = connection
        .send_request(request.body(Full::new(Bytes::from(visit.body)))?)
        .await?;
    let (head, body) = answer.into_parts();
    body.collect().await?;
    if !head.status.is_success() {
        bail!("status {}", head.status);
    }
    Ok(head
        .headers
        .get(X_BEACON)
        .is_some_and(|value| value == "recorded"))
}

/// Questions whose answers are too long to be read as tables: the dashboard draws them.
const FOR_CHARTS: [&str; 2] = ["views_per_quarter", "views_per_hour"];

/// Prints each question and its answer over the last seven days, as `beacon query` does, but for [`FOR_CHARTS`].
async fn show_answers(folder: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let lake = Lake::open(&folder.to_string_lossy(), config::aws_variables())?;
    let spool = lake.default_spool();
    let now_ms = clock::now_ms();
    let schema = config::settings()?.schema();
    let engine = Engine::new(lake, Some(spool), &schema, Clock::from_fn(move || now_ms)).await?;
    let range = TimeRange::parse(None, None, now_ms)?;
    let scope = Scope::of(range);
    for question in questions::all() {
        if FOR_CHARTS.contains(&question.name) {
            continue;
        }
        writeln!(
            out,
            "{} (beacon query {})\n",
            question.question, question.name
        )?;
        let answer = engine.query(question.sql, &question.bind(&scope)).await?;
        output::print(answer, output::Format::Table, out).await?;
        writeln!(out)?;
    }
    Ok(())
}

/// Says where a lake was left, and names nothing that has gone.
fn show_what_is_left(lake: Option<&Path>, out: &mut impl Write) -> io::Result<()> {
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

fn show_ways_on(
    running: &Running,
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
        "  curl -i 'http://{pixel}/hit?site=example.com&page=/hello'"
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
