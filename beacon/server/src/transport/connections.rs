//! The open connections of a thread: closes the slow ones, makes room for new ones, and drains all on shutdown.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::connection::{CloseMode, Connection, Phase};
use super::metrics::{CloseReason, ListenerMetrics};

/// How long, on shutdown, half-closed idle connections are read for requests that were on their way, and new ones for
/// their first request.
const HALF_CLOSE_WAIT: Duration = Duration::from_millis(500);

/// The longest time for requests that have arrived, after the grace period.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// All connections of one thread.
///
/// hyper has a timeout of its own for heads, which sets and drops a timer with every request. Here a request
/// costs two writes to memory, and one look a second at all connections finds the slow ones.
pub(crate) struct Connections {
    pub(super) listener: ListenerMetrics,
    /// The largest number of open connections.
    limit: usize,
    open: RefCell<HashMap<u64, Rc<Connection>>>,
    /// The connections that were idle when last sorted, the longest idle first, and since when.
    idle: RefCell<VecDeque<(u64, u32)>>,
    number: Cell<u64>,
    /// The mode of new connections.
    close_mode: Cell<CloseMode>,
    seconds: Rc<Cell<u32>>,
    closed: Notify,
}

/// The entry of an open connection among those of its thread. It is removed when it is dropped.
pub(crate) struct OpenConnection {
    connection: Rc<Connection>,
    all: Rc<Connections>,
}

impl OpenConnection {
    /// Returns the state that the connection's task and socket share.
    pub(super) fn shared(&self) -> Rc<Connection> {
        Rc::clone(&self.connection)
    }

    /// Ends the connection of this thread whose body has been awaited longest, other than this one. Returns false if
    /// there is none.
    pub(super) fn make_room_for_body(&self) -> bool {
        self.all.close_oldest_body(self.number())
    }
}

impl Deref for OpenConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.all.open.borrow_mut().remove(&self.number());
        self.all.listener.connection_closed();
        self.all.closed.notify_one();
    }
}

impl Connections {
    pub(super) fn new(listener: ListenerMetrics, limit: usize) -> Connections {
        Connections {
            listener,
            limit,
            open: RefCell::default(),
            idle: RefCell::default(),
            number: Cell::default(),
            close_mode: Cell::default(),
            seconds: Rc::default(),
            closed: Notify::new(),
        }
    }

    /// Returns the seconds since the start.
    pub(super) fn second(&self) -> u32 {
        self.seconds.get()
    }

    /// Adds a connection that was just accepted.
    pub(super) fn add(self: &Rc<Self>) -> OpenConnection {
        let number = self.number.replace(self.number.get() + 1);
        let connection = Rc::new(Connection::new(
            self.listener.clone(),
            Rc::clone(&self.seconds),
            number,
            self.close_mode.get(),
        ));
        self.open
            .borrow_mut()
            .insert(number, Rc::clone(&connection));
        self.listener.connection_opened();
        OpenConnection {
            connection,
            all: Rc::clone(self),
        }
    }

    /// Waits until one more connection may be open; the longest idle one makes room for it.
    pub(super) async fn wait_for_room(&self) {
        while self.open.borrow().len() >= self.limit {
            if !self.close_longest_idle() {
                // All are being answered; one will be done.
                self.closed.notified().await;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Closes the connection that has been idle longest. Returns false if none is idle.
    pub(super) fn close_longest_idle(&self) -> bool {
        for is_fresh in [false, true] {
            if is_fresh {
                self.sort_idle();
            }
            while let Some((number, since)) = self.next_idle() {
                let connection = self.open.borrow().get(&number).cloned();
                let is_idle = |connection: &Rc<Connection>| {
                    connection.idle_since() == Some(since)
                        && connection.close_mode() < CloseMode::Flush
                };
                if let Some(connection) = connection.filter(is_idle) {
                    self.end(&connection, CloseReason::ConnectionLimit);
                    return true;
                }
            }
        }
        false
    }

    fn next_idle(&self) -> Option<(u64, u32)> {
        self.idle.borrow_mut().pop_front()
    }

    /// Sorts all idle connections: once for many that are to make room, because they are many.
    fn sort_idle(&self) {
        let mut idle: Vec<(u64, u32)> = self
            .open
            .borrow()
            .values()
            .filter_map(|connection| Some((connection.number(), connection.idle_since()?)))
            .collect();
        let now = self.second();
        idle.sort_unstable_by_key(|(number, since)| {
            (std::cmp::Reverse(now.wrapping_sub(*since)), *number)
        });
        *self.idle.borrow_mut() = idle.into();
    }

    /// Closes the connection whose body has been awaited longest, except the one with the number `but`.
    pub(super) fn close_oldest_body(&self, but: u64) -> bool {
        let now = self.second();
        let oldest = self
            .open
            .borrow()
            .values()
            .filter(|connection| {
                connection.number() != but && connection.close_mode() < CloseMode::Flush
            })
            .filter_map(|connection| match connection.phase() {
                Phase::AwaitingBody(since, bytes) if bytes > 0 => {
                    Some((now.wrapping_sub(since), Rc::clone(connection)))
                }
                _ => None,
            })
            .max_by_key(|(seconds, connection)| (*seconds, u64::MAX - connection.number()));
        let Some((_, connection)) = oldest else {
            return false;
        };
        self.end(&connection, CloseReason::BodyLimit);
        true
    }

    /// Counts one second more, and closes the connections of slow clients.
    pub(super) fn tick(&self) {
        self.seconds.set(self.seconds.get().wrapping_add(1));
        for connection in self.open.borrow().values() {
            if connection.close_mode() >= CloseMode::Flush {
                continue;
            }
            if let Some(closed) = connection.timed_out() {
                self.end(connection, closed);
            } else if connection.has_lingered_too_long() {
                connection.escalate(CloseMode::Flush);
            }
        }
    }

    /// Closes every connection when it is idle. After `grace`, the others serve what has arrived and close.
    pub(super) async fn drain(&self, grace: Duration) {
        self.escalate_all(CloseMode::Drain);
        if self.is_empty_within(HALF_CLOSE_WAIT).await {
            return;
        }
        self.escalate_all(CloseMode::CloseIdle);
        if self.is_empty_within(grace).await {
            return;
        }
        let connections = self.open.borrow().len();
        tracing::warn!(connections, "clients were too slow for an orderly end");
        for _ in 0..connections {
            self.listener.count_closed(CloseReason::Shutdown);
        }
        self.escalate_all(CloseMode::Flush);
        if !self.is_empty_within(FLUSH_TIMEOUT).await {
            self.escalate_all(CloseMode::Abort);
            self.empty().await;
        }
    }

    fn end(&self, connection: &Rc<Connection>, reason: CloseReason) {
        self.listener.count_closed(reason);
        connection.escalate(CloseMode::Flush);
    }

    fn escalate_all(&self, mode: CloseMode) {
        self.close_mode.set(mode);
        for connection in self.open.borrow().values() {
            connection.escalate(mode);
        }
    }

    async fn is_empty_within(&self, time: Duration) -> bool {
        tokio::time::timeout(time, self.empty()).await.is_ok()
    }

    async fn empty(&self) {
        while !self.open.borrow().is_empty() {
            self.closed.notified().await;
        }
    }
}

#[cfg(test)]
#[path = "connections_test.rs"]
mod tests;
