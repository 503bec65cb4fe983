//! Sends made-up traffic to a server, as people and machines would through an edge.

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use beacon_core::headers::{ORIGIN_SECRET, X_BEACON};
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
use super::traffic::{self, Request};
use crate::clock;

/// Days of traffic: what the dashboard's longest preset shows.
const DAYS: u64 = 30;

/// Connections that send at the same time, so that they share a write to the disk.
const CONNECTIONS: usize = 8;

/// The server's responses to the requests.
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

/// Sends the requests as if the last days had just gone by: those of the same time together, each over a connection of
/// several. The edge proves itself by `secret`, so the server believes the addresses and countries in its headers.
pub(super) async fn play(
    address: SocketAddr,
    secret: &str,
    time: &DemoTime,
) -> anyhow::Result<Played> {
    let begun = Instant::now();
    let first_ms = clock::now_ms() - DAYS * DAY_MS;
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(connect(address).await?);
    }
    let requests = traffic::days(first_ms);
    let style =
        ProgressStyle::with_template("playing the traffic of 30 days {bar:40} {pos} of {len}")?;
    let progress = ProgressBar::new(requests.len() as u64).with_style(style);
    let mut recorded = 0;
    for together in requests.chunk_by(|one, other| one.at_ms == other.at_ms) {
        time.set(together[0].at_ms);
        let share = together.len().div_ceil(CONNECTIONS);
        let sent = connections
            .iter_mut()
            .zip(together.chunks(share))
            .map(|(connection, requests)| send_all(connection, address, secret, requests));
        for count in join_all(sent).await {
            recorded += count?;
        }
        progress.inc(together.len() as u64);
    }
    progress.finish_and_clear();
    time.set_real();
    Ok(Played {
        address,
        requests: requests.len(),
        recorded,
        took: begun.elapsed(),
    })
}

/// Sends the requests one after the other, and returns how many are recorded.
async fn send_all(
    connection: &mut SendRequest<Full<Bytes>>,
    address: SocketAddr,
    secret: &str,
    requests: &[Request],
) -> anyhow::Result<usize> {
    let mut recorded = 0;
    for request in requests {
        let was_recorded = send(connection, address, secret, request.clone())
            .await
            .with_context(|| format!("{} got no answer", request.target))?;
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
    secret: &str,
    request: Request,
) -> anyhow::Result<bool> {
    let mut sent = http::Request::builder()
        .method(request.method)
        .uri(request.target)
        .header(HOST, address.to_string())
        .header(ORIGIN_SECRET, secret)
        .header(CONTENT_LENGTH, request.body.len());
    for (name, value) in request.headers {
        sent = sent.header(name, value);
    }
    connection.ready().await?;
    let answer = connection
        .send_request(sent.body(Full::new(Bytes::from(request.body)))?)
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
