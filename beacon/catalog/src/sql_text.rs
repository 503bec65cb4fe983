//! SQL, read as far as a catalogue needs: comments, and the tables after FROM and JOIN.
//!
//! The tokenizer is ours rather than `sqlparser`'s, because the dashboard's Lambda function renames tables with it, and
//! must not link a SQL parser (`tests/forbidden_crates.sh`). It reads the files of `athena/` alone, never a caller's SQL.

use beacon_core::schema::TABLE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Space,
    Comment,
    /// A text or a quoted name. A doubled quote is two tokens: only where it ends matters here.
    Quoted,
    Symbol,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// All of `sql`: the texts of the tokens, one behind the other, are what was read.
pub(crate) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = if rest.starts_with("--") {
            (Kind::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (Kind::Comment, through(rest, 2, "*/"))
        } else if first == '\'' || first == '"' {
            (Kind::Quoted, through(rest, 1, &rest[..1]))
        } else if first.is_whitespace() {
            (Kind::Space, run(rest, char::is_whitespace))
        } else if is_word(first) {
            (Kind::Word, run(rest, is_word))
        } else {
            (Kind::Symbol, first.len_utf8())
        };
        let (text, behind) = rest.split_at(length);
        tokens.push(Token { kind, text });
        rest = behind;
    }
    tokens
}

/// The statement alone: no comments, no empty lines, no `;` at its end, which Athena's engine refuses. A text that
/// goes over several lines is none of our files'.
pub(crate) fn bare(sql: &str) -> String {
    let code: String = tokens(sql)
        .iter()
        .filter(|token| token.kind != Kind::Comment)
        .map(|token| token.text)
        .collect();
    let code = code
        .trim_start()
        .trim_end_matches(|letter: char| letter == ';' || letter.is_whitespace());
    let lines: Vec<&str> = code
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// A question for a stack whose table has another name, as that stack's own named query has it.
///
/// ```
/// # use beacon_catalog::with_table;
/// let sql = "SELECT count(*) AS hits FROM hits";
/// assert_eq!(with_table(sql, "tp_hits"), "SELECT count(*) AS hits FROM \"tp_hits\"");
/// ```
pub fn with_table(sql: &str, table: &str) -> String {
    let sql = sql.trim_end();
    renamed(sql, |word| (word == TABLE).then(|| format!("\"{table}\"")))
}

/// The text for `Fn::Sub`: as [`renamed`], and a `${` of SQL's own is escaped.
pub(crate) fn with_tables(sql: &str, table: impl Fn(&str) -> Option<String>) -> String {
    renamed(&sql.replace("${", "${!"), table)
}

/// Each word after FROM or JOIN that `table` knows is replaced. An alias or a column of the same name stays.
pub(crate) fn renamed(sql: &str, table: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut before = ["", ""];
    for token in tokens(sql) {
        let names_table = is(before[1], &["FROM", "JOIN"]) && !is(before[0], &["DISTINCT"]);
        match table(token.text) {
            Some(name) if names_table => text.push_str(&name),
            _ => text.push_str(token.text),
        }
        if !matches!(token.kind, Kind::Space | Kind::Comment) {
            before = [before[1], token.text];
        }
    }
    text
}

/// Whether the word is one of these keywords.
pub(crate) fn is(word: &str, keywords: &[&str]) -> bool {
    keywords
        .iter()
        .any(|keyword| word.eq_ignore_ascii_case(keyword))
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// The length up to and with the next `end`, looked for from `start` on.
fn through(text: &str, start: usize, end: &str) -> usize {
    match text[start..].find(end) {
        Some(at) => start + at + end.len(),
        None => text.len(),
    }
}

#[cfg(test)]
mod tests;
