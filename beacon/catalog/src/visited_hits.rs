//! Puts the block of visits before a statement, which then reads the hits with the columns of their visits in place of
//! the table.

use beacon_core::schema::TABLE;

use crate::parameter::Parameter;
use crate::sql_file::SqlFile;
use crate::sql_text;

/// The block and, in its header, the parameters of its `?`.
const FILE: SqlFile<'static> = SqlFile {
    name: "visited_hits",
    sql: include_str!("../../../athena/blocks/visited_hits.sql"),
};

/// The line with which the block begins, in its file and in the statements that always have it.
const BEGIN: &str = "\n-- begin visited_hits\n";

/// The beginning of every statement of `athena/queries`.
const WITH: &str = "\nWITH ";

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
    let names = FILE.header("parameters").into_iter();
    names
        .flat_map(|names| names.split(','))
        .filter_map(|name| {
            let name = match name.trim() {
                "agents" | "open_agents" if !chooses_agents => "every_agent",
                // Machines that may have opened an email for a person are of no other interest.
                "open_agents" if !counts_opens => "agents",
                name => name,
            };
            Some((name, Parameter::parse(name)?))
        })
        .collect()
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
