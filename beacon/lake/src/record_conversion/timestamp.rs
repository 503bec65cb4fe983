//! Timestamps as the OpenX SerDe of Firehose's format conversion reads them.

use beacon_core::time::{Hour, MAX_MS};

/// Parses a timestamp into Unix milliseconds; `None` for any other form.
///
/// The forms are `yyyy-[M]M-[d]d HH:mm:ss[.S]`, the same with `T` and `Z`, and a number of seconds or, from 13 digits
/// on, of milliseconds.
pub(crate) fn timestamp_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some(ms) = epoch_ms(text) {
        return (ms <= MAX_MS).then_some(ms);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, time.strip_suffix('Z')?),
        None => text.split_once(' ')?,
    };
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let mut time_parts = time.split(':');
    let (hour, minute, second) = (time_parts.next()?, time_parts.next()?, time_parts.next()?);
    if date.next().is_some() || time_parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let hour = Hour::new(number(year)?, number(month)?, number(day)?, number(hour)?)?;
    let (minute, second): (u64, u64) = (number(minute)?, number(second)?);
    if minute > 59 || second > 59 || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let nanos: u64 = number::<u64>(fraction)? * 10_u64.pow(9 - fraction.len() as u32);
    Some(hour.start_ms() + (minute * 60 + second) * 1000 + nanos / 1_000_000)
}

/// Digits only: `parse` alone would take a sign.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn epoch_ms(text: &str) -> Option<u64> {
    if let Some(number) = number::<u64>(text) {
        return if text.len() >= 13 {
            Some(number)
        } else {
            number.checked_mul(1000)
        };
    }
    let (seconds, fraction) = text.split_once('.')?;
    number::<u64>(fraction)?;
    let milliseconds: u64 = number(format!("{fraction:0<3}").get(..3)?)?;
    number::<u64>(seconds)?
        .checked_mul(1000)?
        .checked_add(milliseconds)
}

#[cfg(test)]
mod tests {
    use beacon_core::time::format_timestamp;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = timestamp_ms(text).map(format_timestamp);
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn times_are_read_as_openx_reads_them() {
        let expected = Some("2026-11-21 05:34:56.789");
        check("2026-11-21 05:34:56.789", expected);
        check("2026-11-21T05:34:56.789Z", expected);
        check("2026-11-21T05:34:56.789123456Z", expected);
        check("1795239296789", expected);
        check("1795239296.789", expected);
        check("1795239296.7", Some("2026-11-21 05:34:56.700"));
        check("1795239296", Some("2026-11-21 05:34:56.000"));
        check("2026-1-2 05:34:56", Some("2026-01-02 05:34:56.000"));
        check("2026-11-21T05:34:56", None);
        check("2026-02-30 00:00:00", None);
        check("2026-11-21 24:00:00", None);
        check("1.5é", None);
        check("1.", None);
        check("2026-1-é 05:34:5é", None);
        check("-1", None);
        check("1e9", None);
        check("true", None);
        check("yesterday", None);
    }
}
