//! Names the process that listens on a port, where the system tells.

use std::fs;
use std::path::Path;

/// The state of a listening socket in `/proc/net/tcp` (include/net/tcp_states.h: TCP_LISTEN).
const LISTENING: &str = "0A";

/// Returns the process that listens on `port`, such as `process 4711 (nginx)`.
///
/// Returns `None` on systems without `/proc`, and for a process of another user, whose sockets the system shows to root
/// alone.
pub(crate) fn port_holder(port: u16) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    let inode = tables
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .find_map(|table| listening_inode(&table, port))?;
    let socket = format!("socket:[{inode}]");
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let name = process.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if has_open(&process.path(), &socket) {
            let command = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("process {id} ({})", command.trim_end()));
        }
    }
    None
}

/// Finds the socket that listens on `port` in a table such as `/proc/net/tcp` (proc_pid_net(5)).
fn listening_inode(table: &str, port: u16) -> Option<String> {
    let port = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        (local.ends_with(&port) && *state == LISTENING).then(|| (*inode).to_owned())
    })
}

fn has_open(process: &Path, socket: &str) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    files
        .flatten()
        .any(|file| fs::read_link(file.path()).is_ok_and(|target| target == Path::new(socket)))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0 100 0 0 10 0
   1: 0100007F:1F91 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 12346 1 0 20 4 30 10 -1
";

    #[test]
    fn only_a_listening_socket_holds_a_port() {
        assert_eq!(listening_inode(TABLE, 8080).as_deref(), Some("12345"));
        assert_eq!(listening_inode(TABLE, 8081), None);
        assert_eq!(listening_inode(TABLE, 80), None);
    }

    #[test]
    fn this_process_holds_its_own_port() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let expected = format!("process {} (", std::process::id());
        match Path::new("/proc/net/tcp").exists() {
            true => assert!(port_holder(port).unwrap().starts_with(&expected)),
            false => assert_eq!(port_holder(port), None),
        }
    }
}
