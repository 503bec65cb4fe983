//! Checks `Host`: there is exactly one, and a loopback listener accepts names of this machine only.

use beacon_core::local_host::is_local_host;
use http::{HeaderMap, Version, header};

use super::metrics::Refusal;

/// The hosts that a listener accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostRule {
    /// Any: it is public, or somebody else's address.
    Any,
    /// Names of this machine, because the page of another site can have its own name lead here (DNS rebinding).
    ThisMachine,
}

/// Checks `Host` as RFC 9112 section 3.2 demands it, and against the rule.
///
/// # Errors
/// Returns how the request has to be refused.
pub(crate) fn check_host(
    version: Version,
    headers: &HeaderMap,
    rule: HostRule,
) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    if second.is_some() || (host.is_none() && version == Version::HTTP_11) {
        return Err(Refusal::Host);
    }
    if host.is_some_and(|host| host.as_bytes().iter().any(|byte| is_no_host(*byte))) {
        return Err(Refusal::Host);
    }
    if rule == HostRule::Any {
        return Ok(());
    }
    let is_local = host
        .and_then(|host| host.to_str().ok())
        .is_some_and(is_local_host);
    match is_local {
        true => Ok(()),
        false => Err(Refusal::ForeignHost),
    }
}

/// Returns true for bytes that no client sends in a host and port.
fn is_no_host(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b',' | b'/' | b'?' | b'#' | b'@' | b'\\'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(version: Version, hosts: &[&str], rule: HostRule, expected: Result<(), Refusal>) {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().unwrap());
        }
        assert_eq!(check_host(version, &headers, rule), expected, "{hosts:?}");
    }

    #[test]
    fn there_is_exactly_one_host() {
        let any =
            |version, hosts: &[&str], expected| check(version, hosts, HostRule::Any, expected);
        any(Version::HTTP_11, &["a.example"], Ok(()));
        any(Version::HTTP_11, &["a.example:8080"], Ok(()));
        any(Version::HTTP_11, &["[::1]:8080"], Ok(()));
        any(Version::HTTP_11, &[""], Ok(()));
        any(Version::HTTP_11, &[], Err(Refusal::Host));
        any(Version::HTTP_10, &[], Ok(()));
        for version in [Version::HTTP_10, Version::HTTP_11] {
            any(version, &["a.example", "b.example"], Err(Refusal::Host));
            any(version, &["a.example", "a.example"], Err(Refusal::Host));
            any(version, &["a.example, b.example"], Err(Refusal::Host));
            any(version, &["a.example b.example"], Err(Refusal::Host));
            any(version, &["user@a.example"], Err(Refusal::Host));
            any(version, &["a.example/x"], Err(Refusal::Host));
        }
    }

    #[test]
    fn local_listener_accepts_local_hosts_only() {
        let local = |host: &str, expected| {
            check(Version::HTTP_11, &[host], HostRule::ThisMachine, expected);
        };
        local("localhost:9464", Ok(()));
        local("127.0.0.1", Ok(()));
        local("[::1]:9464", Ok(()));
        local("rebound.example:9464", Err(Refusal::ForeignHost));
        local("localhost.example", Err(Refusal::ForeignHost));
        local("", Err(Refusal::ForeignHost));
        check(
            Version::HTTP_10,
            &[],
            HostRule::ThisMachine,
            Err(Refusal::ForeignHost),
        );
    }
}
