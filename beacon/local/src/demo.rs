//! `beacon demo`: a whole day of traffic through a real server in a few seconds, and what SQL makes of it.

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
use beacon_core::response::X_BEACON;
use beacon_core::time::Hour;
use beacon_dashboard::token::Key;
use beacon_lake::{Clock, DEFAULT_BUFFER_SIZE_BYTES, DEFAULT_STREAM, Format, Lake, SpoolOptions};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use indicatif::{ProgressBar, ProgressIterator, ProgressStyle};
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};

use self::traffic::Visit;
use crate::dashboard::{Secrets, Shown};
use crate::engine::Engine;
use crate::output;
use beacon_dashboard::questions::{self, Scope, TimeRange};
use beacon_server::serve::{Destination, Running, ServeOptions, parse_address, start};
use beacon_server::transport::Inherited;
use beacon_server::{clock, config};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const MINUTE_MS: u64 = 60 * 1000;

/// Play a day of made-up traffic through a server of its own, and show what SQL makes of it
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  beacon demo                         shows the tables, opens the dashboard, and serves until Ctrl-C
  beacon demo --once                  ends after the tables
  beacon demo --no-open               does not open the dashboard in a browser
  beacon demo --lake ./demo-lake      keeps the lake, to look around in it")]
pub struct DemoArgs {
    /// Address of the pixel; where it is taken, another port is used
    #[arg(
        long,
        env = "BEACON_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,

    /// Folder for the lake [default: a new one, which is removed at the end]
    #[arg(long, value_name = "FOLDER")]
    lake: Option<PathBuf>,

    /// Address of the dashboard; where it is taken, another port is used
    #[arg(
        long,
        env = "BEACON_DASHBOARD_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081",
        value_parser = parse_loopback
    )]
    dashboard_listen: SocketAddr,

    /// Address of the example pages; where it is taken, another port is used
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
        let examples = examples::serve(free_or_another(self.examples_listen), address)
            .await
            .context(
                "can't serve the example pages; give another address with --examples-listen",
            )?;
        show_ways_on(&running, examples, folder, &mut out)?;
        if !self.once {
            if let Some(dashboard) = running.dashboard_address().filter(|_| !self.no_open) {
                browser::open(&format!("http://{dashboard}/"));
            }
            writeln!(out, "\nServing until Ctrl-C.")?;
            let mut terminate =
                signal(SignalKind::terminate()).context("can't wait for SIGTERM")?;
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => interrupted.context("can't wait for Ctrl-C")?,
                _ = terminate.recv() => {}
            }
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
    #[expect(
        clippy::disallowed_methods,
        reason = "the dashboard shows the time of day"
    )]
    async fn serve(&self, folder: &Path, time: &DemoTime) -> anyhow::Result<Running> {
        let location = folder
            .to_str()
            .context("the lake's folder must have a name in UTF-8")?;
        let lake = Lake::open(location, config::aws_variables())?;
        lake.create()?;
        let settings = config::settings()?;
        let dashboard_listen = free_or_another(self.dashboard_listen);
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
        let listen = free_or_another(self.listen);
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
}

/// The address, or the same with any free port.
fn free_or_another(listen: SocketAddr) -> SocketAddr {
    if std::net::TcpListener::bind(listen).is_ok() {
        return listen;
    }
    tracing::warn!("{listen} is taken; the demo uses another port");
    SocketAddr::new(listen.ip(), 0)
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
            "A day of traffic in {:.1} s: {} requests to http://{}, {} of them recorded.",
            self.took.as_secs_f64(),
            self.requests,
            self.address,
            self.recorded
        )
    }
}

/// Sends the visits one after the other, as if the last day had just gone by.
async fn play(address: SocketAddr, time: &DemoTime) -> anyhow::Result<Played> {
    let begun = Instant::now();
    let day_begun_ms = clock::now_ms() - DAY_MS;
    let first_hour = usize::from(Hour::of(day_begun_ms).hour());
    let mut connection = connect(address).await?;
    let visits = traffic::day(first_hour);
    let requests = visits.len();
    let style = ProgressStyle::with_template("playing a day of traffic {bar:40} {pos} of {len}")?;
    let mut recorded = 0;
    for visit in visits
        .into_iter()
        .progress_with(ProgressBar::new(requests as u64).with_style(style))
    {
        time.set(day_begun_ms + u64::from(visit.minute) * MINUTE_MS);
        let target = visit.target.clone();
        let was_recorded = send(&mut connection, address, visit)
            .await
            .with_context(|| format!("{target} got no answer"))?;
        recorded += usize::from(was_recorded);
    }
    time.set_real();
    Ok(Played {
        address,
        requests,
        recorded,
        took: begun.elapsed(),
    })
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

/// Each question with its answer over the last seven days, as `beacon query` prints it.
async fn show_answers(folder: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let lake = Lake::open(&folder.to_string_lossy(), config::aws_variables())?;
    let spool = lake.default_spool();
    let now_ms = clock::now_ms();
    let schema = config::settings()?.columns();
    let engine = Engine::new(lake, Some(spool), &schema, Clock::from_fn(move || now_ms)).await?;
    let range = TimeRange::parse(None, None, now_ms)?;
    let scope = Scope::of(range);
    for question in questions::all() {
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

fn show_ways_on(
    running: &Running,
    examples: SocketAddr,
    folder: &Path,
    out: &mut impl Write,
) -> io::Result<()> {
    let pixel = running.address();
    let program = std::env::args_os()
        .next()
        .map_or("beacon".into(), |name| name.to_string_lossy().into_owned());
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
