//! The socket of a connection, as hyper sees it.
//!
//! hyper gives up a connection with the first failed write, and drops requests that it has read or could read. Here a
//! client that went away looks like one that takes every answer and says nothing more, so that all that arrived is
//! served.

use std::io::{self, Read};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::HttpService;
use super::connection::{CloseMode, Connection, Phase};
use super::request_target::RequestTargets;

/// The bytes that are read and dropped after the last response, so that the client comes to read it.
const MAX_LINGER_BYTES: usize = 4 << 20;

/// A buffer for bytes that nobody wants, and for the last ones.
const SCRATCH_BYTES: usize = 8 << 10;

pub(super) struct HttpStream<S> {
    stream: TcpStream,
    service: Rc<S>,
    connection: Rc<Connection>,
    request_targets: RequestTargets,
    /// The bytes that hyper reads before any from the socket.
    ready: Vec<u8>,
    ready_from: usize,
    /// A response that replaces hyper's own.
    replacement: Vec<u8>,
    /// Bytes since the last answer, where `request_targets` does not look any more.
    has_input: bool,
    is_at_end: bool,
    /// The client takes no more bytes; they are thrown away.
    discards_output: bool,
    is_half_closed: bool,
    /// The last answer refused something, and the client may still be sending that.
    needs_linger: bool,
    lingered_bytes: usize,
}

impl<S: HttpService> HttpStream<S> {
    pub(super) fn new(
        stream: TcpStream,
        service: Rc<S>,
        connection: Rc<Connection>,
    ) -> HttpStream<S> {
        HttpStream {
            stream,
            service,
            connection,
            request_targets: RequestTargets::default(),
            ready: Vec::new(),
            ready_from: 0,
            replacement: Vec::new(),
            has_input: false,
            is_at_end: false,
            discards_output: false,
            is_half_closed: false,
            needs_linger: false,
            lingered_bytes: 0,
        }
    }

    /// Copies ready bytes to `buffer`. Returns false if there are none.
    fn read_ready(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        let waiting = &self.ready[self.ready_from..];
        if waiting.is_empty() {
            return false;
        }
        let taken = waiting.len().min(buffer.remaining());
        buffer.put_slice(&waiting[..taken]);
        self.ready_from += taken;
        if self.ready_from == self.ready.len() {
            self.ready = Vec::new();
            self.ready_from = 0;
        }
        true
    }

    /// Encodes targets in the bytes after the first `before` of `buffer`. Returns false if hyper gets none of them yet.
    fn filter(&mut self, buffer: &mut ReadBuf<'_>, before: usize) -> bool {
        self.has_input = true;
        let Some(instead) = self.request_targets.rewrite(&buffer.filled()[before..]) else {
            return true;
        };
        buffer.set_filled(before);
        self.ready = instead;
        self.read_ready(buffer)
    }

    /// Notes the end of the input, and hands out the bytes that were held back.
    fn end_of_input(&mut self, buffer: &mut ReadBuf<'_>) {
        self.is_at_end = true;
        self.ready = self.request_targets.finish();
        self.read_ready(buffer);
    }

    /// Returns true before and between requests, as far as this is known here.
    fn is_between_requests(&self) -> bool {
        if !matches!(self.connection.phase(), Phase::AwaitingHead(_)) {
            return false;
        }
        match self.request_targets.is_passthrough() {
            true => !self.has_input,
            false => self.request_targets.is_between_requests(),
        }
    }

    /// Reads while the connection is closing. tokio's readiness may lag behind the socket, so the socket is read itself.
    fn poll_read_closing(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
        mode: CloseMode,
    ) -> Poll<io::Result<()>> {
        let mut scratch = [0; SCRATCH_BYTES];
        loop {
            let before = buffer.filled().len();
            let room = buffer.remaining().min(SCRATCH_BYTES);
            match (&*SockRef::from(&self.stream)).read(&mut scratch[..room]) {
                Ok(0) => break,
                Ok(bytes) => {
                    buffer.put_slice(&scratch[..bytes]);
                    if self.filter(buffer, before) {
                        return Poll::Ready(Ok(()));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let is_between = self.is_between_requests();
                    if mode >= CloseMode::Flush || (mode == CloseMode::CloseIdle && is_between) {
                        break;
                    }
                    // Who has connected only just is about to send a request.
                    let is_idle = is_between && self.connection.has_request();
                    if mode == CloseMode::Drain && is_idle && !self.is_half_closed {
                        self.half_close();
                    }
                    return self.poll_read_socket(context, buffer);
                }
                Err(_) => break,
            }
        }
        self.end_of_input(buffer);
        Poll::Ready(Ok(()))
    }

    fn poll_read_socket(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let before = buffer.filled().len();
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, buffer));
            // A reset says no more than an end: the client is gone.
            if read.is_err() || buffer.filled().len() == before {
                self.end_of_input(buffer);
                return Poll::Ready(Ok(()));
            }
            if self.filter(buffer, before) {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Shuts down the sending side. Requests that the client sent before it notices are still served.
    fn half_close(&mut self) {
        SockRef::from(&self.stream)
            .shutdown(std::net::Shutdown::Write)
            .ok();
        self.is_half_closed = true;
        self.discards_output = true;
    }

    /// Inspects the status of a response. hyper sends 414 and 431 by itself and closes the connection.
    fn inspect_response(&mut self, bytes: &[u8]) -> bool {
        let Some([b' ', b'4', tens, ones, b' ']) = bytes.get(8..13) else {
            return false;
        };
        self.needs_linger = true;
        if !matches!((tens, ones), (b'1', b'4') | (b'3', b'1')) {
            return false;
        }
        let start = self.request_targets.request_line_start();
        let Some(answer) = start.and_then(|start| self.service.large_head_response(start)) else {
            return false;
        };
        self.replacement = answer;
        true
    }

    /// Sends the replacement of hyper's response, as far as the client takes it.
    fn poll_write_replacement(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.replacement.is_empty() && !self.discards_output {
            match ready!(Pin::new(&mut self.stream).poll_write(context, &self.replacement)) {
                Ok(bytes) => drop(self.replacement.drain(..bytes)),
                Err(_) => self.discards_output = true,
            }
        }
        Poll::Ready(())
    }

    /// Reads until the client has closed, because closing a socket with unread bytes discards the response.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; SCRATCH_BYTES];
        while !self.is_at_end && self.lingered_bytes < MAX_LINGER_BYTES {
            if self.connection.close_mode() >= CloseMode::CloseIdle {
                return Poll::Ready(());
            }
            self.connection.lingering();
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(());
            }
            self.lingered_bytes += buffer.filled().len();
        }
        Poll::Ready(())
    }
}

impl<S: HttpService> AsyncRead for HttpStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        if stream.read_ready(buffer) || stream.is_at_end || buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        match stream.connection.close_mode() {
            CloseMode::KeepAlive => stream.poll_read_socket(context, buffer),
            mode => stream.poll_read_closing(context, buffer, mode),
        }
    }
}

impl<S: HttpService> AsyncWrite for HttpStream<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let stream = self.get_mut();
        stream.has_input = false;
        if stream.discards_output || stream.inspect_response(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        match Pin::new(&mut stream.stream).poll_write(context, bytes) {
            Poll::Ready(Ok(written)) => {
                stream.connection.response_written();
                Poll::Ready(Ok(written))
            }
            Poll::Pending if stream.connection.close_mode() < CloseMode::Flush => Poll::Pending,
            Poll::Ready(Err(_)) | Poll::Pending => {
                stream.discards_output = true;
                Poll::Ready(Ok(bytes.len()))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        if !stream.replacement.is_empty() && stream.connection.close_mode() < CloseMode::Flush {
            ready!(stream.poll_write_replacement(context));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        if !stream.is_half_closed {
            stream.half_close();
        }
        if stream.needs_linger {
            ready!(stream.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }
}
