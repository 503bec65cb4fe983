//! Writes the names of sources into `athena/blocks/visit_steps.sql`, and that block into the other one and into the views:
//! the only place that knows how these parts are made.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use beacon_core::schema::VIEW_COLUMNS;
use beacon_generated_files::check_sql_section;

/// The columns of `athena/sources.tsv`.
const HEADER: &str = "kind\tname\thosts\tapps\taliases";

/// The kinds of sources, which the rules of channels in `athena/blocks/visit_steps.sql` know.
const KINDS: [&str; 6] = ["search", "ai", "social", "email", "ads", "referral"];

/// The scheme by which browsers on Android name the app that they come from.
const APP: &str = "android-app://";

/// The endings of countries, for hosts such as `google.*`, as a regular expression. It has no `?`, which stands for a
/// parameter.
const COUNTRY: &str = "(com|cat|[a-z]{2}|co\\.[a-z]{2}|com\\.[a-z]{2})";

/// The indentation of the list in the block, in spaces.
const INDENT: usize = 12;

/// A spelling in lower case, and the kind and name of its source.
type Spelling = (String, String);

/// The spellings of all sources, by the text with which the SQL compares them.
#[derive(Debug, Default)]
struct Spellings {
    /// Names, aliases and apps: the whole text.
    texts: Vec<Spelling>,
    /// Hosts such as `mail.google.com`: the last three labels.
    three_labels: Vec<Spelling>,
    /// Hosts such as `bing.com`: the last two labels.
    two_labels: Vec<Spelling>,
    /// Hosts such as `google.*`, without the star.
    countries: Vec<Spelling>,
}

fn athena() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../athena")
}

fn read(path: &str) -> String {
    fs::read_to_string(athena().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads `athena/sources.tsv`, a source a line; hosts, apps and aliases have blanks between them.
fn spellings(text: &str) -> Spellings {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some(HEADER));
    let mut spellings = Spellings::default();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, name, hosts, apps, aliases] = cells[..] else {
            panic!("{line:?} has {} cells, not five", cells.len());
        };
        assert!(KINDS.contains(&kind), "{line:?} has an unknown kind");
        assert!(!line.contains('\''), "{line:?} would end a text of SQL");
        let source = format!("{kind} {name}");
        let texts = &mut spellings.texts;
        texts.push((name.to_lowercase(), source.clone()));
        texts.extend(
            aliases
                .split(' ')
                .filter(|alias| !alias.is_empty())
                .map(|alias| (alias.to_owned(), source.clone())),
        );
        texts.extend(
            apps.split(' ')
                .filter(|app| !app.is_empty())
                .map(|app| (format!("{APP}{app}"), source.clone())),
        );
        for host in hosts.split(' ') {
            let labels = host.split('.').count();
            match host.strip_suffix(".*") {
                Some(domain) => spellings
                    .countries
                    .push((domain.to_owned(), source.clone())),
                None if labels == 2 => spellings.two_labels.push((host.to_owned(), source.clone())),
                None if labels == 3 => spellings
                    .three_labels
                    .push((host.to_owned(), source.clone())),
                None => {
                    panic!("{host:?} of {name} has {labels} labels: the SQL compares two and three")
                }
            }
        }
    }
    spellings
}

/// Returns the arguments of the `coalesce` that knows a source, in the order in which they count.
fn known_sources(spellings: &Spellings) -> String {
    let indent = " ".repeat(INDENT);
    let of_text = |text: &str, spellings: &[Spelling]| {
        let mut case = format!("{indent}CASE {text}\n");
        for (spelling, source) in spellings {
            case += &format!("{indent}    WHEN '{spelling}' THEN '{source}'\n");
        }
        case + &format!("{indent}END")
    };
    let mut of_country = format!("{indent}CASE\n");
    for (domain, source) in &spellings.countries {
        of_country += &format!(
            "{indent}    WHEN regexp_like(source_text, '(^|\\.){domain}\\.{COUNTRY}$') THEN '{source}'\n"
        );
    }
    of_country += &format!("{indent}END");
    let cases = [
        of_text("source_text", &spellings.texts),
        of_text("source_three_labels", &spellings.three_labels),
        of_text("source_two_labels", &spellings.two_labels),
        of_country,
    ];
    cases.join(",\n") + "\n"
}

/// Returns the part of a file between the lines `-- begin name` and `-- end name`.
#[track_caller]
fn section<'a>(text: &'a str, name: &str) -> &'a str {
    let (begin, end) = (format!("\n-- begin {name}\n"), format!("-- end {name}\n"));
    let part = text
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once(&end));
    let Some((part, _)) = part else {
        panic!("the file has no part between {begin:?} and {end:?}");
    };
    part
}

/// Returns the text with another part between the lines `-- begin name` and `-- end name`.
fn with_section(text: &str, name: &str, part: &str) -> String {
    let old = format!("\n-- begin {name}\n{}-- end {name}\n", section(text, name));
    text.replace(&old, &format!("\n-- begin {name}\n{part}-- end {name}\n"))
}

/// The SQL files of a folder of `athena`, by their paths there.
fn files(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(athena().join(folder)).unwrap();
    entries
        .map(|entry| {
            format!(
                "{folder}/{}",
                entry.unwrap().file_name().into_string().unwrap()
            )
        })
        .collect()
}

#[test]
fn names_and_blocks_are_in_the_views() {
    let names = known_sources(&spellings(&read("sources.tsv")));
    let steps = with_section(&read("blocks/visit_steps.sql"), "source_names", &names);
    let hits = with_section(
        &read("blocks/visited_hits.sql"),
        "visit_steps",
        section(&steps, "visit_steps"),
    );
    check_sql_section("athena/blocks/visit_steps.sql", "source_names", &names);
    for file in [files("blocks"), files("views")].concat() {
        let text = read(&file);
        for (name, block) in [("visited_hits", &hits), ("visit_steps", &steps)] {
            let is_block = file == format!("blocks/{name}.sql");
            if text.contains(&format!("\n-- begin {name}\n")) && !is_block {
                check_sql_section(&format!("athena/{file}"), name, section(block, name));
                break;
            }
        }
    }
}

/// A custom column of such a name would be in the statement twice.
#[test]
fn names_of_the_block_are_reserved() {
    let block = read("blocks/visit_steps.sql");
    let named = block.lines().filter_map(|line| {
        let (_, name) = line.trim_end_matches(',').rsplit_once(" AS ")?;
        let is_name = name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '_');
        (is_name && name != "varchar").then_some(name)
    });
    for name in named {
        assert!(VIEW_COLUMNS.contains(&name), "{name}");
    }
}

#[test]
fn a_spelling_stands_for_one_source() {
    let spellings = spellings(&read("sources.tsv"));
    for list in [
        &spellings.texts,
        &spellings.three_labels,
        &spellings.two_labels,
        &spellings.countries,
    ] {
        let mut sources = BTreeMap::new();
        for (spelling, source) in list {
            assert!(
                !spelling.chars().any(char::is_uppercase),
                "{spelling} is not in lower case"
            );
            let other = sources.insert(spelling, source);
            assert_eq!(other, None, "{spelling} of {source} is there twice");
        }
    }
}

#[test]
fn a_line_has_names_aliases_apps_and_hosts() {
    let text = format!(
        "# Licence\n{HEADER}\nsearch\tBig Find\tbigfind.* find.example a.b.example\texample.find\tbf\n"
    );
    assert_eq!(
        known_sources(&spellings(&text)),
        "            CASE source_text
                WHEN 'big find' THEN 'search Big Find'
                WHEN 'bf' THEN 'search Big Find'
                WHEN 'android-app://example.find' THEN 'search Big Find'
            END,
            CASE source_three_labels
                WHEN 'a.b.example' THEN 'search Big Find'
            END,
            CASE source_two_labels
                WHEN 'find.example' THEN 'search Big Find'
            END,
            CASE
                WHEN regexp_like(source_text, '(^|\\.)bigfind\\.(com|cat|[a-z]{2}|co\\.[a-z]{2}|com\\.[a-z]{2})$') THEN 'search Big Find'
            END
"
    );
}
