//! The arguments of `beacon query`, and the statement that they name.

use std::io::{self, Read};

use anyhow::{Context, bail};
use beacon_catalog::{
    ALL, AgentClasses, CustomColumn, Filter, Parameter, Question, Scope, Subject, TimeRange,
    check_filters,
};
use beacon_core::schema::Schema;
use beacon_core::time::format_timestamp;
use beacon_query::engine::nearest;
use beacon_query::output::OutputFormat;

use crate::args::column_filter::column_filter;
use crate::args::lake::LakeArgs;

/// Query the lake with SQL or a named query
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct QueryArgs {
    /// SQL over the tables hits, unique_hits and visits, the name of a question (see --list), or - to read SQL from
    /// standard input
    #[arg(value_name = "SQL|QUESTION|-", required_unless_present = "list")]
    pub(super) question: Option<String>,

    /// List the questions and their parameters
    #[arg(long, conflicts_with_all = ["question", "from", "to", "site", "page", "column", "filters", "agents", "by", "parameters", "print_sql"])]
    pub(super) list: bool,

    /// Print the SQL of a question instead of its answer, as a prepared statement of Athena has it; its header names each ?
    #[arg(long, requires = "question", conflicts_with_all = ["parameters", "output"])]
    pub(super) print_sql: bool,

    /// First day (2026-11-01) or moment (2026-11-01 18:30) of a question, in UTC [default: six days before the
    /// end]
    #[arg(long, value_name = "DAY|MOMENT")]
    pub(super) from: Option<String>,

    /// Last day of a question (inclusive), or the moment at which it ends, in UTC [default: today]
    #[arg(long, value_name = "DAY|MOMENT")]
    pub(super) to: Option<String>,

    /// Site of a question, or * for all sites [default: *]
    #[arg(long, value_name = "SITE")]
    pub(super) site: Option<String>,

    /// Page of a question, or * for all pages [default: *]
    #[arg(long, value_name = "PAGE")]
    pub(super) page: Option<String>,

    /// Only hits with this value in a custom column (see BEACON_COLUMNS), for example userid=7
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub(super) column: Option<String>,

    /// Only hits that meet a condition of the dashboard's address: page=/talks, page.not=/talks, page.contains=talk,
    /// page.starts=/blog, page.empty=yes or no. Repeat the option: values of one column are alternatives, the rest must
    /// all be met. With a condition on event, questions about views count the hits that meet it. Columns: site, page,
    /// entry_page, exit_page, event, channel, source, referrer, utm_source to utm_content, browser, os, device, size (s,
    /// m, l, xl), country, language, custom columns, and prop.NAME for a property
    #[arg(long = "filter", value_name = "COLUMN[.CONDITION]=VALUE")]
    pub(super) filters: Vec<String>,

    /// Class of agents whose hits a question counts; repeat the option for more classes [default: human and unknown]
    #[arg(long = "agent", value_name = "CLASS", value_parser = AgentClasses::NAMES)]
    pub(super) agents: Vec<String>,

    /// Subject of a question about values: a tag (campaign_tags), a property (properties), or the custom column whose
    /// different values are unique opens (campaigns, messages) [default: utm_campaign, the first custom column]
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,

    /// Value of the next ? of the SQL, as text; repeat the option for each ?
    #[arg(long = "param", value_name = "VALUE", allow_hyphen_values = true)]
    pub(super) parameters: Vec<String>,

    /// Output format [default: table; line if the table does not fit the terminal]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) output: Option<OutputArg>,

    /// The old name of --output
    #[arg(long = "format", hide = true)]
    pub(super) old_output: Option<String>,

    #[command(flatten)]
    pub(super) lake: LakeArgs,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum OutputArg {
    /// Aligned columns; numbers are right-aligned, NULL is NULL
    Table,
    /// One line for each value, for rows that are wider than the screen
    Line,
    /// RFC 4180, with a header line; NULL is empty, an empty string is "", a ' precedes strings that begin like a formula
    Csv,
    /// One array of objects; NULL is null, a map is an object
    Json,
}

impl From<OutputArg> for OutputFormat {
    fn from(format: OutputArg) -> OutputFormat {
        match format {
            OutputArg::Table => OutputFormat::Table,
            OutputArg::Line => OutputFormat::Line,
            OutputArg::Csv => OutputFormat::Csv,
            OutputArg::Json => OutputFormat::Json,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  beacon query top_pages --from 2026-11-01 --to 2026-11-30 --site example.com
  beacon query top_pages --agent bot --agent scanner
  beacon query sources --filter event=signup --filter source.not=Google
  beacon query sources --print-sql > sources.sql
  beacon query \"SELECT page, count(*) AS hits FROM hits WHERE year = 2026 GROUP BY page\"
  beacon query --output json --param view \"SELECT * FROM hits WHERE event = ? LIMIT 10\"
  beacon query - < report.sql";

/// The SQL to run, with its parameters.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) sql: String,
    pub(super) parameters: Vec<String>,
    /// Above a table, what a question answers.
    pub(super) heading: Option<String>,
    /// The hits that a question covers.
    pub(super) scope: Option<Scope>,
    /// The conditions that they meet.
    pub(super) filters: Vec<Filter>,
}

impl QueryArgs {
    /// Returns the statement that the arguments name, with its parameters.
    ///
    /// # Errors
    /// Returns an error if there is no such question, or if the arguments do not go together.
    pub(super) fn asked(
        &self,
        now_ms: u64,
        schema: &Schema,
        stdin: &mut impl Read,
    ) -> anyhow::Result<Asked> {
        let text = self.question.as_deref().unwrap_or_default();
        if is_name(text) {
            return self.question(text, now_ms, schema);
        }
        let options = [
            &self.from,
            &self.to,
            &self.site,
            &self.page,
            &self.column,
            &self.by,
        ];
        let lists = [&self.filters, &self.agents];
        if options.iter().any(|option| option.is_some())
            || lists.iter().any(|list| !list.is_empty())
        {
            bail!(
                "--from, --to, --site, --page, --where, --filter, --agent and --by are for a named question; in SQL \
                 write ? and give --param"
            );
        }
        if self.print_sql {
            bail!("--print-sql is for a named question: `beacon query --list` lists them");
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
            scope: None,
            filters: Vec::new(),
        })
    }

    fn question(&self, name: &str, now_ms: u64, schema: &Schema) -> anyhow::Result<Asked> {
        let Some(question) = Question::find(name) else {
            let names: Vec<&str> = Question::all().map(|question| question.name).collect();
            match nearest(name, &names) {
                Some(near) => bail!("there is no question {name:?}; did you mean {near}?"),
                None => bail!(
                    "there is no question {name:?}; there are {}",
                    names.join(", ")
                ),
            }
        };
        if !self.parameters.is_empty() {
            bail!(
                "--param is for SQL; a question takes --from, --to, --site, --page, --where, --filter, --agent and --by"
            );
        }
        if !self.agents.is_empty() && !question.parameters.contains(&Parameter::Agents) {
            bail!("the question {name} counts all classes of agents; leave out --agent");
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
            agents: match self.agents.as_slice() {
                [] => AgentClasses::default(),
                names => AgentClasses::named(names)?,
            },
            subject: question
                .subject(self.by.as_deref(), &CustomColumn::all(schema))
                .context("--by")?,
        };
        let filters = filters(&self.filters, schema)?;
        let heading = heading(&question, &scope, &self.filters);
        let question = question.limited_to(filters.clone());
        Ok(Asked {
            sql: question.text().into_owned(),
            parameters: question.bind(&scope),
            heading: Some(heading),
            scope: Some(scope),
            filters,
        })
    }
}

/// Reads `page.starts=/blog`.
fn filters(texts: &[String], schema: &Schema) -> anyhow::Result<Vec<Filter>> {
    let custom_columns = CustomColumn::all(schema);
    let mut filters = Vec::with_capacity(texts.len());
    for text in texts {
        let Some((key, value)) = text.split_once('=') else {
            bail!(
                "--filter {text:?} must be a column and its value, for example page=/talks or page.starts=/blog"
            );
        };
        let filter = Filter::from_parameter(key, value, &custom_columns);
        filters.push(filter.with_context(|| format!("--filter {text:?}"))?);
    }
    check_filters(&filters)?;
    Ok(filters)
}

/// Returns true for the name of a named query: SQL has more than one word.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text != "-"
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character))
}

/// `How many views did each day have? 2026-11-15 00:00 to 2026-11-22 00:00 UTC, all sites`
fn heading(question: &Question, scope: &Scope, filters: &[String]) -> String {
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
    match &scope.subject {
        Some(Subject::Tag(name)) => heading += &format!(", by {name}"),
        Some(Subject::Property(name)) => heading += &format!(", by {name}"),
        Some(Subject::Column(source)) => heading += &format!(", by {}", source.name()),
        None => {}
    }
    for filter in filters {
        heading += &format!(", {filter}");
    }
    if scope.agents != AgentClasses::default() {
        let classes: Vec<&str> = scope.agents.names().collect();
        heading += &format!(", agents {}", classes.join(", "));
    }
    heading
}

#[cfg(test)]
mod tests;
