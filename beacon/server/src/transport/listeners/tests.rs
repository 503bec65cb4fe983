use super::*;

#[test]
fn workers_share_a_free_port_exclusively() {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    for count in [1, 2, 4] {
        let listeners = bind(None, any, count).unwrap();
        let address = listeners[0].socket.local_addr().unwrap();
        assert!(
            listeners
                .iter()
                .all(|listener| listener.socket.local_addr().unwrap() == address)
        );
        for other in [1, 2] {
            let error = bind(None, address, other).unwrap_err();
            assert_eq!(
                error.kind(),
                io::ErrorKind::AddrInUse,
                "{count} against {other}"
            );
        }
    }
}

#[test]
fn an_inherited_socket_is_shared_by_all_workers() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let elsewhere = SocketAddr::from(([127, 0, 0, 1], 1));
    let listeners = bind(Some(socket), elsewhere, 3).unwrap();
    assert_eq!(listeners.len(), 3);
    for listener in &listeners {
        assert!(listener.is_inherited);
        assert_eq!(listener.socket.local_addr().unwrap(), address);
    }
}

#[test]
fn inherited_sockets_are_named_after_listeners() {
    for name in NAMES {
        assert_eq!(socket_name(name, 3).unwrap(), name);
    }
    for unnamed in ["", "unknown", "beacon.socket"] {
        assert_eq!(socket_name(unnamed, 0).unwrap(), "pixel");
        let error = socket_name(unnamed, 1).unwrap_err();
        assert!(error.to_string().contains("FileDescriptorName="), "{error}");
    }
    let error = socket_name("web", 0).unwrap_err();
    assert!(error.to_string().contains("\"web\""), "{error}");
}
