//! The open connections of a thread: who is too slow, who makes room, and how all end with the server.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::connection::{Connection, Order, Phase};
use super::metrics::{Closed, Listener};

/// How long idle clients may send what crosses the end of their connection on the wire, and new ones their first
/// request, when the server ends.
const CROSSING: Duration = Duration::from_millis(500);

/// How long what has arrived may take to be served after the grace.
const HURRY: Duration = Duration::from_secs(1);

/// All connections of one thread.
///
/// hyper has a timeout of its own for heads, which sets and drops a timer with every request. Here a request
/// costs two writes to memory, and one look a second at all connections finds the slow ones.
pub(crate) struct Connections {
    pub(super) listener: Listener,
    /// How many may be open.
    limit: usize,
    open: RefCell<HashMap<u64, Rc<Connection>>>,
    /// Who was idle at the last look, the longest idle first, and since when.
    idle: RefCell<VecDeque<(u64, u32)>>,
    number: Cell<u64>,
    /// For connections to come.
    order: Cell<Order>,
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
        self.all.listener.closed_one();
        self.all.closed.notify_one();
    }
}

impl Connections {
    pub(super) fn new(listener: Listener, limit: usize) -> Connections {
        Connections {
            listener,
            limit,
            open: RefCell::default(),
            idle: RefCell::default(),
            number: Cell::default(),
            order: Cell::default(),
            seconds: Rc::default(),
            closed: Notify::new(),
        }
    }

    /// Seconds since the start.
    pub(super) fn second(&self) -> u32 {
        self.seconds.get()
    }

    /// Enters a connection that was accepted just now.
    pub(super) fn enter(self: &Rc<Self>) -> OpenConnection {
        let number = self.number.replace(self.number.get() + 1);
        let connection = Rc::new(Connection::new(
            self.listener.clone(),
            Rc::clone(&self.seconds),
            number,
            self.order.get(),
        ));
        self.open
            .borrow_mut()
            .insert(number, Rc::clone(&connection));
        self.listener.opened_one();
        OpenConnection {
            connection,
            all: Rc::clone(self),
        }
    }

    /// Waits until one more connection may be open; the longest idle one makes room for it.
    pub(super) async fn room(&self) {
        while self.open.borrow().len() >= self.limit {
            if !self.close_longest_idle() {
                // All are being answered; one will be done.
                self.closed.notified().await;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Ends the connection that has kept us waiting longest. False where none does.
    pub(super) fn close_longest_idle(&self) -> bool {
        for is_fresh in [false, true] {
            if is_fresh {
                self.look_for_idle();
            }
            while let Some((number, since)) = self.next_idle() {
                let connection = self.open.borrow().get(&number).cloned();
                let is_idle = |connection: &Rc<Connection>| {
                    connection.idle_since() == Some(since) && connection.order() < Order::Hurry
                };
                if let Some(connection) = connection.filter(is_idle) {
                    self.end(&connection, Closed::ConnectionLimit);
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
    fn look_for_idle(&self) {
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

    /// Ends the connection whose body has been awaited longest, but for the one with this number.
    pub(super) fn close_oldest_body(&self, but: u64) -> bool {
        let now = self.second();
        let oldest = self
            .open
            .borrow()
            .values()
            .filter(|connection| connection.number() != but && connection.order() < Order::Hurry)
            .filter_map(|connection| match connection.phase() {
                Phase::Body(since, bytes) if bytes > 0 => {
                    Some((now.wrapping_sub(since), Rc::clone(connection)))
                }
                _ => None,
            })
            .max_by_key(|(seconds, connection)| (*seconds, u64::MAX - connection.number()));
        let Some((_, connection)) = oldest else {
            return false;
        };
        self.end(&connection, Closed::BodyLimit);
        true
    }

    /// Lets another second go by, and ends clients that are too slow.
    pub(super) fn look(&self) {
        self.seconds.set(self.seconds.get().wrapping_add(1));
        for connection in self.open.borrow().values() {
            if connection.order() >= Order::Hurry {
                continue;
            }
            if let Some(closed) = connection.is_too_slow() {
                self.end(connection, closed);
            } else if connection.has_lingered() {
                connection.give(Order::Hurry);
            }
        }
    }

    /// Lets every connection end when it is idle; what has not ended after `grace` serves what has arrived.
    pub(super) async fn finish(&self, grace: Duration) {
        self.give_all(Order::Finish);
        if self.is_empty_within(CROSSING).await {
            return;
        }
        self.give_all(Order::Close);
        if self.is_empty_within(grace).await {
            return;
        }
        let connections = self.open.borrow().len();
        tracing::warn!(connections, "clients were too slow for an orderly end");
        for _ in 0..connections {
            self.listener.closes(Closed::Shutdown);
        }
        self.give_all(Order::Hurry);
        if !self.is_empty_within(HURRY).await {
            self.give_all(Order::Drop);
            self.empty().await;
        }
    }

    fn end(&self, connection: &Rc<Connection>, reason: Closed) {
        self.listener.closes(reason);
        connection.give(Order::Hurry);
    }

    fn give_all(&self, order: Order) {
        self.order.set(order);
        for connection in self.open.borrow().values() {
            connection.give(order);
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
mod tests {
    use super::super::limits::{
        BODY_SECONDS, HEAD_SECONDS, LEAST_BODY_BYTES_PER_SECOND, RATE_AFTER_SECONDS,
    };
    use super::super::metrics::Transport;
    use super::*;

    fn connections() -> Rc<Connections> {
        let listener = Transport::default().listener("pixel", 4);
        Rc::new(Connections::new(listener, 4))
    }

    fn after(connections: &Connections, seconds: u32) {
        connections.seconds.set(connections.second() + seconds);
    }

    #[test]
    fn heads_and_silence_have_their_time() {
        let connections = connections();
        let open = connections.enter();
        after(&connections, HEAD_SECONDS);
        assert_eq!(open.is_too_slow(), None);
        after(&connections, 1);
        assert_eq!(open.is_too_slow(), Some(Closed::HeadTimeout));
        open.answers();
        after(&connections, 1000);
        assert_eq!(open.is_too_slow(), None, "the rest is ours");
        open.reads_head();
        after(&connections, HEAD_SECONDS);
        open.wrote();
        after(&connections, HEAD_SECONDS);
        assert_eq!(open.is_too_slow(), None, "its client still reads");
        after(&connections, 1);
        assert_eq!(open.is_too_slow(), Some(Closed::HeadTimeout));
    }

    #[test]
    fn bodies_have_a_least_rate_and_a_longest_time() {
        let connections = connections();
        let open = connections.enter();
        open.reads_body();
        after(&connections, RATE_AFTER_SECONDS);
        assert_eq!(open.is_too_slow(), None);
        after(&connections, 1);
        assert_eq!(open.is_too_slow(), Some(Closed::BodyTimeout));
        open.received_body(LEAST_BODY_BYTES_PER_SECOND * 7);
        assert_eq!(open.is_too_slow(), None);
        after(&connections, 2);
        assert_eq!(open.is_too_slow(), Some(Closed::BodyTimeout));
        open.received_body(1 << 20);
        assert_eq!(open.is_too_slow(), None);
        after(&connections, BODY_SECONDS);
        assert_eq!(open.is_too_slow(), Some(Closed::BodyTimeout));
    }

    #[test]
    fn the_longest_idle_one_goes_and_none_that_is_being_answered() {
        let connections = connections();
        let all: Vec<OpenConnection> = (0..3).map(|_| connections.enter()).collect();
        after(&connections, 3);
        all[0].reads_head();
        all[1].answers();
        assert!(connections.close_longest_idle());
        let orders = |connections: &[OpenConnection]| -> Vec<Order> {
            connections.iter().map(|open| open.order()).collect()
        };
        assert_eq!(
            orders(&all),
            [Order::Continue, Order::Continue, Order::Hurry]
        );
        // The next look finds who was not idle at the last one.
        assert!(connections.close_longest_idle());
        assert_eq!(orders(&all), [Order::Hurry, Order::Continue, Order::Hurry]);
        assert!(!connections.close_longest_idle());
    }

    #[test]
    fn the_oldest_body_of_another_makes_room() {
        let connections = connections();
        let all: Vec<OpenConnection> = (0..3).map(|_| connections.enter()).collect();
        for open in &all {
            open.reads_body();
            open.received_body(1);
            after(&connections, 1);
        }
        assert!(all[0].make_room_for_body());
        assert_eq!(all[1].order(), Order::Hurry);
        assert!(all[2].make_room_for_body());
        assert_eq!(all[0].order(), Order::Hurry);
        assert!(!all[2].make_room_for_body(), "no other is left");
        assert_eq!(all[2].order(), Order::Continue);
    }
}
