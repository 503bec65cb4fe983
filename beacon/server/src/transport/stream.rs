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

use super::Answering;
use super::connection::{Connection, Order, Phase};
use super::request_target::Targets;

/// What a client may still send behind the answer that ends its connection, so that it comes to read that.
const MAX_LINGER_BYTES: usize = 4 << 20;

/// A buffer for bytes that nobody wants, and for the last ones.
const SCRATCH_BYTES: usize = 8 << 10;

pub(super) struct Wire<S> {
    stream: TcpStream,
    service: Rc<S>,
    connection: Rc<Connection>,
    targets: Targets,
    /// What hyper is to read before anything else of the socket.
    ready: Vec<u8>,
    ready_from: usize,
    /// An answer that replaces hyper's own.
    own: Vec<u8>,
    /// Bytes since the last answer, where `targets` does not look any more.
    has_heard: bool,
    is_at_end: bool,
    /// The client takes no more bytes; they are thrown away.
    is_deaf: bool,
    is_shut: bool,
    /// The last answer refused something, and the client may still be sending that.
    lingers: bool,
    lingered_bytes: usize,
}

impl<S: Answering> Wire<S> {
    pub(super) fn new(stream: TcpStream, service: Rc<S>, connection: Rc<Connection>) -> Wire<S> {
        Wire {
            stream,
            service,
            connection,
            targets: Targets::default(),
            ready: Vec::new(),
            ready_from: 0,
            own: Vec::new(),
            has_heard: false,
            is_at_end: false,
            is_deaf: false,
            is_shut: false,
            lingers: false,
            lingered_bytes: 0,
        }
    }

    /// Hands out what is ready. False where there is nothing.
    fn give(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
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

    /// Looks at the bytes that came behind the first `before` of `buffer`. False where hyper gets none of them yet.
    fn take(&mut self, buffer: &mut ReadBuf<'_>, before: usize) -> bool {
        self.has_heard = true;
        let Some(instead) = self.targets.feed(&buffer.filled()[before..]) else {
            return true;
        };
        buffer.set_filled(before);
        self.ready = instead;
        self.give(buffer)
    }

    /// Nothing will come any more.
    fn end(&mut self, buffer: &mut ReadBuf<'_>) {
        self.is_at_end = true;
        self.ready = self.targets.end();
        self.give(buffer);
    }

    /// Before or between requests, as far as this can be told from here.
    fn is_between(&self) -> bool {
        if !matches!(self.connection.phase(), Phase::Head(_)) {
            return false;
        }
        match self.targets.is_raw() {
            true => !self.has_heard,
            false => self.targets.is_between(),
        }
    }

    /// Reads while the connection is to end. tokio's readiness may lag behind the socket, so that is asked itself.
    fn poll_last(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
        order: Order,
    ) -> Poll<io::Result<()>> {
        let mut scratch = [0; SCRATCH_BYTES];
        loop {
            let before = buffer.filled().len();
            let room = buffer.remaining().min(SCRATCH_BYTES);
            match (&*SockRef::from(&self.stream)).read(&mut scratch[..room]) {
                Ok(0) => break,
                Ok(bytes) => {
                    buffer.put_slice(&scratch[..bytes]);
                    if self.take(buffer, before) {
                        return Poll::Ready(Ok(()));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let is_between = self.is_between();
                    if order >= Order::Hurry || (order == Order::Close && is_between) {
                        break;
                    }
                    // Who has connected only just is about to send a request.
                    let is_idle = is_between && self.connection.has_request();
                    if order == Order::Finish && is_idle && !self.is_shut {
                        self.say_end();
                    }
                    return self.poll_more(context, buffer);
                }
                Err(_) => break,
            }
        }
        self.end(buffer);
        Poll::Ready(Ok(()))
    }

    fn poll_more(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let before = buffer.filled().len();
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, buffer));
            // A reset says no more than an end: the client is gone.
            if read.is_err() || buffer.filled().len() == before {
                self.end(buffer);
                return Poll::Ready(Ok(()));
            }
            if self.take(buffer, before) {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Tells the client that nothing more is answered. What it has sent before it hears that still counts.
    fn say_end(&mut self) {
        SockRef::from(&self.stream)
            .shutdown(std::net::Shutdown::Write)
            .ok();
        self.is_shut = true;
        self.is_deaf = true;
    }

    /// Looks at the status of an answer on its way. hyper says 414 or 431 by itself and ends the connection.
    fn see_answer(&mut self, bytes: &[u8]) -> bool {
        let Some([b' ', b'4', tens, ones, b' ']) = bytes.get(8..13) else {
            return false;
        };
        self.lingers = true;
        if !matches!((tens, ones), (b'1', b'4') | (b'3', b'1')) {
            return false;
        }
        let start = self.targets.start();
        let Some(answer) = start.and_then(|start| self.service.too_large_head(start)) else {
            return false;
        };
        self.own = answer;
        true
    }

    /// Sends an answer of ours, as far as the client takes it.
    fn poll_own(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.own.is_empty() && !self.is_deaf {
            match ready!(Pin::new(&mut self.stream).poll_write(context, &self.own)) {
                Ok(bytes) => drop(self.own.drain(..bytes)),
                Err(_) => self.is_deaf = true,
            }
        }
        Poll::Ready(())
    }

    /// Reads on until the client has hung up, because closing a socket with unread bytes throws the answer away.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; SCRATCH_BYTES];
        while !self.is_at_end && self.lingered_bytes < MAX_LINGER_BYTES {
            if self.connection.order() >= Order::Close {
                return Poll::Ready(());
            }
            self.connection.lingers();
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

impl<S: Answering> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.give(buffer) || wire.is_at_end || buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        match wire.connection.order() {
            Order::Continue => wire.poll_more(context, buffer),
            order => wire.poll_last(context, buffer, order),
        }
    }
}

impl<S: Answering> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.has_heard = false;
        if wire.is_deaf || wire.see_answer(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        match Pin::new(&mut wire.stream).poll_write(context, bytes) {
            Poll::Ready(Ok(written)) => {
                wire.connection.wrote();
                Poll::Ready(Ok(written))
            }
            Poll::Pending if wire.connection.order() < Order::Hurry => Poll::Pending,
            Poll::Ready(Err(_)) | Poll::Pending => {
                wire.is_deaf = true;
                Poll::Ready(Ok(bytes.len()))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if !wire.own.is_empty() && wire.connection.order() < Order::Hurry {
            ready!(wire.poll_own(context));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if !wire.is_shut {
            wire.say_end();
        }
        if wire.lingers {
            ready!(wire.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }
}
