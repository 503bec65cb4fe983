//! Formats durations, sizes and counts as people write them.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Returns a duration in the largest unit of which there are two: `90 s`, `15 min`, `36 h`, `9 days`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    for (unit, name) in [(DAY, "days"), (HOUR, "h"), (MINUTE, "min")] {
        if seconds >= 2 * unit {
            return format!("{} {name}", seconds / unit);
        }
    }
    format!("{seconds} s")
}

/// Returns a size with its binary unit: `512 bytes`, `1.5 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(u32, &str); 4] = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
    for (shift, name) in UNITS {
        if bytes >> shift > 0 {
            return format!("{:.1} {name}", bytes as f64 / (1_u64 << shift) as f64);
        }
    }
    format!("{bytes} bytes")
}

/// Returns a count with its noun: `1 file`, `2 files`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_a_unit_that_fits() {
        let duration = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(duration(0), "0 s");
        assert_eq!(duration(119), "119 s");
        assert_eq!(duration(3600), "60 min");
        assert_eq!(duration(2 * DAY - 1), "47 h");
        assert_eq!(duration(9 * DAY), "9 days");
        assert_eq!(size(1023), "1023 bytes");
        assert_eq!(size(64 << 20), "64.0 MiB");
        assert_eq!(size(3 << 29), "1.5 GiB");
        assert_eq!(counted(0, "hit"), "0 hits");
        assert_eq!(counted(1, "hit"), "1 hit");
    }
}
