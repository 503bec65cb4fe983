//! Renders the numbers of a report as HTML that needs neither script nor style: for mail programs, and for browsers
//! without JavaScript. The page replaces it where scripts run.

use std::fmt::Write as _;

use beacon_catalog::TimeRange;
use beacon_core::time::parse_timestamp;
use quick_xml::escape::escape;

use super::scope::{Answered, ReportScope, cell};
use crate::engine::{Answer, Value};

mod tables;

use tables::{TABLES, Table};

/// The width that mail programs have room for, in pixels.
const WIDTH: usize = 600;
const CHART_HEIGHT: usize = 160;
/// The rows of a table. The page shows all of them.
const MAX_ROWS: usize = 25;
/// The page's colour of bars.
const BAR: &str = "#2f8f84";

/// Returns heading, totals, chart and tables of a report.
pub(super) fn plain(scope: &ReportScope, answers: &[Answered]) -> String {
    let site = scope.site.as_deref().unwrap_or("All sites");
    let mut html = format!(
        "<table width=\"{WIDTH}\" align=\"center\" cellpadding=\"4\"><tbody><tr><td>\n<h1>{}</h1>\n<p>{}</p>\n",
        escape(site),
        escape(&*scope.title)
    );
    html.push_str(&totals(scope, answers));
    html.push_str(&chart(scope, answers));
    for table in &TABLES {
        html.push_str(&table_of(table, scope, answers));
    }
    html.push_str("</td></tr></tbody></table>");
    html
}

/// The tiles: question, column and name.
const TILES: [(&str, &str, &str); 7] = [
    ("totals", "visitors", "Visitors"),
    ("visit_totals", "visits", "Visits"),
    ("totals", "views", "Views"),
    ("visit_totals", "single_page_visits", "Single-page visits"),
    ("visit_totals", "median_seconds", "Visit duration"),
    ("totals", "opens", "Opens"),
    ("totals", "clicks", "Clicks"),
];

/// Returns the numbers of the tiles, beside those of the period before if there is one.
fn totals(scope: &ReportScope, answers: &[Answered]) -> String {
    let mut html = "<table border=\"0\" cellpadding=\"6\"><thead><tr><th align=\"left\">Totals</th><th align=\"right\">Now</th>"
        .to_owned();
    if scope.before.is_some() {
        html.push_str("<th align=\"right\">Before</th>");
    }
    html.push_str("</tr></thead><tbody>\n");
    for (question, column, name) in TILES {
        let now = tile(answers, question, scope.range, column);
        let now = now.unwrap_or_else(|| "failed".to_owned());
        let _ = write!(
            html,
            "<tr><td>{name}</td><td align=\"right\"><b>{now}</b></td>"
        );
        if let Some(before) = scope.before {
            let before = tile(answers, question, before, column).unwrap_or_default();
            let _ = write!(html, "<td align=\"right\">{before}</td>");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n");
    html
}

/// Returns a tile's number as text, or `None` if its query failed.
fn tile(answers: &[Answered], question: &str, range: TimeRange, column: &str) -> Option<String> {
    let answer = answer_of(answers, question, range)?;
    let row = answer.rows.first()?;
    if column == "median_seconds" {
        return Some(match cell(answer, row, column)? {
            Value::Double(seconds) => duration(*seconds),
            _ => "–".to_owned(),
        });
    }
    count(answer, row, column)
}

/// Returns a duration as the page writes it: `45s`, `1m 48s`, `1h 05m`.
fn duration(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a visit lasts less than a day"
    )]
    let whole = seconds.round() as u64;
    match (whole / 3_600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, _) => format!("{hours}h {minutes:02}m"),
    }
}

/// Draws the views of each bar as SVG, with the numbers below, since many mail programs drop drawings.
fn chart(scope: &ReportScope, answers: &[Answered]) -> String {
    let mut views = vec![0; scope.bars.len()];
    for answered in answers
        .iter()
        .filter(|answered| answered.question == "views_per_quarter")
    {
        let Some(answer) = &answered.answer else {
            return failed("Views over time");
        };
        add_quarters(&mut views, scope, answer);
    }
    let most = views.iter().copied().max().unwrap_or(0).max(1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{CHART_HEIGHT}\" viewBox=\"0 0 {WIDTH} {CHART_HEIGHT}\" role=\"img\" aria-label=\"Views over time\">\n"
    );
    let mut rows = String::new();
    let count = views.len().max(1);
    for (place, (bar, views)) in scope.bars.iter().zip(&views).enumerate() {
        let (left, right) = (place * WIDTH / count, (place + 1) * WIDTH / count);
        let height = usize::try_from(views * CHART_HEIGHT as u64 / most).unwrap_or(CHART_HEIGHT);
        let (top, width) = (
            CHART_HEIGHT - height,
            (right - left).saturating_sub(2).max(1),
        );
        let name = escape(&*bar.name);
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{BAR}\"><title>{name}: {views}</title></rect>"
        );
        let _ = writeln!(
            rows,
            "<tr><td>{name}</td><td align=\"right\">{}</td></tr>",
            grouped(*views)
        );
    }
    format!(
        "<h2>Views over time</h2>\n{svg}</svg>\n<table border=\"0\" cellpadding=\"4\"><tbody>\n{rows}</tbody></table>\n"
    )
}

fn add_quarters(views: &mut [u64], scope: &ReportScope, answer: &Answer) {
    for row in &answer.rows {
        let at_ms = match cell(answer, row, "quarter") {
            Some(Value::Text(text)) => parse_timestamp(text),
            _ => None,
        };
        let (Some(at_ms), Some(Value::Integer(count))) = (at_ms, cell(answer, row, "views")) else {
            continue;
        };
        // A quarter that the first bar begins within belongs to that bar.
        let at_ms = at_ms.max(scope.range.from_ms);
        let place = scope
            .bars
            .iter()
            .position(|bar| (bar.range.from_ms..bar.range.to_ms).contains(&at_ms));
        if let Some(place) = place {
            views[place] += u64::try_from(*count).unwrap_or(0);
        }
    }
}

/// Returns a table of a question's rows; nothing where it wasn't asked or has no rows.
fn table_of(table: &Table, scope: &ReportScope, answers: &[Answered]) -> String {
    let Some(answered) = answers
        .iter()
        .find(|answered| answered.question == table.question && answered.range == scope.range)
    else {
        return String::new();
    };
    let Some(answer) = &answered.answer else {
        return failed(table.title);
    };
    let counts: Vec<_> = table
        .counts
        .iter()
        .filter(|(column, _)| answer.columns.iter().any(|known| known.name == *column))
        .collect();
    let rows: Vec<_> = answer
        .rows
        .iter()
        .filter(|row| table.shows(answer, row))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut html = format!(
        "<h2>{}</h2>\n<table width=\"100%\" border=\"0\" cellpadding=\"4\"><thead><tr><th align=\"left\">Name</th>",
        table.title
    );
    for (_, header) in &counts {
        let _ = write!(html, "<th align=\"right\">{header}</th>");
    }
    html.push_str("</tr></thead><tbody>\n");
    for row in rows.iter().take(MAX_ROWS) {
        let _ = write!(html, "<tr><td>{}</td>", escape(table.name(answer, row)));
        for (column, _) in &counts {
            let text = count(answer, row, column).unwrap_or_default();
            let _ = write!(html, "<td align=\"right\">{text}</td>");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n");
    if rows.len() > MAX_ROWS {
        let of = answer.row_count.unwrap_or(rows.len() as u64);
        let _ = writeln!(html, "<p>first {MAX_ROWS} of {}</p>", grouped(of));
    }
    html
}

fn failed(title: &str) -> String {
    format!("<h2>{title}</h2>\n<p>This query failed.</p>\n")
}

fn answer_of<'a>(answers: &'a [Answered], question: &str, range: TimeRange) -> Option<&'a Answer> {
    let is_it = |answered: &&Answered| answered.question == question && answered.range == range;
    answers.iter().find(is_it)?.answer.as_deref()
}

/// Returns a count as text, as a range where the answer has an upper bound; `None` without such a column.
fn count(answer: &Answer, row: &[Value], column: &str) -> Option<String> {
    let number = |name: &str| match cell(answer, row, name) {
        Some(Value::Integer(number)) => Some(u64::try_from(*number).unwrap_or(0)),
        Some(_) => Some(0),
        None => None,
    };
    let low = number(column)?;
    let high = number(&format!("{column}_at_most")).unwrap_or(low);
    Some(if high > low {
        format!("{}–{}", grouped(low), grouped(high))
    } else {
        grouped(low)
    })
}

/// Formats a number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
