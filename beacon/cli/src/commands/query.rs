//! `beacon query`: one statement or one named question, answered on standard output.

mod sites;

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use beacon_core::schema::Schema;
use beacon_core::time::format_timestamp;

use beacon_dashboard::questions::{self, ALL, ColumnFilter, Question, Scope, TimeRange};
use beacon_lake::{Clock, Lake};
use beacon_query::engine::{Answer, Engine, QueryError, SqlError, columns, nearest};
use beacon_query::output::{self, Format, OutputError};
use beacon_server::lake_args::LakeArgs;
use beacon_server::{clock, config};

/// Ask the lake, in SQL or by the name of a question
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct QueryArgs {
    /// SQL that reads the tables hits and unique_hits; the name of a question (--list shows them); or - to
    /// read SQL from standard input
    #[arg(value_name = "SQL|QUESTION|-", required_unless_present = "list")]
    question: Option<String>,

    /// Show the questions, with what they take
    #[arg(long, conflicts_with_all = ["question", "from", "to", "site", "page", "column", "parameters"])]
    list: bool,

    /// Of a question: the first day (2026-11-01) or moment (2026-11-01 18:30), UTC [default: six days before
    /// the end]
    #[arg(long, value_name = "DAY|MOMENT")]
    from: Option<String>,

    /// Of a question: the last day, which is in it, or the moment at which it ends, UTC [default: today]
    #[arg(long, value_name = "DAY|MOMENT")]
    to: Option<String>,

    /// Of a question: the site, or * for all [default: *]
    #[arg(long, value_name = "SITE")]
    site: Option<String>,

    /// Of a question: the page, or * for all [default: *]
    #[arg(long, value_name = "PAGE")]
    page: Option<String>,

    /// Of a question: hits with this value in an own column, which BEACON_COLUMNS names, as userid=7
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    column: Option<String>,

    /// Of SQL: the value of the next ?, as text; repeat it for each
    #[arg(long = "param", value_name = "VALUE", allow_hyphen_values = true)]
    parameters: Vec<String>,

    /// How to print the answer [default: table; on a terminal that it doesn't fit, line]
    #[arg(long, value_enum)]
    format: Option<FormatArg>,

    #[command(flatten)]
    lake: LakeArgs,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum FormatArg {
    /// Aligned columns; numbers on the right, NULL as NULL
    Table,
    /// A line for each value, for rows that are wider than the screen
    Line,
    /// RFC 4180, with a header line; NULL is empty, an empty text is ""
    Csv,
    /// One array of objects; NULL is null, a map is an object
    Json,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Format {
        match format {
            FormatArg::Table => Format::Table,
            FormatArg::Line => Format::Line,
            FormatArg::Csv => Format::Csv,
            FormatArg::Json => Format::Json,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  beacon query top_pages --from 2026-11-01 --to 2026-11-30 --site example.com
  beacon query \"SELECT page, count(*) AS hits FROM hits WHERE year = 2026 GROUP BY page\"
  beacon query --format json --param view \"SELECT * FROM hits WHERE event = ? LIMIT 10\"
  beacon query - < report.sql";

/// A statement that can't be run, like arguments that can't be.
const EXIT_SQL: u8 = 2;

/// What is to be asked.
#[derive(Debug, PartialEq)]
struct Asked {
    sql: String,
    parameters: Vec<String>,
    /// Above a table, what a question answers.
    heading: Option<String>,
}

impl QueryArgs {
    /// Answers on standard output. A statement that can't be run ends with exit code 2.
    ///
    /// # Errors
    /// No such lake or question, settings that are wrong, output that can't be written.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(io::stdout());
        if self.list {
            return finish(list(&mut out));
        }
        let schema = config::settings()?.schema();
        let now_ms = clock::now_ms();
        let asked = self.asked(now_ms, &schema, &mut io::stdin())?;
        let lake = self.lake.open()?;
        let spool_folder = self.lake.spool_folder(&lake);
        check_lake(&lake, &spool_folder)?;
        let clock = Clock::from_fn(move || now_ms);
        let place = Place {
            lake,
            spool_folder,
            schema,
            clock,
        };
        let (engine, answer) = match place.ask(&asked).await {
            Ok(answered) => answered,
            Err(QueryError::Sql(error)) => {
                // With nobody to read standard error, the exit code still tells.
                writeln!(io::stderr(), "error: {error}").ok();
                if let Some(hint) = column_hint(&error) {
                    writeln!(io::stderr(), "  {hint}").ok();
                }
                return Ok(ExitCode::from(EXIT_SQL));
            }
            Err(error) => return Err(error.into()),
        };
        let format = self.format.map(Format::from);
        if let (None | Some(Format::Table | Format::Line), Some(heading)) = (format, &asked.heading)
        {
            writeln!(out, "{heading}\n")?;
        }
        let warnings = answer.warnings();
        let printed = match format {
            Some(format) => output::print(answer, format, &mut out).await,
            None => output::print_within(answer, terminal_width(), &mut out).await,
        };
        for warning in warnings.list() {
            // With nobody to read standard error, the answer is there all the same.
            writeln!(io::stderr(), "warning: {warning}").ok();
        }
        // Totals have a row of zeros where the others have none.
        let is_empty = matches!(&printed, Ok(rows) if *rows == 0 || text_is_totals(&self.question));
        if let Some(site) = &self.site
            && is_empty
        {
            sites::check(&engine, site).await?;
        }
        finish(printed.map(drop))
    }

    fn asked(&self, now_ms: u64, schema: &Schema, stdin: &mut impl Read) -> anyhow::Result<Asked> {
        let text = self.question.as_deref().unwrap_or_default();
        if is_name(text) {
            return self.question(text, now_ms, schema);
        }
        let options = [&self.from, &self.to, &self.site, &self.page, &self.column];
        if options.iter().any(|option| option.is_some()) {
            bail!(
                "--from, --to, --site, --page and --where are for a named question; in SQL write ? and give --param"
            );
        }
        let sql = if text == "-" {
            io::read_to_string(stdin).context("can't read SQL from standard input")?
        } else {
            text.to_owned()
        };
        Ok(Asked {
            sql,
            parameters: self.parameters.clone(),
            heading: None,
        })
    }

    fn question(&self, name: &str, now_ms: u64, schema: &Schema) -> anyhow::Result<Asked> {
        let Some(question) = questions::find(name) else {
            let names: Vec<&str> = questions::all().map(|question| question.name).collect();
            match nearest(name, &names) {
                Some(near) => bail!("there is no question {name:?}; did you mean {near}?"),
                None => bail!(
                    "there is no question {name:?}; there are {}",
                    names.join(", ")
                ),
            }
        };
        if !self.parameters.is_empty() {
            bail!("--param is for SQL; a question takes --from, --to, --site, --page and --where");
        }
        let range = TimeRange::parse(self.from.as_deref(), self.to.as_deref(), now_ms)?;
        let scope = Scope {
            range,
            site: self.site.clone().unwrap_or_else(|| ALL.to_owned()),
            page: self.page.clone().unwrap_or_else(|| ALL.to_owned()),
            column: match &self.column {
                None => None,
                Some(text) => Some(column_filter(text, schema)?),
            },
        };
        Ok(Asked {
            sql: question.sql.to_owned(),
            parameters: question.bind(&scope),
            heading: Some(heading(&question, &scope)),
        })
    }
}

/// `userid=7`, with the parameter or header that `userid` is made from.
pub(crate) fn column_filter(text: &str, schema: &Schema) -> anyhow::Result<ColumnFilter> {
    let Some((name, value)) = text.split_once('=') else {
        bail!("--where {text:?} must be an own column and its value, as userid=7");
    };
    let own: Vec<_> = schema.custom_columns().collect();
    let Some((_, source)) = own.iter().find(|(own, _)| *own == name) else {
        let names: Vec<&str> = own.iter().map(|(name, _)| *name).collect();
        match names.as_slice() {
            [] => bail!(
                "--where {text:?}: there are no own columns; set them as BEACON_COLUMNS=\"{name}=params.{name}\""
            ),
            names => bail!(
                "--where {text:?}: there is no own column {name:?}; BEACON_COLUMNS has {}",
                names.join(", ")
            ),
        }
    };
    Ok(ColumnFilter {
        source: (*source).into(),
        value: value.to_owned(),
    })
}

/// Files that every SQL looks at for custom columns, of the newest.
const FILES_FOR_COLUMNS: usize = 3;

/// Files that are looked at for a column that the newest don't have.
const MAX_FILES_FOR_COLUMNS: usize = 1_000;

/// What is asked, and by which settings.
struct Place {
    lake: Lake,
    spool_folder: PathBuf,
    schema: Schema,
    clock: Clock,
}

impl Place {
    /// Free SQL knows the custom columns that the lake has, whether or not `BEACON_COLUMNS` is set here; questions
    /// name none.
    async fn ask(&self, asked: &Asked) -> Result<(Engine, Answer), QueryError> {
        let is_sql = asked.heading.is_none();
        let few = if is_sql { FILES_FOR_COLUMNS } else { 0 };
        let engine = self.engine(few, is_sql).await?;
        let error = match engine.query(&asked.sql, &asked.parameters).await {
            Ok(answer) => return Ok((engine, answer)),
            Err(error) => error,
        };
        match &error {
            QueryError::Sql(sql) if sql.unknown_column().is_some() => {}
            _ => return Err(error),
        }
        let engine = self.engine(MAX_FILES_FOR_COLUMNS, is_sql).await?;
        let answer = engine.query(&asked.sql, &asked.parameters).await?;
        Ok((engine, answer))
    }

    async fn engine(&self, files: usize, is_sql: bool) -> Result<Engine, QueryError> {
        let (lake, spool_folder) = (self.lake.clone(), Some(self.spool_folder.clone()));
        let clock = self.clock.clone();
        let engine = if is_sql {
            let spool = Some(self.spool_folder.as_path());
            let columns = columns(&lake, spool, &self.schema, files).await?;
            Engine::over(lake, spool_folder, &columns, clock).await
        } else {
            Engine::new(lake, spool_folder, &self.schema, clock).await
        };
        Ok(engine?)
    }
}

/// Both ways to a parameter that is no column of any file.
fn column_hint(error: &SqlError) -> Option<String> {
    let column = error.unknown_column()?;
    Some(format!(
        "a parameter without a column is read by element_at(params, '{column}'); BEACON_COLUMNS=\"{column}=params.{column}\" \
         makes it a column of the hits that the server records from then on"
    ))
}

/// The one question that has a row whatever it is about.
const TOTALS: &str = "totals";

fn text_is_totals(question: &Option<String>) -> bool {
    question.as_deref() == Some(TOTALS)
}

/// Columns of the terminal; without one, a table may have any width.
fn terminal_width() -> usize {
    if !io::stdout().is_terminal() {
        return usize::MAX;
    }
    let (_rows, columns) = console::Term::stdout().size();
    usize::from(columns)
}

/// Refuses a folder that no beacon wrote to: every question would be answered with nothing, and look right.
pub(crate) fn check_lake(lake: &Lake, spool_folder: &Path) -> anyhow::Result<()> {
    const CURE: &str = "check --lake, or start one with `beacon serve`";
    let Some(folder) = lake.is_folder() else {
        return Ok(());
    };
    if !folder.is_dir() {
        bail!("there is no lake at {}; {CURE}", folder.display());
    }
    let table = lake.table_key();
    if folder.join(table).is_dir() || spool_folder.is_dir() {
        return Ok(());
    }
    let parent = folder
        .parent()
        .filter(|parent| parent.join(table) == folder);
    match parent {
        Some(parent) => bail!(
            "{} is a part of a lake; did you mean --lake {}?",
            folder.display(),
            parent.display()
        ),
        None => bail!(
            "{} is no lake: it has neither {table}/ nor a spool; {CURE}",
            folder.display()
        ),
    }
}

/// Whether it can only be the name of a question: no SQL is one word.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text != "-"
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character))
}

/// `How many views did each day have? 2026-11-15 00:00 to 2026-11-22 00:00 UTC, all sites`
fn heading(question: &Question, scope: &Scope) -> String {
    let minute = |ms| format_timestamp(ms)[..16].to_owned();
    let mut heading = format!(
        "{} {} to {} UTC, ",
        question.question,
        minute(scope.range.from_ms),
        minute(scope.range.to_ms)
    );
    heading += match scope.site.as_str() {
        ALL => "all sites",
        site => site,
    };
    if scope.page != ALL {
        heading += &format!(", page {}", scope.page);
    }
    if let Some(column) = &scope.column {
        heading += &format!(", {}={}", column.source.name(), column.value);
    }
    heading
}

fn list(out: &mut impl Write) -> Result<(), OutputError> {
    let width = questions::all()
        .map(|question| question.name.len())
        .max()
        .unwrap_or(0);
    for question in questions::all() {
        writeln!(out, "{:width$}  {}", question.name, question.question)?;
        writeln!(out, "{:width$}  {}", "", question.options().join(" "))?;
    }
    out.flush()?;
    Ok(())
}

/// A reader that has seen enough (`| head`) is no failure.
fn finish(printed: Result<(), OutputError>) -> anyhow::Result<ExitCode> {
    match printed {
        Err(error) if !is_closed_pipe(&error) => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn is_closed_pipe(error: &OutputError) -> bool {
    let source = match error {
        OutputError::Write(source) => source,
        OutputError::Value(arrow::error::ArrowError::IoError(_, source)) => source,
        _ => return false,
    };
    source.kind() == io::ErrorKind::BrokenPipe
}

#[cfg(test)]
mod tests {
    use beacon_core::settings::Settings;
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        query: QueryArgs,
    }

    /// 2026-11-21 05:30 UTC
    const NOW_MS: u64 = 1_795_239_000_000;

    fn schema() -> Schema {
        let lookup =
            |name: &str| (name == "BEACON_COLUMNS").then(|| "userid=params.uid".to_owned());
        Settings::from_lookup(lookup).unwrap().schema()
    }

    fn asked(arguments: &[&str], stdin: &str) -> Result<Asked, String> {
        let command = Command::try_parse_from(["query"].iter().chain(arguments))
            .map_err(|error| error.kind().to_string())?;
        command
            .query
            .asked(NOW_MS, &schema(), &mut stdin.as_bytes())
            .map_err(|error| format!("{error:#}"))
    }

    #[track_caller]
    fn check_refused(arguments: &[&str], expected: &str) {
        assert_eq!(asked(arguments, "").unwrap_err(), expected);
    }

    #[test]
    fn a_question_is_asked_by_name() {
        let asked = asked(
            &[
                "views_per_day",
                "--from",
                "2026-11-01",
                "--to",
                "2026-11-30",
                "--site",
                "example.com",
                "--page",
                "/talks",
                "--where",
                "userid=a=b",
            ],
            "",
        )
        .unwrap();
        assert!(
            asked
                .sql
                .starts_with("-- question: How many views did each day have?")
        );
        assert_eq!(
            asked.parameters,
            [
                "2026",
                "2026",
                "2026103123",
                "2026120200",
                "2026-11-01 00:00:00.000",
                "2026-12-01 00:00:00.000",
                "example.com",
                "example.com",
                "example.com",
                "/talks",
                "/talks",
                "/talks",
                "uid",
                "uid",
                "a=b",
                "*",
                "a=b"
            ],
        );
        assert_eq!(
            asked.heading.as_deref(),
            Some(
                "How many views did each day have? 2026-11-01 00:00 to 2026-12-01 00:00 UTC, example.com, page /talks, uid=a=b"
            ),
        );
    }

    #[test]
    fn the_default_is_a_week_of_all_sites() {
        let heading = asked(&["totals"], "").unwrap().heading.unwrap();
        assert_eq!(
            heading,
            "How much was counted in all? 2026-11-15 00:00 to 2026-11-22 00:00 UTC, all sites"
        );
    }

    #[test]
    fn sql_is_an_argument_or_standard_input() {
        let sql = asked(&["SELECT ?, ?", "--param", "-1", "--param", "b"], "").unwrap();
        assert_eq!(
            sql,
            Asked {
                sql: "SELECT ?, ?".to_owned(),
                parameters: vec!["-1".to_owned(), "b".to_owned()],
                heading: None
            }
        );
        assert_eq!(asked(&["-"], "SELECT 1\n").unwrap().sql, "SELECT 1\n");
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        check_refused(
            &["top_page"],
            r#"there is no question "top_page"; did you mean top_pages?"#,
        );
        check_refused(
            &["visitors"],
            r#"there is no question "visitors"; there are totals, views_per_quarter, views_per_day, views_per_hour, top_pages, top_pages_by_source, sources, referrers, campaigns, events, sites"#,
        );
        check_refused(
            &["totals", "--param", "1"],
            "--param is for SQL; a question takes --from, --to, --site, --page and --where",
        );
        check_refused(
            &["SELECT 1", "--site", "a"],
            "--from, --to, --site, --page and --where are for a named question; in SQL write ? and give --param",
        );
        check_refused(
            &["totals", "--where", "userid"],
            r#"--where "userid" must be an own column and its value, as userid=7"#,
        );
        check_refused(
            &["totals", "--where", "ip=::1"],
            r#"--where "ip=::1": there is no own column "ip"; BEACON_COLUMNS has userid"#,
        );
        check_refused(
            &["totals", "--from", "tomorrow"],
            r#""tomorrow" is not a time: write a day as 2026-11-30, or a moment as 2026-11-30 18:30 (UTC)"#,
        );
        check_refused(&[], "one or more required arguments were not provided");
        check_refused(
            &["--list", "totals"],
            "an argument cannot be used with one or more of the other specified arguments",
        );
    }

    #[test]
    fn the_list_shows_what_questions_take() {
        let mut out = Vec::new();
        list(&mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @"
        totals               How much was counted in all?
                             --from --to --site --page --where
        views_per_quarter    How many views did each quarter of an hour have?
                             --from --to --site --page --where
        views_per_day        How many views did each day have?
                             --from --to --site --page --where
        views_per_hour       How many views did each hour have?
                             --from --to --site --page --where
        top_pages            Which pages were viewed most?
                             --from --to --site --page --where
        top_pages_by_source  Where did the views of the most viewed pages come from?
                             --from --to --site --page --where
        sources              Where did the views come from?
                             --from --to --site --page --where
        referrers            Which other sites did the views come from?
                             --from --to --site --page --where
        campaigns            What did each campaign bring?
                             --from --to --site --page --where
        events               What happened besides views?
                             --from --to --site --page --where
        sites                Which sites have hits?
                             --from --to --site --page --where
        ");
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(finish(Err(OutputError::Write(closed()))).is_ok());
        assert!(finish(Err(OutputError::Value(closed().into()))).is_ok());
        assert!(
            finish(Err(OutputError::Write(io::Error::from(
                io::ErrorKind::StorageFull
            ))))
            .is_err()
        );
    }
}
