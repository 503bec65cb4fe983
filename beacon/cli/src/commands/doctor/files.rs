//! The limit of open files, and how many connections it allows.

use std::fs;

use beacon_server::transport::Capacity;

use super::finding::Findings;

const SUBJECT: &str = "open files";

/// Looks at the limit of the server, which is the process that `holder` names, or else at this command's own.
pub(super) fn check(holder: Option<&str>, findings: &mut Findings) {
    let limit = holder.and_then(limit_of);
    let (limit, whose) = match limit {
        Some(limit) => (limit, "the server"),
        None => (
            Capacity::open_files_limit().unwrap_or(usize::MAX),
            "this shell",
        ),
    };
    let capacity = Capacity::of(limit);
    let allows = match limit {
        usize::MAX => format!("{whose} has no limit"),
        limit => format!("{whose} may open {limit}"),
    };
    let connections = capacity.pixel_connections;
    if limit >= Capacity::FULL_OPEN_FILES {
        return findings.ok(
            SUBJECT,
            format!("{allows}; the pixel takes {connections} connections at a time"),
        );
    }
    findings.warning(
        SUBJECT,
        format!(
            "{allows}, which leaves {connections} connections at a time to the pixel: raise it to {}, with LimitNOFILE= in \
             a systemd unit, or with `ulimit -n`",
            Capacity::FULL_OPEN_FILES
        ),
    );
}

/// The hard limit of `process 4711`, to which a server raises its own. `None` where the system doesn't show it.
fn limit_of(holder: &str) -> Option<usize> {
    let process: u32 = holder.strip_prefix("process ")?.parse().ok()?;
    let limits = fs::read_to_string(format!("/proc/{process}/limits")).ok()?;
    hard_limit(&limits)
}

/// Reads `Max open files  1024  524288  files`.
fn hard_limit(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().nth(1)? {
        "unlimited" => Some(usize::MAX),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hard_limit_is_the_second_number() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(hard_limit(limits), Some(524_288));
        assert_eq!(
            hard_limit("Max open files  1024  unlimited  files"),
            Some(usize::MAX)
        );
        assert_eq!(hard_limit("Max processes  1  2"), None);
    }
}
