//! The text of a query made a tree.

use std::collections::HashSet;

use datafusion::sql::sqlparser::ast::{Query, Spanned, Statement};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer};

use crate::check::Output;
use crate::dialect::Trino;
use crate::parameters;
use crate::refusal::Refusal;

/// The greatest depth of parentheses and operators.
const MAX_DEPTH: usize = 100;

/// The most operators that follow each other, with those around them: each is a level of the tree, and those who walk it
/// call themselves. 240 fit into 32 MiB of stack without optimisation.
const MAX_OPERATORS: usize = 200;

/// The most brackets inside each other: the parser's time doubles with each.
const MAX_BRACKETS: usize = 8;

/// Reads one query.
pub(crate) fn read(sql: &str) -> Result<Query, Refusal> {
    let tokens = Tokenizer::new(&Trino, sql)
        .tokenize_with_location()
        .map_err(|error| {
            let place = Span::new(error.location, error.location);
            Refusal::new(place, lower_first(&error.message))
        })?;
    let mut tokens = with_parentheses(tokens);
    parameters::number(&mut tokens)?;
    refuse_chains(&tokens)?;
    let mut statements = Parser::new(&Trino)
        .with_recursion_limit(MAX_DEPTH)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| of_parser(sql, &error))?;
    let statement = statements.pop();
    if !statements.is_empty() {
        return Err(Refusal::new(
            Span::empty(),
            "one statement at a time: there is more than one here",
        ));
    }
    match statement {
        Some(Statement::Query(query)) => Ok(*query),
        Some(other) => Err(Refusal::new(other.span(), "only queries are answered")
            .instead("SELECT, WITH or VALUES")),
        None => {
            Err(Refusal::new(Span::empty(), "there is no SQL to run")
                .instead("SELECT, WITH or VALUES"))
        }
    }
}

/// The parser reads a chain of operators in a loop, so that its limit of depth doesn't see the tree's.
fn refuse_chains(tokens: &[TokenWithSpan]) -> Result<(), Refusal> {
    // For each pair of parentheses, the operators since the last clause, and the sets and joins since it opened.
    let mut levels = vec![(0_usize, 0_usize)];
    let mut around = 0;
    let mut brackets = 0_usize;
    for token in tokens {
        match token.token {
            Token::LBracket => brackets += 1,
            Token::RBracket => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        if brackets > MAX_BRACKETS {
            let reason = format!("more than {MAX_BRACKETS} brackets inside each other");
            return Err(Refusal::new(token.span, reason));
        }
        let Some((operators, sets)) = levels.last_mut() else {
            break;
        };
        match &token.token {
            Token::LParen | Token::LBracket => {
                around += *operators + *sets;
                levels.push((0, 0));
                continue;
            }
            Token::RParen | Token::RBracket => {
                if levels.len() > 1 {
                    levels.pop();
                    let (operators, sets) = levels.last().copied().unwrap_or_default();
                    around -= operators + sets;
                }
                continue;
            }
            Token::Comma => *operators = 0,
            Token::Word(word) => match word.keyword {
                Keyword::SELECT
                | Keyword::FROM
                | Keyword::WHERE
                | Keyword::HAVING
                | Keyword::WHEN
                | Keyword::THEN
                | Keyword::ELSE => *operators = 0,
                Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT | Keyword::JOIN => *sets += 1,
                Keyword::AND
                | Keyword::OR
                | Keyword::NOT
                | Keyword::IS
                | Keyword::IN
                | Keyword::LIKE
                | Keyword::BETWEEN
                | Keyword::AT => *operators += 1,
                _ => {}
            },
            Token::Whitespace(_)
            | Token::Number(_, _)
            | Token::SingleQuotedString(_)
            | Token::Period
            | Token::SemiColon
            | Token::Placeholder(_)
            | Token::EOF => {}
            _ => *operators += 1,
        }
        if around + *operators + *sets > MAX_OPERATORS {
            let reason = format!("more than {MAX_OPERATORS} operators follow each other here");
            return Err(
                Refusal::new(token.span, reason).instead("IN for many values, or a query in WITH")
            );
        }
    }
    Ok(())
}

/// Two columns of one name in an answer: the engine makes no such table.
pub(crate) fn refuse_equal_names(query: &Query, outputs: &[Output]) -> Result<(), Refusal> {
    let mut names = HashSet::new();
    for name in outputs.iter().filter_map(|output| output.name.as_ref()) {
        if !names.insert(name) {
            return Err(Refusal::new(
                query.body.span(),
                format!("the answer has two columns {name}"),
            )
            .instead(format!("another name for one of them: … AS other_{name}")));
        }
    }
    Ok(())
}

/// Trino reads `VALUES 1, 2` as rows of one column, and the parser wants parentheses.
fn with_parentheses(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut all = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let begins = matches!(&token.token, Token::Word(word) if word.keyword == Keyword::VALUES);
        all.push(token);
        if !begins {
            continue;
        }
        // Row by row, up to what ends VALUES.
        loop {
            let mut row = Vec::new();
            let mut depth = 0_usize;
            while let Some(next) = tokens.peek() {
                let ends = match &next.token {
                    Token::EOF | Token::SemiColon => true,
                    Token::Comma | Token::RParen => depth == 0,
                    Token::Word(word) => depth == 0 && ENDS.contains(&word.keyword),
                    _ => false,
                };
                if ends {
                    break;
                }
                match &next.token {
                    Token::LParen | Token::LBracket => depth += 1,
                    Token::RParen | Token::RBracket => depth -= 1,
                    _ => {}
                }
                row.extend(tokens.next());
            }
            let mut parts = row
                .iter()
                .filter(|token| !matches!(token.token, Token::Whitespace(_)));
            let place = parts
                .clone()
                .next()
                .map_or(Span::empty(), |token| token.span);
            let is_row = parts
                .next()
                .is_none_or(|token| token.token == Token::LParen);
            if is_row {
                all.append(&mut row);
            } else {
                all.push(TokenWithSpan::new(Token::LParen, place));
                all.append(&mut row);
                all.push(TokenWithSpan::new(Token::RParen, place));
            }
            match tokens.peek() {
                Some(next) if next.token == Token::Comma => all.extend(tokens.next()),
                _ => break,
            }
        }
    }
    all
}

/// Words that may follow VALUES.
const ENDS: [Keyword; 7] = [
    Keyword::ORDER,
    Keyword::LIMIT,
    Keyword::OFFSET,
    Keyword::FETCH,
    Keyword::UNION,
    Keyword::EXCEPT,
    Keyword::INTERSECT,
];

fn of_parser(sql: &str, error: &ParserError) -> Refusal {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message.clone(),
        ParserError::RecursionLimitExceeded => "the statement is nested too deeply".to_owned(),
    };
    let (reason, place) = match message.rsplit_once(" at Line: ") {
        Some((reason, place)) => (reason.to_owned(), place_of(place)),
        // Of the end the parser says no place.
        None if message.ends_with("EOF") => (message, Some(end_of(sql))),
        None => (message, None),
    };
    let span = place.map_or(Span::empty(), |place| Span::new(place, place));
    Refusal::new(span, lower_first(&reason))
}

/// Behind the last character that is not blank.
fn end_of(sql: &str) -> Location {
    let sql = sql.trim_end();
    let line = sql.lines().count().max(1);
    let column = sql.lines().last().map_or(0, |line| line.chars().count()) + 1;
    Location::new(line as u64, column as u64)
}

fn place_of(text: &str) -> Option<Location> {
    let (line, column) = text.split_once(", Column: ")?;
    Some(Location::new(line.parse().ok()?, column.parse().ok()?))
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
