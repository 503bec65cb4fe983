//! `beacon query`: one statement or one named question, answered on standard output.

mod args;
mod left_out;
mod named_queries;
mod sites;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use beacon_catalog::AgentClasses;
use beacon_lake::Clock;
use beacon_query::engine::{Engine, QueryError, QueryResult};
use beacon_query::output::{self, OutputError, OutputFormat};

use self::args::Asked;
pub use self::args::QueryArgs;
use crate::args::lake::check_has_lake;
use crate::args::renamed::refuse_renamed;
use crate::clock;
use crate::environment;
use crate::lake_source::{LakeSource, column_hint};

/// A statement that can't be run, like arguments that can't be.
const EXIT_SQL: u8 = 2;

impl QueryArgs {
    /// Answers on standard output. A statement that can't be run ends with exit code 2.
    ///
    /// # Errors
    /// No such lake or question, settings that are wrong, output that can't be written.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut out = BufWriter::new(io::stdout());
        if self.list {
            return finish(named_queries::list(&mut out));
        }
        refuse_renamed(
            self.old_output.is_some(),
            "--format",
            "--output",
            "--format is the format of files, as in `beacon serve`",
        )?;
        let schema = environment::settings()?.schema();
        let now_ms = clock::now_ms();
        let asked = self.asked(now_ms, &schema, &mut io::stdin())?;
        if self.print_sql {
            let written = writeln!(out, "{}", asked.sql.trim_end()).and_then(|()| out.flush());
            return finish(written.map_err(OutputError::Write));
        }
        let lake = self.lake.open()?;
        let spool_folder = self.lake.spool_folder(&lake);
        check_has_lake(&lake, &spool_folder)?;
        let clock = Clock::from_fn(move || now_ms);
        let source = LakeSource {
            lake,
            spool_folder,
            schema,
            clock,
        };
        let (engine, answer) = match answer(&source, &asked).await {
            Ok(answered) => answered,
            Err(QueryError::Sql(error)) => {
                // If nobody reads standard error, the exit code is enough.
                writeln!(io::stderr(), "error: {error}").ok();
                if let Some(hint) = column_hint(&error) {
                    writeln!(io::stderr(), "  {hint}").ok();
                }
                return Ok(ExitCode::from(EXIT_SQL));
            }
            Err(error) => return Err(error.into()),
        };
        let format = self.output.map(OutputFormat::from);
        if let (None | Some(OutputFormat::Table | OutputFormat::Line), Some(heading)) =
            (format, &asked.heading)
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
        if let Some(scope) = &asked.scope
            && scope.agents == AgentClasses::default()
            && matches!(printed, Ok(0))
            && let Some(note) = left_out::note(&engine, scope, asked.filters).await?
        {
            writeln!(io::stderr(), "note: {note}").ok();
        }
        finish(printed.map(drop))
    }
}

async fn answer(source: &LakeSource, asked: &Asked) -> Result<(Engine, QueryResult), QueryError> {
    if asked.heading.is_none() {
        let (sql, parameters) = (&asked.sql, &asked.parameters);
        return source.run_sql(sql, parameters, None).await;
    }
    let engine = source.engine().await?;
    let answer = engine.query(&asked.sql, &asked.parameters).await?;
    Ok((engine, answer))
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

/// Returns true for a reader that has seen enough (`| head`), which isn't a failure.
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
    use super::*;

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
