//! Finds type names that stand for two things in what a crate publishes.

use std::collections::{BTreeMap, HashSet};

use crate::finding::Finding;
use crate::names::{Names, Target};
use crate::tree::{Meaning, ModuleId, Space, Tree};

/// Returns one finding for each name under which the library of `tree` publishes two types, traits or aliases.
#[must_use]
pub fn shared_names(tree: &Tree) -> Vec<Finding> {
    let mut walk = Walk {
        tree,
        names: Names::new(tree),
        published: BTreeMap::new(),
        walked: HashSet::new(),
    };
    walk.module(0, &tree.name.replace('-', "_"));
    let mut findings = Vec::new();
    for (name, definitions) in &walk.published {
        if definitions.len() > 1 {
            let paths: Vec<&str> = definitions
                .values()
                .map(|definition| definition.path.as_str())
                .collect();
            findings.push(Finding {
                message: format!(
                    "{} publishes {} types named {name}: {}",
                    tree.name,
                    paths.len(),
                    paths.join(", ")
                ),
                places: definitions
                    .values()
                    .map(|definition| definition.place.clone())
                    .collect(),
                further: Vec::new(),
            });
        }
    }
    findings
}

struct Walk<'a> {
    tree: &'a Tree,
    names: Names<'a>,
    /// By name, then by where the type is defined.
    published: BTreeMap<String, BTreeMap<String, Definition>>,
    walked: HashSet<ModuleId>,
}

struct Definition {
    /// A path by which other crates reach it.
    path: String,
    /// File and line.
    place: String,
}

impl Walk<'_> {
    fn module(&mut self, id: ModuleId, path: &str) {
        if !self.walked.insert(id) {
            return;
        }
        let module = &self.tree.modules[id];
        for name in module.names.iter().filter(|name| name.is_public) {
            let inner = format!("{path}::{}", name.name);
            match &name.meaning {
                Meaning::Module(child) => self.module(*child, &inner),
                Meaning::Item(Space::Type | Space::TypeAndValue) => {
                    self.publish(&name.name, id, &name.name, inner);
                }
                Meaning::Item(_) => {}
                Meaning::Import(import) => {
                    let targets = self.names.resolve(id, &import.path, Space::Type);
                    if targets.is_empty() {
                        let place = format!("{}:{}", module.file.display(), name.line);
                        self.publish_foreign(&name.name, &import.path, inner.clone(), place);
                    }
                    for target in targets {
                        match target {
                            Target::Module(child) => self.module(child, &inner),
                            Target::Item {
                                module,
                                name: defined,
                            } => self.publish(&name.name, module, &defined, inner.clone()),
                        }
                    }
                }
            }
        }
        for glob in module.globs.iter().filter(|glob| glob.is_public) {
            for target in self.names.resolve(id, &glob.path, Space::Type) {
                if let Target::Module(from) = target {
                    self.module(from, path);
                }
            }
        }
    }

    fn publish(&mut self, name: &str, module: ModuleId, defined: &str, path: String) {
        let home = &self.tree.modules[module];
        let line = home
            .names
            .iter()
            .find(|own| own.name == defined)
            .map_or(1, |own| own.line);
        let place = format!("{}:{line}", home.file.display());
        let definition = format!("{}::{defined}", self.tree.module_name(module));
        self.published
            .entry(name.to_owned())
            .or_default()
            .entry(definition)
            .or_insert(Definition { path, place });
    }

    /// A re-export of another crate. Types are capitalised, functions and modules are not.
    fn publish_foreign(&mut self, name: &str, import: &[String], path: String, place: String) {
        let is_constant = name.len() > 1 && !name.contains(char::is_lowercase);
        if name.starts_with(char::is_uppercase) && !is_constant {
            self.published
                .entry(name.to_owned())
                .or_default()
                .entry(import.join("::"))
                .or_insert(Definition { path, place });
        }
    }
}
