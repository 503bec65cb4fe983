//! Checks what the compiler lets pass: how the workspace's modules and crates lean on each other.
//!
//! `cargo run -p beacon-structure` prints every finding that is not known, and ends with 1 if there
//! is one; `-- --all` prints the known ones too, and every import within a cycle.
//!
//! - [`cycles`]: modules of a crate that import each other, directly or through others.
//! - [`crates`]: cycles between crates, edges against their order, and where DataFusion may be.
//! - [`public_names`]: a type name that stands for two things in what a crate publishes.
//! - [`unused`]: dependencies that no code names.
//! - [`file_sizes`]: files that are too long to read in one go.
//! - [`suites`]: suites that the map in tests/README.md or CI lacks.
//!
//! A finding that the tree still has stands in [`known`], with its reason.
//!
//! # What counts as an import
//!
//! A module imports the module that *defines* what it names: by `use`, by a path in code, or by a path among a
//! macro's tokens. A re-export leads to the definition. A parent imports neither a child that it declares nor one whose
//! items it re-exports; it does where its own code uses them. What is reached through a value alone, such as a method
//! of a type that another function returned, is not seen.
//!
//! A module behind `#[cfg(test)]` counts like any other: it may import what it tests, and code that imports its own
//! test is in a cycle with it.

pub mod workspace;

pub mod tree;

mod tokens;

mod visitor;

pub mod reader;

mod names;

pub mod imports;

pub mod finding;

pub mod cycles;

pub mod public_names;

pub mod crates;

pub mod unused;

pub mod file_sizes;

pub mod suites;

pub mod known;

pub mod check;
