//! Prints bills as tables: one setup, or two side by side.

use std::io::{self, Write};

use beacon_query::output::table::{Column, write_columns};

use super::bill::{Bill, Line};
use super::format::{grouped, money, singular};

/// Writes a bill with its totals.
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

/// Writes two bills, with the lines that meter the same thing side by side.
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
        ("total minus free allowances", left.pay_usd, right.pay_usd),
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

/// Pairs the lines of two bills in their order. A line that only the right has follows those that it follows there.
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
