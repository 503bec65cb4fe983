//! Durations and sizes of arguments, in the forms in which people write them.

use std::time::Duration;

/// The longest interval that Firehose has is 900 s; a spool that can be queried may wait for a day.
const MAX_BUFFER_INTERVAL_SECONDS: u64 = 86_400;

/// A spool file is read into memory to become Parquet.
const MAX_BUFFER_SIZE_MIB: u64 = 1024;

/// Reads seconds, or a number with `s`, `m`, `h` or `d`.
///
/// # Errors
/// Another form, or less than a second or more than a day.
pub(crate) fn parse_interval(text: &str) -> Result<Duration, String> {
    let units = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("", 1)];
    let forms = "write seconds as 900 or 900s, minutes as 15m, or hours as 1h";
    let seconds = amount(text, &units).ok_or_else(|| format!("not a duration; {forms}"))?;
    if !(1..=MAX_BUFFER_INTERVAL_SECONDS).contains(&seconds) {
        return Err(format!(
            "{seconds} seconds are not in 1..={MAX_BUFFER_INTERVAL_SECONDS}; {forms}"
        ));
    }
    Ok(Duration::from_secs(seconds))
}

/// Reads MiB, or a number with `MiB` or `GiB`, and gives bytes.
///
/// # Errors
/// Another form, or less than a MiB or more than a GiB.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let units = [("mib", 1), ("gib", 1024), ("m", 1), ("g", 1024), ("", 1)];
    let forms = "write MiB as 64 or 64MiB, or GiB as 1GiB";
    let mib = amount(text, &units).ok_or_else(|| format!("not a size; {forms}"))?;
    if !(1..=MAX_BUFFER_SIZE_MIB).contains(&mib) {
        return Err(format!(
            "{mib} MiB are not in 1..={MAX_BUFFER_SIZE_MIB}; {forms}"
        ));
    }
    Ok(mib << 20)
}

/// Reads a whole number and its unit, such as `15m`.
fn amount(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start().to_ascii_lowercase();
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_has_a_unit_or_is_seconds() {
        for (text, seconds) in [
            ("900", 900),
            ("900s", 900),
            ("15m", 900),
            ("1h", 3600),
            ("1 H", 3600),
            ("1d", 86_400),
        ] {
            assert_eq!(
                parse_interval(text),
                Ok(Duration::from_secs(seconds)),
                "{text}"
            );
        }
        let forms = "write seconds as 900 or 900s, minutes as 15m, or hours as 1h";
        for text in ["", "h", "1w", "1.5h", "-1", "99999999999999999999"] {
            assert_eq!(
                parse_interval(text),
                Err(format!("not a duration; {forms}")),
                "{text}"
            );
        }
        let outside = |seconds| Err(format!("{seconds} seconds are not in 1..=86400; {forms}"));
        assert_eq!(parse_interval("0"), outside(0));
        assert_eq!(parse_interval("25h"), outside(90_000));
    }

    #[test]
    fn a_size_has_a_unit_or_is_mib() {
        for (text, mib) in [
            ("64", 64),
            ("64MiB", 64),
            ("64 mib", 64),
            ("64M", 64),
            ("1GiB", 1024),
        ] {
            assert_eq!(parse_size(text), Ok(mib << 20), "{text}");
        }
        let forms = "write MiB as 64 or 64MiB, or GiB as 1GiB";
        assert_eq!(parse_size("64MB"), Err(format!("not a size; {forms}")));
        assert_eq!(
            parse_size("2GiB"),
            Err(format!("2048 MiB are not in 1..=1024; {forms}"))
        );
    }
}
