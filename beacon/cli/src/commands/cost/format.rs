//! Numbers, amounts and units as a bill shows them.

/// One of the units; what is only measured, such as GB-s, has no plural.
pub(super) fn singular(unit: &str) -> &str {
    match unit.strip_suffix('s') {
        Some(one) if !unit.ends_with("-s") => one,
        _ => unit,
    }
}

/// Cents; what is less than half a cent but not nothing says so.
pub(super) fn money(usd: f64) -> String {
    if usd > 0.0 && usd < 0.005 {
        return "< 0.01".to_owned();
    }
    format!("{usd:.2}")
}

/// Large numbers whole and in groups of three digits, small ones with as many decimals as tell them from nothing.
pub(super) fn grouped(number: f64) -> String {
    let decimals = match number {
        number if number.fract() == 0.0 || number >= 1_000.0 => 0,
        number if number >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{number:.decimals$}");
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let mut groups = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            groups.push(',');
        }
        groups.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{groups}.{fraction}"),
        None => groups,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_keep_what_tells_them_from_nothing() {
        let check = |number, expected| assert_eq!(grouped(number), expected);
        check(0.0, "0");
        check(7.0, "7");
        check(143.0511, "143.05");
        check(999.999, "1,000.00");
        check(1_000.0, "1,000");
        check(41_250.4, "41,250");
        check(30_000_000.0, "30,000,000");
        check(0.0143, "0.0143");
    }

    #[test]
    fn an_amount_that_is_not_nothing_never_reads_as_nothing() {
        let check = |usd, expected| assert_eq!(money(usd), expected);
        check(0.0, "0.00");
        check(0.000_6, "< 0.01");
        check(0.005, "0.01");
        check(1_234.5, "1234.50");
    }
}
