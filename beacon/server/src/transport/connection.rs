//! Tracks one connection: what it waits for since when, and how it is to close.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Waker};

use super::limits::{BODY_SECONDS, HEAD_SECONDS, LEAST_BODY_BYTES_PER_SECOND, RATE_AFTER_SECONDS};
use super::metrics::{CloseReason, ListenerMetrics};

/// The longest time for the client of an ending connection to read the last response and hang up.
const LINGER_SECONDS: u32 = 2;

/// The state of a connection that its task, its socket and its service share.
pub(crate) struct Connection {
    listener: ListenerMetrics,
    seconds: Rc<Cell<u32>>,
    number: u64,
    phase: Cell<Phase>,
    close_mode: Cell<CloseMode>,
    waker: RefCell<Option<Waker>>,
    has_request: Cell<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Waiting for a request, or for its client to read an answer, since this second.
    AwaitingHead(u32),
    /// Waiting for the rest of a body since this second; so many bytes of it are here.
    AwaitingBody(u32, usize),
    /// The request is here; what is still to do is ours.
    Responding,
    /// The last answer is sent; the client is to hang up.
    Lingering(u32),
}

/// The way in which a connection closes, from the least urgent to the most urgent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CloseMode {
    #[default]
    KeepAlive,
    /// Half-closes when it is idle, and still serves requests that were on their way.
    Drain,
    /// Closes when it is idle.
    CloseIdle,
    /// Serves the requests that have arrived, sends what the client takes at once, and closes.
    Flush,
    /// Closes now.
    Abort,
}

impl Connection {
    /// Creates a connection of `listener`. `seconds` counts since the start of its thread.
    pub(super) fn new(
        listener: ListenerMetrics,
        seconds: Rc<Cell<u32>>,
        number: u64,
        mode: CloseMode,
    ) -> Connection {
        Connection {
            phase: Cell::new(Phase::AwaitingHead(seconds.get())),
            listener,
            seconds,
            number,
            close_mode: Cell::new(mode),
            waker: RefCell::default(),
            has_request: Cell::new(false),
        }
    }

    /// Notes that a request's head, or its body, is whole.
    pub(crate) fn request_received(&self) {
        self.has_request.set(true);
        self.phase.set(Phase::Responding);
    }

    /// Notes that a body is awaited.
    pub(crate) fn body_started(&self) {
        self.phase.set(Phase::AwaitingBody(self.seconds.get(), 0));
    }

    /// Notes that more bytes of the body arrived.
    pub(crate) fn body_received(&self, bytes: usize) {
        if let Phase::AwaitingBody(since, before) = self.phase.get() {
            self.phase.set(Phase::AwaitingBody(since, before + bytes));
        }
    }

    /// Notes that the response is ready, and that the next request is awaited.
    pub(crate) fn response_ready(&self) {
        self.phase.set(Phase::AwaitingHead(self.seconds.get()));
    }

    /// Returns the metrics of its listener.
    pub(crate) fn listener(&self) -> &ListenerMetrics {
        &self.listener
    }

    /// Notes that the client has read some of a response.
    pub(super) fn response_written(&self) {
        if let Phase::AwaitingHead(_) = self.phase.get() {
            self.response_ready();
        }
    }

    pub(super) fn lingering(&self) {
        if !matches!(self.phase.get(), Phase::Lingering(_)) {
            self.phase.set(Phase::Lingering(self.seconds.get()));
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn close_mode(&self) -> CloseMode {
        self.close_mode.get()
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase.get()
    }

    /// Returns true once a request has come. Before, the client is about to send one.
    pub(super) fn has_request(&self) -> bool {
        self.has_request.get()
    }

    /// Returns since when the server has been waiting for the client, if it is.
    pub(super) fn idle_since(&self) -> Option<u32> {
        match self.phase.get() {
            Phase::AwaitingHead(since)
            | Phase::AwaitingBody(since, _)
            | Phase::Lingering(since) => Some(since),
            Phase::Responding => None,
        }
    }

    /// Returns the reason to close now, if the client is too slow.
    pub(super) fn timed_out(&self) -> Option<CloseReason> {
        let now = self.seconds.get();
        match self.phase.get() {
            Phase::AwaitingHead(since) if now.wrapping_sub(since) > HEAD_SECONDS => {
                Some(CloseReason::HeadTimeout)
            }
            Phase::AwaitingBody(since, bytes) => {
                let seconds = now.wrapping_sub(since);
                let is_slow = seconds > RATE_AFTER_SECONDS
                    && bytes < LEAST_BODY_BYTES_PER_SECOND * seconds as usize;
                (seconds > BODY_SECONDS || is_slow).then_some(CloseReason::BodyTimeout)
            }
            _ => None,
        }
    }

    /// Returns true if the client does not close after the last response. That counts as no timeout.
    pub(super) fn has_lingered_too_long(&self) -> bool {
        let Phase::Lingering(since) = self.phase.get() else {
            return false;
        };
        self.seconds.get().wrapping_sub(since) > LINGER_SECONDS
    }

    /// Sets the close mode, and wakes the task. A less urgent mode than the present one changes nothing.
    pub(super) fn escalate(&self, mode: CloseMode) {
        if mode <= self.close_mode.get() {
            return;
        }
        self.close_mode.set(mode);
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }

    /// The waker of a task stays the same, so the first one is enough.
    pub(super) fn register_waker(&self, context: &Context<'_>) {
        self.waker
            .borrow_mut()
            .get_or_insert_with(|| context.waker().clone());
    }
}
