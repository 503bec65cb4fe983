//! Reads SQL as far as a catalog needs: its comments, and the tables after FROM and JOIN.
//!
//! The tokenizer is hand-written, because the dashboard's Lambda function renames tables with it and must not link
//! `sqlparser` (`tests/forbidden_crates.sh`). Renamed are only the files of `athena/`, never a caller's SQL.

use beacon_core::schema::TABLE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Space,
    Comment,
    /// A string or a quoted name. A doubled quote makes two tokens, because only the end matters here.
    Quoted,
    Symbol,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// Splits `sql` into tokens. Their texts, one after the other, are all of it.
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

/// Returns the statement without comments, indentation, empty lines, and the `;` that Athena's engine refuses.
///
/// No file of `athena/` has a string that spans lines, so none is changed.
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
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// Returns a named query for a stack whose table isn't called `hits`, without white space at its end.
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

/// Returns text for `Fn::Sub`: with tables [`renamed`], and each `${` of the SQL escaped as `${!`.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html>
pub(crate) fn with_tables(sql: &str, table: impl Fn(&str) -> Option<String>) -> String {
    renamed(&sql.replace("${", "${!"), table)
}

/// Replaces each word after FROM or JOIN that `table` knows. An alias or column of the same name stays.
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

/// Returns true if the word is one of these keywords.
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

/// Returns the length of `text` up to and including the first `end` at or after `start`.
fn through(text: &str, start: usize, end: &str) -> usize {
    match text[start..].find(end) {
        Some(at) => start + at + end.len(),
        None => text.len(),
    }
}

#[cfg(test)]
mod tests;
