mod bills;
mod lines;
mod output;

use clap::Parser;

use super::bill::{GLUE_OBJECTS, Line, WAF_RULES};
use super::*;

/// The command as `main` reads it, without a process.
#[derive(Parser)]
struct Command {
    #[command(flatten)]
    cost: CostArgs,
}

fn parse(arguments: &str) -> Result<CostArgs, clap::Error> {
    let words = std::iter::once("cost").chain(arguments.split_whitespace());
    Command::try_parse_from(words).map(|command| command.cost)
}

#[track_caller]
fn bill(arguments: &str) -> Bill {
    let setup = parse(arguments).unwrap().setup().unwrap();
    Bill::new(&setup, &PriceTable::built_in().prices)
}

#[track_caller]
fn usual_bill(arguments: &str, usual: Usual) -> Bill {
    let setup = parse(arguments).unwrap().setup().unwrap();
    Bill::new(&setup.usual(usual), &PriceTable::built_in().prices)
}

fn find<'a>(bill: &'a Bill, service: &str, what: &str) -> Option<&'a Line> {
    bill.lines
        .iter()
        .find(|line| line.service == service && line.what == what)
}

/// A line against a calculation by hand: quantity, list price, what is paid.
#[track_caller]
fn check(bill: &Bill, service: &str, what: &str, quantity: f64, list: f64, pay: f64) {
    let line = find(bill, service, what)
        .unwrap_or_else(|| panic!("no line {service} {what} in {bill:#?}"));
    let close = |left: f64, right: f64| (left - right).abs() <= right.abs() * 1e-4 + 1e-9;
    assert!(close(line.quantity, quantity), "{line:#?}");
    assert!(close(line.list_usd, list), "{line:#?}");
    assert!(close(line.pay_usd, pay), "{line:#?}");
}

#[track_caller]
fn check_absent(bill: &Bill, service: &str, what: &str) {
    assert_eq!(find(bill, service, what), None);
}

#[track_caller]
fn check_refused(arguments: &str, expected: &str) {
    let refused = match parse(arguments) {
        Ok(args) => args.setup().unwrap_err(),
        Err(error) => error,
    };
    let text = refused.to_string();
    assert!(text.contains(expected), "{text}");
}

fn shown(arguments: &str) -> String {
    let mut out = Vec::new();
    parse(arguments).unwrap().write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}
