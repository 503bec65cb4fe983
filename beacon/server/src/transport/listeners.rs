//! The listening sockets: those of this process, one for each worker on the same address so that the kernel spreads the
//! connections, and those that systemd has opened.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that the kernel completes before a worker takes them.
const BACKLOG: i32 = 4096;

/// One socket, ready to accept.
#[derive(Debug)]
pub(crate) struct ListeningSocket {
    pub(crate) socket: TcpListener,
    /// Somebody else keeps it open when this process ends.
    pub(crate) is_inherited: bool,
}

/// Sockets from systemd (`sd_listen_fds(3)`), by the name of their listener.
#[derive(Debug, Default)]
pub struct InheritedSockets(Vec<(String, TcpListener)>);

/// The name of an inherited socket is that of no listener.
#[derive(Debug, thiserror::Error)]
#[error(
    "systemd passed a socket named {name:?}: name it pixel, metrics, firehose or dashboard with FileDescriptorName="
)]
pub struct UnknownSocket {
    /// The name in `FileDescriptorName=`.
    pub name: String,
}

/// The names of sockets, which are also those of the listeners in the metrics.
const NAMES: [&str; 4] = ["pixel", "metrics", "firehose", "dashboard"];

impl InheritedSockets {
    /// Assigns sockets that are open already to listeners, by their names in `LISTEN_FDNAMES`.
    ///
    /// The first socket is the pixel's if it has no name, or one that ends in `.socket` as systemd's default does.
    ///
    /// # Errors
    /// Returns [`UnknownSocket`] for a name that no listener has.
    pub fn new(
        sockets: impl IntoIterator<Item = (String, TcpListener)>,
    ) -> Result<InheritedSockets, UnknownSocket> {
        let mut named = Vec::new();
        for (index, (name, socket)) in sockets.into_iter().enumerate() {
            named.push((socket_name(&name, index)?.to_owned(), socket));
        }
        Ok(InheritedSockets(named))
    }

    /// Takes the socket of this listener, if there is one.
    pub(crate) fn socket(&mut self, name: &str) -> Option<TcpListener> {
        let index = self.0.iter().position(|(of, _)| of == name)?;
        Some(self.0.swap_remove(index).1)
    }
}

fn socket_name(name: &str, index: usize) -> Result<&'static str, UnknownSocket> {
    if let Some(known) = NAMES.iter().find(|known| **known == name) {
        return Ok(known);
    }
    let is_unnamed = name.is_empty() || name == "unknown" || name.ends_with(".socket");
    match is_unnamed && index == 0 {
        true => Ok(NAMES[0]),
        false => Err(UnknownSocket {
            name: name.to_owned(),
        }),
    }
}

/// Listens with `count` sockets: on the one that was inherited, else on `address`, with port 0 all on the same free one.
///
/// # Errors
/// Returns an error if the address can't be listened on.
pub(crate) fn bind(
    inherited: Option<TcpListener>,
    address: SocketAddr,
    count: usize,
) -> io::Result<Vec<ListeningSocket>> {
    if let Some(socket) = inherited {
        return share(&socket, count);
    }
    let own = |socket| ListeningSocket {
        socket,
        is_inherited: false,
    };
    if count == 1 {
        return Ok(vec![own(listen(address, false)?)]);
    }
    // SO_REUSEPORT would let a second server share the port in silence. A plain socket is refused where
    // anybody listens already, so it goes first.
    let probe = listen(address, false)?;
    let address = probe.local_addr()?;
    drop(probe);
    (0..count)
        .map(|_| Ok(own(listen(address, true)?)))
        .collect()
}

/// All workers take from the queue of one socket.
fn share(socket: &TcpListener, count: usize) -> io::Result<Vec<ListeningSocket>> {
    socket.set_nonblocking(true)?;
    let copies = (0..count).map(|_| {
        Ok(ListeningSocket {
            socket: socket.try_clone()?,
            is_inherited: true,
        })
    });
    copies.collect()
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

/// Has the kernel answer no new connection on this socket, while those that have begun are completed. A client that
/// comes now asks again after a second, and finds the next server or none.
pub(super) fn refuse_new(socket: &TcpListener) {
    #[cfg(target_os = "linux")]
    {
        // Classic BPF over the TCP header: nothing of a segment that has SYN and no ACK, all of any other.
        let no_syn = [
            socket2::SockFilter::new(LOAD_BYTE, 0, 0, TCP_FLAGS_OFFSET),
            socket2::SockFilter::new(AND, 0, 0, SYN | ACK),
            socket2::SockFilter::new(JUMP_IF_EQUAL, 0, 1, SYN),
            socket2::SockFilter::new(RETURN, 0, 0, 0),
            socket2::SockFilter::new(RETURN, 0, 0, u32::MAX),
        ];
        if let Err(error) = socket2::SockRef::from(socket).attach_filter(&no_syn) {
            // Then whoever connects in the last moment is refused after all.
            tracing::debug!(%error, "new connections can't be held off");
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        // Only Linux has it; elsewhere the moment in between stays.
        let _: &TcpListener = socket;
    }
}

/// Instructions of classic BPF (linux/bpf_common.h), and what they look at (RFC 9293 section 3.1).
#[cfg(target_os = "linux")]
mod filter {
    /// BPF_LD | BPF_B | BPF_ABS
    pub(super) const LOAD_BYTE: u16 = 0x30;
    /// BPF_ALU | BPF_AND | BPF_K
    pub(super) const AND: u16 = 0x54;
    /// BPF_JMP | BPF_JEQ | BPF_K
    pub(super) const JUMP_IF_EQUAL: u16 = 0x15;
    /// BPF_RET | BPF_K
    pub(super) const RETURN: u16 = 0x06;
    pub(super) const TCP_FLAGS_OFFSET: u32 = 13;
    pub(super) const SYN: u32 = 0x02;
    pub(super) const ACK: u32 = 0x10;
}

#[cfg(target_os = "linux")]
use filter::{ACK, AND, JUMP_IF_EQUAL, LOAD_BYTE, RETURN, SYN, TCP_FLAGS_OFFSET};

#[cfg(test)]
mod tests;
