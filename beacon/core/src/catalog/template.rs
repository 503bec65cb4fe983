//! `infra/catalog.yaml`: the fixed part lies beside this file as YAML, with a line `@name` for each block that the
//! schema or the SQL files fill in.

use super::{Format, comment, projection, question, view};
use crate::schema::{PARTITIONS, Schema, TABLE};

const TEMPLATE: &str = include_str!("template.yaml");

const HEAD: &str = "\
# Generated from the schema and the SQL in athena/. Not to be edited; made again, with columns of one's own, by
#   BEACON_COLUMNS=userid=params.userid beacon schema catalog > infra/catalog.yaml
# The function needs the same columns, and this stack first: the stream drops what the table has no column for.
";

/// An SQL file: a question of `athena/queries` or a view of `athena/views`.
#[derive(Clone, Copy, Debug)]
pub struct SqlFile<'a> {
    /// The file's name without `.sql`: snake_case.
    pub name: &'a str,
    /// Its text, with its header.
    pub sql: &'a str,
}

/// What stands in the way of a catalogue: an SQL file that does not say enough.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// The name can't be one of Athena's.
    #[error(
        "{name:?} can't name an SQL file: use a to z, 0 to 9 and _, a letter first, up to 128 of them"
    )]
    Name {
        /// As given.
        name: String,
    },
    /// A line of the header is missing.
    #[error("{name}.sql has no header line -- {key}: at its top")]
    Header {
        /// Of the file.
        name: String,
        /// `question`, `parameters`, `view` or `columns`.
        key: &'static str,
    },
    /// Question and parameters are too long together.
    #[error("{name}.sql: question and parameters together are longer than {most} characters")]
    Description {
        /// Of the file.
        name: String,
        /// In characters.
        most: usize,
    },
    /// A column of a view that can't be read.
    #[error(
        "{name}.sql has {entry:?} in its -- columns: line; write * for all of the table, or a name and a type of \
         Trino, as occurrence bigint"
    )]
    ViewColumn {
        /// Of the file.
        name: String,
        /// The column, as given.
        entry: String,
    },
    /// A column of a view is named twice.
    #[error(
        "{name}.sql names its column {column} twice in its -- columns: line; * has all columns of the table"
    )]
    ViewColumnTwice {
        /// Of the file.
        name: String,
        /// The column.
        column: String,
    },
}

/// What the tables are called in the stack: by parameters, and so in the form that `Fn::Sub` fills in.
pub(super) struct Names<'a> {
    views: &'a [SqlFile<'a>],
}

impl Names<'_> {
    /// The stack's name of the table or view that the SQL files call `word`: `${TablePrefix}unique_${Table}`.
    pub(super) fn of(&self, word: &str) -> Option<String> {
        let known = word == TABLE || self.views.iter().any(|view| view.name == word);
        known.then(|| format!("${{TablePrefix}}{}", word.replace(TABLE, "${Table}")))
    }
}

impl Schema {
    /// The CloudFormation template of the catalogue, with the questions and views in the order of their names.
    pub fn catalog(
        &self,
        questions: &[SqlFile<'_>],
        views: &[SqlFile<'_>],
    ) -> Result<String, CatalogError> {
        let names = Names { views };
        let views = resources(views, |file| view::resource(self, file, &names))?;
        let questions = resources(questions, |file| question::resources(file, &names))?;
        let mut template = HEAD.to_owned();
        for line in TEMPLATE.lines() {
            let Some(name) = line.trim_start().strip_prefix('@') else {
                template.push_str(line);
                template.push('\n');
                continue;
            };
            let filled = match name {
                "formats" => formats(),
                "projection" => projection_properties(),
                "partition_keys" => partition_keys(),
                "serde_parameters" => serde_parameters(),
                "columns" => self.glue_columns(),
                "views" => views.clone(),
                "questions" => questions.clone(),
                _ => unreachable!("the template beside this file names no block {name}"),
            };
            template.push_str(&block(&filled, line.len() - name.len() - 1));
            template.push('\n');
        }
        Ok(template)
    }

    fn glue_columns(&self) -> String {
        let columns = self
            .columns()
            .map(|column| glue_column(column.name, column.ty.hive_name(), &comment(&column)));
        columns.collect::<Vec<_>>().join("\n")
    }
}

fn resources(
    files: &[SqlFile<'_>],
    resource: impl Fn(&SqlFile<'_>) -> Result<String, CatalogError>,
) -> Result<String, CatalogError> {
    let mut files: Vec<&SqlFile<'_>> = files.iter().collect();
    files.sort_by_key(|file| file.name);
    let mut resources = Vec::new();
    for file in files {
        check_name(file.name)?;
        resources.push(resource(file)?.trim_end().to_owned());
    }
    Ok(resources.join("\n\n"))
}

/// A name that a prepared statement, a named query and a view may all have.
fn check_name(name: &str) -> Result<(), CatalogError> {
    let begins_well = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    let goes_on_well = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !begins_well || !goes_on_well || !(2..=128).contains(&name.len()) {
        return Err(CatalogError::Name {
            name: name.to_owned(),
        });
    }
    Ok(())
}

fn formats() -> String {
    let formats = Format::ALL.map(|format| {
        format!(
            "{}:\n  InputFormat: {}\n  OutputFormat: {}\n  SerializationLibrary: {}",
            format.name(),
            format.input_format(),
            format.output_format(),
            format.serde()
        )
    });
    formats.join("\n")
}

/// Each format has keys of its own, which a mapping can't hold: they are chosen by condition.
fn serde_parameters() -> String {
    let choice = |format: Format| {
        let parameters = format.serde_parameters().iter();
        let parameters = parameters.map(|(name, value)| format!("{name}: {}", text(value)));
        parameters.collect::<Vec<_>>().join("\n")
    };
    format!(
        "Parameters: !If\n  - Json\n  - {}\n  - !If\n    - Orc\n    - {}\n    - {}",
        block(&choice(Format::Json), 4).trim_start(),
        block(&choice(Format::Orc), 6).trim_start(),
        block(&choice(Format::Parquet), 6).trim_start()
    )
}

fn projection_properties() -> String {
    let properties = projection::properties(
        "${FirstYear},${LastYear}",
        "s3://${Bucket}/${Prefix}",
        |name| format!("${{!{name}}}"),
    );
    let lines = properties.iter().map(|(name, value)| {
        let sub = if value.contains("${") { "!Sub " } else { "" };
        format!("{name}: {sub}{}", text(value))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn partition_keys() -> String {
    PARTITIONS
        .map(|name| glue_column(name, "int", &format!("UTC {name} of arrival")))
        .join("\n")
}

fn glue_column(name: &str, ty: &str, comment: &str) -> String {
    format!(
        "- {{ Name: {name}, Type: {}, Comment: {} }}",
        text(ty),
        text(comment)
    )
}

/// A text in YAML: one of JSON is one.
pub(super) fn text(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// The lines moved in by `indent` spaces; an empty one stays empty.
pub(super) fn block(lines: &str, indent: usize) -> String {
    let lines = lines.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{:indent$}{line}", ""),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `top_pages` as `TopPages`.
pub(super) fn logical_id(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id
}
