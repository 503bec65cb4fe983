//! The listening sockets: one for each worker on the same address, so that the kernel spreads the connections.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that the kernel completes before a worker takes them.
const BACKLOG: i32 = 4096;

/// Binds `count` listeners to `address`; with port 0 all to the same free port.
pub(super) fn bind(address: SocketAddr, count: usize) -> io::Result<Vec<TcpListener>> {
    if count == 1 {
        return Ok(vec![listen(address, false)?]);
    }
    // SO_REUSEPORT would let a second server share the port in silence. A plain socket is refused where
    // anybody listens already, so it goes first.
    let probe = listen(address, false)?;
    let address = probe.local_addr()?;
    drop(probe);
    (0..count).map(|_| listen(address, true)).collect()
}

fn listen(address: SocketAddr, shared: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // Connections of a server that has just ended don't keep its successor from the port.
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(shared)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_share_a_free_port_and_nobody_else_gets_it() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        for count in [1, 2, 4] {
            let listeners = bind(any, count).unwrap();
            let address = listeners[0].local_addr().unwrap();
            assert!(
                listeners
                    .iter()
                    .all(|listener| listener.local_addr().unwrap() == address)
            );
            for other in [1, 2] {
                let error = bind(address, other).unwrap_err();
                assert_eq!(
                    error.kind(),
                    io::ErrorKind::AddrInUse,
                    "{count} against {other}"
                );
            }
        }
    }
}
