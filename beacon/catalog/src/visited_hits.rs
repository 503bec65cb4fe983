//! Puts the block of visits before a statement, which then reads the hits with the columns of their visits in place of
//! the table: always before a file whose header says so, before others if a filter needs it.

use std::borrow::Cow;

use beacon_core::schema::TABLE;

use crate::error::{CatalogError, required_header};
use crate::parameter::Parameter;
use crate::sql_file::SqlFile;
use crate::sql_text;

/// The block and, in its header, the parameters of its `?`.
const FILE: SqlFile<'static> = SqlFile {
    name: "visited_hits",
    sql: include_str!("../../../athena/blocks/visited_hits.sql"),
};

/// The key of the line in the header of a file that is about visits. Its value says whose opens are among the hits: those
/// of `agents`, or of `open_agents`.
const VISITS: &str = "visits";

/// The line with which the block begins, in its file and in the statements that have it.
const BEGIN: &str = "\n-- begin visited_hits\n";

/// The beginning of every statement of `athena/queries`.
const WITH: &str = "\nWITH ";

/// The beginning of the header's line that names the parameters.
const PARAMETERS_LINE: &str = "-- parameters: ";

/// Returns the whole text of a file. The block and its parameters are before those of the file if its header has the line
/// `-- visits:`, which the text lacks.
///
/// # Errors
/// Returns an error if the line has another value, or if the file has no parameters or no WITH.
pub(crate) fn composed<'a>(file: &SqlFile<'a>) -> Result<Cow<'a, str>, CatalogError> {
    let Some(opens) = file.header(VISITS) else {
        return Ok(Cow::Borrowed(file.sql));
    };
    required_header(file, "parameters")?;
    let line = format!("\n-- {VISITS}: {opens}\n");
    let Some((before_line, after_line)) = file.sql.split_once(&line) else {
        return Err(visits_error(file, opens));
    };
    let opens = ["agents", "open_agents"]
        .into_iter()
        .find(|known| *known == opens && after_line.contains(WITH))
        .ok_or_else(|| visits_error(file, opens))?;
    let names: String = names(opens, "agents")
        .map(|name| format!("{name}, "))
        .collect();
    let text = before(&format!("{before_line}\n{after_line}"));
    Ok(Cow::Owned(with_names(&text, &names, "")))
}

fn visits_error(file: &SqlFile<'_>, value: &str) -> CatalogError {
    CatalogError::Visits {
        name: file.name.to_owned(),
        value: value.to_owned(),
    }
}

/// Returns true if the statement has the block already.
pub(crate) fn is_in(sql: &str) -> bool {
    sql.contains(BEGIN)
}

/// Returns the statement with the block before it. The parameters of the block come before those of the statement.
pub(crate) fn before(sql: &str) -> String {
    let (header, statement) = sql
        .split_once(WITH)
        .expect("QUERIES is constant, and a test puts the block before every file of it");
    let (_, block) = FILE
        .sql
        .split_once(BEGIN)
        .expect("the block is constant, and a test puts it before every file");
    let statement = sql_text::renamed(statement, |word| {
        (word == TABLE).then(|| FILE.name.to_owned())
    });
    format!("{header}{BEGIN}{block}{statement}")
}

/// Returns the parameters of the block, by their names in headers, for a statement with these parameters of its own.
///
/// A statement about the hits of every class reads those of every class from the block.
pub(crate) fn parameters(of_statement: &[Parameter]) -> Vec<(&'static str, Parameter)> {
    let chooses_agents = of_statement.contains(&Parameter::Agents);
    let counts_opens = of_statement.contains(&Parameter::OpenAgents);
    let (opens, others) = match (chooses_agents, counts_opens) {
        (true, true) => ("open_agents", "agents"),
        // Machines that may have opened an email for a person are of no other interest.
        (true, false) => ("agents", "agents"),
        (false, _) => ("every_agent", "every_agent"),
    };
    names(opens, others)
        .filter_map(|name| Some((name, Parameter::parse(name)?)))
        .collect()
}

/// Returns the names of the block's parameters, with those of the classes of opens and of other hits.
fn names(opens: &'static str, others: &'static str) -> impl Iterator<Item = &'static str> {
    let names = FILE.header("parameters").into_iter();
    let names = names.flat_map(|names| names.split(','));
    names.map(move |name| match name.trim() {
        "open_agents" => opens,
        "agents" => others,
        name => name,
    })
}

/// Adds names to the line of the header that has a name for each `?`. Those before and behind it bring their commas.
pub(crate) fn with_names(sql: &str, names_before: &str, names: &str) -> String {
    let (before, rest) = sql
        .split_once(PARAMETERS_LINE)
        .expect("every caller has read the line");
    let (line, after) = rest
        .split_once('\n')
        .expect("the statement follows the header");
    format!("{before}{PARAMETERS_LINE}{names_before}{line}{names}\n{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_reads_the_table_and_the_statement_the_block() {
        let sql = "-- question: How many?\n-- parameters: site\nWITH counted AS (\n    SELECT hit_id FROM hits\n)\nSELECT count(*) AS hits FROM counted";
        assert!(!is_in(sql));
        let text = before(sql);
        assert!(is_in(&text));
        assert!(text.starts_with("-- question: How many?\n-- parameters: site\n-- begin visited_hits\nWITH chosen_hits AS ("));
        assert!(text.ends_with("-- end visited_hits\ncounted AS (\n    SELECT hit_id FROM visited_hits\n)\nSELECT count(*) AS hits FROM counted"));
        assert_eq!(text.matches("FROM hits\n").count(), 1);
    }

    #[test]
    fn a_file_about_visits_has_the_block_and_its_parameters() {
        let sql = "-- question: How many?\n-- parameters: page\n-- visits: open_agents\n--\n-- Each once.\nWITH counted AS (\n    SELECT hit_id FROM visited_hits\n)\nSELECT count(*) AS hits FROM counted";
        let file = SqlFile { name: "hits", sql };
        let text = composed(&file).unwrap();
        assert!(text.starts_with("-- question: How many?\n-- parameters: year_from, year_to, hour_from, hour_to, day_from, day_to, site, site, site_also, open_agents, agents, page\n--\n-- Each once.\n-- begin visited_hits\nWITH chosen_hits AS ("), "{text}");
        assert!(text.ends_with("-- end visited_hits\ncounted AS (\n    SELECT hit_id FROM visited_hits\n)\nSELECT count(*) AS hits FROM counted"));
        let wrong = sql.replace("open_agents", "opens");
        let file = SqlFile {
            sql: &wrong,
            ..file
        };
        assert_eq!(
            composed(&file).unwrap_err().to_string(),
            "hits.sql has -- visits: opens; write agents or open_agents, in a file whose statement begins with WITH"
        );
    }

    #[test]
    fn the_block_has_a_parameter_for_each_mark() {
        let (header, block) = FILE.sql.split_once(BEGIN).unwrap();
        assert!(!header.contains('?'));
        let marks = sql_text::tokens(block)
            .iter()
            .filter(|token| token.text == "?")
            .count();
        let parameters = parameters(&[Parameter::Agents]);
        assert_eq!(parameters.len(), marks);
        assert_eq!(parameters.last().unwrap().1, Parameter::Agents);
        let parameters = super::parameters(&[]);
        assert_eq!(
            parameters.last().unwrap(),
            &("every_agent", Parameter::EveryAgent)
        );
    }
}
