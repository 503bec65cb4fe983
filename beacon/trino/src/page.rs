//! The list of functions in docs/sql.md, which is generated: signature, example, and Trino's answer to it.

use serde_json::Value;

use crate::allow_list::{self, forms};
use crate::function::{Function, Kind};
use crate::judge::ANSWERS;

#[test]
fn the_page_lists_the_functions() {
    beacon_generated_files::check_section("docs/sql.md", "functions", &functions());
}

fn functions() -> String {
    let mut page = String::new();
    for (kind, title) in [
        (Kind::Scalar, "Functions of a row"),
        (Kind::Aggregate, "Aggregates"),
        (Kind::Window, "Functions over a window"),
    ] {
        page.push_str(&format!(
            "\n### {title}\n\n| signature | example | Trino's answer |\n|---|---|---|\n"
        ));
        for function in allow_list::functions().filter(|function| function.kind == kind) {
            page.push_str(&row(function));
        }
    }
    page.push('\n');
    page
}

fn row(function: &Function) -> String {
    let signatures: Vec<String> = forms(function.name)
        .map(|form| format!("`{}`", cell(&form)))
        .collect();
    let (example, answer) = match example(function.name) {
        Some((sql, answer)) => (format!("`{}`", cell(&sql)), format!("`{}`", cell(&answer))),
        None => (String::new(), String::new()),
    };
    format!("| {} | {example} | {answer} |\n", signatures.join("<br>"))
}

/// The shortest expression that Trino answered and that calls the function.
fn example(name: &str) -> Option<(String, String)> {
    let mut best: Option<(String, String)> = None;
    for line in ANSWERS.lines() {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        let sql = case["sql"].as_str().unwrap_or_default();
        let calls = [" ", "(", "-"]
            .iter()
            .any(|before| sql.to_lowercase().contains(&format!("{before}{name}(")));
        let is_shorter = best
            .as_ref()
            .is_none_or(|(before, _)| sql.len() < before.len());
        if calls && case["trino"].is_array() && is_shorter {
            best = Some((sql.to_owned(), case["trino"].to_string()));
        }
    }
    best
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
