use super::super::limits::{
    BODY_SECONDS, HEAD_SECONDS, LEAST_BODY_BYTES_PER_SECOND, RATE_AFTER_SECONDS,
};
use super::super::metrics::TransportMetrics;
use super::*;

fn connections() -> Rc<Connections> {
    let listener = TransportMetrics::default().listener("pixel", 4);
    Rc::new(Connections::new(listener, 4))
}

fn after(connections: &Connections, seconds: u32) {
    connections.seconds.set(connections.second() + seconds);
}

#[test]
fn head_and_idle_connection_time_out() {
    let connections = connections();
    let open = connections.add();
    after(&connections, HEAD_SECONDS);
    assert_eq!(open.timed_out(), None);
    after(&connections, 1);
    assert_eq!(open.timed_out(), Some(CloseReason::HeadTimeout));
    open.request_received();
    after(&connections, 1000);
    assert_eq!(open.timed_out(), None, "the rest is ours");
    open.response_ready();
    after(&connections, HEAD_SECONDS);
    open.response_written();
    after(&connections, HEAD_SECONDS);
    assert_eq!(open.timed_out(), None, "its client still reads");
    after(&connections, 1);
    assert_eq!(open.timed_out(), Some(CloseReason::HeadTimeout));
}

#[test]
fn body_times_out_by_rate_and_by_time() {
    let connections = connections();
    let open = connections.add();
    open.body_started();
    after(&connections, RATE_AFTER_SECONDS);
    assert_eq!(open.timed_out(), None);
    after(&connections, 1);
    assert_eq!(open.timed_out(), Some(CloseReason::BodyTimeout));
    open.body_received(LEAST_BODY_BYTES_PER_SECOND * 7);
    assert_eq!(open.timed_out(), None);
    after(&connections, 2);
    assert_eq!(open.timed_out(), Some(CloseReason::BodyTimeout));
    open.body_received(1 << 20);
    assert_eq!(open.timed_out(), None);
    after(&connections, BODY_SECONDS);
    assert_eq!(open.timed_out(), Some(CloseReason::BodyTimeout));
}

#[test]
fn longest_idle_connection_is_closed_first() {
    let connections = connections();
    let all: Vec<OpenConnection> = (0..3).map(|_| connections.add()).collect();
    after(&connections, 3);
    all[0].response_ready();
    all[1].request_received();
    assert!(connections.close_longest_idle());
    let modes = |connections: &[OpenConnection]| -> Vec<CloseMode> {
        connections.iter().map(|open| open.close_mode()).collect()
    };
    assert_eq!(
        modes(&all),
        [CloseMode::KeepAlive, CloseMode::KeepAlive, CloseMode::Flush]
    );
    // The next look finds who was not idle at the last one.
    assert!(connections.close_longest_idle());
    assert_eq!(
        modes(&all),
        [CloseMode::Flush, CloseMode::KeepAlive, CloseMode::Flush]
    );
    assert!(!connections.close_longest_idle());
}

#[test]
fn oldest_body_of_another_connection_makes_room() {
    let connections = connections();
    let all: Vec<OpenConnection> = (0..3).map(|_| connections.add()).collect();
    for open in &all {
        open.body_started();
        open.body_received(1);
        after(&connections, 1);
    }
    assert!(all[0].make_room_for_body());
    assert_eq!(all[1].close_mode(), CloseMode::Flush);
    assert!(all[2].make_room_for_body());
    assert_eq!(all[0].close_mode(), CloseMode::Flush);
    assert!(!all[2].make_room_for_body(), "no other is left");
    assert_eq!(all[2].close_mode(), CloseMode::KeepAlive);
}
