//! Formats numbers, amounts and units for a bill.

/// Returns the singular of a unit. Measures such as GB-s have no plural.
pub(super) fn singular(unit: &str) -> &str {
    match unit.strip_suffix('s') {
        Some(one) if !unit.ends_with("-s") => one,
        _ => unit,
    }
}

/// Formats an amount in cents. Less than half a cent, but not zero, is `< 0.01`.
pub(super) fn money(usd: f64) -> String {
    if usd > 0.0 && usd < 0.005 {
        return "< 0.01".to_owned();
    }
    format!("{usd:.2}")
}

/// Formats a number: a large one whole and in groups of three digits, a small one with enough decimals not to be zero.
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
    fn numbers_are_grouped_and_small_ones_are_not_zero() {
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
    fn an_amount_above_zero_never_reads_as_zero() {
        let check = |usd, expected| assert_eq!(money(usd), expected);
        check(0.0, "0.00");
        check(0.000_6, "< 0.01");
        check(0.005, "0.01");
        check(1_234.5, "1234.50");
    }
}
