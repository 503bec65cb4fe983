//! Holds the named queries of the lake, and describes its table `hits` to AWS Glue, Athena and CloudFormation.
//!
//! Suggested reading order: `sql_file` → `time_range`, `agent_classes`, `scope`, `spellings` → `parameter`,
//! `filter_column`, `filter`, `named_filter` → `visited_hits`, `question`, `subject`; then `hive`, `table_format`,
//! `projection` → `fields`, `glue`, `ddl` → `sql_text`, `string_literal`, `reading_statement`, `stack_names`, `yaml` → `view`,
//! `athena_query` → `template`.
//!
//! ```
//! use beacon_catalog::{Question, Scope, TimeRange};
//!
//! let now_ms = 1_795_239_000_000; // 2026-11-21 05:30 UTC
//! let november = TimeRange::parse(Some("2026-11-01"), Some("2026-11-30"), now_ms)?;
//! let totals = Question::find("totals").expect("totals is a named query");
//! let values = totals.bind(&Scope::new(november));
//! assert_eq!(values.len(), totals.parameters.len());
//! assert_eq!(values[..3], ["view", "2026-11-01 00:00:00.000", "human,unknown"]);
//! # Ok::<(), beacon_catalog::RangeError>(())
//! ```
//!
//! **Architecture invariant:** this crate knows the schema of [`beacon_core`] and runs nothing: no engine, no AWS, no
//! clock. Callers pass in the time, and send the SQL to an engine of their own.
//!
//! **Architecture invariant:** only this crate includes the named queries of `athena/`. The engine includes the views'
//! SQL too, so that it doesn't depend on this crate and a changed template or query doesn't rebuild it.

mod agent_classes;
mod athena_query;
mod ddl;
mod error;
mod fields;
mod filter;
mod filter_column;
mod glue;
mod hive;
mod named_filter;
mod parameter;
mod projection;
mod question;
mod reading_statement;
mod scope;
mod spellings;
mod sql_file;
mod sql_text;
mod stack_names;
mod string_literal;
mod subject;
mod table_format;
mod template;
mod time_range;
mod view;
mod visited_hits;
mod yaml;

pub use agent_classes::{AgentClassError, AgentClasses};
pub use ddl::{Ddl, Partitions, create_table};
pub use error::CatalogError;
pub use fields::fields_markdown;
pub use filter::{Filter, Operator};
pub use filter_column::FilterColumn;
pub use glue::glue_table_input;
pub use hive::{hive_type, trino_type};
pub use named_filter::{FilterError, check_filters};
pub use parameter::Parameter;
pub use question::Question;
pub use reading_statement::{StatementError, reading_statement};
pub use scope::{ALL, ColumnFilter, ColumnSource, CustomColumn, Scope, Subject};
pub use spellings::site_spellings;
pub use sql_file::{QUERIES, SqlFile, VIEWS};
pub use sql_text::with_table;
pub use string_literal::{MAX_VALUE_CHARACTERS, string_literal, with_literals};
pub use subject::SubjectError;
pub use table_format::TableFormat;
pub use template::cloudformation_template;
pub use time_range::{RangeError, TimeRange, parse_moment};
pub use view::{ViewColumn, view_columns};
