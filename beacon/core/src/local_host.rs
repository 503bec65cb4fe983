//! The names of the machine itself, as they stand in `Host` and `Origin`.

use std::net::IpAddr;

/// Tells whether a host is `localhost`, a name below it or a loopback address, with or without a port.
///
/// The page of another site can have its own name lead to a loopback address (DNS rebinding); its browser then sends
/// that name, which is none of these.
pub fn is_local_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    if let Ok(address) = name.parse::<IpAddr>() {
        return address.is_loopback();
    }
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_and_localhost_are_this_machine() {
        for host in [
            "localhost",
            "LocalHost:8080",
            "a.localhost:1",
            "127.0.0.1",
            "127.8.9.1:1",
            "[::1]",
            "[::1]:8080",
        ] {
            assert!(is_local_host(host), "{host}");
        }
        for host in [
            "",
            "a.example",
            "localhost.example",
            "127.0.0.1.example",
            "192.0.2.1:80",
            "[2001:db8::1]",
            "notlocalhost",
        ] {
            assert!(!is_local_host(host), "{host}");
        }
    }
}
