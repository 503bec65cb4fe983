//! One SQL text made ready for the planner: read, its `?` numbered, and refused unless it only reads.
//!
//! **Invariant:** nothing that writes, or that opens a file of its own choice, gets past [`parse`]. The
//! engine's own check of the plan stands behind it, in case a construct is missing here.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, ObjectNamePart, Query, Select, SetExpr, Statement, TableFactor, Value, ValueWithSpan,
    Visit, Visitor, visit_relations_mut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use super::names::{CATALOG, DATABASE, tables};
use super::sql_error::{Position, SqlError, lower_first};
use super::tokens::tokens;

/// A statement that only reads.
#[derive(Debug)]
pub(crate) struct ReadStatement {
    /// Its syntax tree, in which the first `?` is `$1`, the second `$2`, and so on.
    pub(crate) tree: Statement,
    /// How many `?` it has.
    pub(crate) parameters: usize,
}

/// How a statement that reads can begin, for the message to whoever began one otherwise.
const READING: &str = "SELECT, WITH, VALUES, EXPLAIN, DESCRIBE or SHOW";

/// How one begins that does something else. What is missing here is refused as well, with less of a reason.
const WRITING: [Keyword; 32] = [
    Keyword::ALTER,
    Keyword::ANALYZE,
    Keyword::ATTACH,
    Keyword::BEGIN,
    Keyword::CALL,
    Keyword::COMMIT,
    Keyword::COPY,
    Keyword::CREATE,
    Keyword::DEALLOCATE,
    Keyword::DELETE,
    Keyword::DETACH,
    Keyword::DROP,
    Keyword::EXECUTE,
    Keyword::EXPORT,
    Keyword::GRANT,
    Keyword::INSERT,
    Keyword::INSTALL,
    Keyword::LOAD,
    Keyword::MERGE,
    Keyword::MSCK,
    Keyword::OPTIMIZE,
    Keyword::PREPARE,
    Keyword::REFRESH,
    Keyword::RESET,
    Keyword::REVOKE,
    Keyword::ROLLBACK,
    Keyword::SET,
    Keyword::TRUNCATE,
    Keyword::UNLOAD,
    Keyword::UPDATE,
    Keyword::USE,
    Keyword::VACUUM,
];

/// Reads one statement; a trailing `;` is let pass.
pub(crate) fn parse(sql: &str) -> Result<ReadStatement, SqlError> {
    let mut tokens = read_tokens(sql)?;
    let parameters = number_parameters(sql, &mut tokens)?;

    let mut statements = Parser::new(&GenericDialect {})
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| from_parser(sql, &error))?;
    let Some(mut tree) = statements.pop() else {
        return Err(nothing_to_run());
    };
    if !statements.is_empty() {
        return Err(SqlError::new(
            "one statement at a time, please: there is more than one here",
        ));
    }
    refuse_unless_reading(sql, &tree)?;
    fold_case_of_tables(&mut tree);
    Ok(ReadStatement { tree, parameters })
}

/// Splits a statement into tokens, and refuses one by its first word.
pub(crate) fn read_tokens(sql: &str) -> Result<Vec<TokenWithSpan>, SqlError> {
    let tokens = tokens(sql).map_err(|error| {
        let place = Position::at(error.location.line, error.location.column);
        SqlError::new(lower_first(&error.message)).at(sql, place)
    })?;
    refuse_by_first_word(sql, &tokens)?;
    Ok(tokens)
}

/// Returns how many `?` a statement has.
pub(crate) fn count_parameters(sql: &str, tokens: &[TokenWithSpan]) -> Result<usize, SqlError> {
    number_parameters(sql, &mut tokens.to_vec())
}

/// To Athena a name is the same in any case, in double quotes too: `"AwsDataCatalog"."beacon"."hits"`.
fn fold_case_of_tables(tree: &mut Statement) {
    let ours = [&[CATALOG, DATABASE][..], &tables()].concat();
    let folded = visit_relations_mut(tree, |name| {
        for part in &mut name.0 {
            if let ObjectNamePart::Identifier(part) = part {
                let is_ours = |ours: &&str| part.value.eq_ignore_ascii_case(ours);
                if ours.iter().any(is_ours) {
                    part.value.make_ascii_lowercase();
                }
            }
        }
        ControlFlow::<()>::Continue(())
    });
    debug_assert!(folded.is_continue());
}

fn nothing_to_run() -> SqlError {
    SqlError::new("there is no SQL to run").help(format!("a query begins with {READING}"))
}

/// The parser's own message for, say, COPY would be about a comma somewhere: the first word says it better.
fn refuse_by_first_word(sql: &str, tokens: &[TokenWithSpan]) -> Result<(), SqlError> {
    let first = tokens.iter().find(|token| {
        !matches!(
            token.token,
            Token::Whitespace(_) | Token::SemiColon | Token::LParen | Token::EOF
        )
    });
    let Some(first) = first else {
        return Err(nothing_to_run());
    };
    let Token::Word(word) = &first.token else {
        return Ok(());
    };
    let reads = matches!(
        word.keyword,
        Keyword::SELECT
            | Keyword::WITH
            | Keyword::VALUES
            | Keyword::EXPLAIN
            | Keyword::DESCRIBE
            | Keyword::DESC
            | Keyword::SHOW
    );
    if reads {
        return Ok(());
    }
    let place = Position::of(first.span);
    if !WRITING.contains(&word.keyword) {
        return Err(
            SqlError::new(format!("{:?} does not begin a query", word.value))
                .help(format!("a query begins with {READING}"))
                .at(sql, place),
        );
    }
    Err(refused(&word.value).at(sql, place))
}

fn refused(what: &str) -> SqlError {
    SqlError::new(format!(
        "{} is refused: SQL only reads here, the lake is written by `beacon serve`",
        what.to_uppercase()
    ))
    .help(format!("a query begins with {READING}"))
}

/// DataFusion reads `?` and never binds it, but binds `$1`. Tokens are replaced, not characters, so that a
/// `?` in a string or a comment stays, and every place in an error message is one in the caller's own text.
fn number_parameters(sql: &str, tokens: &mut [TokenWithSpan]) -> Result<usize, SqlError> {
    let mut count = 0;
    for token in tokens {
        let Token::Placeholder(name) = &mut token.token else {
            continue;
        };
        if name != "?" {
            return Err(
                SqlError::new(format!("a parameter is written ?, not {name}"))
                    .help("parameters are bound in the order in which they stand")
                    .at(sql, Position::of(token.span)),
            );
        }
        count += 1;
        *name = format!("${count}");
    }
    Ok(count)
}

fn from_parser(sql: &str, error: &ParserError) -> SqlError {
    let (ParserError::ParserError(message) | ParserError::TokenizerError(message)) = error else {
        return SqlError::new("the statement is nested too deeply");
    };
    // The parser has the place in its message alone.
    let Some((text, place)) = message.rsplit_once(" at Line: ") else {
        let error = SqlError::new(lower_first(message));
        // Of the end it says no place.
        return if message.ends_with("EOF") {
            error.at(sql, Position::end_of(sql))
        } else {
            error
        };
    };
    let numbers = place
        .split_once(", Column: ")
        .and_then(|(line, column)| Some((line.parse().ok()?, column.parse().ok()?)));
    match numbers {
        Some((line, column)) => {
            SqlError::new(lower_first(text)).at(sql, Position::at(line, column))
        }
        None => SqlError::new(lower_first(message)),
    }
}

fn refuse_unless_reading(sql: &str, tree: &Statement) -> Result<(), SqlError> {
    match tree.visit(&mut OnlyReads { sql }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

/// Walks the whole tree, since a common table expression can hide an INSERT and a subquery a SELECT INTO.
struct OnlyReads<'a> {
    sql: &'a str,
}

impl Visitor for OnlyReads<'_> {
    type Break = SqlError;

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<SqlError> {
        match statement {
            Statement::Query(_)
            | Statement::Explain { .. }
            | Statement::ExplainTable { .. }
            | Statement::ShowTables { .. }
            | Statement::ShowColumns { .. }
            | Statement::ShowFunctions { .. } => ControlFlow::Continue(()),
            other => ControlFlow::Break(refused(&first_words(other))),
        }
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<SqlError> {
        match query.body.as_ref() {
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => ControlFlow::Break(refused(&first_words(statement))),
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<SqlError> {
        match &select.into {
            Some(_) => ControlFlow::Break(refused("SELECT INTO")),
            None => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<SqlError> {
        let TableFactor::Table { name, .. } = table else {
            return ControlFlow::Continue(());
        };
        let file = name
            .0
            .iter()
            .filter_map(|part| part.as_ident())
            .find(|part| part.quote_style == Some('\''));
        match file {
            Some(file) => ControlFlow::Break(
                SqlError::new(format!(
                    "'{}' is a file, not a table: only the lake is read here",
                    file.value
                ))
                .help("the tables are hits and unique_hits")
                .at(self.sql, Position::of(file.span)),
            ),
            None => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<SqlError> {
        // A variable (`@@version`) is no placeholder of ours, and nothing answers it.
        if let Expr::Value(ValueWithSpan {
            value: Value::Placeholder(name),
            span,
        }) = expression
            && !name.starts_with('$')
        {
            return ControlFlow::Break(
                SqlError::new(format!("{name} has no value here"))
                    .at(self.sql, Position::of(*span)),
            );
        }
        ControlFlow::Continue(())
    }
}

/// `INSERT`, `CREATE TABLE`: what a message calls a statement.
fn first_words(statement: &Statement) -> String {
    let text = statement.to_string();
    let words: Vec<&str> = text
        .split_whitespace()
        .take_while(|word| word.chars().all(|character| character.is_ascii_uppercase()))
        .take(2)
        .collect();
    words.join(" ")
}
