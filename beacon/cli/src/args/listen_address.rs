//! Addresses to listen on, in the forms in which people write them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

/// The forms, for messages.
const FORMS: &str = "write 8080 or localhost:8080 for this machine alone, 0.0.0.0:8080 for every address of it, or an \
                     address of it as 127.0.0.1:8080 or [::1]:8080";

/// Reads a port, or a host and a port. A port alone, with or without a colon, is one of the loopback address, as is
/// `localhost`; another name is resolved.
///
/// # Errors
/// None of these, or a name that can't be resolved.
pub(crate) fn parse_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let is_digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let Some(port) = port.parse::<u16>().ok().filter(|_| is_digits) else {
        return Err(format!("no port from 0 to 65535 at its end; {FORMS}"));
    };
    if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    if host.contains('/') {
        return Err(format!("an address, not a URL, is needed; {FORMS}"));
    }
    if host.contains(':') {
        return Err(format!("an IPv6 address stands in brackets; {FORMS}"));
    }
    let mut resolved = (host, port)
        .to_socket_addrs()
        .map_err(|error| format!("can't find the host {host:?}: {error}; {FORMS}"))?;
    resolved
        .next()
        .ok_or_else(|| format!("the host {host:?} has no address; {FORMS}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_and_localhost_are_this_machines() {
        for text in [
            "8080",
            ":8080",
            "localhost:8080",
            "LOCALHOST:8080",
            "127.0.0.1:8080",
        ] {
            assert_eq!(
                parse_address(text),
                Ok(SocketAddr::from(([127, 0, 0, 1], 8080))),
                "{text}"
            );
        }
        let parsed = |text: &str| parse_address(text).map(|address| address.to_string());
        assert_eq!(parsed("0.0.0.0:80").unwrap(), "0.0.0.0:80");
        assert_eq!(parsed("[::1]:0").unwrap(), "[::1]:0");
    }

    #[test]
    fn others_are_refused_with_the_forms() {
        for (text, reason) in [
            ("", "no port from 0 to 65535 at its end"),
            ("localhost", "no port from 0 to 65535 at its end"),
            ("localhost:", "no port from 0 to 65535 at its end"),
            ("127.0.0.1", "no port from 0 to 65535 at its end"),
            ("127.0.0.1:65536", "no port from 0 to 65535 at its end"),
            ("127.0.0.1:+80", "no port from 0 to 65535 at its end"),
            ("::1:80000", "no port from 0 to 65535 at its end"),
            ("::1:8080", "an IPv6 address stands in brackets"),
            ("http://localhost:8080", "an address, not a URL, is needed"),
        ] {
            let refused = parse_address(text).unwrap_err();
            assert_eq!(refused, format!("{reason}; {FORMS}"), "{text}");
        }
        let refused = parse_address("no such host:80").unwrap_err();
        assert!(
            refused.starts_with("can't find the host \"no such host\": "),
            "{refused}"
        );
        assert!(refused.ends_with(FORMS), "{refused}");
    }
}
