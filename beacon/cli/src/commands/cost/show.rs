//! How a bill is shown: as a table for people, one set-up or two side by side.

use std::io::{self, Write};

use super::bill::{Bill, Line};
use beacon_query::output::table::{Column, write_columns};

/// A bill, a line each, and its sums.
pub(super) fn write_bill(bill: &Bill, out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new(&[
        ("service", false),
        ("what", false),
        ("quantity", true),
        ("unit price", true),
        ("list price", true),
        ("you pay", true),
    ]);
    for line in &bill.lines {
        table.row([
            line.service.to_owned(),
            what(line),
            quantity(line),
            line.unit_price.clone(),
            money(line.list_usd),
            money(line.pay_usd),
        ]);
    }
    table.row([
        "total".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        money(bill.list_usd),
        money(bill.pay_usd),
    ]);
    write_columns(&table.0, out)
}

/// Two bills, with the lines that meter the same thing side by side.
pub(super) fn write_comparison(
    (left_name, left): (&str, &Bill),
    (right_name, right): (&str, &Bill),
    out: &mut impl Write,
) -> io::Result<()> {
    let pays = [format!("{left_name} $"), format!("{right_name} $")];
    let mut table = Table::new(&[
        ("service", false),
        ("what", false),
        ("quantity", true),
        (&pays[0], true),
        ("quantity", true),
        (&pays[1], true),
    ]);
    for (left, right) in side_by_side(&left.lines, &right.lines) {
        let Some(line) = left.or(right) else { continue };
        let quantity = |line: Option<&Line>| line.map_or_else(String::new, quantity);
        let pay = |line: Option<&Line>| line.map_or_else(String::new, |line| money(line.pay_usd));
        table.row([
            line.service.to_owned(),
            line.what.to_owned(),
            quantity(left),
            pay(left),
            quantity(right),
            pay(right),
        ]);
    }
    for (name, left, right) in [
        ("total, less what is free", left.pay_usd, right.pay_usd),
        ("total at list prices", left.list_usd, right.list_usd),
    ] {
        table.row([
            name.to_owned(),
            String::new(),
            String::new(),
            money(left),
            String::new(),
            money(right),
        ]);
    }
    write_columns(&table.0, out)
}

/// Lines of both in the order of their bills; one that the left doesn't have comes after those that it follows on the
/// right.
fn side_by_side<'a>(
    left: &'a [Line],
    right: &'a [Line],
) -> Vec<(Option<&'a Line>, Option<&'a Line>)> {
    let same = |one: &Line, other: &Line| one.service == other.service && one.what == other.what;
    let mut rows = Vec::new();
    let mut rest = right;
    for line in left {
        if let Some(index) = rest.iter().position(|other| same(line, other)) {
            let (before, at) = rest.split_at(index);
            rows.extend(before.iter().map(|only| (None, Some(only))));
            rows.push((Some(line), at.first()));
            rest = &at[1..];
        } else {
            rows.push((Some(line), None));
        }
    }
    rows.extend(rest.iter().map(|only| (None, Some(only))));
    rows
}

struct Table(Vec<Column>);

impl Table {
    fn new(columns: &[(&str, bool)]) -> Table {
        let columns = columns.iter().map(|(name, numeric)| Column {
            numeric: *numeric,
            cells: vec![(*name).to_owned()],
        });
        Table(columns.collect())
    }

    fn row<const WIDTH: usize>(&mut self, cells: [String; WIDTH]) {
        for (column, cell) in self.0.iter_mut().zip(cells) {
            column.cells.push(cell);
        }
    }
}

fn what(line: &Line) -> String {
    match line.detail.as_str() {
        "" => line.what.to_owned(),
        detail => format!("{}: {detail}", line.what),
    }
}

fn quantity(line: &Line) -> String {
    let unit = match line.quantity {
        1.0 => singular(&line.unit),
        _ => &line.unit,
    };
    format!("{} {unit}", grouped(line.quantity))
}

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
