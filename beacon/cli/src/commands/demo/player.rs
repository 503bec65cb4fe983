//! Sends made-up traffic to a server, as visitors would.

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use beacon_core::headers::X_BEACON;
use beacon_core::time::DAY_MS;
use bytes::Bytes;
use futures::future::join_all;
use http::header::{CONTENT_LENGTH, HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::TcpStream;

use super::demo_server::DemoTime;
use super::traffic::{self, Visit};
use crate::clock;

/// Days of traffic: what the dashboard's longest preset shows.
const DAYS: u64 = 30;

/// Connections that send at the same time, so that they share a write to the disk.
const CONNECTIONS: usize = 8;

/// The server's responses to the visits.
pub(super) struct Played {
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
pub(super) async fn play(address: SocketAddr, time: &DemoTime) -> anyhow::Result<Played> {
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

/// Returns true if the response says that the hit is in the spool.
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
