//! The open connections of a worker: who is too slow, and how they end with the server.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::sync::Notify;

/// How long a client may take to send a request's head, or stay silent between two requests.
const HEAD_SECONDS: u32 = 30;

/// How long a client may take to send a request's body.
const BODY_SECONDS: u32 = 30;

/// How long requests that are under way may take when the server ends.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// All connections of one worker.
///
/// hyper has a timeout of its own for heads, which sets and drops a timer with every request. Here a request
/// costs two writes to memory, and one look a second at all connections finds the slow ones.
#[derive(Default)]
pub(super) struct Connections {
    open: RefCell<HashMap<u64, Rc<Connection>>>,
    number: Cell<u64>,
    /// For connections to come.
    order: Cell<Order>,
    second: Rc<Cell<u32>>,
    emptied: Notify,
}

/// What is known of one connection beside hyper's own state.
pub(super) struct Connection {
    phase: Cell<Phase>,
    order: Cell<Order>,
    waker: RefCell<Option<Waker>>,
    second: Rc<Cell<u32>>,
}

#[derive(Clone, Copy)]
enum Phase {
    /// Waiting for a request since this second.
    Head(u32),
    /// Waiting for the rest of a body since this second.
    Body(u32),
    /// The request is here; what is still to do is ours.
    Answering,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Order {
    #[default]
    Continue,
    /// End after the request that is under way, if any.
    Finish,
    /// End now.
    Abort,
}

impl Connections {
    /// Drives `connection` to its end. `finish` is called once when it shall take no further request.
    pub(super) async fn drive<F: Future>(
        &self,
        state: Rc<Connection>,
        mut connection: Pin<&mut F>,
        finish: impl Fn(Pin<&mut F>),
    ) {
        let number = self.number.replace(self.number.get() + 1);
        self.open.borrow_mut().insert(number, Rc::clone(&state));
        let mut finishing = false;
        poll_fn(|context| {
            // The waker of a task stays the same, so the first one is enough.
            state
                .waker
                .borrow_mut()
                .get_or_insert_with(|| context.waker().clone());
            match state.order.get() {
                Order::Abort => return Poll::Ready(()),
                Order::Finish if !finishing => {
                    finishing = true;
                    finish(connection.as_mut());
                }
                Order::Finish | Order::Continue => {}
            }
            // How a connection ends is its client's business: most just go away.
            connection.as_mut().poll(context).map(|_| ())
        })
        .await;
        let mut open = self.open.borrow_mut();
        open.remove(&number);
        if open.is_empty() {
            self.emptied.notify_one();
        }
    }

    /// State for a connection that was accepted just now.
    pub(super) fn accept(&self) -> Rc<Connection> {
        Rc::new(Connection {
            phase: Cell::new(Phase::Head(self.second.get())),
            order: Cell::new(self.order.get()),
            waker: RefCell::default(),
            second: Rc::clone(&self.second),
        })
    }

    /// Cuts off clients that are too slow, for ever.
    pub(super) async fn watch(&self) {
        let mut every_second = tokio::time::interval(Duration::from_secs(1));
        loop {
            every_second.tick().await;
            self.second.set(self.second.get().wrapping_add(1));
            for connection in self.open.borrow().values() {
                if connection.is_too_slow() {
                    connection.give(Order::Abort);
                }
            }
        }
    }

    /// Lets every connection end with the request that is under way, the idle ones at once; after
    /// [`GRACE`] ends those that are left.
    pub(super) async fn finish(&self) {
        self.give_all(Order::Finish);
        if tokio::time::timeout(GRACE, self.empty()).await.is_err() {
            tracing::warn!(
                connections = self.open.borrow().len(),
                "clients were too slow for an orderly end"
            );
            self.give_all(Order::Abort);
            self.empty().await;
        }
    }

    fn give_all(&self, order: Order) {
        self.order.set(order);
        for connection in self.open.borrow().values() {
            connection.give(order);
        }
    }

    async fn empty(&self) {
        while !self.open.borrow().is_empty() {
            self.emptied.notified().await;
        }
    }
}

impl Connection {
    /// The rest of a body is awaited.
    pub(super) fn reads_body(&self) {
        self.phase.set(Phase::Body(self.second.get()));
    }

    /// The request is here whole.
    pub(super) fn answers(&self) {
        self.phase.set(Phase::Answering);
    }

    /// The answer is ready; the next request is awaited.
    pub(super) fn reads_head(&self) {
        self.phase.set(Phase::Head(self.second.get()));
    }

    fn is_too_slow(&self) -> bool {
        let now = self.second.get();
        match self.phase.get() {
            Phase::Head(since) => now.wrapping_sub(since) > HEAD_SECONDS,
            Phase::Body(since) => now.wrapping_sub(since) > BODY_SECONDS,
            Phase::Answering => false,
        }
    }

    fn give(&self, order: Order) {
        self.order.set(order);
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }
}
