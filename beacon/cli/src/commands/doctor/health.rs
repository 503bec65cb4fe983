//! Asks a server on this machine for a page, over plain HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use http::StatusCode;
use http::header::HOST;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::dashboard::reachable;

/// The longest time for an answer. `/health` itself waits up to 2 s for the lake.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest answer that is read; `/health` has a few lines.
const MAX_BODY_BYTES: usize = 64 << 10;

/// Asks for `/health` of the metrics listener, and returns the status and the lines of the answer.
///
/// # Errors
/// Returns an error where nothing listens, or what listens speaks no HTTP.
pub(super) async fn ask(address: SocketAddr) -> anyhow::Result<(StatusCode, Vec<String>)> {
    tokio::time::timeout(TIMEOUT, get(reachable(address)))
        .await
        .with_context(|| format!("no answer for {} s", TIMEOUT.as_secs()))?
}

async fn get(address: SocketAddr) -> anyhow::Result<(StatusCode, Vec<String>)> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = http::Request::get("/health")
        .header(HOST, address.to_string())
        .body(Full::<Bytes>::default())?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await;
    connection.abort();
    let body = body.map_err(|error| anyhow::anyhow!("{error}"))?.to_bytes();
    let text = String::from_utf8_lossy(&body);
    Ok((head.status, text.lines().map(str::to_owned).collect()))
}
